import { expect, test } from "vitest";
import { checkDraft, EMPTY_DRAFT } from "../../src/products/draft";

test("a new product is not on sale before somebody says so", () => {
  expect(checkDraft({ ...EMPTY_DRAFT, name: "Mug", price: "1" }, "en-US")).toMatchObject({ values: { status: "draft" } });
});

test("a name that nobody can see is not sent", () => {
  expect(checkDraft({ ...EMPTY_DRAFT, name: "\u200b\u200d", price: "1" }, "en-US")).toEqual({ complaints: { name: "required" } });
});
