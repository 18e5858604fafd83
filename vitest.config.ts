import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/e2e/**", "node_modules/**"],
    pool: "forks",
    // the default leaves a processor free, which on small machines is half of what there is
    maxWorkers: availableParallelism(),
    setupFiles: ["tests/laws/set-up.ts"],
    testTimeout: 120_000,
  },
});
