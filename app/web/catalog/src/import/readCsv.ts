/** Reading the chosen file. The API parses the CSV; here only what a browser can tell better is checked. */

export type Unreadable = "empty" | "encoding" | "workbook";

/** A file to start from: the header and one product. */
export const TEMPLATE =
  'sku,name,description,price,stock,category,status\r\nCHAIR-OAK,"Oak chair","Solid oak, oiled",129.00,12,Furniture,active\r\n';

export async function readCsv(file: Blob): Promise<{ text: string } | { unreadable: Unreadable }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  // A spreadsheet saved as itself is a ZIP archive (xlsx, ods) or an old compound file (xls).
  if ((bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf)) return { unreadable: "workbook" };
  try {
    // Takes the byte order mark away that spreadsheets put before the header.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.trim() === "" ? { unreadable: "empty" } : { text };
  } catch {
    return { unreadable: "encoding" };
  }
}
