/** A product as a form holds it. */
import type { NewProduct, Product, Status } from "../api/types";
import { toEditable } from "kit/format/decimal.ts";
import type { FieldName } from "./fields";
import { checkPrice, checkStock, type Complaint } from "./validate";

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const LONGEST: Partial<Record<FieldName, number>> = { name: 255, sku: 64, category: 100, description: 10_000 };

/** The form as it stands on the screen: everything is text until it is checked. */
export type Draft = Record<FieldName, string>;

export const EMPTY_DRAFT: Draft = { name: "", sku: "", price: "", stock: "0", category: "", status: "draft", description: "", image: "" };

export function draftOf(product: Product, locale: string): Draft {
  return {
    name: product.name,
    sku: product.sku,
    price: toEditable(product.price, locale),
    stock: String(product.stock),
    category: product.category ?? "",
    status: product.status,
    description: product.description ?? "",
    image: product.image ?? "",
  };
}

export type DraftCheck = { values: NewProduct } | { complaints: Partial<Record<FieldName, Complaint>> };

export function checkDraft(draft: Draft, locale: string): DraftCheck {
  const complaints: Partial<Record<FieldName, Complaint>> = {};
  const price = checkPrice(draft.price, locale);
  const stock = checkStock(draft.stock, locale);
  if ("complaint" in price) complaints.price = price.complaint;
  if ("complaint" in stock) complaints.stock = stock.complaint;
  // A name of characters without width would be a link of no width.
  if (!VISIBLE.test(draft.name)) complaints.name = "required";
  for (const [field, longest] of Object.entries(LONGEST) as [FieldName, number][]) {
    if ([...draft[field]].length > longest) complaints[field] = "tooLong";
  }
  if ("complaint" in price || "complaint" in stock || Object.keys(complaints).length > 0) return { complaints };

  const values: NewProduct = {
    name: draft.name.trim(),
    price: price.value,
    stock: stock.value,
    description: draft.description,
    image: draft.image === "" ? null : draft.image,
    category: draft.category.trim() === "" ? null : draft.category.trim(),
    status: draft.status as Status,
  };
  // Left empty, the API makes one.
  if (draft.sku.trim() !== "") values.sku = draft.sku.trim();
  return { values };
}
