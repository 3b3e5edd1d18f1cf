/** What only the catalogue's failures say. */
import { isRecord, type Problem } from "kit/api/problem.ts";
import type { ImportReport, Product } from "./types";

/** The product as it is now, when the failure is a conflict. */
export function currentOf(problem: Problem): Product | undefined {
  return isRecord(problem.body.current) ? (problem.body.current as unknown as Product) : undefined;
}

/** What was wrong row by row, when the failure is an import's. */
export function reportOf(problem: Problem): ImportReport | undefined {
  return isRecord(problem.body.report) ? (problem.body.report as unknown as ImportReport) : undefined;
}
