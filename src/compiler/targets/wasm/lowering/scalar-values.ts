import type { Graph } from "../../../graph/graph.js";
import { isUniform, type MatMulNode, type Node } from "../../../graph/node.js";
import { isElementwiseName } from "../../../operations/elementwise-table.js";
import type { ArgumentBlock } from "../argument-block.js";
import type { FunctionWriter } from "../assembler/function-writer.js";
import {
  constant,
  extractLane,
  get,
  type Instruction,
  type Local,
  load,
  operation,
  set,
} from "../assembler/instruction.js";
import { vectorFormats } from "../vector-format.js";
import { vectorMath } from "../vector-math/vector-math.js";
import type { Address } from "./nest/pointers.js";
import { castScalar, isVectorMath, scalarOperations } from "./scalar-operations.js";
import { loadNumber } from "./single/number-access.js";
import { innerLength } from "./task.js";
import { type CodeSettings, TaskCode } from "./task-code.js";
import type { VectorOperation } from "./vector-operations.js";
import type { View, Views } from "./view.js";

/** What scalars need of the program around them. */
interface Surroundings {
  readonly graph: Graph;
  readonly views: Views;
  readonly settings: CodeSettings;
  readonly f: FunctionWriter;
  readonly block: ArgumentBlock;
  /** Address of the scratch area. */
  readonly scratch: Instruction;
  /** Where the element of a view of one element lies. */
  addressOf(view: View): Address;
}

/** Numbers that a program computes one by one: doubles in locals, whatever the precision of its arrays. */
export class ScalarValues {
  private readonly locals = new Map<Node, Local>();
  private readonly elements = new Map<string, Local>();

  constructor(private readonly around: Surroundings) {
    const { block, graph, scratch } = around;
    graph.scalars.forEach((node, i) => {
      this.set(node, load("f64.load", scratch, block.scalars + 8 * i));
    });
  }

  /** Keeps a node's number. */
  set(node: Node, value: Instruction): void {
    this.around.f.emit(this.assignment(node, value));
  }

  /** The instruction that keeps a node's number. */
  assignment(node: Node, value: Instruction): Instruction {
    const local = this.around.f.local("f64");
    this.locals.set(node, local);
    return set(local, value);
  }

  /** The number of a view of one element; an element of an array is read once, now. */
  of(view: View): Instruction {
    const { source, offset } = view;
    if (isUniform(source)) return constant("f64", source.value);
    const key = `${source.id}|${offset}`;
    const known = this.locals.get(source) ?? this.elements.get(key);
    if (known) return get(known);
    const { addressOf, f, settings } = this.around;
    const local = f.local("f64");
    this.elements.set(key, local);
    f.emit(set(local, loadNumber(settings.format, addressOf(view))));
    return get(local);
  }

  /** Computes a node of one element. */
  compute(node: Node): void {
    this.set(node, this.valueOf(node));
  }

  private valueOf(node: Node): Instruction {
    const { views } = this.around;
    const copied = views.copiedFrom(node);
    if (copied) return this.of(copied);
    if (node.operation === "matMul") return this.sumOfProducts(node);
    const operands = node.inputs.map((input) => this.of(views.of(input)));
    if (node.operation === "cast") return castScalar(operands[0], node.type);
    if (!isElementwiseName(node.operation)) throw new Error(`internal: "${node.operation}" is no scalar`);
    if (isVectorMath(node.operation)) return this.byVectors(vectorMath[node.operation], operands);
    return scalarOperations[node.operation](...operands);
  }

  /** A function for which there is vector code only: each lane computes the same. */
  private byVectors(compute: VectorOperation, operands: readonly Instruction[]): Instruction {
    const { f, settings } = this.around;
    const code = new TaskCode(settings);
    const list: Instruction[] = [];
    const context = code.at(list, vectorFormats.float64);
    const vectors = operands.map((operand) => context.bind(operation("f64x2.splat", operand)));
    const result = context.bind(compute(context, ...vectors));
    f.emit(...code.prologue, ...list);
    settings.locals.releaseAll();
    return extractLane("f64x2.extract_lane", result, 0);
  }

  /** A row times a column. */
  private sumOfProducts(node: MatMulNode): Instruction {
    const { views } = this.around;
    const [a, b] = node.inputs.map((input) => views.of(input));
    const stepA = a.strides[a.strides.length - (node.transposeA ? 2 : 1)];
    const stepB = b.strides[b.strides.length - (node.transposeB ? 1 : 2)];
    let sum: Instruction = constant("f64", 0);
    for (let k = 0; k < innerLength(node); k++) {
      const left = this.of({ ...a, offset: a.offset + k * stepA });
      const right = this.of({ ...b, offset: b.offset + k * stepB });
      const product = operation("f64.mul", left, right);
      sum = k === 0 ? product : operation("f64.add", sum, product);
    }
    return sum;
  }
}
