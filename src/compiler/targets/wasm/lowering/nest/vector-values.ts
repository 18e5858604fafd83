import type { ElementwiseNode, Node } from "../../../../graph/node.js";
import { type Instruction, operation } from "../../assembler/instruction.js";
import type { VectorContext } from "../../vector-context.js";
import {
  comparisons,
  isComparison,
  isMaskOperation,
  maskOf,
  maskOperations,
  multiplyAdd,
  numberOperations,
  numbersOf,
  subtractProduct,
  truncated,
} from "../vector-operations.js";
import type { Contraction, NestPlan, Operand } from "./plan.js";

/** A vector of numbers, or of masks: booleans stay masks as long as nothing needs them as numbers. */
interface Value {
  readonly vector: Instruction;
  readonly isMask: boolean;
}

/** Computes the nodes of a nest for the elements of one vector. */
export class VectorValues {
  private readonly values = new Map<Node, Value>();

  /** @param read gives the vector of an operand that the nest does not compute */
  constructor(
    private readonly plan: NestPlan,
    private readonly context: VectorContext,
    private readonly read: (operand: Exclude<Operand, { kind: "step" }>) => Instruction,
  ) {}

  /** Computes a node from its operands, which have been computed before. */
  compute(node: Node): void {
    const operands = this.plan.operandsOf(node);
    const contraction = this.plan.contractionOf(node);
    if (contraction) this.keep(node, this.contracted(contraction), false);
    else if (node.operation === "matMul") this.keep(node, this.sumOfProducts(operands), false);
    else if (node.operation === "cast") this.keepCast(node, operands[0]);
    else if (node.inputs.length === operands.length && !this.plan.isCopy(node)) {
      this.computeElementwise(node as ElementwiseNode, operands);
    } else this.keep(node, this.numbers(operands[0]), false);
  }

  /** The vector of an operand, as numbers. */
  numbers(operand: Operand): Instruction {
    const { vector, isMask } = this.valueOf(operand);
    return isMask ? this.context.bind(numbersOf(this.context, vector)) : vector;
  }

  private mask(operand: Operand): Instruction {
    const { vector, isMask } = this.valueOf(operand);
    return isMask ? vector : this.context.bind(maskOf(this.context, vector));
  }

  private valueOf(operand: Operand): Value {
    if (operand.kind === "step") return this.values.get(operand.node) as Value;
    return { vector: this.read(operand), isMask: false };
  }

  private keep(node: Node, vector: Instruction, isMask: boolean): void {
    this.values.set(node, { vector: this.context.bind(vector), isMask });
  }

  private keepCast(node: Node, operand: Operand): void {
    if (node.type === "boolean") this.keep(node, this.mask(operand), true);
    else {
      const numbers = this.numbers(operand);
      this.keep(node, node.type === "integer" ? truncated(this.context, numbers) : numbers, false);
    }
  }

  private computeElementwise(node: ElementwiseNode, operands: readonly Operand[]): void {
    const { operation: name } = node;
    const { context } = this;
    const numbers = (): Instruction[] => operands.map((operand) => this.numbers(operand));
    if (isMaskOperation(name)) {
      const masks = operands.map((operand) => this.mask(operand));
      this.keep(node, maskOperations[name](context, ...masks), true);
    } else if (isComparison(name)) {
      this.keep(node, comparisons[name](context, ...numbers()), true);
    } else if (name === "select") {
      const [condition, a, b] = operands;
      const chosen = operation("v128.bitselect", this.numbers(a), this.numbers(b), this.mask(condition));
      this.keep(node, chosen, false);
    } else {
      this.keep(node, numberOperations[name](context, ...numbers()), false);
    }
  }

  private contracted({ kind, factors: [a, b], term }: Contraction): Instruction {
    const [x, y, z] = [this.numbers(a), this.numbers(b), this.numbers(term)];
    return kind === "add" ? multiplyAdd(this.context, x, y, z) : subtractProduct(this.context, z, x, y);
  }

  /** Operands are the factors of each term, in pairs. */
  private sumOfProducts(operands: readonly Operand[]): Instruction {
    if (operands.length === 0) return this.context.splat(0);
    let sum = operation(
      `${this.context.format.vector}.mul`,
      this.numbers(operands[0]),
      this.numbers(operands[1]),
    );
    for (let i = 2; i < operands.length; i += 2) {
      sum = multiplyAdd(this.context, this.numbers(operands[i]), this.numbers(operands[i + 1]), sum);
    }
    return sum;
  }
}
