/**
 * What a person typed, as the API wants it, or why it cannot be that. The API decides; these checks only spare a round
 * trip and speak the reader's language.
 */
import type { NewProduct, Product, Status } from "../api/types";
import { compare, decimals, parseDecimal, toCents, toEditable } from "../format/decimal";
import type { FieldName } from "./fields";

/** What can be wrong with a value; the sentences are under `complaint` in the messages. */
export type Complaint = "required" | "notANumber" | "negative" | "cents" | "tooMuch" | "whole" | "tooLong" | "badSku" | "taken" | "controlCharacter" | "badValue";
export type Checked<V> = { value: V } | { complaint: Complaint };

const MOST_MONEY = "99999999.99";
const MOST_STOCK = 2_147_483_647;
const LONGEST: Partial<Record<FieldName, number>> = { name: 255, sku: 64, category: 100, description: 10_000 };

export function checkPrice(typed: string, locale: string): Checked<string> {
  if (typed.trim() === "") return { complaint: "required" };
  const value = parseDecimal(typed, locale);
  if (value === null) return { complaint: "notANumber" };
  if (value.startsWith("-")) return { complaint: "negative" };
  if (decimals(value) > 2) return { complaint: "cents" };
  if (compare(value, MOST_MONEY) > 0) return { complaint: "tooMuch" };
  return { value: toCents(value) };
}

export function checkStock(typed: string, locale: string): Checked<number> {
  if (typed.trim() === "") return { complaint: "required" };
  const value = parseDecimal(typed, locale);
  if (value === null) return { complaint: "notANumber" };
  if (value.startsWith("-")) return { complaint: "negative" };
  if (decimals(value) > 0) return { complaint: "whole" };
  if (compare(value, String(MOST_STOCK)) > 0) return { complaint: "tooMuch" };
  return { value: Number(value) };
}

export function checkPercent(typed: string, locale: string): Checked<string> {
  if (typed.trim() === "") return { complaint: "required" };
  const value = parseDecimal(typed.replace("%", ""), locale);
  if (value === null) return { complaint: "notANumber" };
  if (decimals(value) > 2) return { complaint: "cents" };
  if (compare(value, "-100") < 0 || compare(value, "1000") > 0) return { complaint: "tooMuch" };
  return { value: toCents(value) };
}

/** The form as it stands on the screen: everything is text until it is checked. */
export type Draft = Record<FieldName, string>;

export const EMPTY_DRAFT: Draft = { name: "", sku: "", price: "", stock: "0", category: "", status: "active", description: "" };

export function draftOf(product: Product, locale: string): Draft {
  return {
    name: product.name,
    sku: product.sku,
    price: toEditable(product.price, locale),
    stock: String(product.stock),
    category: product.category ?? "",
    status: product.status,
    description: product.description ?? "",
  };
}

export type DraftCheck = { values: NewProduct } | { complaints: Partial<Record<FieldName, Complaint>> };

export function checkDraft(draft: Draft, locale: string): DraftCheck {
  const complaints: Partial<Record<FieldName, Complaint>> = {};
  const price = checkPrice(draft.price, locale);
  const stock = checkStock(draft.stock, locale);
  if ("complaint" in price) complaints.price = price.complaint;
  if ("complaint" in stock) complaints.stock = stock.complaint;
  if (draft.name.trim() === "") complaints.name = "required";
  for (const [field, longest] of Object.entries(LONGEST) as [FieldName, number][]) {
    if ([...draft[field]].length > longest) complaints[field] = "tooLong";
  }
  if ("complaint" in price || "complaint" in stock || Object.keys(complaints).length > 0) return { complaints };

  const values: NewProduct = {
    name: draft.name.trim(),
    price: price.value,
    stock: stock.value,
    description: draft.description,
    category: draft.category.trim() === "" ? null : draft.category.trim(),
    status: draft.status as Status,
  };
  // Left empty, the API makes one.
  if (draft.sku.trim() !== "") values.sku = draft.sku.trim();
  return { values };
}
