/** Rehearses and carries out an import; finds the cells that would erase a text. */
import { asProblem } from "kit/api/problem.ts";
import { importCsv } from "../api/client";
import { reportOf } from "../api/problems";
import type { ImportReport } from "../api/types";
import { toCsv, type Row, type Sheet } from "./sheet";

/** The columns in which an empty cell empties the field; in the others it leaves it as it is. */
const ERASABLE = ["description", "category"];
/** As many rows as the API previews. */
const PREVIEWED = 500;

export type Loss = { row: number; sku: string; name: string; field: string; from: unknown };
/** What becomes of the texts that empty cells would erase. */
export type EmptyCells = "keep" | "erase";

/** Part of a sheet, which is one call. */
type Part = { columns: readonly string[]; rows: readonly Row[] };

const csvOf = ({ columns, rows }: Part) => toCsv([columns, ...rows.map(({ cells }) => cells)]);

/** The API's row is the line of the part; the reader's is the spreadsheet's. */
const numberIn = (part: Part, row: number) => (row < 2 ? row : (part.rows[row - 2]?.number ?? row));

async function call(part: Part, dryRun: boolean): Promise<ImportReport> {
  let report: ImportReport;
  try {
    report = await importCsv(csvOf(part), dryRun);
  } catch (error) {
    const refused = reportOf(asProblem(error));
    if (!refused) throw error;
    report = refused;
  }
  return {
    ...report,
    errors: report.errors.map((error) => ({ ...error, row: numberIn(part, error.row) })),
    preview: report.preview.map((row) => ({ ...row, row: numberIn(part, row.row) })),
  };
}

/** The part of a sheet with these columns only. */
function only(sheet: Part, columns: readonly string[], rows: readonly Row[] = sheet.rows): Part {
  const places = columns.map((column) => sheet.columns.indexOf(column));
  return { columns, rows: rows.map(({ number, cells }) => ({ number, cells: places.map((place) => cells[place] ?? "") })) };
}

/** Every text that an empty cell of the sheet would erase, also behind the rows that the API previews. */
export async function lossesOf(sheet: Sheet): Promise<Loss[]> {
  const erasable = ERASABLE.filter((column) => sheet.columns.includes(column));
  if (!sheet.columns.includes("sku") || erasable.length === 0) return [];
  const empty = sheet.rows.filter(({ cells }) => cells.length === sheet.columns.length && erasable.some((column) => cells[sheet.columns.indexOf(column)]?.trim() === ""));
  // With what a new product must have, so that its row is no error.
  const asked = ["sku", "name", "price", ...erasable].filter((column) => sheet.columns.includes(column));
  const losses: Loss[] = [];
  for (let start = 0; start < empty.length; start += PREVIEWED) {
    const report = await call(only(sheet, asked, empty.slice(start, start + PREVIEWED)), true);
    for (const { row, sku, name, changes } of report.preview) {
      for (const [field, [from, to]] of Object.entries(changes ?? {})) {
        if (erasable.includes(field) && from && !to) losses.push({ row, sku, name, field, from });
      }
    }
  }
  return losses;
}

/** The calls of an import: one, or with texts to be kept one more for each set of columns that some rows must not name. */
function partsOf(sheet: Sheet, losses: readonly Loss[], emptyCells: EmptyCells): Part[] {
  if (emptyCells === "erase" || losses.length === 0) return [sheet];
  const lost = new Map<number, Set<string>>();
  for (const { row, field } of losses) lost.set(row, (lost.get(row) ?? new Set()).add(field));
  const groups = new Map<string, Row[]>();
  for (const row of sheet.rows) {
    const without = [...(lost.get(row.number) ?? [])].toSorted().join();
    const group = groups.get(without);
    if (group) group.push(row);
    else groups.set(without, [row]);
  }
  return [...groups].map(([without, rows]) => only(sheet, without === "" ? sheet.columns : sheet.columns.filter((column) => !without.split(",").includes(column)), rows));
}

/** What the import does, or with `dryRun` would do. Parts are rehearsed together before the first is written. */
export async function runImport(sheet: Sheet, losses: readonly Loss[], emptyCells: EmptyCells, dryRun: boolean): Promise<ImportReport> {
  const whole: ImportReport = { rows: 0, created: 0, updated: 0, unchanged: 0, errors: [], preview: [] };
  for (const part of partsOf(sheet, losses, emptyCells)) {
    const report = await call(part, dryRun);
    for (const count of ["rows", "created", "updated", "unchanged"] as const) whole[count] += report[count];
    whole.errors.push(...report.errors);
    whole.preview.push(...report.preview);
  }
  whole.errors.sort((a, b) => a.row - b.row);
  whole.preview.sort((a, b) => a.row - b.row);
  whole.preview.splice(PREVIEWED);
  return whole;
}
