/** The fields of a product that people edit, and how two versions differ in them. */
import type { Product, ProductPatch } from "../api/types";
import { compare } from "kit/format/decimal.ts";

export const FIELDS = ["name", "sku", "price", "stock", "category", "status", "description", "image"] as const;
export type FieldName = (typeof FIELDS)[number];

export function isFieldName(name: string): name is FieldName {
  return (FIELDS as readonly string[]).includes(name);
}

/** Whether two values of a field mean the same: `12.5` and `12.50` are one price. */
export function sameValue(field: FieldName, a: unknown, b: unknown): boolean {
  if (field === "price" && typeof a === "string" && typeof b === "string") return compare(a, b) === 0;
  return (a ?? "") === (b ?? "");
}

/** The fields of `patch` that would change `product`. */
export function effective(product: Product, patch: ProductPatch): ProductPatch {
  return pick(patch, FIELDS.filter((field) => field in patch && !sameValue(field, patch[field], product[field])));
}

/** These fields of a product or a patch. */
export function pick(source: ProductPatch, fields: readonly FieldName[]): ProductPatch {
  return Object.fromEntries(fields.filter((field) => field in source).map((field) => [field, source[field]]));
}

export function fieldsIn(patch: ProductPatch): FieldName[] {
  return FIELDS.filter((field) => field in patch);
}

export type Choice = "mine" | "theirs";
/** One field in which a conflict is to be settled. */
export type Difference = {
  field: FieldName;
  /** What the editor started from. */
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** Both sides changed the field; otherwise only one did, and there is nothing to decide. */
  clash: boolean;
};

/** What the other editor changed and what this one wants, field by field. */
export function differences(base: Product, mine: ProductPatch, theirs: Product): Difference[] {
  const result: Difference[] = [];
  for (const field of FIELDS) {
    const wanted = field in mine ? mine[field] : base[field];
    const iChanged = field in mine && !sameValue(field, wanted, base[field]);
    const theyChanged = !sameValue(field, theirs[field], base[field]);
    if (!iChanged && !theyChanged) continue;
    const clash = iChanged && theyChanged && !sameValue(field, wanted, theirs[field]);
    result.push({ field, base: base[field], mine: wanted, theirs: theirs[field], clash });
  }
  return result;
}

/** What is still to be sent once every clash is settled: my changes, without those given up and those already there. */
export function settle(mine: ProductPatch, theirs: Product, choices: Partial<Record<FieldName, Choice>>): ProductPatch {
  return effective(theirs, pick(mine, fieldsIn(mine).filter((field) => choices[field] !== "theirs")));
}
