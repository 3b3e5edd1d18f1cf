/** CSV that this page writes. */

/** A file to start from: the header and one product. */
const TEMPLATE = [
  ["sku", "name", "description", "price", "stock", "category", "status"],
  ["CHAIR-OAK", "Oak chair", "Solid oak, oiled", "129.00", "12", "Furniture", "active"],
];

/** How the spreadsheets of a language separate cells and decimals: whoever writes decimals with a comma has semicolons. */
export type Separators = { delimiter: "comma" | "semicolon"; decimal: "point" | "comma" };

export function separatorsOf(decimal: string): Separators {
  return decimal === "," ? { delimiter: "semicolon", decimal: "comma" } : { delimiter: "comma", decimal: "point" };
}

const quoted = (cell: string) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A file that the spreadsheets of a language open in columns; with its mark in front, all of them read it as UTF-8. */
export function toCsv(lines: readonly (readonly string[])[], { delimiter }: Separators): Blob {
  const mark = delimiter === "semicolon" ? ";" : ",";
  return new Blob(["\ufeff", ...lines.map((cells) => `${cells.map(quoted).join(mark)}\r\n`)], { type: "text/csv" });
}

export function template(separators: Separators): Blob {
  const own = (cell: string) => (separators.decimal === "comma" && /^\d+\.\d+$/.test(cell) ? cell.replace(".", ",") : cell);
  return toCsv(TEMPLATE.map((cells) => cells.map(own)), separators);
}
