import type { ValueType } from "./value-type.js";

/** Instructions of one signature whose codes follow one another. */
interface OperationFamily {
  /** Byte before the code: 0xfd for vector instructions, none for those of the first version. */
  readonly prefix?: 0xfc | 0xfd;
  /** Code of the first name. */
  readonly code: number;
  /** Names in order of their codes, separated by blanks; `_` leaves a code out. */
  readonly names: string;
  readonly operands: readonly ValueType[];
  readonly result: ValueType;
}

/**
 * The instructions without immediates, as the WebAssembly specification 2.0 (section 5.4, binary format of instructions)
 * and its relaxed SIMD proposal number them. `drop`, `select`, `return` and `unreachable`, whose types depend on where
 * they stand, are not among them.
 */
const families = [
  { code: 0x45, names: "i32.eqz", operands: ["i32"], result: "i32" },
  {
    code: 0x46,
    names: "i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
    operands: ["i32", "i32"],
    result: "i32",
  },
  { code: 0x50, names: "i64.eqz", operands: ["i64"], result: "i32" },
  {
    code: 0x51,
    names: "i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
    operands: ["i64", "i64"],
    result: "i32",
  },
  {
    code: 0x5b,
    names: "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge",
    operands: ["f32", "f32"],
    result: "i32",
  },
  {
    code: 0x61,
    names: "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge",
    operands: ["f64", "f64"],
    result: "i32",
  },
  { code: 0x67, names: "i32.clz i32.ctz i32.popcnt", operands: ["i32"], result: "i32" },
  {
    code: 0x6a,
    names:
      "i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr",
    operands: ["i32", "i32"],
    result: "i32",
  },
  { code: 0x79, names: "i64.clz i64.ctz i64.popcnt", operands: ["i64"], result: "i64" },
  {
    code: 0x7c,
    names:
      "i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr",
    operands: ["i64", "i64"],
    result: "i64",
  },
  {
    code: 0x8b,
    names: "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt",
    operands: ["f32"],
    result: "f32",
  },
  {
    code: 0x92,
    names: "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign",
    operands: ["f32", "f32"],
    result: "f32",
  },
  {
    code: 0x99,
    names: "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt",
    operands: ["f64"],
    result: "f64",
  },
  {
    code: 0xa0,
    names: "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign",
    operands: ["f64", "f64"],
    result: "f64",
  },
  { code: 0xa7, names: "i32.wrap_i64", operands: ["i64"], result: "i32" },
  { code: 0xa8, names: "i32.trunc_f32_s i32.trunc_f32_u", operands: ["f32"], result: "i32" },
  { code: 0xaa, names: "i32.trunc_f64_s i32.trunc_f64_u", operands: ["f64"], result: "i32" },
  { code: 0xac, names: "i64.extend_i32_s i64.extend_i32_u", operands: ["i32"], result: "i64" },
  { code: 0xae, names: "i64.trunc_f32_s i64.trunc_f32_u", operands: ["f32"], result: "i64" },
  { code: 0xb0, names: "i64.trunc_f64_s i64.trunc_f64_u", operands: ["f64"], result: "i64" },
  { code: 0xb2, names: "f32.convert_i32_s f32.convert_i32_u", operands: ["i32"], result: "f32" },
  { code: 0xb4, names: "f32.convert_i64_s f32.convert_i64_u", operands: ["i64"], result: "f32" },
  { code: 0xb6, names: "f32.demote_f64", operands: ["f64"], result: "f32" },
  { code: 0xb7, names: "f64.convert_i32_s f64.convert_i32_u", operands: ["i32"], result: "f64" },
  { code: 0xb9, names: "f64.convert_i64_s f64.convert_i64_u", operands: ["i64"], result: "f64" },
  { code: 0xbb, names: "f64.promote_f32", operands: ["f32"], result: "f64" },
  { code: 0xbc, names: "i32.reinterpret_f32", operands: ["f32"], result: "i32" },
  { code: 0xbd, names: "i64.reinterpret_f64", operands: ["f64"], result: "i64" },
  { code: 0xbe, names: "f32.reinterpret_i32", operands: ["i32"], result: "f32" },
  { code: 0xbf, names: "f64.reinterpret_i64", operands: ["i64"], result: "f64" },
  {
    prefix: 0xfc,
    code: 0,
    names: "i32.trunc_sat_f32_s i32.trunc_sat_f32_u",
    operands: ["f32"],
    result: "i32",
  },
  {
    prefix: 0xfc,
    code: 2,
    names: "i32.trunc_sat_f64_s i32.trunc_sat_f64_u",
    operands: ["f64"],
    result: "i32",
  },
  { prefix: 0xfd, code: 14, names: "i8x16.swizzle", operands: ["v128", "v128"], result: "v128" },
  { prefix: 0xfd, code: 17, names: "i32x4.splat", operands: ["i32"], result: "v128" },
  { prefix: 0xfd, code: 18, names: "i64x2.splat", operands: ["i64"], result: "v128" },
  { prefix: 0xfd, code: 19, names: "f32x4.splat", operands: ["f32"], result: "v128" },
  { prefix: 0xfd, code: 20, names: "f64x2.splat", operands: ["f64"], result: "v128" },
  {
    prefix: 0xfd,
    code: 55,
    names:
      "i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u",
    operands: ["v128", "v128"],
    result: "v128",
  },
  {
    prefix: 0xfd,
    code: 65,
    names:
      "f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge",
    operands: ["v128", "v128"],
    result: "v128",
  },
  { prefix: 0xfd, code: 77, names: "v128.not", operands: ["v128"], result: "v128" },
  {
    prefix: 0xfd,
    code: 78,
    names: "v128.and v128.andnot v128.or v128.xor",
    operands: ["v128", "v128"],
    result: "v128",
  },
  { prefix: 0xfd, code: 82, names: "v128.bitselect", operands: ["v128", "v128", "v128"], result: "v128" },
  { prefix: 0xfd, code: 83, names: "v128.any_true", operands: ["v128"], result: "i32" },
  {
    prefix: 0xfd,
    code: 94,
    names: "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4",
    operands: ["v128"],
    result: "v128",
  },
  {
    prefix: 0xfd,
    code: 103,
    names: "f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest",
    operands: ["v128"],
    result: "v128",
  },
  { prefix: 0xfd, code: 116, names: "f64x2.ceil f64x2.floor", operands: ["v128"], result: "v128" },
  { prefix: 0xfd, code: 122, names: "f64x2.trunc", operands: ["v128"], result: "v128" },
  { prefix: 0xfd, code: 148, names: "f64x2.nearest", operands: ["v128"], result: "v128" },
  { prefix: 0xfd, code: 160, names: "i32x4.abs i32x4.neg", operands: ["v128"], result: "v128" },
  { prefix: 0xfd, code: 163, names: "i32x4.all_true i32x4.bitmask", operands: ["v128"], result: "i32" },
  {
    prefix: 0xfd,
    code: 171,
    names: "i32x4.shl i32x4.shr_s i32x4.shr_u",
    operands: ["v128", "i32"],
    result: "v128",
  },
  {
    prefix: 0xfd,
    code: 174,
    names: "i32x4.add _ _ i32x4.sub _ _ _ i32x4.mul i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u",
    operands: ["v128", "v128"],
    result: "v128",
  },
  { prefix: 0xfd, code: 192, names: "i64x2.abs i64x2.neg", operands: ["v128"], result: "v128" },
  { prefix: 0xfd, code: 195, names: "i64x2.all_true i64x2.bitmask", operands: ["v128"], result: "i32" },
  {
    prefix: 0xfd,
    code: 203,
    names: "i64x2.shl i64x2.shr_s i64x2.shr_u",
    operands: ["v128", "i32"],
    result: "v128",
  },
  {
    prefix: 0xfd,
    code: 206,
    names:
      "i64x2.add _ _ i64x2.sub _ _ _ i64x2.mul i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s",
    operands: ["v128", "v128"],
    result: "v128",
  },
  { prefix: 0xfd, code: 224, names: "f32x4.abs f32x4.neg _ f32x4.sqrt", operands: ["v128"], result: "v128" },
  {
    prefix: 0xfd,
    code: 228,
    names: "f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin f32x4.pmax",
    operands: ["v128", "v128"],
    result: "v128",
  },
  { prefix: 0xfd, code: 236, names: "f64x2.abs f64x2.neg _ f64x2.sqrt", operands: ["v128"], result: "v128" },
  {
    prefix: 0xfd,
    code: 240,
    names: "f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max f64x2.pmin f64x2.pmax",
    operands: ["v128", "v128"],
    result: "v128",
  },
  {
    prefix: 0xfd,
    code: 248,
    names:
      "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
    operands: ["v128"],
    result: "v128",
  },
  {
    prefix: 0xfd,
    code: 261,
    names: "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd",
    operands: ["v128", "v128", "v128"],
    result: "v128",
  },
] as const satisfies readonly OperationFamily[];

type NamesIn<List extends string> = List extends `${infer First} ${infer Rest}`
  ? First | NamesIn<Rest>
  : List;

/** The name of an instruction without immediates. */
export type OperationName = Exclude<NamesIn<(typeof families)[number]["names"]>, "_">;

/** What an instruction takes, gives, and how it is written. */
export interface Signature {
  readonly operands: readonly ValueType[];
  readonly result: ValueType | undefined;
  readonly prefix?: number;
  readonly code: number;
}

/** Every instruction without immediates, by its name. */
export const operationSignatures: ReadonlyMap<string, Signature> = new Map(
  families.flatMap((family: OperationFamily) =>
    family.names.split(" ").flatMap((name, at): [string, Signature][] => {
      const { prefix, operands, result } = family;
      return name === "_" ? [] : [[name, { operands, result, prefix, code: family.code + at }]];
    }),
  ),
);
