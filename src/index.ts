/** glassbox: neural differential equations whose solvers are glass boxes. What is not exported here is private. */

export {
  type CompiledGraph,
  type CompiledResults,
  type CompileOptions,
  compile,
  type NamedArrays,
} from "./compiler/compile.js";
export { type DivergenceOptions, divergence } from "./compiler/derivatives/divergence.js";
export { type JacobianOptions, jacobian } from "./compiler/derivatives/jacobian.js";
export { type JvpOptions, jvp } from "./compiler/derivatives/jvp.js";
export { type VjpOptions, vjp } from "./compiler/derivatives/vjp.js";
export type { Graph } from "./compiler/graph/graph.js";
export {
  type ArrayLike,
  array,
  linspace,
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
  type NamedValues,
  type Precision,
  type Target,
  TargetError,
  type TargetName,
  type Value,
} from "./compiler/targets/target.js";
export { tfjsTarget } from "./compiler/targets/tfjs/tfjs-target.js";
export { useWideVectors } from "./compiler/targets/wasm/features.js";
export { type WasmOptions, wasmTarget } from "./compiler/targets/wasm/wasm-target.js";
export {
  divergenceOf,
  type JacobianOfOptions,
  jacobianOf,
  jvpOf,
  type ValueAndTangent,
} from "./compiler/trace/derivative-functions.js";
export { solveLinear } from "./compiler/trace/solve-linear.js";
export {
  type NamedTensors,
  type Signature,
  type TracedFunction,
  type TracedResults,
  trace,
} from "./compiler/trace/trace.js";
export { TraceError } from "./compiler/trace/trace-error.js";
export type { SourceLocation } from "./compiler/trace/user-call.js";
export type { Tree, TreeStructure } from "./compiler/tree.js";
export { DataError } from "./data/data-error.js";
export { type Digits, type DigitsOptions, loadDigits } from "./data/digits.js";
export type { FetchOptions, FetchProgress } from "./data/fetch.js";
export { type ImageBatch, imageBatch } from "./data/image-batch.js";
export { firstImages, type LabelledImages, selectImages } from "./data/labelled-images.js";
export { loadPatientRecords, type PatientRecordsOptions } from "./data/physionet/load-patient-records.js";
export { valueInUnit } from "./data/physionet/normalised-records.js";
export {
  type PatientFeature,
  type PatientRecords,
  type SplitOptions,
  selectRecords,
  splitRecords,
} from "./data/physionet/patient-records.js";
export { type PatientRow, patientRows } from "./data/physionet/patient-rows.js";
export type { UnknownWeight } from "./data/physionet/read-physionet.js";
export type { ChosenRun, Configured } from "./experiments/chosen-configuration.js";
export type { Experiment, Measure, RunContext } from "./experiments/experiment.js";
export { type ExperimentName, type ExperimentRows, experiments } from "./experiments/experiments.js";
export {
  type MnistOdeConfiguration,
  type MnistOdeMethod,
  type MnistOdeOptions,
  mnistOdeConfiguration,
  mnistOdeMethods,
} from "./experiments/mnist-ode/configuration.js";
export type { MnistOdeRow } from "./experiments/mnist-ode/mnist-ode-row.js";
export {
  type MnistOdePreset,
  type MnistOdePresetName,
  mnistOdePresets,
} from "./experiments/mnist-ode/presets.js";
export { runMnistOde } from "./experiments/mnist-ode/run.js";
export { type MnistOdeWeights, mnistOdeWeights } from "./experiments/mnist-ode/weights.js";
export {
  type MnistSdeConfiguration,
  type MnistSdeOptions,
  mnistSdeConfiguration,
} from "./experiments/mnist-sde/configuration.js";
export {
  type MnistSdeMethod,
  mnistSdeMethods,
  type StochasticMethod,
} from "./experiments/mnist-sde/methods.js";
export type { MnistSdeRow } from "./experiments/mnist-sde/mnist-sde-row.js";
export {
  type MnistSdePreset,
  type MnistSdePresetName,
  mnistSdePresets,
} from "./experiments/mnist-sde/presets.js";
export { runMnistSde } from "./experiments/mnist-sde/run.js";
export { type MnistSdeWeights, mnistSdeWeights } from "./experiments/mnist-sde/weights.js";
export type { PenaltyComparison, PenaltyNoiseRow } from "./experiments/penalty-noise/penalty-noise-row.js";
export {
  type PhysionetConfiguration,
  type PhysionetOptions,
  physionetConfiguration,
  physionetMethods,
} from "./experiments/physionet/configuration.js";
export {
  type PatientModelSizes,
  type PatientSolver,
  patientField,
  patientModel,
} from "./experiments/physionet/patient-model.js";
export {
  type PatientSeries,
  type PatientView,
  type PatientViewOptions,
  patientView,
} from "./experiments/physionet/patient-view.js";
export type { PhysionetRow } from "./experiments/physionet/physionet-row.js";
export {
  type PhysionetPreset,
  type PhysionetPresetName,
  physionetPresets,
} from "./experiments/physionet/presets.js";
export { type Reconstruction, reconstruct } from "./experiments/physionet/reconstruct.js";
export { recordBatch } from "./experiments/physionet/record-batch.js";
export { runPhysionet } from "./experiments/physionet/run.js";
export { type TrainedPatientModel, trainPatientModel } from "./experiments/physionet/train.js";
export { type PhysionetWeights, physionetWeights } from "./experiments/physionet/weights.js";
export { type Provenance, provenance } from "./experiments/provenance.js";
export type { PublishedTable, PublishedValue } from "./experiments/published-table.js";
export {
  type MethodSettings,
  type RegularizationMethod,
  type RegularizationMethodName,
  regularizationMethods,
} from "./experiments/regularization-methods.js";
export { ResultError, readRows, writeRow } from "./experiments/result-files.js";
export type { Resolved, ResultRow, RowIdentity } from "./experiments/result-row.js";
export type { RunOptions } from "./experiments/run-options.js";
export {
  type SpiralOdeConfiguration,
  type SpiralOdeOptions,
  spiralOdeConfiguration,
  spiralOdeMethods,
} from "./experiments/spiral-ode/configuration.js";
export {
  type SpiralOdePreset,
  type SpiralOdePresetName,
  spiralOdePresets,
} from "./experiments/spiral-ode/presets.js";
export { runSpiralOde } from "./experiments/spiral-ode/run.js";
export type { SpiralOdeRow } from "./experiments/spiral-ode/spiral-ode-row.js";
export { type SpiralOdeWeights, spiralOdeWeights } from "./experiments/spiral-ode/weights.js";
export {
  type SpiralSdeConfiguration,
  type SpiralSdeOptions,
  spiralSdeConfiguration,
} from "./experiments/spiral-sde/configuration.js";
export { type SpiralSdeMethod, spiralSdeMethods } from "./experiments/spiral-sde/methods.js";
export type { Moments } from "./experiments/spiral-sde/moments.js";
export {
  type SpiralSdePreset,
  type SpiralSdePresetName,
  type SpiralSdeSolver,
  spiralSdePresets,
} from "./experiments/spiral-sde/presets.js";
export { runSpiralSde } from "./experiments/spiral-sde/run.js";
export type { RowMoments, SpiralSdeRow } from "./experiments/spiral-sde/spiral-sde-row.js";
export {
  type StochasticSpiralOptions,
  stochasticSpiral,
} from "./experiments/spiral-sde/stochastic-spiral.js";
export { type SpiralSdeWeights, spiralSdeWeights } from "./experiments/spiral-sde/weights.js";
export { type GridWeight, type PlannedRun, plannedRuns, type SweepGrid } from "./experiments/sweep-grid.js";
export type { WeightDecay } from "./experiments/weight-decay.js";
export type { Block, BlockRun, ForwardContext, SolveRecord } from "./models/block.js";
export { fieldSignature } from "./models/field-signature.js";
export { horizonOf } from "./models/horizon.js";
export { divergenceName, type LatentOdeOptions, latentName, latentOde } from "./models/latent-ode.js";
export { type LayerBlockOptions, layerBlock } from "./models/layer-block.js";
export { type LinearModelOptions, linearModel } from "./models/linear-model.js";
export { layeredModel, type Model, type ModelParts } from "./models/model.js";
export { type NeuralOdeOptions, neuralOde } from "./models/neural-ode.js";
export { type NeuralSdeOptions, neuralSde } from "./models/neural-sde.js";
export { Objective, type ObjectiveValue } from "./models/objective.js";
export { type OdeBlockOptions, type OdeSolverOptions, odeBlock } from "./models/ode-block.js";
export type { OdeSettings } from "./models/ode-settings.js";
export { type RecognitionCellOptions, recognitionCell } from "./models/recognition-cell.js";
export type { RecurrentCell, SequencePoint } from "./models/recurrent-cell.js";
export { type SdeBlockOptions, type SdeSolverOptions, sdeBlock } from "./models/sde-block.js";
export type { SdeSettings } from "./models/sde-settings.js";
export type { StochasticLayers } from "./models/sde-signature.js";
export type { SolveNames } from "./models/solve-block.js";
export { SolveError } from "./models/solve-error.js";
export { type TracedBlockOptions, tracedBlock } from "./models/traced-block.js";
export { type TrajectoryModelOptions, trajectoryModel } from "./models/trajectory-model.js";
export type { Activation } from "./nn/activations.js";
export { type AveragePoolOptions, averagePool } from "./nn/average-pool.js";
export { type Conv2dOptions, conv2d } from "./nn/conv2d.js";
export { type DenseOptions, dense } from "./nn/dense.js";
export { flatten } from "./nn/flatten.js";
export { type GroupNormOptions, groupNorm } from "./nn/group-norm.js";
export { glorotUniform } from "./nn/initialisers.js";
export type { Layer } from "./nn/layer.js";
export { type LayerNormOptions, layerNorm } from "./nn/layer-norm.js";
export { type Loss, meanSquaredError, softmaxCrossEntropy } from "./nn/losses.js";
export type { NamedLayers } from "./nn/named-layers.js";
export { adaBelief } from "./nn/optimizers/ada-belief.js";
export { adaMax } from "./nn/optimizers/ada-max.js";
export { adam } from "./nn/optimizers/adam.js";
export type { AdaptiveOptions } from "./nn/optimizers/adaptive.js";
export { type MomentumOptions, momentum } from "./nn/optimizers/momentum.js";
export type { Optimizer } from "./nn/optimizers/optimizer.js";
export { pointwise } from "./nn/pointwise.js";
export {
  annealed,
  constant,
  type DecayedRateOptions,
  decayedRate,
  type LearningRate,
  type Schedule,
  type SteppedRateOptions,
  steppedRate,
} from "./nn/schedules.js";
export { sequential } from "./nn/sequential.js";
export { type ErrorForm, type ErrorPenaltyOptions, errorPenalty } from "./regularizers/error-penalty.js";
export { type JacobianPenaltyOptions, jacobianPenalty } from "./regularizers/jacobian-penalty.js";
export { type KineticPenaltyOptions, kineticPenalty } from "./regularizers/kinetic-penalty.js";
export { l1Penalty } from "./regularizers/l1-penalty.js";
export { l2Penalty } from "./regularizers/l2-penalty.js";
export {
  type LocalErrorPenaltyOptions,
  type LocalTime,
  localErrorPenalty,
} from "./regularizers/local-error-penalty.js";
export type { WeightPenaltyOptions } from "./regularizers/penalised-weights.js";
export type { Reduction } from "./regularizers/reductions.js";
export type {
  FieldPoint,
  FinishedSolve,
  FirstStage,
  Horizon,
  HorizonRegularizer,
  IntegrandRegularizer,
  LocalRegularizer,
  ParameterRegularizer,
  Regularizer,
  RegularizerSettings,
  StepPenalty,
  StepRegularizer,
} from "./regularizers/regularizer.js";
export { type SteerOptions, steer } from "./regularizers/steer.js";
export {
  type StiffnessForm,
  type StiffnessPenaltyOptions,
  stiffnessPenalty,
} from "./regularizers/stiffness-penalty.js";
export { type TaylorPenaltyOptions, taylorPenalty } from "./regularizers/taylor-penalty.js";
export { attemptsOnPath, type KnownPath } from "./report/attempts-on-path.js";
export { type CallTimeChartOptions, callTimeChart } from "./report/call-time-chart.js";
export { type CallTime, type CallTimesOptions, callTimes } from "./report/call-times.js";
export { chartBundle, show } from "./report/chart.js";
export {
  type ArmAgainstBaseline,
  type BaselineComparison,
  compareWithBaseline,
  comparisonTable,
} from "./report/comparison-table.js";
export {
  type Convergence,
  type ConvergenceChartOptions,
  convergenceChart,
  fittedOrder,
} from "./report/convergence-chart.js";
export { type Curve, type CurveChartOptions, curveChart } from "./report/curve-chart.js";
export {
  type CurvesAtSetting,
  type CurvesBySettingOptions,
  curvesBySetting,
} from "./report/curves-by-setting.js";
export { type DisplayTarget, display } from "./report/display.js";
export { environmentFooter, showEnvironment } from "./report/environment-footer.js";
export { errorAlongTime } from "./report/error-along-time.js";
export { experimentCharts, type NamedChart } from "./report/experiment-charts.js";
export { followedErrors } from "./report/followed-errors.js";
export { type GraphChartOptions, graphChart } from "./report/graph-chart.js";
export { type GraphTableRow, graphTable } from "./report/graph-rows.js";
export { LiveChart, type LiveChartOptions } from "./report/live-chart.js";
export { type LocalErrors, localErrorChart } from "./report/local-error-chart.js";
export { type MissingRuns, missingRuns, missingText, type WantedGrid } from "./report/missing-runs.js";
export { type MomentRow, momentBandChart } from "./report/moment-bands.js";
export {
  type NfeAgainstWeightOptions,
  nfeAgainstWeight,
  type WeightedCostRow,
} from "./report/nfe-against-weight.js";
export { meanDifference, meanRatio, type Pair, type PairedEstimate } from "./report/paired.js";
export { patientChart } from "./report/patient-chart.js";
export { type ComparedRow, penaltyCosineChart, penaltyLengthChart } from "./report/penalty-noise-charts.js";
export { publishedComparison } from "./report/published-comparison.js";
export { qualityAgainstNfe } from "./report/quality-against-nfe.js";
export { type ResolvedRow, resolvedTable } from "./report/resolved-table.js";
export { type MeasuredRow, resultTable } from "./report/result-table.js";
export { type SpiralRow, stepSizeChart, trajectoryChart } from "./report/spiral-charts.js";
export {
  type StabilityRegion,
  type StabilityRegionsOptions,
  stabilityRegions,
} from "./report/stability-regions.js";
export { type SettingSolve, type StepsBySettingOptions, stepsBySetting } from "./report/steps-by-setting.js";
export { stopSignal } from "./report/stop-button.js";
export {
  type FormattedColumn,
  type FormattedTable,
  formatTable,
  showTable,
  showTables,
  type TableOptions,
} from "./report/table.js";
export {
  type TrainingChartOptions,
  type TrainingMoment,
  type TrainingRun,
  trainingChart,
} from "./report/training-chart.js";
export type { MimeBundle } from "./report/tslab-kernel.js";
export { type WatchedTarget, watchedTarget } from "./report/watched-memory.js";
export {
  autoSwitch,
  type SolverMethod,
  type SwitchingMethod,
  type SwitchingRule,
} from "./solvers/ode/auto-switch.js";
export type { Leaves } from "./solvers/ode/combined.js";
export {
  type BacksolveGradients,
  type BacksolveOptions,
  type BackwardOptions,
  type SolveBacksolve,
  solveBacksolve,
} from "./solvers/ode/continuous-adjoint.js";
export {
  type Controller,
  controllers,
  integralController,
  proportionalIntegralController,
} from "./solvers/ode/controllers.js";
export type { EventDirection, FoundEvent, OdeEvent } from "./solvers/ode/event.js";
export type { LaneOptions } from "./solvers/ode/lanes/lane-options.js";
export type { LanesSolution } from "./solvers/ode/lanes/lanes-solution.js";
export { solveLanes } from "./solvers/ode/lanes/solve-lanes.js";
export { type SolveLanesVjp, solveLanesVjp } from "./solvers/ode/lanes/solve-lanes-vjp.js";
export type { LeafField, OneStepMethod, StepResults, StepStart } from "./solvers/ode/method.js";
export {
  type ArraysOf,
  type ArrayTree,
  type FieldSignature,
  type OdeDefinition,
  type OdeProblem,
  odeProblem,
  type TensorsOf,
  type TracedField,
  type VectorField,
} from "./solvers/ode/ode-problem.js";
export type { ProgramOptions } from "./solvers/ode/ode-programs.js";
export { rosenbrock23 } from "./solvers/ode/rosenbrock23.js";
export { type ErrorWeights, errorNorm } from "./solvers/ode/scaled-norm.js";
export type {
  FunctionEvaluations,
  ResultCode,
  Solution,
  SolveStatistics,
} from "./solvers/ode/solution.js";
export { integrate, solve } from "./solvers/ode/solve.js";
export type { SolveOptions } from "./solvers/ode/solve-options.js";
export {
  type SolutionCotangents,
  type SolutionGradients,
  type SolveVjp,
  solveVjp,
} from "./solvers/ode/solve-vjp.js";
export type { Steering } from "./solvers/ode/steering.js";
export type { StepRecord } from "./solvers/ode/step-records.js";
export type { StiffnessRule } from "./solvers/ode/stiffness-watch.js";
export type { ComponentTolerances } from "./solvers/ode/tolerances.js";
export type { BrownianIncrement } from "./solvers/sde/brownian-increment.js";
export { BrownianPath, type NoiseArrays, type PathLayout } from "./solvers/sde/brownian-path.js";
export { eulerMaruyama } from "./solvers/sde/euler-maruyama.js";
export { milstein } from "./solvers/sde/milstein.js";
export {
  brownianPath,
  type GivenNoise,
  type NamedLike,
  type PathOptions,
} from "./solvers/sde/noise-paths.js";
export type { SdeMethod, SdeStepResults, SdeStepStart, StochasticFields } from "./solvers/sde/sde-method.js";
export type { SdeOptions } from "./solvers/sde/sde-options.js";
export { type SdeDefinition, type SdeProblem, sdeProblem } from "./solvers/sde/sde-problem.js";
export type { SdeProgramOptions } from "./solvers/sde/sde-programs.js";
export type { SdeResultCode, SdeSolution, SdeStatistics } from "./solvers/sde/sde-solution.js";
export { integrateSde, solveSde } from "./solvers/sde/solve-sde.js";
export { type SolveSdeVjp, solveSdeVjp } from "./solvers/sde/solve-sde-vjp.js";
export { stochasticController } from "./solvers/sde/stochastic-controller.js";
export { allStochasticTableaux } from "./solvers/sde/tableaux/all-stochastic-tableaux.js";
export { sosra } from "./solvers/sde/tableaux/sosra.js";
export { sosra2 } from "./solvers/sde/tableaux/sosra2.js";
export { sosri } from "./solvers/sde/tableaux/sosri.js";
export { sosri2 } from "./solvers/sde/tableaux/sosri2.js";
export { sra1 } from "./solvers/sde/tableaux/sra1.js";
export { sra2 } from "./solvers/sde/tableaux/sra2.js";
export { sra3 } from "./solvers/sde/tableaux/sra3.js";
export { sriw1 } from "./solvers/sde/tableaux/sriw1.js";
export { sriw2 } from "./solvers/sde/tableaux/sriw2.js";
export {
  type CommonCoefficients,
  type NoiseKind,
  type Rows,
  type SraCoefficients,
  type SriCoefficients,
  type StochasticTableau,
  sraTableau,
  sriTableau,
} from "./solvers/sde/tableaux/stochastic-tableau.js";
export { allTableaux } from "./solvers/tableaux/all-tableaux.js";
export { bosh3 } from "./solvers/tableaux/bosh3.js";
export { cashKarp45 } from "./solvers/tableaux/cash-karp45.js";
export { dopri5, dopri5Shampine } from "./solvers/tableaux/dopri5.js";
export { dopri8 } from "./solvers/tableaux/dopri8.js";
export { euler } from "./solvers/tableaux/euler.js";
export { fehlberg45 } from "./solvers/tableaux/fehlberg45.js";
export { heun } from "./solvers/tableaux/heun.js";
export { midpoint } from "./solvers/tableaux/midpoint.js";
export { rk4 } from "./solvers/tableaux/rk4.js";
export { rk438 } from "./solvers/tableaux/rk438.js";
export { type Complex, modulusAt, stabilityPolynomial } from "./solvers/tableaux/stability-function.js";
export { type Tableau, type TableauCoefficients, tableau } from "./solvers/tableaux/tableau.js";
export { tsit5 } from "./solvers/tableaux/tsit5.js";
export { vern7 } from "./solvers/tableaux/vern7.js";
export type { Checkpoint } from "./training/checkpoint.js";
export { CheckpointError, type CheckpointOptions, readCheckpoint } from "./training/checkpoint-file.js";
export type { ClassifierTaskOptions } from "./training/classifier-task.js";
export type { FailurePolicy, Incident } from "./training/failure-policy.js";
export { NotFiniteError, requireFinite } from "./training/not-finite-error.js";
export { functionEvaluations, objectiveStep } from "./training/objective-step.js";
export type {
  Evaluation,
  EvaluationContext,
  Iteration,
  Measures,
  Task,
  TaskStep,
} from "./training/task.js";
export { type TrainOptions, train } from "./training/train.js";
export { trainTask } from "./training/train-task.js";
export type { CurvePoint } from "./training/training-curve.js";
export { TrainingError } from "./training/training-error.js";
export type { TaskTrainingOptions, TrainingOptions, TrainingResult } from "./training/training-options.js";
export type { TrainingProgress } from "./training/training-progress.js";
export type { ArraysByName, Snapshot } from "./training/training-state.js";
