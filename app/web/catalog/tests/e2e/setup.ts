import type { TestProject } from "vitest/node";
import { startStack } from "./stack";

declare module "vitest" {
  interface ProvidedContext {
    /** The front end that needs no token. */
    open: string;
    /** The front end that does. */
    guarded: string;
    /** The API behind `open`. */
    api: string;
    /** The program that serves a front end. */
    program: string;
  }
}

/** Starts the application once for all files, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack();
  project.provide("open", stack.open);
  project.provide("guarded", stack.guarded);
  project.provide("api", stack.api);
  project.provide("program", stack.program);
  return stack.stop;
}
