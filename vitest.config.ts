import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-postgres.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // A server keeps its zone wherever it stands: rules and exports must not depend on it.
    env: { TZ: "America/New_York", NODE_ENV: "test" },
  },
});
