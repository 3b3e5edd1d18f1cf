import { describe, expect, test, vi } from "vitest";
import { Problem } from "../../src/api/problem";
import { ago, integer, money } from "../../src/format/format";
import { localeFor } from "../../src/i18n";
import { dismiss, notify, undoLast } from "../../src/shell/notices";
import { preferredLanguage, readPreferences } from "../../src/shell/preferences";
import { actionFor } from "../../src/shell/shortcuts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("formats", () => {
  test("money keeps every cent, in each language's way", () => {
    expect(money("99999999.99", "en-US")).toBe("$99,999,999.99");
    expect(plain(money("1234.50", "fr-FR"))).toBe("1 234,50 $");
    expect(plain(money("1234.50", "it-IT"))).toBe("1234,50 $");
    expect(money("1234567.50", "hi-IN")).toBe("$12,34,567.50");
    // A float would show 0.30000000000000004 or lose the last digits here.
    expect(money("9007199254740993.01", "en-US")).toBe("$9,007,199,254,740,993.01");
  });

  test("the currency comes from the page", () => {
    document.head.innerHTML = '<meta name="currency" content="EUR">';
    expect(plain(money("5.00", "it-IT"))).toBe("5,00 €");
    document.head.innerHTML = "";
  });

  test("numbers and times", () => {
    expect(integer(1_234_567, "hi-IN")).toBe("12,34,567");
    const now = Date.parse("2026-06-15T12:00:00Z");
    expect(ago("2026-06-15T11:57:00Z", "en-US", now)).toBe("3 minutes ago");
    expect(ago("2026-06-14T12:00:00Z", "fr-FR", now)).toBe("hier");
    expect(ago("2026-01-02T12:00:00Z", "en-US", now)).toBe("Jan 2, 2026");
  });

  test("a language takes the browser's regional variant", () => {
    expect(localeFor("en", ["fr-FR", "en-GB", "en-US"])).toBe("en-GB");
    expect(localeFor("hi", ["en-US"])).toBe("hi");
  });
});

describe("preferences", () => {
  test("survive whatever is in storage", () => {
    for (const stored of [null, "", "null", "[]", "{", '{"theme":7,"language":"xx","hiddenColumns":"all"}']) {
      expect(readPreferences(stored, ["it-CH"])).toEqual({ theme: "system", density: "comfortable", language: "it", singleKeys: true, hiddenColumns: [] });
    }
  });

  test("the browser's first known language is taken", () => {
    expect(preferredLanguage(["de-DE", "fr-CH", "en"])).toBe("fr");
    expect(preferredLanguage(["de", "ja"])).toBe("en");
  });
});

describe("shortcuts", () => {
  const KEYS = { create: ["n"], edit: ["p"], go: ["g p"], undo: ["u", "Mod+z"], save: ["Mod+Enter"], down: ["j", "ArrowDown"] };
  const press = (key: string, modifier: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifier });

  test("single keys, sequences and modifiers", () => {
    expect(actionFor(KEYS, press("n"), "", true)).toBe("create");
    expect(actionFor(KEYS, press("p"), "g", true)).toBe("go");
    expect(actionFor(KEYS, press("p"), "", true)).toBe("edit");
    expect(actionFor(KEYS, press("z", { metaKey: true }), "", true)).toBe("undo");
    expect(actionFor(KEYS, press("n", { ctrlKey: true }), "", true)).toBeUndefined();
    expect(actionFor(KEYS, press("n", { altKey: true }), "", true)).toBeUndefined();
  });

  test("single keys can be turned off, the others stay", () => {
    expect(actionFor(KEYS, press("n"), "", false)).toBeUndefined();
    expect(actionFor(KEYS, press("p"), "g", false)).toBeUndefined();
    expect(actionFor(KEYS, press("Enter", { ctrlKey: true }), "", false)).toBe("save");
    expect(actionFor(KEYS, press("ArrowDown"), "", false)).toBe("down");
  });
});

describe("what the API says", () => {
  test("a conflict brings the newest version", () => {
    const problem = new Problem(412, { success: false, error: "changed meanwhile", code: "conflict", current: { id: 1, version: 5 }, changed: ["price"] });
    expect(problem.kind).toBe("conflict");
  });

  test("field errors keep sentence and code", () => {
    const problem = new Problem(422, { error: "bad", code: "invalid", fields: { price: "must not be negative" }, field_codes: { price: "negative" }, request_id: "r-1" });
    expect([problem.kind, problem.fields, problem.fieldCodes, problem.requestId]).toEqual(["invalid", { price: "must not be negative" }, { price: "negative" }, "r-1"]);
  });

  test.each([
    [0, undefined, "offline"],
    [401, {}, "signed-out"],
    [403, {}, "forbidden"],
    [404, {}, "missing"],
    [413, {}, "too-large"],
    [429, {}, "busy"],
    [500, "<html>", "server"],
    [502, null, "offline"],
    [504, null, "offline"],
    [503, {}, "busy"],
  ])("%i is %s", (status, body, kind) => {
    expect(new Problem(status, body).kind).toBe(kind);
  });

  test("waits as long as it is told to", () => {
    expect(new Problem(429, {}, new Headers({ "retry-after": "3" })).retryAfter).toBe(3);
    expect(new Problem(429, {}, new Headers()).retryAfter).toBeUndefined();
  });
});

describe("undo", () => {
  test("takes back the newest change that is still on screen", () => {
    const [first, second] = [vi.fn(), vi.fn()];
    notify({ tone: "done", text: "one", undo: first });
    const id = notify({ tone: "done", text: "two", undo: second });
    notify({ tone: "done", text: "nothing to undo" });
    expect(undoLast()).toBe(true);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    dismiss(id);
    expect(undoLast()).toBe(true);
    expect(first).toHaveBeenCalledOnce();
    expect(undoLast()).toBe(false);
  });
});
