import { experiments } from "../experiments/experiments.js";

/** How the command is used. */
export function usage(): string {
  return `glassbox: neural differential equations whose solvers are glass boxes

  glassbox run EXPERIMENT --method M [--preset P] [--seed N] [--epochs N] [--weight W]
                          [--target T] [--precision float32|float64] [--threads N] [--out FILE] [--json]
                          [--checkpoint FILE [--checkpoint-every SECONDS] [--resume]] [--on-failure stop|skip|retry]
  glassbox run --config JSON [--threads N] [--out FILE] [--checkpoint FILE [--resume]] [--json]
      trains and measures one configuration, given by options or as one JSON object with the same names;
      --out writes the row to a file, whole or not at all; --json prints progress as JSON lines, the row last;
      --checkpoint keeps the training in a safetensors file, once a minute unless told otherwise, and --resume goes
      on from there;
      --on-failure skips an iteration that fails, ten times at most, or retries from the last evaluation at half
      the learning rate, three times at most; the row says what happened

  glassbox sweep EXPERIMENT --out FOLDER [--methods A,B] [--seeds 1..3] [--weights 0.3,1,3 | 0.3x,1x,3x]
                            [--preset P] [--epochs N] [--target T] [--precision F] [--jobs N]
                            [--checkpoint-every SECONDS] [--keep-checkpoints] [--on-failure stop|skip|retry]
                            [--dry-run]
      makes all rows of a grid that are not there yet, so many at a time; the same command goes on after a stop;
      weights with an x are multiples of each method's own; --dry-run lists what would run, and for how long;
      --keep-checkpoints leaves each row's trained parameters beside it

  glassbox report EXPERIMENT [--from FOLDER] [--methods A,B] [--seeds 1..3] [--weights W] [--preset P] [...]
                             [--chart FOLDER] [--json]
      prints the rows that come with glassbox, or those in a folder, as tables next to published numbers, and says
      what is missing; options of a grid choose rows; --chart writes Vega-Lite specifications and pictures

${Object.values(experiments)
  .map(
    ({ name, methods, presets }) =>
      `  ${name}\n      methods  ${methods.join(", ")}\n      presets  ${presets.join(", ")}`,
  )
  .join("\n\n")}`;
}
