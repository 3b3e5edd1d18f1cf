/** Messages with values filled in and the plural form that the language wants, by the browser's own plural rules. */

export type Messages = { readonly [key: string]: string | Messages };

type Paths<M> = { [K in keyof M & string]: M[K] extends string ? K : `${K}.${Paths<M[K]>}` }[keyof M & string];
type Text<M, P> = P extends keyof M ? M[P] : P extends `${infer Head}.${infer Rest}` ? (Head extends keyof M ? Text<M[Head], Rest> : never) : never;
type Counted<P> = P extends `${infer Base}_other` ? Base : never;

type PluralKey<M> = Counted<Paths<M>>;
export type Key<M> = Exclude<Paths<M>, `${PluralKey<M>}_${Intl.LDMLPluralRule}`> | PluralKey<M>;

type Names<S> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<M, K> = K extends PluralKey<M> ? "count" | Names<Text<M, `${K}_other`>> : Names<Text<M, K>>;
type Values<M, K> = { [N in NamesOf<M, K>]: N extends "count" ? number : string | number };

/** A message by its key, with every value that its text names; `count` chooses the plural form. */
export type Translate<M> = <K extends Key<M>>(key: K, ...values: [NamesOf<M, K>] extends [never] ? [] : [Values<M, K>]) => string;

function flatten(messages: Messages, path: string, flat: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === "string") flat.set(path + key, value);
    else flatten(value, `${path}${key}.`, flat);
  }
  return flat;
}

/** The translator of a language. A key without a message, which the types and the tests rule out, shows as itself. */
export function translator<M>(language: string, messages: readonly Messages[]): Translate<M> {
  const texts = new Map<string, string>();
  for (const tree of messages) flatten(tree, "", texts);
  const rules = new Intl.PluralRules(language);
  return (key: string, values: Record<string, string | number> = {}) => {
    const form = typeof values.count === "number" ? texts.get(`${key}_${rules.select(values.count)}`) : undefined;
    const text = form ?? texts.get(key) ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
}
