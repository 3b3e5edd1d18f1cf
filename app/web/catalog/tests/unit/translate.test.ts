import { expect, test } from "vitest";
import { translator } from "../../src/i18n/translate";
import en from "../../src/i18n/messages/en";
import fr from "../../src/i18n/messages/fr.json";

test("values are filled in as they are", () => {
  const t = translator("en", en);
  expect(t("list.selectOne", { name: "$& <b>{{name}}</b>" })).toBe("Select $& <b>{{name}}</b>");
  expect(t("conflict.decide", { count: 1 })).toBe("1 choice left");
  expect(t("conflict.decide", { count: 3 })).toBe("3 choices left");
});

test("the plural form is the language's own", () => {
  const [english, french] = [translator("en", en), translator("fr", fr)];
  const counted = (t: typeof english, count: number) => t("list.total", { count, shown: String(count) });
  expect(counted(english, 0)).toBe("0 products");
  expect(counted(french, 0)).toBe("0 produit");
  expect(counted(french, 2)).toBe("2 produits");
  expect(counted(french, 1_000_000)).toBe("1000000 de produits");
});

test("wrong keys and missing values do not compile", () => {
  const t = translator("en", en);
  // @ts-expect-error: no such message
  expect(t("list.nothing")).toBe("list.nothing");
  // @ts-expect-error: its text names a value
  expect(t("list.selectOne")).toBe("Select undefined");
  // @ts-expect-error: a plural form is chosen by `count`
  expect(t("list.total", { shown: "3" })).toBe("list.total");
  // @ts-expect-error: the forms are not asked for by name
  t("list.total_one", { shown: "1" });
});
