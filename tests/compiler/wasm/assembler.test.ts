import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FunctionWriter } from "../../../src/compiler/targets/wasm/assembler/function-writer.js";
import {
  block,
  branch,
  branchIf,
  call,
  constant,
  extractLane,
  get,
  type Instruction,
  load,
  loop,
  operation,
  replaceLane,
  set,
  shuffle,
  store,
  storeLane,
  tee,
  vectorConstant,
  when,
} from "../../../src/compiler/targets/wasm/assembler/instruction.js";
import {
  laneAccesses,
  laneStores,
  loads,
  stores,
} from "../../../src/compiler/targets/wasm/assembler/memory-accesses.js";
import { ModuleWriter } from "../../../src/compiler/targets/wasm/assembler/module-writer.js";
import {
  type OperationName,
  operationSignatures,
} from "../../../src/compiler/targets/wasm/assembler/operations.js";
import type { ValueType } from "../../../src/compiler/targets/wasm/assembler/value-type.js";
import { supportsFusedMultiplyAdd } from "../../../src/compiler/targets/wasm/features.js";
import { webAssembly } from "../../../src/compiler/targets/wasm/web-assembly.js";
import { evaluate, instantiate, unsharedModule } from "./evaluate.js";

/** A module of one function without parameters, whose body is made with that function. */
function moduleWith(body: (f: FunctionWriter) => readonly Instruction[], result?: ValueType): Uint8Array {
  const f = new FunctionWriter([], result);
  f.emit(...body(f));
  const module = unsharedModule();
  module.define(f);
  return module.bytes();
}

/** Some value of a type. */
function anyValue(type: ValueType): Instruction {
  if (type === "v128") return vectorConstant(new Uint8Array(16));
  return type === "i64" ? constant(type, 1n) : constant(type, 1);
}

const int32 = fc.oneof(fc.integer(), fc.constantFrom(0, 63, 64, -64, -65, 127, 128, 2 ** 31 - 1, -(2 ** 31)));

describe("every instruction of the tables", () => {
  const names = [...operationSignatures.keys()] as OperationName[];
  const accepted = names.filter((name) => !name.includes("relaxed") || supportsFusedMultiplyAdd());

  it.each(accepted)("%s has the signature that the engine expects", (name) => {
    const { operands, result } = operationSignatures.get(name) ?? expect.fail("no signature");
    const bytes = moduleWith(() => [operation(name, ...operands.map(anyValue))], result);
    expect(webAssembly.validate(bytes)).toBe(true);
  });

  it.each(names)("%s refuses one operand too few, and operands of another type", (name) => {
    const { operands } = operationSignatures.get(name) ?? expect.fail("no signature");
    expect(() => operation(name, ...operands.slice(1).map(anyValue))).toThrow(`${name} takes (`);
    const others = operands.map((type) => anyValue(type === "f64" ? "i32" : "f64"));
    expect(() => operation(name, ...others)).toThrow(`${name} takes (${operands.join(", ")})`);
  });

  it("reads and writes memory by the signature that the engine expects", () => {
    const address = constant("i32", 16);
    for (const name of Object.keys(loads) as (keyof typeof loads)[]) {
      const bytes = moduleWith(() => [load(name, address, 8)], loads[name].result);
      expect(webAssembly.validate(bytes), name).toBe(true);
    }
    for (const name of Object.keys(stores) as (keyof typeof stores)[]) {
      const bytes = moduleWith(() => [store(name, address, anyValue(stores[name].operands[1]), 8)]);
      expect(webAssembly.validate(bytes), name).toBe(true);
    }
    for (const name of Object.keys(laneStores) as (keyof typeof laneStores)[]) {
      const bytes = moduleWith(() => [storeLane(name, address, anyValue("v128"), 1, 8)]);
      expect(webAssembly.validate(bytes), name).toBe(true);
    }
  });

  it.each(["i32x4", "i64x2", "f32x4", "f64x2"] as const)(
    "takes out of %s the lane that was put in",
    (shape) => {
      const { lanes, result } = laneAccesses[`${shape}.extract_lane`];
      for (let lane = 0; lane < lanes; lane++) {
        const vector = replaceLane(`${shape}.replace_lane`, anyValue("v128"), lane, anyValue(result));
        for (let other = 0; other < lanes; other++) {
          const found = evaluate(extractLane(`${shape}.extract_lane`, vector, other));
          expect(Number(found), `${shape} ${other}`).toBe(other === lane ? 1 : 0);
        }
      }
    },
  );
});

