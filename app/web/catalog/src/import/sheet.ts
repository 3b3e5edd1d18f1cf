/**
 * A CSV file as spreadsheets of all four languages write it: comma, semicolon or tab, a `sep=` line, UTF-8 or UTF-16,
 * decimal commas, empty columns and rows at the end. What comes out is one form, which the API reads; each row keeps the
 * number that the spreadsheet shows beside it.
 */
import { parseDecimal } from "kit/format/decimal.ts";

export type Row = { /** As the spreadsheet counts, the header being 1. */ number: number; cells: readonly string[] };
export type Sheet = { columns: readonly string[]; rows: readonly Row[] };
export type Unreadable = "empty" | "encoding" | "workbook";
export type SheetFault = { unreadable: Unreadable } | { unreadable: "quote"; row: number };

/** A file to start from: the header and one product. */
export const TEMPLATE =
  'sku,name,description,price,stock,category,status\r\nCHAIR-OAK,"Oak chair","Solid oak, oiled",129.00,12,Furniture,active\r\n';

/** Reads the chosen file; `locale` is the reader's, for numbers that only it explains. */
export async function readSheet(file: Blob, locale: string): Promise<{ sheet: Sheet } | SheetFault> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  // A spreadsheet saved as itself is a ZIP archive (xlsx, ods) or an old compound file (xls).
  if ((bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf)) return { unreadable: "workbook" };
  let text: string;
  try {
    // The decoder takes the byte order mark away.
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return { unreadable: "encoding" };
  }
  if (text.trim() === "") return { unreadable: "empty" };
  return parse(text, locale);
}

/** UTF-16 where its mark or the zero bytes of Latin letters say so. */
function encodingOf(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] !== 0 && bytes[1] === 0)) return "utf-16le";
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] !== 0)) return "utf-16be";
  return "utf-8";
}

/** Parses text; a quote that is never closed, or closed in the middle of a cell, swallows rows and is refused. */
export function parse(text: string, locale: string): { sheet: Sheet } | SheetFault {
  const named = /^sep=(.)\r?\n/i.exec(text);
  const delimiter = named?.[1] ?? delimiterOf(text);
  // The `sep=` line is none of the spreadsheet's rows: Excel takes it away when it opens the file.
  const parsed = records(named ? text.slice(named[0].length) : text, delimiter);
  if ("fault" in parsed) return { unreadable: "quote", row: parsed.fault };
  const [header = [], ...all] = parsed.records;
  const rows = all.map((cells, index) => ({ number: index + 2, cells })).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const titles = header.map((column) => column.trim().toLowerCase());
  let width = titles.length;
  while (width > 0 && titles[width - 1] === "" && rows.every(({ cells }) => (cells[width - 1] ?? "").trim() === "")) width -= 1;
  const columns = titles.slice(0, width);
  const fit = (cells: readonly string[]) => {
    let end = cells.length;
    while (end > width && (cells[end - 1] ?? "").trim() === "") end -= 1;
    return cells.slice(0, end).map((cell, index) => (columns[index] === "price" || columns[index] === "stock" ? plainNumber(cell, delimiter, locale) : cell));
  };
  return { sheet: { columns, rows: rows.map(({ number, cells }) => ({ number, cells: fit(cells) })) } };
}

/** The mark that the first line has most of, outside of quotes. */
function delimiterOf(text: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, "") ?? "";
  const count = (mark: string) => line.split(mark).length - 1;
  return [",", ";", "\t"].reduce((most, mark) => (count(mark) > count(most) ? mark : most));
}

/** A number with the API's dot. Where a semicolon or a tab separates cells, the comma is the decimal mark. */
function plainNumber(cell: string, delimiter: string, locale: string): string {
  return parseDecimal(cell, delimiter === "," ? "en" : "it") ?? parseDecimal(cell, locale) ?? cell;
}

function records(text: string, delimiter: string): { records: string[][] } | { fault: number } {
  const all: string[][] = [];
  let record: string[] = [];
  let at = 0;
  const end = (mark: string | undefined) => mark === undefined || mark === "\n" || mark === "\r";
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        const close = text.indexOf('"', at);
        if (close < 0) return { fault: all.length + 1 };
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
      // Text behind a closing quote: the quote before it belongs to another cell.
      if (!end(text[at]) && text[at] !== delimiter) return { fault: all.length + 1 };
    } else {
      const start = at;
      while (!end(text[at]) && text[at] !== delimiter) at += 1;
      cell = text.slice(start, at);
    }
    record.push(cell);
    if (text[at] === delimiter) {
      at += 1;
      // A delimiter at the end of the file stands before an empty cell.
      if (at < text.length) continue;
      record.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    all.push(record);
    record = [];
  }
  return { records: all };
}

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Cells as the one form that the API reads. */
export function toCsv(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}
