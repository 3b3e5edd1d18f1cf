/** One function per call that the screens make. Every failure is a `Problem`. */
import { callsOf } from "kit/api/http.ts";
import type { paths } from "./schema";
import type { Bulk, HistoryEntry, ImportReport, ListQuery, Me, NewProduct, OrderQuery, Page, PlacedOrder, Product, ProductPatch } from "./types";

const call = callsOf<paths>();
const JSON_BODY = "application/json";
const keyed = (key: string) => ({ "Idempotency-Key": key });
const ifMatch = (version: number | undefined) => (version === undefined ? {} : { "If-Match": `"${version}"` });

export async function me(signal?: AbortSignal): Promise<Me> {
  return (await call("get", "/api/me", { signal })).data;
}

export async function listProducts(query: ListQuery, signal?: AbortSignal): Promise<Page> {
  const { data, page } = await call("get", "/api/products", { query, signal });
  return { products: data, next: page.next ?? null, total: page.total, limit: page.limit };
}

export async function getProduct(id: number, signal?: AbortSignal): Promise<Product> {
  return (await call("get", "/api/products/{id}", { path: { id }, signal })).data;
}

/** `key` tells the call that is sent again, because its answer was lost, from a new one. */
export async function createProduct(body: NewProduct, key: string): Promise<Product> {
  return (await call("post", "/api/products", { header: keyed(key), body, type: JSON_BODY })).data;
}

/** Changes some fields of the version the caller saw; a `Problem` of kind `conflict` when somebody was quicker. */
export async function patchProduct(id: number, body: ProductPatch, version: number): Promise<Product> {
  return (await call("patch", "/api/products/{id}", { path: { id }, header: ifMatch(version), body, type: JSON_BODY })).data;
}

/** `leaving` when the page that asks is about to go. */
export async function deleteProduct(id: number, version?: number, leaving = false): Promise<void> {
  await call("delete", "/api/products/{id}", { path: { id }, header: ifMatch(version), keepalive: leaving });
}

/** Keeps a picture, and returns its address. */
export async function uploadImage(image: Blob): Promise<string> {
  return (await call("post", "/api/images", { body: image, type: "application/octet-stream" })).data.image;
}

export async function bulk(body: Bulk, key: string): Promise<{ changed: number; missing: number[]; change_set: number | null }> {
  return (await call("post", "/api/products/bulk", { header: keyed(key), body, type: JSON_BODY })).data;
}

/** Takes the changes of a bulk call or an import back. */
export async function undoChanges(id: number): Promise<{ restored: number; kept: number[] }> {
  return (await call("post", "/api/change-sets/{id}/undo", { path: { id } })).data;
}

export async function history(id: number, cursor: string | undefined, signal?: AbortSignal): Promise<{ entries: HistoryEntry[]; next: string | null }> {
  const { data, page } = await call("get", "/api/products/{id}/history", { path: { id }, query: { cursor }, signal });
  return { entries: data, next: page.next ?? null };
}

export async function categories(signal?: AbortSignal): Promise<{ category: string; count: number }[]> {
  return (await call("get", "/api/categories", { signal })).data;
}

export async function listOrders(query: OrderQuery, signal?: AbortSignal): Promise<{ orders: PlacedOrder[]; next: string | null; total: number }> {
  const { data, page } = await call("get", "/api/orders", { query, signal });
  return { orders: data, next: page.next ?? null, total: page.total };
}

/** Erases a buyer from all orders, and returns their numbers. */
export async function eraseBuyer(email: string): Promise<string[]> {
  return (await call("post", "/api/orders/erase", { body: { email }, type: JSON_BODY })).data.orders;
}

/** What becomes of the texts that empty cells would erase. */
export type EmptyCells = "keep" | "erase";
export type ImportOptions = { dry_run?: boolean; empty?: EmptyCells; charset?: "utf-8" | "windows-1252" };

export async function importCsv(file: Blob, query: ImportOptions, key?: string): Promise<ImportReport> {
  return (await call("post", "/api/products/import", { query, header: key === undefined ? {} : keyed(key), body: file, type: "text/csv" })).data;
}

export type ExportQuery = ListQuery & { ids?: string; delimiter?: string; decimal?: string; bom?: boolean };

export function exportCsv(query: ExportQuery): Promise<Blob> {
  return call("get", "/api/products/export", { query });
}
