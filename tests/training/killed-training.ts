import { join } from "node:path";
import { adam } from "../../src/nn/optimizers/adam.js";
import { momentum } from "../../src/nn/optimizers/momentum.js";
import { trainTask } from "../../src/training/train-task.js";
import type { TrainingResult } from "../../src/training/training-options.js";
import { smallTask, taskTraining } from "./small-task.js";

const optimizers = [momentum({ learningRate: 0.01 }), adam()];

/** Files of the trainings' checkpoints. */
export const checkpointFiles = optimizers.map(({ name }) => `${name}.safetensors`);

/**
 * One training for each optimizer, in turns, each of which goes on where its checkpoint in a folder is; without a folder,
 * from start to end.
 *
 * @param onProgress told of every iteration of any of them
 */
export function killedTrainings(folder?: string, onProgress?: () => void): Promise<TrainingResult[]> {
  return Promise.all(
    optimizers.map(async (optimizer, i) => {
      const task = smallTask("javascript");
      const checkpoint = folder ? { path: join(folder, checkpointFiles[i]), everyIterations: 1 } : undefined;
      const options = { iterations: 100, optimizer, checkpoint, resume: true, onProgress };
      try {
        return await trainTask(taskTraining(task, options));
      } finally {
        task.dispose();
      }
    }),
  );
}
