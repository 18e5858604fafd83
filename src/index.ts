/** glassbox: neural differential equations whose solvers are glass boxes. What is not exported here is private. */

export {
  type ArrayLike,
  array,
  type NdArray,
  type NestedNumbers,
  ndArray,
  toNested,
  zeros,
} from "./compiler/nd-array.js";
export { Random } from "./compiler/random.js";
export type { Shape } from "./compiler/shape.js";
export type { TargetChoice } from "./compiler/targets/choose-target.js";
export { javascriptTarget } from "./compiler/targets/javascript/javascript-target.js";
export { type OnnxOptions, onnxTarget } from "./compiler/targets/onnx/onnx-target.js";
export {
  type Precision,
  type Program,
  type Target,
  TargetError,
  type TargetName,
  type Value,
} from "./compiler/targets/target.js";
export { tfjsTarget } from "./compiler/targets/tfjs/tfjs-target.js";
export { TraceError } from "./compiler/trace/trace-error.js";
export type { Tree } from "./compiler/tree.js";
export {
  type Controller,
  controllers,
  integralController,
  proportionalIntegralController,
} from "./solvers/ode/controllers.js";
export {
  type ArrayTree,
  type OdeDefinition,
  type OdeProblem,
  odeProblem,
  type TensorsOf,
  type TracedField,
  type VectorField,
} from "./solvers/ode/ode-problem.js";
export type { ProgramOptions } from "./solvers/ode/ode-programs.js";
export type {
  FunctionEvaluations,
  ResultCode,
  Solution,
  SolveStatistics,
} from "./solvers/ode/solution.js";
export {
  integrate,
  type SolutionCotangents,
  type SolutionGradients,
  type SolveOptions,
  type SolveVjp,
  solve,
  solveVjp,
} from "./solvers/ode/solve.js";
export type { StepRecord } from "./solvers/ode/step-records.js";
export { bosh3 } from "./solvers/tableaux/bosh3.js";
export { dopri5 } from "./solvers/tableaux/dopri5.js";
export { type Tableau, type TableauCoefficients, tableau } from "./solvers/tableaux/tableau.js";
export { tsit5 } from "./solvers/tableaux/tsit5.js";
