import { expect, test } from "vitest";
import { separatorsOf, template, toCsv } from "../../src/import/csv";

const written = async (blob: Blob) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(await blob.arrayBuffer());

test("a file is not opened in one column, nor are its letters mistaken, by the spreadsheets of a language", async () => {
  const lines = [["SKU", "Valeur"], ["A", 'a "b", c; d\ne'], ["B", "12,50"]];
  expect(await written(toCsv(lines, separatorsOf(",")))).toBe('\ufeffSKU;Valeur\r\nA;"a ""b"", c; d\ne"\r\nB;"12,50"\r\n');
  expect(await written(toCsv(lines, separatorsOf(".")))).toBe('\ufeffSKU,Valeur\r\nA,"a ""b"", c; d\ne"\r\nB,"12,50"\r\n');
});

test("the template has the columns that the page explains, and the decimals of the language", async () => {
  expect(await written(template(separatorsOf(",")))).toContain("sku;name;description;price;stock;category;status\r\nCHAIR-OAK;Oak chair;\"Solid oak, oiled\";\"129,00\";12");
  expect(await written(template(separatorsOf(".")))).toContain(",129.00,12,");
});
