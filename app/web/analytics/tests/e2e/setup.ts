import type { TestProject } from "vitest/node";
import { startStack } from "./stack";

declare module "vitest" {
  interface ProvidedContext {
    /** The dashboard. */
    open: string;
    /** The collector. */
    collector: string;
  }
}

/** Starts the platform once for all files, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack();
  project.provide("open", stack.open);
  project.provide("collector", stack.collector);
  return stack.stop;
}
