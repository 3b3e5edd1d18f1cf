import { expect, test } from "vitest";
import { translator, type Translate } from "../../src/i18n/translate";

const en = {
  greet: "Select {{name}}",
  left_one: "{{count}} choice left",
  left_other: "{{count}} choices left",
  list: { total_one: "{{shown}} product", total_other: "{{shown}} products" },
} as const;
const fr = { list: { total_one: "{{shown}} produit", total_many: "{{shown}} de produits", total_other: "{{shown}} produits" } };
type T = Translate<typeof en>;

test("values are filled in as they are", () => {
  const t: T = translator("en", [en]);
  expect(t("greet", { name: "$& <b>{{name}}</b>" })).toBe("Select $& <b>{{name}}</b>");
  expect(t("left", { count: 1 })).toBe("1 choice left");
  expect(t("left", { count: 3 })).toBe("3 choices left");
});

test("the plural form is the language's own", () => {
  const [english, french]: T[] = [translator("en", [en]), translator("fr", [en, fr])];
  const counted = (t: T | undefined, count: number) => t?.("list.total", { count, shown: String(count) });
  expect(counted(english, 0)).toBe("0 products");
  expect(counted(french, 0)).toBe("0 produit");
  expect(counted(french, 2)).toBe("2 produits");
  expect(counted(french, 1_000_000)).toBe("1000000 de produits");
});

test("an application's messages stand beside the kit's", () => {
  const t: Translate<{ a: { x: "" } } & { a: { y: "" } }> = translator("en", [{ a: { x: "kit" } }, { a: { y: "own" } }]);
  expect([t("a.x"), t("a.y")]).toEqual(["kit", "own"]);
});

test("wrong keys and missing values do not compile", () => {
  const t: T = translator("en", [en]);
  // @ts-expect-error: no such message
  expect(t("list.nothing")).toBe("list.nothing");
  // @ts-expect-error: its text names a value
  expect(t("greet")).toBe("Select undefined");
  // @ts-expect-error: a plural form is chosen by `count`
  expect(t("list.total", { shown: "3" })).toBe("list.total");
  // @ts-expect-error: the forms are not asked for by name
  t("list.total_one", { shown: "1" });
});
