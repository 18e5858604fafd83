import { FunctionWriter } from "../assembler/function-writer.js";
import { constant, get, load, operation, set, store } from "../assembler/instruction.js";
import type { ModuleWriter } from "../assembler/module-writer.js";
import type { MatMulSignature } from "../mat-mul/mat-mul-signature.js";
import { vectorFormats } from "../vector-format.js";
import { repeated } from "./nest/repeated.js";

/** A matrix product as three loops. */
export function simpleMatMul(module: ModuleWriter, signature: MatMulSignature): FunctionWriter {
  const { rows, columns, inner, a, b, c, accumulate } = signature;
  const { bytes, scalar } = vectorFormats[signature.precision];
  const f = new FunctionWriter(["i32", "i32", "i32"]);
  const [pa, pb, pc] = [0, 1, 2].map((i) => f.parameter(i));
  const sum = f.local(scalar);
  const move = (local: typeof pa, elements: number) =>
    set(local, operation("i32.add", get(local), constant("i32", elements * bytes)));
  const dot = repeated(f.local("i32"), inner, [
    set(
      sum,
      operation(
        `${scalar}.add`,
        get(sum),
        operation(`${scalar}.mul`, load(`${scalar}.load`, get(pa)), load(`${scalar}.load`, get(pb))),
      ),
    ),
    move(pa, a.columnStride),
    move(pb, b.rowStride),
  ]);
  const row = repeated(f.local("i32"), columns, [
    set(sum, accumulate ? load(`${scalar}.load`, get(pc)) : constant(scalar, 0)),
    ...dot,
    store(`${scalar}.store`, get(pc), get(sum)),
    move(pa, -inner * a.columnStride),
    move(pb, b.columnStride - inner * b.rowStride),
    move(pc, 1),
  ]);
  f.emit(
    ...repeated(f.local("i32"), rows, [
      ...row,
      move(pa, a.rowStride),
      move(pb, -columns * b.columnStride),
      move(pc, c.rowStride - columns),
    ]),
  );
  return module.define(f);
}
