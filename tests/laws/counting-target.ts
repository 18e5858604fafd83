import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import type { Program, Target, Value } from "../../src/compiler/targets/target.js";

/** A target that knows what is in use on it. */
export interface CountingTarget extends Target {
  /** Values that were made and not freed. */
  readonly values: number;
  /** Programs that were compiled and not disposed of. */
  readonly programs: number;
}

/** A target like another, on which a value that is used after it was freed, or freed twice, is an error. */
export function countingTarget(inner: Target = javascriptTarget): CountingTarget {
  const values = new Set<Value>();
  const programs = new Set<Program>();
  const made = (value: Value): Value => {
    values.add(value);
    return value;
  };
  const requireLive = (value: Value, action: string): void => {
    if (!values.has(value))
      throw new Error(`a value of shape [${value?.shape}] was ${action} after it was freed`);
  };
  const compile: Target["compile"] = (graph) => {
    const compiled = inner.compile(graph);
    const program: Program = {
      run: (inputs, scalars, readout) => {
        if (!programs.has(program)) throw new Error("a program was run after it was disposed of");
        for (const input of inputs) requireLive(input, "read by a program");
        return compiled.run(inputs, scalars, readout).map(made);
      },
      dispose: () => {
        if (!programs.delete(program)) throw new Error("a program was disposed of twice");
        compiled.dispose();
      },
    };
    programs.add(program);
    return program;
  };
  return {
    name: inner.name,
    precision: inner.precision,
    compile,
    put: (array) => made(inner.put(array)),
    get: (value) => {
      requireLive(value, "read");
      return inner.get(value);
    },
    free: (value) => {
      requireLive(value, "freed");
      values.delete(value);
      inner.free(value);
    },
    get values() {
      return values.size;
    },
    get programs() {
      return programs.size;
    },
  };
}