describe("constants", () => {
  it("arrive unchanged, whatever their size", () => {
    fc.assert(
      fc.property(int32, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.double(), (i, long, x) => {
        expect(evaluate(constant("i32", i))).toBe(i);
        expect(evaluate(constant("i64", long))).toBe(long);
        expect(evaluate(constant("f64", x))).toBe(x);
        expect(evaluate(constant("f32", x))).toBe(Math.fround(x));
      }),
    );
  });

  it("keep every byte of a vector, which shuffles pick as numbered", () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const lanes = fc.uint8Array({ minLength: 16, maxLength: 16, max: 31 });
    fc.assert(
      fc.property(bytes, bytes, lanes, (a, b, picked) => {
        const f = new FunctionWriter([]);
        const shuffled = shuffle(picked, vectorConstant(a), vectorConstant(b));
        f.emit(store("v128.store", constant("i32", 3), shuffled, 5));
        const { run, memory } = instantiate(f);
        run();
        const both = [...a, ...b];
        expect([...new Uint8Array(memory.buffer, 8, 16)]).toEqual([...picked].map((lane) => both[lane]));
      }),
    );
  });

  it("must be integers of 32 bits where they are called so", () => {
    expect(evaluate(constant("i32", 2 ** 32 - 1))).toBe(-1);
    expect(() => constant("i32", 2 ** 32)).toThrow("4294967296 is no integer of 32 bits");
    expect(() => constant("i32", 0.5)).toThrow("0.5 is no integer of 32 bits");
    expect(() => vectorConstant(new Uint8Array(15))).toThrow("expected 16 bytes, found 15");
  });
});

describe("control", () => {
  it("nests loops and blocks: branches find their labels from any depth", () => {
    // counts the pairs (i, j), j <= i < n, and leaves everything at once after `most` of them
    const f = new FunctionWriter(["i32", "i32"], "i32");
    const [n, most] = [get(f.parameter(0)), get(f.parameter(1))];
    const [i, j, count] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const increment = (local: typeof i): Instruction =>
      tee(local, operation("i32.add", get(local), constant("i32", 1)));
    const inner = loop("inner", [
      branchIf("all", operation("i32.eq", get(count), most)),
      set(count, operation("i32.add", get(count), constant("i32", 1))),
      when(operation("i32.lt_s", increment(j), operation("i32.add", get(i), constant("i32", 1))), [
        branch("inner"),
      ]),
    ]);
    const outer = loop("outer", [
      set(j, constant("i32", 0)),
      inner,
      branchIf("outer", operation("i32.lt_s", increment(i), n)),
    ]);
    f.emit(block("all", [outer]), get(count));
    const { run } = instantiate(f);
    const small = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 900 }), (rows, limit) => {
        expect(run(rows, limit)).toBe(Math.min((rows * (rows + 1)) / 2, limit));
      }),
    );
  });

  it("takes one branch of a condition, and lets labels be objects", () => {
    const f = new FunctionWriter(["i32"], "i32");
    const [x, result, label] = [get(f.parameter(0)), f.local("i32"), {}];
    const add = (n: number): Instruction =>
      set(result, operation("i32.add", get(result), constant("i32", n)));
    f.emit(block(label, [when(x, [add(1), branch(label)], [add(2)]), add(4)]));
    f.emit(operation("return", get(result)), operation("unreachable"));
    const { run } = instantiate(f);
    expect([run(1), run(0), run(-5)]).toEqual([1, 6, 1]);
  });

  it("calls functions of the module, before or after their definition, and the host's", () => {
    const module = unsharedModule();
    const twice = module.importFunction("twice", ["f64"], "f64");
    expect(module.importFunction("twice", ["f64"], "f64")).toBe(twice);
    expect(() => module.importFunction("twice", [], "f64")).toThrow(
      '"twice" is imported as (f64) -> f64 already',
    );
    const factorial = new FunctionWriter(["f64"], "f64");
    const n = get(factorial.parameter(0));
    const smaller = operation("f64.sub", n, constant("f64", 1));
    factorial.emit(
      when(operation("f64.le", n, constant("f64", 1)), [operation("return", constant("f64", 1))]),
      operation("f64.mul", n, call(factorial, smaller)),
    );
    const f = new FunctionWriter(["f64"], "f64");
    f.emit(call(twice, call(factorial, get(f.parameter(0)))));
    module.define(factorial, "factorial");
    expect(module.importedNames).toEqual(["twice"]);
    expect(instantiate(f, { twice: (x: number) => 2 * x }, module).run(5)).toBe(240);
    expect(() => module.define(factorial, "f")).toThrow('exports "f" already');
  });
});

