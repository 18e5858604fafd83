import { FunctionWriter } from "../../../../src/compiler/targets/wasm/assembler/function-writer.js";
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
} from "../../../../src/compiler/targets/wasm/assembler/instruction.js";
import { ModuleWriter } from "../../../../src/compiler/targets/wasm/assembler/module-writer.js";
import { type WebAssemblyModule, webAssembly } from "../../../../src/compiler/targets/wasm/web-assembly.js";

/** Where the modules below expect their arguments in the scratch area. */
export const block = { scalarsAt: 0, addressesAt: 64 };

interface Portion {
  readonly f: FunctionWriter;
  /** Start of the scratch area. */
  readonly scratch: Instruction;
  readonly scalar: Instruction;
  address(operand: number): Instruction;
}

function portionModule(write: (portion: Portion) => Instruction[]): WebAssemblyModule {
  const f = new FunctionWriter(["i32"]);
  const scratch = get(f.parameter(0));
  f.emit(
    ...write({
      f,
      scratch,
      scalar: load("f64.load", scratch, block.scalarsAt),
      address: (operand) => load("i32.load", scratch, block.addressesAt + 4 * operand),
    }),
  );
  const module = new ModuleWriter({ memory: { shared: true } });
  module.define(f, "run");
  return new webAssembly.Module(module.bytes());
}

/** result[row] = input[row] scalar and sum += input[row], for so many rows of one double each. */
export function scaleAndSum(rows: number): WebAssemblyModule {
  return portionModule(({ address, scalar }) =>
    Array.from({ length: rows }, (_, row) => {
      const x = load("f64.load", address(0), 8 * row);
      const sum = operation("f64.add", load("f64.load", address(2)), x);
      return [
        store("f64.store", address(1), operation("f64.mul", x, scalar), 8 * row),
        store("f64.store", address(2), sum),
      ];
    }).flat(),
  );
}

/** Counts to the scalar; then writes to each result which scratch area, and so which thread, it was computed in. */
export function countAndSign(): WebAssemblyModule {
  return portionModule(({ f, scratch, scalar, address }) => {
    const count = f.local("f64");
    return [
      loop("count", [
        set(count, operation("f64.add", get(count), constant("f64", 1))),
        branchIf("count", operation("f64.lt", get(count), scalar)),
      ]),
      store("i32.store", address(0), scratch),
    ];
  });
}

/** Counts to the scalar; then reads what the first word of the scratch area, if not 0, points to. */
export function countAndFollow(): WebAssemblyModule {
  return portionModule(({ f, scratch, scalar, address }) => {
    const count = f.local("f64");
    const there = load("i32.load", scratch, 128);
    return [
      loop("count", [
        set(count, operation("f64.add", get(count), constant("f64", 1))),
        branchIf("count", operation("f64.lt", get(count), scalar)),
      ]),
      store("i32.store", address(0), load("i32.load", there)),
    ];
  });
}
