import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/e2e/**/*.e2e.ts"],
    environment: "node",
    globalSetup: ["tests/e2e/setup.ts"],
    // One database and one browser at a time: the machine that runs this may have two cores.
    fileParallelism: false,
    // A busy machine takes its time: what is awaited is that it comes, not how soon.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
