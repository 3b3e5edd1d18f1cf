import { describe, expect, test } from "vitest";
import type { Product } from "../../src/api/types";
import { checkDraft, draftOf, EMPTY_DRAFT } from "../../src/products/draft";
import { differences, effective, settle } from "../../src/products/fields";
import { revert } from "../../src/products/useEdit";
import { checkPercent, checkPrice, checkStock } from "../../src/products/validate";

const base: Product = {
  id: 1,
  sku: "MUG-1",
  name: "Mug",
  description: "",
  price: "12.50",
  stock: 3,
  category: null,
  status: "active",
  image: null,
  version: 4,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

describe("what an edit sends", () => {
  test("only fields whose meaning changes", () => {
    expect(effective(base, { name: "Mug", price: "12.5", stock: 4, category: null })).toEqual({ stock: 4 });
    expect(effective(base, { category: "Kitchen", description: "" })).toEqual({ category: "Kitchen" });
  });
});

describe("a conflict", () => {
  const theirs: Product = { ...base, price: "14.00", name: "Big mug", version: 5 };

  test("is shown field by field, and only where something changed", () => {
    expect(differences(base, { price: "13.00", stock: 9 }, theirs)).toEqual([
      { field: "name", base: "Mug", mine: "Mug", theirs: "Big mug", clash: false },
      { field: "price", base: "12.50", mine: "13.00", theirs: "14.00", clash: true },
      { field: "stock", base: 3, mine: 9, theirs: 3, clash: false },
    ]);
  });

  test("both sides wanting the same is no clash", () => {
    expect(differences(base, { price: "14.0" }, theirs).find(({ field }) => field === "price")?.clash).toBe(false);
  });

  test("settles to what is still to be sent", () => {
    const mine = { price: "13.00", stock: 9 };
    expect(settle(mine, theirs, { price: "mine" })).toEqual({ price: "13.00", stock: 9 });
    expect(settle(mine, theirs, { price: "theirs" })).toEqual({ stock: 9 });
    expect(settle({ price: "14.00" }, theirs, { price: "mine" })).toEqual({});
  });
});

describe("a refused edit", () => {
  test("goes back to the old value", () => {
    expect(revert({ ...base, price: "13.00" }, { price: "13.00" }, base).price).toBe("12.50");
  });

  test("leaves a later edit of the same field alone", () => {
    expect(revert({ ...base, price: "15.00" }, { price: "13.00" }, base).price).toBe("15.00");
  });

  test("leaves other fields alone", () => {
    expect(revert({ ...base, price: "13.00", stock: 8 }, { price: "13.00" }, base).stock).toBe(8);
  });
});

describe("checks before anything is sent", () => {
  test.each([
    ["", "required"],
    ["abc", "notANumber"],
    ["NaN", "notANumber"],
    ["-1", "negative"],
    ["1.234", "cents"],
    ["100000000", "tooMuch"],
  ])("price %s: %s", (typed, complaint) => {
    expect(checkPrice(typed, "en-US")).toEqual({ complaint });
  });

  test("a price of nothing is a price", () => expect(checkPrice("0", "en-US")).toEqual({ value: "0.00" }));

  test.each([
    ["", "required"],
    ["1.5", "whole"],
    ["-1", "negative"],
    ["2147483648", "tooMuch"],
  ])("stock %s: %s", (typed, complaint) => {
    expect(checkStock(typed, "en-US")).toEqual({ complaint });
  });

  test("a percentage may be negative and carry its sign", () => {
    expect(checkPercent("-10 %", "en-US")).toEqual({ value: "-10.00" });
    expect(checkPercent("-101", "en-US")).toEqual({ complaint: "tooMuch" });
  });

  test("a whole form names every field that is wrong", () => {
    expect(checkDraft({ ...EMPTY_DRAFT, name: " ", price: "x", stock: "-1", sku: "a".repeat(65) }, "en-US")).toEqual({
      complaints: { name: "required", price: "notANumber", stock: "negative", sku: "tooLong" },
    });
  });

  test("a form that is opened and saved untouched changes nothing", () => {
    for (const locale of ["en-US", "fr-FR", "hi-IN", "it-IT"]) {
      const checked = checkDraft(draftOf({ ...base, price: "1234.50", category: "Été" }, locale), locale);
      expect("values" in checked && effective({ ...base, price: "1234.50", category: "Été" }, checked.values)).toEqual({});
    }
  });

  test("an empty SKU is left to the API", () => {
    const checked = checkDraft({ ...EMPTY_DRAFT, name: "Mug", price: "1" }, "en-US");
    expect("values" in checked && "sku" in checked.values).toBe(false);
  });
});
