import {
  elementwiseFunction,
  isElementwiseName,
} from "../../../src/compiler/operations/elementwise-table.js";
import type { Precision } from "../../../src/compiler/targets/target.js";
import { FunctionWriter } from "../../../src/compiler/targets/wasm/assembler/function-writer.js";
import {
  branchIf,
  constant,
  get,
  type Instruction,
  load,
  loop,
  operation,
  set,
  store,
  tee,
} from "../../../src/compiler/targets/wasm/assembler/instruction.js";
import { ModuleWriter } from "../../../src/compiler/targets/wasm/assembler/module-writer.js";
import { Locals } from "../../../src/compiler/targets/wasm/lowering/locals.js";
import { TaskCode } from "../../../src/compiler/targets/wasm/lowering/task-code.js";
import type { VectorContext } from "../../../src/compiler/targets/wasm/vector-context.js";
import { vectorFormats } from "../../../src/compiler/targets/wasm/vector-format.js";
import { webAssembly } from "../../../src/compiler/targets/wasm/web-assembly.js";

/** Vector code that computes one result of some operands. */
export type VectorCode = (context: VectorContext, ...operands: Instruction[]) => Instruction;

/** How vector code is compiled. */
export interface VectorSettings {
  readonly precision: Precision;
  readonly fusedMultiplyAdd: boolean;
  /** Vectors in a turn of the loop; V8 pairs those of one turn. @defaultValue 1 */
  readonly vectors?: 1 | 2;
}

/** Numbers in a precision's own array. */
export type Numbers = Float32Array | Float64Array;

/** Vector code as a loop over the elements of arrays, all of one length. */
export function vectorProgram(
  arity: number,
  code: VectorCode,
  { precision, fusedMultiplyAdd, vectors = 1 }: VectorSettings,
): (...operands: Numbers[]) => Numbers {
  const format = vectorFormats[precision];
  const module = new ModuleWriter({ memory: { shared: false } });
  const f = new FunctionWriter(["i32", "i32"]); // bytes from one array to the next, bytes of the elements
  const [distance, end] = [get(f.parameter(0)), get(f.parameter(1))];
  const locals = new Locals(f);
  const task = new TaskCode({ module, locals, precision, format, fusedMultiplyAdd, registerBits: 128 });
  const body: Instruction[] = [];
  const context = task.at(body);
  const pointers = Array.from({ length: arity + 1 }, () => f.local("i32"));
  const place = pointers.map((pointer, i) =>
    set(pointer, operation("i32.mul", distance, constant("i32", i))),
  );
  const [at, ...others] = pointers.map((pointer) => {
    return tee(pointer, operation("i32.add", get(pointer), constant("i32", 16 * vectors)));
  });
  const offsets = [0, 16].slice(0, vectors);
  const results = offsets.map((offset) => {
    const operands = pointers.slice(0, arity).map((pointer) => load("v128.load", get(pointer), offset));
    return context.bind(code(context, ...operands));
  });
  offsets.forEach((offset, i) => {
    body.push(store("v128.store", get(pointers[arity]), results[i], offset));
  });
  body.push(...others.map((next) => operation("drop", next)));
  body.push(branchIf("elements", operation("i32.lt_u", at, end)));
  f.emit(...task.prologue, ...place, loop("elements", body));
  module.define(f, "run");
  return instantiate(module, arity, precision);
}

function instantiate(module: ModuleWriter, arity: number, precision: Precision) {
  const memory = new webAssembly.Memory({ initial: 1 });
  const functions = module.importedNames
    .filter(isElementwiseName)
    .map((name) => [name, elementwiseFunction(name)]);
  const compiled = new webAssembly.Module(module.bytes());
  const env = { memory, ...Object.fromEntries(functions) };
  const run = new webAssembly.Instance(compiled, { env }).exports.run as (
    distance: number,
    end: number,
  ) => void;
  const ArrayType = precision === "float32" ? Float32Array : Float64Array;
  return (...operands: Numbers[]): Numbers => {
    const { length } = operands[0];
    const bytes = length * ArrayType.BYTES_PER_ELEMENT;
    const distance = Math.ceil(bytes / 32 + 1) * 32;
    const pages = Math.ceil((distance * (arity + 1)) / 65536);
    if (memory.buffer.byteLength < pages * 65536) memory.grow(pages - memory.buffer.byteLength / 65536);
    operands.forEach((operand, i) => {
      new ArrayType(memory.buffer as ArrayBuffer, i * distance, length).set(operand);
    });
    run(distance, bytes);
    return new ArrayType(memory.buffer as ArrayBuffer, arity * distance, length).slice();
  };
}
