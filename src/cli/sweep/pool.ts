/**
 * Does all tasks in order, so many at a time; no further one is begun after the signal.
 *
 * @throws whatever a task throws, when those under way have ended.
 */
export async function doAll<Task>(
  tasks: readonly Task[],
  atATime: number,
  signal: AbortSignal,
  work: (task: Task) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks];
  const takeTurns = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined && !signal.aborted; task = waiting.shift()) {
      await work(task);
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: atATime }, takeTurns));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
