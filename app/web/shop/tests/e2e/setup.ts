import type { TestProject } from "vitest/node";
import { startStack } from "./stack";

declare module "vitest" {
  interface ProvidedContext {
    /** The storefront. */
    shop: string;
    /** The catalogue's API behind it. */
    shopApi: string;
    /** The dashboard that hears of it. */
    dashboard: string;
  }
}

/** Starts the shop once for all files, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack();
  project.provide("shop", stack.shop);
  project.provide("shopApi", stack.api);
  project.provide("dashboard", stack.dashboard);
  return stack.stop;
}
