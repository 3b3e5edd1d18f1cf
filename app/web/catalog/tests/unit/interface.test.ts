import { Problem } from "kit/api/problem.ts";
import { describe, expect, test } from "vitest";
import { currentOf } from "../../src/api/problems";
import { KEYS } from "../../src/app/shortcuts";
import { rightsOf } from "../../src/app/useSession";
import { readCsv, TEMPLATE } from "../../src/import/readCsv";

test("no two actions share a key", () => {
  const keys = Object.values(KEYS).flat();
  expect(new Set(keys).size).toBe(keys.length);
});

test("a conflict brings the newest version", () => {
  const problem = new Problem(412, { success: false, error: "changed meanwhile", code: "conflict", current: { id: 1, version: 5 }, changed: ["price"] });
  expect(problem.kind).toBe("conflict");
  expect(currentOf(problem)?.version).toBe(5);
});

test("roles add up", () => {
  expect(rightsOf(undefined)).toEqual({ write: false, admin: false });
  expect(rightsOf({ role: "viewer" })).toEqual({ write: false, admin: false });
  expect(rightsOf({ role: "editor" })).toEqual({ write: true, admin: false });
  expect(rightsOf({ role: "admin" })).toEqual({ write: true, admin: true });
});

describe("a chosen file", () => {
  const file = (...bytes: (string | number[])[]) => new Blob(bytes.map((part) => (typeof part === "string" ? part : new Uint8Array(part))));

  test("is read without the mark that spreadsheets put first", async () => {
    expect(await readCsv(file([0xef, 0xbb, 0xbf], "sku,name\n"))).toEqual({ text: "sku,name\n" });
  });

  test.each([
    ["a workbook", file([0x50, 0x4b, 3, 4]), "workbook"],
    ["an old workbook", file([0xd0, 0xcf, 0x11, 0xe0]), "workbook"],
    ["Latin 1", file("caf", [0xe9]), "encoding"],
    ["nothing", file(""), "empty"],
    ["blank lines", file("\n \n"), "empty"],
  ])("%s is refused", async (_, blob, unreadable) => {
    expect(await readCsv(blob)).toEqual({ unreadable });
  });

  test("the template has the columns that the page explains", () => {
    expect(TEMPLATE.split("\r\n")[0]).toBe("sku,name,description,price,stock,category,status");
  });
});
