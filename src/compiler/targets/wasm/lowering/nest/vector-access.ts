import {
  constant,
  extractLane,
  type Instruction,
  load,
  operation,
  replaceLane,
  store,
  storeLane,
} from "../../assembler/instruction.js";
import type { VectorFormat } from "../../vector-format.js";
import type { Address } from "./pointers.js";

/** Part of a row that one vector holds: elements `stride` apart, of which `count` exist. */
export interface Lanes {
  readonly address: Address;
  readonly stride: number;
  /** Elements from the address to the first lane. */
  readonly first: number;
  readonly count: number;
}

/** Reads a vector. Neighbours are read whole, even where fewer exist; others one by one. */
export function loadLanes({ bytes, lanes: most, scalar, vector }: VectorFormat, lanes: Lanes): Instruction {
  const { stride, first, count } = lanes;
  if (stride === 1) {
    const { pointer, offset } = lanes.address;
    return load("v128.load", pointer, offset + first * bytes);
  }
  let result = load(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", ...laneAddress(lanes, 0, bytes));
  for (let lane = 1; lane < Math.min(count, most); lane++) {
    const element = load(`${scalar}.load`, ...laneAddress(lanes, lane, bytes));
    result = replaceLane(`${vector}.replace_lane`, result, lane, element);
  }
  return result;
}

/** Writes the lanes that exist; `value` may stand in several places. */
export function storeLanes(
  { bytes, lanes: most }: VectorFormat,
  lanes: Lanes,
  value: Instruction,
): Instruction[] {
  const { stride, count } = lanes;
  const at = (lane: number): [Instruction, number] => laneAddress(lanes, lane, bytes);
  if (stride === 1 && count >= most) {
    const [pointer, offset] = at(0);
    return [store("v128.store", pointer, value, offset)];
  }
  const result: Instruction[] = [];
  for (let lane = 0; lane < Math.min(count, most); ) {
    const [pointer, offset] = at(lane);
    const pair = bytes === 4 && stride === 1 && lane + 2 <= count;
    const half = bytes === 8 || pair;
    const position = pair ? lane / 2 : lane;
    result.push(
      storeLane(half ? "v128.store64_lane" : "v128.store32_lane", pointer, value, position, offset),
    );
    lane += pair ? 2 : 1;
  }
  return result;
}

function laneAddress(
  { address: { pointer, offset }, stride, first }: Lanes,
  lane: number,
  bytes: number,
): [Instruction, number] {
  const distance = (first + lane * stride) * bytes;
  if (distance >= 0) return [pointer, offset + distance];
  return [operation("i32.add", pointer, constant("i32", distance)), offset];
}

/** One number of all lanes of a vector. */
export function acrossLanes(
  { lanes, scalar, vector }: VectorFormat,
  value: Instruction,
  combine: "add" | "max" | "min",
): Instruction {
  const lane = (i: number): Instruction => extractLane(`${vector}.extract_lane`, value, i);
  let result = lane(0);
  for (let i = 1; i < lanes; i++) result = operation(`${scalar}.${combine}`, result, lane(i));
  return result;
}