describe("a large program", () => {
  it("is written whole: every value bound is there when it is read", () => {
    const f = new FunctionWriter(["f64"], "f64");
    let x = get(f.parameter(0));
    const length = 20_000;
    for (let i = 0; i < length; i++) x = f.bind("f64", operation("f64.add", x, constant("f64", i)));
    f.emit(x);
    expect(instantiate(f).run(1)).toBe(1 + (length * (length - 1)) / 2);
  });

  it("imports shared memory where it is asked for", () => {
    const bytes = new ModuleWriter({ memory: { shared: true } }).bytes();
    const module = new webAssembly.Module(bytes);
    const shared = new webAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    expect(() => new webAssembly.Instance(module, { env: { memory: shared } })).not.toThrow();
    const own = new webAssembly.Memory({ initial: 1, maximum: 65536 });
    expect(() => new webAssembly.Instance(module, { env: { memory: own } })).toThrow(/shared/);
  });
});

describe("mistakes", () => {
  const one = constant("i32", 1);
  const cases: [string, () => unknown, string][] = [
    [
      "an unknown name",
      () => operation("f64.sine" as OperationName, one),
      'unknown WebAssembly instruction "f64.sine"',
    ],
    [
      "select of two types",
      () => operation("select", one, anyValue("f64"), one),
      "select takes (i32, i32, i32)",
    ],
    [
      "a lane too many",
      () => extractLane("f64x2.extract_lane", anyValue("v128"), 2),
      "lanes 0 to 1, found 2",
    ],
    ["a negative offset", () => load("f64.load", one, -8), "the offset -8"],
    ["a byte number above 31", () => shuffle(new Uint8Array(16).fill(32), one, one), "numbers from 0 to 31"],
    ["a value left in a loop", () => loop("l", [one]), "instruction 0 leaves a value of type i32"],
    ["a value left in a function", () => moduleWith(() => [one, one], "i32"), "leaves i32, expected nothing"],
    ["another result", () => moduleWith(() => [one], "f64"), "leaves i32, expected the result f64"],
    ["an unknown label", () => moduleWith(() => [branch("away")]), 'no block or loop with the label "away"'],
    [
      "another function's local",
      () => moduleWith((f) => [operation("drop", get({ ...f.local("i32") }))]),
      "local 0 (i32) belongs to another function",
    ],
    [
      "a function that is not there",
      () => moduleWith(() => [call(new FunctionWriter([]))]),
      "a function () -> nothing is called that is not in the module",
    ],
    [
      "a parameter that is not there",
      () => new FunctionWriter(["i32"]).parameter(1),
      "1 parameters, found position 1",
    ],
  ];

  it.each(cases)("are told where they are made: %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
