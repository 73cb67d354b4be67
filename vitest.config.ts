import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-postgres.ts"],
    pool: "forks",
    // A third worker uses the time in which tests wait for a clock or a socket.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // A server keeps its zone wherever it stands: rules and exports must not depend on it.
    env: { TZ: "America/New_York", NODE_ENV: "test" },
  },
});
