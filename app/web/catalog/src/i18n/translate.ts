/** Messages with values filled in and the plural form that the language wants, by the browser's own plural rules. */
import type en from "./messages/en";

type Tree = typeof en;
export type Messages = { readonly [key: string]: string | Messages };

type Paths<M> = { [K in keyof M & string]: M[K] extends string ? K : `${K}.${Paths<M[K]>}` }[keyof M & string];
type Text<M, P> = P extends keyof M ? M[P] : P extends `${infer Head}.${infer Rest}` ? (Head extends keyof M ? Text<M[Head], Rest> : never) : never;
type Counted<P> = P extends `${infer Base}_other` ? Base : never;

type Path = Paths<Tree>;
type PluralKey = Counted<Path>;
export type Key = Exclude<Path, `${PluralKey}_${Intl.LDMLPluralRule}`> | PluralKey;

type Names<S> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<K> = K extends PluralKey ? "count" | Names<Text<Tree, `${K}_other`>> : Names<Text<Tree, K>>;
type Values<K> = { [N in NamesOf<K>]: N extends "count" ? number : string | number };

/** A message by its key, with every value that its text names; `count` chooses the plural form. */
export type T = <K extends Key>(key: K, ...values: [NamesOf<K>] extends [never] ? [] : [Values<K>]) => string;

function flatten(messages: Messages, path: string, flat: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === "string") flat.set(path + key, value);
    else flatten(value, `${path}${key}.`, flat);
  }
  return flat;
}

/** The translator of a language. A key without a message, which the types and the tests rule out, shows as itself. */
export function translator(language: string, messages: Messages): T {
  const texts = flatten(messages, "", new Map());
  const rules = new Intl.PluralRules(language);
  return (key: string, values: Record<string, string | number> = {}) => {
    const form = typeof values.count === "number" ? texts.get(`${key}_${rules.select(values.count)}`) : undefined;
    const text = form ?? texts.get(key) ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
}
