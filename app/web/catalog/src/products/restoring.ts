import type { HistoryEntry, Product, ProductPatch } from "../api/types";
import { isFieldName, sameValue } from "./fields";

/** The changes that take a product back to how it was before `newer`, the newest first. */
export function restoring(product: Product, newer: readonly HistoryEntry[]): ProductPatch {
  const patch: Record<string, unknown> = {};
  for (const { changes } of newer) {
    for (const [field, [old]] of Object.entries(changes ?? {})) patch[field] = old;
  }
  return Object.fromEntries(Object.entries(patch).filter(([field, value]) => isFieldName(field) && !sameValue(field, product[field], value as never))) as ProductPatch;
}
