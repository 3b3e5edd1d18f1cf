import { describe, expect, test } from "vitest";
import { changeByPercent, compare, parseDecimal, toCents, toEditable } from "../../src/format/decimal";

describe("what a person types", () => {
  test.each([
    ["12.50", "en-US", "12.50"],
    ["12,50", "fr-FR", "12.50"],
    ["12.50", "fr-FR", "12.50"],
    ["12,50", "en-US", "12.50"],
    ["1,234.50", "en-US", "1234.50"],
    ["1\u202f234,50", "fr-FR", "1234.50"],
    ["1.234,50", "it-IT", "1234.50"],
    ["12,34,567.89", "hi-IN", "1234567.89"],
    ["१२.५", "hi-IN", "12.5"],
    ["1,234", "en-US", "1234"],
    ["1.234", "it-IT", "1234"],
    ["$ 9.99", "en-US", "9.99"],
    ["9,99 €", "it-IT", "9.99"],
    ["007", "en-US", "7"],
    ["-0.00", "en-US", "0.00"],
    ["\u22125", "en-US", "-5"],
    ["99999999.99", "en-US", "99999999.99"],
  ])("%s in %s is %s", (typed, locale, value) => {
    expect(parseDecimal(typed, locale)).toBe(value);
  });

  test.each(["", " ", "abc", "1.2.3", "1,2,3", "12,34.5x", "NaN", "Infinity", "1e5", "--1", "1,23,4.50", "."])("%s is no number", (typed) => {
    expect(parseDecimal(typed, "en-US")).toBeNull();
  });

  test.each(["en-US", "fr-FR", "it-IT", "hi-IN"])("what is shown for editing in %s is read back as the same amount", (locale) => {
    for (const price of ["0.00", "0.10", "1234.50", "99999999.99"]) expect(parseDecimal(toEditable(price, locale), locale)).toBe(price);
  });
});

describe("exact arithmetic", () => {
  test.each([
    ["0.10", "200", "0.30"],
    ["29.76", "-10", "26.78"],
    ["0.05", "-10", "0.05"],
    ["0.45", "10", "0.50"],
    ["19.99", "-33.33", "13.33"],
    ["99999999.99", "0.01", "100009999.99"],
    ["12.50", "-100", "0.00"],
    ["12.50", "0", "12.50"],
  ])("%s changed by %s per cent is %s", (price, percent, result) => {
    expect(changeByPercent(price, percent)).toBe(result);
  });

  test("agrees with whole-number arithmetic on every cent up to 20.00", () => {
    for (let cents = 0; cents <= 2000; cents += 1) {
      const price = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
      // Half away from zero in integers: (cents * 93 + 50) / 100.
      const expected = Math.floor((cents * 93 + 50) / 100);
      expect(changeByPercent(price, "-7")).toBe(`${Math.floor(expected / 100)}.${String(expected % 100).padStart(2, "0")}`);
    }
  });

  test("compares amounts, not texts", () => {
    expect(compare("12.5", "12.50")).toBe(0);
    expect(compare("9", "10")).toBe(-1);
    expect(compare("-1", "-2")).toBe(1);
    expect(compare("9007199254740993", "9007199254740992")).toBe(1);
  });

  test("writes two decimals", () => {
    expect(toCents("5")).toBe("5.00");
    expect(toCents("5.1")).toBe("5.10");
  });
});
