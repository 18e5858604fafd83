import * as tf from "@tensorflow/tfjs-core";
import { shapeText } from "../../compiler/shape.js";
import { requireSynchronous } from "../../compiler/trace/trace.js";
import type { Tree } from "../../compiler/tree.js";
import type { ArraysOf, TensorsOf } from "./ode-problem.js";

/** A moment of a solve that is looked for: the zero of a function of time, state and parameters. */
export interface OdeEvent<Y = never, P = never> {
  /** Crosses zero at the event: an ordinary tfjs function, run only to be traced, that returns a scalar. */
  when(t: tf.Scalar, y: TensorsOf<Y>, params: TensorsOf<P>): tf.Tensor;
  /** Which crossings count, seen along the solve, whichever way that goes through time. @defaultValue "both" */
  readonly direction?: EventDirection;
  /** Whether the solve ends at the event. @defaultValue false */
  readonly terminal?: boolean;
  /** @defaultValue none */
  readonly name?: string;
}

/** The ways in which a function may cross zero. */
export type EventDirection = "rising" | "falling" | "both";

/** An event that was found. */
export interface FoundEvent<Y> {
  /** Its place among the events that were looked for. */
  readonly index: number;
  /** Its name, if it was given one. */
  readonly name?: string;
  readonly t: number;
  /** State at that time. */
  readonly y: ArraysOf<Y>;
}

/** What an event watches, without the types of its names. */
export type TracedEvent = (t: tf.Tensor, y: Tree<tf.Tensor>, params: Tree<tf.Tensor>) => tf.Tensor;

/** An event as the loop sees it, checked. */
export interface WatchedEvent {
  readonly when: TracedEvent;
  readonly direction: EventDirection;
  readonly terminal: boolean;
}

/**
 * What an event's function returned, if it can be watched.
 *
 * @throws TypeError when it is not a scalar tensor.
 */
export function eventValue(value: unknown, index: number): tf.Tensor {
  requireSynchronous(value);
  if (value instanceof tf.Tensor && value.rank === 0) return value;
  const got = value instanceof tf.Tensor ? `shape ${shapeText(value.shape)}` : String(value);
  throw new TypeError(`events[${index}].when must return a scalar tensor, got ${got}`);
}
