import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { venvProgram } from "../../scripts/setup/commands.mjs";

/** A running JupyterLab that serves a folder of notebooks. */
export interface JupyterLabServer {
  readonly address: string;
  readonly token: string;
  /** Ends the server and its kernels. */
  stop(): Promise<void>;
}

const token = "glassbox";

/** If its tests were killed, the server ends its kernels and itself after about three minutes of silence. */
const endsByItself = [
  "--MappingKernelManager.cull_idle_timeout=60",
  "--MappingKernelManager.cull_interval=30",
  "--ServerApp.shutdown_no_activity_timeout=120",
];

/**
 * Starts the project's JupyterLab on a free port, without any settings of the user's.
 *
 * @param folder Holds `notebooks`, which is served; the server's log and state are written beside it.
 * @param environment Added to that of the server and its kernels.
 */
export async function startJupyterLab(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<JupyterLabServer> {
  const port = await freePort();
  const log = join(folder, "jupyterlab.log");
  const server = spawnServer(folder, port, log, environment);
  const stop = () => endServer(server);
  try {
    const address = `http://127.0.0.1:${port}`;
    await untilItAnswers(`${address}/api/status?token=${token}`, server, log);
    return { address, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function spawnServer(
  folder: string,
  port: number,
  log: string,
  environment: NodeJS.ProcessEnv,
): ChildProcess {
  const state = (name: string) => join(folder, "jupyter", name);
  mkdirSync(state("data"), { recursive: true });
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const output = openSync(log, "w");
  const server = spawn(
    venvProgram("jupyter-lab"),
    [
      "--no-browser",
      ...asRoot,
      `--notebook-dir=${join(folder, "notebooks")}`,
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      `--IdentityProvider.token=${token}`,
      ...endsByItself,
    ],
    {
      // A group of its own, so that Ctrl-C reaches the tests alone, which end the server in order.
      detached: true,
      stdio: ["ignore", output, output],
      env: {
        ...process.env,
        JUPYTER_PATH: "",
        JUPYTER_CONFIG_PATH: "",
        JUPYTER_CONFIG_DIR: state("config"),
        JUPYTER_DATA_DIR: state("data"),
        JUPYTER_RUNTIME_DIR: state("runtime"),
        JUPYTERLAB_SETTINGS_DIR: state("settings"),
        JUPYTERLAB_WORKSPACES_DIR: state("workspaces"),
        ...environment,
      },
    },
  );
  closeSync(output);
  process.once("exit", () => server.kill());
  return server;
}

async function untilItAnswers(address: string, server: ChildProcess, log: string): Promise<void> {
  const failure = once(server, "error").then(([error]) => error as Error);
  for (let attempts = 0; attempts < 600; attempts++) {
    const failed = await Promise.race([failure, sleep(200)]);
    if (failed)
      throw new Error(`JupyterLab does not start: ${failed.message} (node scripts/setup.mjs installs it)`);
    if (server.exitCode !== null) throw new Error(`JupyterLab ended at once:\n${readFileSync(log, "utf8")}`);
    const answers = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
  }
  throw new Error(`JupyterLab does not answer at ${address}:\n${readFileSync(log, "utf8")}`);
}

/** On SIGTERM the server ends its kernels first. */
async function endServer(server: ChildProcess): Promise<void> {
  const running = () => server.pid !== undefined && server.exitCode === null && server.signalCode === null;
  if (!running()) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await Promise.race([ended, sleep(20_000, undefined, { ref: false })]);
  if (running()) server.kill("SIGKILL");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port was given");
  return address.port;
}
