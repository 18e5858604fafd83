// Type-checks the library, what surrounds it, and the library's declarations as a notebook sees them.

import { checkDeclarations } from "./checks/declarations.mjs";
import { show } from "./setup/commands.mjs";

const TSC = "node_modules/typescript/bin/tsc"; // .bin/tsc is another one: it came with tslab

const statuses = [
  show(process.execPath, [TSC, "-p", "tsconfig.json", "--noEmit"]),
  show(process.execPath, [TSC, "-p", "tsconfig.checks.json"]),
];
const faults = checkDeclarations();
for (const fault of faults) console.log(fault);

process.exit(statuses.every((status) => status === 0) && faults.length === 0 ? 0 : 1);
