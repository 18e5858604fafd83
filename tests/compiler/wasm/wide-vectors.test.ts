import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { chooseTarget } from "../../../src/compiler/targets/choose-target.js";
import type { Precision } from "../../../src/compiler/targets/target.js";
import { supportsFusedMultiplyAdd, useWideVectors } from "../../../src/compiler/targets/wasm/features.js";
import { vectorMath } from "../../../src/compiler/targets/wasm/vector-math/vector-math.js";
import { vectorProgram } from "./vector-program.js";

// this file's tests have a process of their own; the optimising compiler, which pairs vectors, is to run at once
const areWide = useWideVectors();
if (areWide) for (const flag of ["--no-liftoff", "--no-wasm-lazy-compilation"]) setFlagsFromString(flag);

const names = Object.keys(vectorMath) as (keyof typeof vectorMath)[];
const arities = { atan2: 2, mod: 2, pow: 2 } as Readonly<Partial<Record<(typeof names)[number], number>>>;

describe.skipIf(!areWide)("wide vectors", () => {
  it("make wasm the choice for graphs of any size", () => {
    for (const precision of ["float32", "float64"] as const) {
      expect(chooseTarget("auto", precision)).toMatchObject({ name: "wasm", precision });
    }
  });
});

describe.skipIf(!areWide).each(["float32", "float64"] as const)(
  "%s in wide vectors",
  (precision: Precision) => {
    it.each(names)("%s has the same bits as in narrow ones", (name) => {
      const fusedMultiplyAdd = supportsFusedMultiplyAdd();
      const arity = arities[name] ?? 1;
      const random = new Random(1);
      const ArrayType = precision === "float32" ? Float32Array : Float64Array;
      const operands = Array.from({ length: arity }, () =>
        new ArrayType(1024).map(() => 3 * random.normal()),
      );
      const [narrow, wide] = ([1, 2] as const).map((vectors) =>
        vectorProgram(arity, vectorMath[name], { precision, fusedMultiplyAdd, vectors })(...operands),
      );
      expect(wide).toEqual(narrow);
    });
  },
);
