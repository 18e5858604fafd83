import { cpus, loadavg } from "node:os";

/** One line on what a table was measured on. */
export function machine(threads: number): string {
  const load = loadavg()[0].toFixed(1);
  return `${cpus()[0].model.trim()}, ${threads} of ${cpus().length} cores, load ${load}`;
}
