import { describe, expect, test } from "vitest";
import { parse, readSheet, TEMPLATE, toCsv } from "../../src/import/sheet";

const file = (...bytes: (string | number[])[]) => new Blob(bytes.map((part) => (typeof part === "string" ? part : new Uint8Array(part))));
const utf16 = (text: string) => [0xff, 0xfe, ...[...text].flatMap((letter) => [letter.charCodeAt(0) & 0xff, letter.charCodeAt(0) >> 8])];
const sheet = (text: string, locale = "en-US") => {
  const parsed = parse(text, locale);
  if (!("sheet" in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.sheet;
};
const WANTED = { columns: ["sku", "name", "price"], rows: [{ number: 2, cells: ["A", "Café, blue", "12.50"] }] };

describe("what a spreadsheet writes is not refused", () => {
  test.each([
    ["English: commas", 'sku,name,price\r\nA,"Café, blue",12.50\r\n'],
    ["French, Italian, German: semicolons and decimal commas", "sku;name;price\r\nA;Café, blue;12,50\r\n"],
    ["Hindi: commas, a number in quotes", 'sku,name,price\r\nA,"Café, blue","12.50"\r\n'],
    ["a line that names the separator", "sep=;\r\nsku;name;price\r\nA;Café, blue;12,50\r\n"],
    ["tabs, as `Unicode text` has", "sku\tname\tprice\r\nA\tCafé, blue\t12,50\r\n"],
    ["empty columns and rows at the end", 'sku,name,price,,\r\nA,"Café, blue",12.50,,\r\n,,,,\r\n,,,,\r\n'],
    ["line feeds alone, no last line end", 'SKU, Name ,price\nA,"Café, blue",12.50'],
  ])("%s", (_, text) => expect(sheet(text)).toEqual(WANTED));

  test("UTF-8 with its mark, and UTF-16", async () => {
    const text = "sku\tname\tprice\r\nA\tCafé, blue\t12,50\r\n";
    expect(await readSheet(file([0xef, 0xbb, 0xbf], text), "en-US")).toEqual({ sheet: WANTED });
    expect(await readSheet(file(utf16(text)), "en-US")).toEqual({ sheet: WANTED });
    expect(await readSheet(file(utf16(text).slice(2)), "en-US")).toEqual({ sheet: WANTED });
  });

  test("numbers with groups are not multiplied", () => {
    const prices = (text: string, locale: string) => sheet(text, locale).rows.map(({ cells }) => cells[1]);
    expect(prices("sku;price\nA;1.234,56\nB;1 234,5\nC;1234\nD;0,10\n", "it-IT")).toEqual(["1234.56", "1234.5", "1234", "0.10"]);
    expect(prices('sku,price\nA,"1,234.56"\nB,12.5\nC,"12,50"\n', "en-US")).toEqual(["1234.56", "12.5", "12.50"]);
    expect(prices("sku;price\nA;twelve\nB;\n", "fr-FR")).toEqual(["twelve", ""]);
  });
});

describe("a quote that is not closed does not swallow rows", () => {
  test.each([
    ["in the last column", 'sku,description\nA,one\nB,"two\nC,three\nD,four\n', 3],
    ["in another column", 'sku,description,stock\nA,"one,1\nB,two,2\n', 2],
    ["before a quote of a later row", 'sku,description\nA,"one\nB,"two"\nC,three\n', 2],
    ["in the header", 'sku,"description\nA,one\n', 1],
  ])("%s", (_, text, row) => expect(parse(text, "en-US")).toEqual({ unreadable: "quote", row }));

  test("inches and quotes inside of a cell are text", () => {
    expect(sheet('sku,name\nA,Screen 24"\nB,"a ""b"" c"\n').rows.map(({ cells }) => cells[1])).toEqual(['Screen 24"', 'a "b" c']);
  });
});

test("rows are not counted otherwise than the spreadsheet counts them", () => {
  const rows = sheet('sku,description\nA,"two\nlines"\n\nB,x\n,\nC,y\n').rows;
  expect(rows.map(({ number, cells }) => [number, cells[0]])).toEqual([[2, "A"], [4, "B"], [6, "C"]]);
});

test("what was read is not changed by being written", () => {
  const lines = [["sku", "description"], ["A", 'a "b", c\nd'], ["B", ""]];
  expect(sheet(toCsv(lines)).rows.map(({ cells }) => cells)).toEqual(lines.slice(1));
});

test.each([
  ["a workbook", file([0x50, 0x4b, 3, 4]), "workbook"],
  ["an old workbook", file([0xd0, 0xcf, 0x11, 0xe0]), "workbook"],
  ["Latin 1", file("caf", [0xe9]), "encoding"],
  ["nothing", file(""), "empty"],
  ["blank lines", file("\n \n"), "empty"],
])("%s is refused", async (_, blob, unreadable) => {
  expect(await readSheet(blob, "en-US")).toEqual({ unreadable });
});

test("the template has the columns that the page explains", () => {
  expect(sheet(TEMPLATE).columns).toEqual(["sku", "name", "description", "price", "stock", "category", "status"]);
});
