import { defineConfig } from "vitest/config";

// JupyterLab, a kernel and a browser need the machine to themselves, and a training takes its time.
export default defineConfig({
  test: {
    include: ["tests/e2e/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
  },
});
