/** The tests of an application's messages, which are the same for all. */
import { describe, expect, test } from "vitest";

type Languages = Record<"en" | "fr" | "hi" | "it", object>;

function flatten(tree: object, path = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") flat.set(path + key, value);
    else for (const [inner, text] of flatten(value as object, `${path}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const bases = (flat: Map<string, string>) => new Set([...flat.keys()].map((key) => key.replace(PLURAL, "")));
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}|\{(\w+)\}/g)].map((match) => match[1] ?? match[2]).toSorted();

/** Every language says everything that English says, with its own plural forms and the same values. */
export function expectComplete(languages: Languages, shared: RegExp): void {
  const english = flatten(languages.en);
  describe.each(Object.entries(languages))("messages in %s", (language, tree) => {
    const flat = flatten(tree);

    test("has every message and no other", () => {
      expect([...bases(flat)].toSorted()).toEqual([...bases(english)].toSorted());
    });

    test("has each plural form that the language distinguishes", () => {
      const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
      const counted = new Set([...english.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, "")));
      for (const base of counted) {
        const forms = [...flat.keys()].filter((key) => key.replace(PLURAL, "") === base && PLURAL.test(key)).map((key) => key.slice(base.length + 1));
        expect({ base, forms: forms.toSorted() }).toEqual({ base, forms: categories });
      }
    });

    test("fills in the same values as English", () => {
      for (const [key, text] of flat) {
        const model = english.get(key) ?? english.get(key.replace(PLURAL, "_other")) ?? "";
        expect({ key, values: placeholders(text) }).toEqual({ key, values: placeholders(model) });
      }
    });

    test("leaves nothing empty", () => {
      for (const [key, text] of flat) expect({ key, empty: text.trim() === "" }).toEqual({ key, empty: false });
    });
  });


  test.each((["fr", "hi", "it"] as const).map((language) => [language, languages[language]] as const))("%s is translated, not copied", (_, tree) => {
    const same = [...flatten(tree)].filter(([key, text]) => text === english.get(key) && /\p{L}{4}/u.test(text.replace(/\{\{\w+\}\}/g, "")));
    // Words that the languages share.
    expect(same.filter(([, text]) => !shared.test(text))).toEqual([]);
  });
}
