// Preloaded into the kernel: a failure outside any cell, or output that could not be sent, ends the kernel, so the run
// fails. By itself tslab prints such a failure into whatever cell comes next, or loses it.

const { writeSync } = require("node:fs");

for (const kind of ["unhandledRejection", "uncaughtException"]) {
  process.on(kind, (error) => {
    writeSync(2, `${kind}: ${error?.stack ?? error}\n`);
    process.exit(86);
  });
}
