import type { FunctionWriter } from "../assembler/function-writer.js";
import { get, type Instruction, type Local, operation, set } from "../assembler/instruction.js";
import { type VectorFormat, vectorFormats } from "../vector-format.js";
import type { MatMulSignature } from "./mat-mul-signature.js";

/** A kernel under way: what its tiles have in common. */
export class KernelWriter {
  readonly f: FunctionWriter;
  readonly signature: MatMulSignature;
  readonly format: VectorFormat;
  /** Where the tile under way reads A. */
  readonly a: Local;
  /** Where the tile under way reads B. */
  readonly b: Local;
  readonly #vectors: Local[] = [];
  #taken = 0;

  constructor(f: FunctionWriter, signature: MatMulSignature) {
    this.f = f;
    this.signature = signature;
    this.format = vectorFormats[signature.precision];
    this.a = f.local("i32");
    this.b = f.local("i32");
  }

  /** Tiles use the same vector variables, one after another. */
  startTile(): void {
    this.#taken = 0;
  }

  /** A vector variable that the tile under way does not use yet. */
  vector(): Local {
    const index = this.#taken++;
    this.#vectors[index] ??= this.f.local("v128");
    return this.#vectors[index];
  }

  /** `sum += other`. */
  add(sum: Local, other: Instruction): Instruction {
    return set(sum, operation(`${this.format.vector}.add`, get(sum), other));
  }

  /** `sum += x y`. */
  addProduct(sum: Local, x: Local, y: Local): Instruction {
    const { vector } = this.format;
    if (this.signature.fusedMultiplyAdd) {
      return set(sum, operation(`${vector}.relaxed_madd`, get(x), get(y), get(sum)));
    }
    return this.add(sum, operation(`${vector}.mul`, get(x), get(y)));
  }
}
