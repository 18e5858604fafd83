import * as tf from "@tensorflow/tfjs-core";
import { shapeText } from "../shape.js";
import type { Replacement } from "./replaced.js";
import { TraceError } from "./trace-error.js";

/** Operations of tfjs that draw random numbers, with a seed or without. */
const randomOperations = new Set([
  "dropout",
  "multinomial",
  "randomGamma",
  "randomNormal",
  "randomStandardNormal",
  "randomUniform",
  "randomUniformInt",
  "truncatedNormal",
]);

/** What a traced function may not do and tfjs does not ask its backend for: each attempt throws a TraceError. */
export function forbiddenWhileTracing(): Replacement[] {
  const engine = tf.engine();
  return [
    { owner: engine, key: "startScope", value: startScopeOf(engine) },
    { owner: engine, key: "makeVariable", value: refuseVariable },
    { owner: tf.Variable.prototype, key: "assign", value: refuseAssignment },
    { owner: tf.Tensor.prototype, key: Symbol.toPrimitive, value: refuseNumber },
    { owner: Math, key: "random", value: () => refuseRandom("Math.random") },
  ];
}

/** tfjs opens a scope named after each operation that it begins. */
function startScopeOf(engine: ReturnType<typeof tf.engine>) {
  const startScope = engine.startScope.bind(engine);
  return (name?: string): void => {
    const operation = name?.replace(/__op$/, "") ?? "";
    if (randomOperations.has(operation)) refuseRandom(`tf.${operation}`);
    startScope(name);
  };
}

function refuseRandom(operation: string): never {
  throw new TraceError(
    `a traced function draws random numbers with ${operation}, which would be the same at every run; ` +
      "make the noise an input",
  );
}

function refuseVariable(initial: tf.Tensor): never {
  throw new TraceError(
    `a traced function creates a tf.Variable of shape ${shapeText(initial.shape)}; ` +
      "make it an input, and create it outside",
  );
}

function refuseAssignment(this: tf.Variable): never {
  throw new TraceError(
    `a traced function assigns to a tf.Variable of shape ${shapeText(this.shape)}; ` +
      "return the new value as an output instead",
  );
}

/** JavaScript would go on with NaN, or with the text of a tensor. */
function refuseNumber(this: tf.Tensor, hint: "number" | "string" | "default"): string {
  if (hint === "string") return this.toString(); // reads the value, which is another error unless it is known
  throw new TraceError(
    `a traced function uses a tensor of shape ${shapeText(this.shape)} as a JavaScript number, which has no value ` +
      "until the program runs; use tensor operations: tf.mul(t, 2) for t * 2, tf.sin(t) for Math.sin(t), " +
      "tf.where in place of a branch",
  );
}
