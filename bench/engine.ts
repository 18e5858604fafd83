import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What is measured: a solve or one step, or that and the gradient for the initial state and all parameters. */
export type Work = "forward" | "gradient";

/** One line to an engine. */
export interface Request {
  readonly work: Work;
  /** First step of a solve; null lets the engine choose it (ours alone: the peers then take what ours chose). */
  readonly firstStep: number | null;
  /** Timed runs, after one that is not timed. */
  readonly repetitions: number;
  /** Ours alone, but for work-precision: the method to use. @defaultValue "tsit5" */
  readonly method?: string;
  /** Ours alone: whether the loss has a penalty on the error estimate. @defaultValue false */
  readonly penalty?: boolean;
  /** Of regularizers alone: the method by which a training is regularized. @defaultValue "vanilla" */
  readonly regularization?: string;
  /** Of work-precision alone: which problem to solve, by `method`, and to which relative tolerance. */
  readonly problem?: string;
  readonly tolerance?: number;
}

/** One line from an engine. */
export interface Reply {
  /** One time per repetition: of a run, or the mean of as many runs as make a time that can be measured. */
  readonly milliseconds: readonly number[];
  /** Evaluations of the field in one run, those of the backward sweep not counted. */
  readonly nfe: number;
  /** Steps that a solve tried, where the engine counts them. */
  readonly steps?: number;
  /** Euclidean norms of the results, by name; every engine must find the same. */
  readonly norms: Readonly<Record<string, number>>;
  /** The first step taken, where the engine chose it. */
  readonly firstStep?: number;
  /** Of work-precision alone: the state at the end, or null where the solve did not come there. */
  readonly y1?: readonly number[] | null;
}

/** What an engine says of itself once it is ready. */
export interface Greeting {
  /** Name and version. */
  readonly engine: string;
  /** The Runge–Kutta method it runs. */
  readonly method: string;
  /** From loaded libraries to the first gradient: tracing, compiling, and one run of both works. */
  readonly seconds: number;
  /** Peak memory of the process up to then. */
  readonly megabytes: number;
}

/** Something that computes the problem on request. */
export interface Engine {
  readonly greeting: Greeting;
  ask(request: Request): Promise<Reply>;
  stop(): Promise<void>;
}

/**
 * Starts an engine as a child process that reads requests and writes replies, one line of JSON each.
 *
 * @throws Error with the end of the child's error output when it dies or writes something else.
 */
export async function startEngine(command: string, args: readonly string[]): Promise<Engine> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  const next = lineReader(child, [command, ...args].join(" "));
  const greeting = (await next()) as Greeting;
  return {
    greeting,
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return (await next()) as Reply;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin.end();
      await ended;
    },
  };
}

/** The same engine, asked in another way under another name; both are one process. */
export function asked(engine: Engine, how: Partial<Request>, greeting: Partial<Greeting>): Engine {
  return {
    greeting: { ...engine.greeting, ...greeting },
    ask: (request) => engine.ask({ ...request, ...how }),
    stop: () => engine.stop(),
  };
}

/** The child's output, a parsed line at a time; its death is an error for whoever waits. */
function lineReader(child: ChildProcess, name: string): () => Promise<unknown> {
  let complaints = "";
  child.stderr?.on("data", (text) => {
    complaints = `${complaints}${text}`.slice(-2000);
  });
  const failure = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`cannot start "${name}": ${error.message}`)));
    child.once("close", (code) =>
      reject(new Error(`"${name}" ended with code ${code}: ${complaints.trim()}`)),
    );
  });
  failure.catch(() => undefined); // an engine that ends when nobody waits for it is no failure
  child.stdin?.on("error", () => undefined); // likewise: who asks a dead engine is told by `failure`

  if (!child.stdout) throw new Error(`"${name}" was started without an output to read`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const line = await Promise.race([lines.next(), failure]);
    if (line.done) return failure;
    try {
      return JSON.parse(line.value);
    } catch {
      throw new Error(`"${name}" must write lines of JSON, but wrote "${line.value}"`);
    }
  };
}
