/** Rehearses and carries out an import. The API reads the file as it is, whatever spreadsheet wrote it. */
import { asProblem } from "kit/api/problem.ts";
import { importCsv, type ImportOptions } from "../api/client";
import { reportOf } from "../api/problems";
import type { ImportReport } from "../api/types";

/** What the import does, or with `dry_run` would do; errors of rows are in the report. */
export async function runImport(file: Blob, options: ImportOptions): Promise<ImportReport> {
  try {
    return await importCsv(file, options);
  } catch (error) {
    const report = reportOf(asProblem(error));
    if (!report) throw error;
    return report;
  }
}

const FAULTS = { empty: "empty", not_utf8: "encoding", workbook: "workbook" } as const;

/** Why the file as a whole cannot be read, when that is what the API says. */
export function faultOf(error: unknown): (typeof FAULTS)[keyof typeof FAULTS] | undefined {
  const code = asProblem(error).fieldCodes.file;
  return code !== undefined && code in FAULTS ? FAULTS[code as keyof typeof FAULTS] : undefined;
}
