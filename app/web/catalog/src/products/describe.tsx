/** Field values and changes in words. */
import type { Product, ProductPatch } from "../api/types";
import { integer, money } from "kit/format/format.ts";
import { useLanguage, type T } from "../i18n";
import { FIELDS, fieldsIn, isFieldName } from "./fields";
import { STATUSES } from "./listParams";

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A field's value as a reader expects it; values that are not of the field's type are shown as they came. */
export function valueText(field: string, value: unknown, t: T, locale: string): string {
  if (value === null || value === undefined || value === "") return t("common.empty");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  switch (field) {
    case "price":
      return DECIMAL.test(text) ? money(text, locale) : text;
    case "stock":
      return /^\d+$/.test(text) ? integer(Number(text), locale) : text;
    case "status": {
      const status = STATUSES.find((known) => known === text);
      return status ? t(`status.${status}`) : text;
    }
    case "image":
      return text.split("/").at(-1) ?? text;
    default:
      return text;
  }
}

/** Changed fields in the form's order, whatever is no field of ours last. */
export function inFormOrder<V>(changes: Record<string, V>): [string, V][] {
  const place = (field: string) => (isFieldName(field) ? FIELDS.indexOf(field) : FIELDS.length);
  return Object.entries(changes).toSorted(([a], [b]) => place(a) - place(b));
}

export function fieldLabel(field: string, t: T): string {
  return isFieldName(field) ? t(`fields.${field}`) : field;
}

/** "Price: $12.50 → $13.00" for each changed field, for a notice. */
export function useDescribeChange(): (before: Product, changes: ProductPatch) => string {
  const { t, locale } = useLanguage();
  return (before, changes) =>
    fieldsIn(changes)
      .filter((field) => field !== "description" && field !== "image")
      .map((field) => `${t(`fields.${field}`)}: ${valueText(field, before[field], t, locale)} → ${valueText(field, changes[field], t, locale)}`)
      .join(" · ");
}
