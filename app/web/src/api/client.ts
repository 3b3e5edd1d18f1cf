/** One function per call of the API, typed by its OpenAPI document. Every failure is a `Problem`. */
import createClient, { type Middleware } from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema";
import { currentToken } from "./session";
import type { Bulk, HistoryEntry, ImportReport, ListQuery, Me, NewProduct, Page, Product, ProductPatch } from "./types";

const http = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  fetch: (request) => globalThis.fetch(request),
});

const authorize: Middleware = {
  onRequest({ request }) {
    const token = currentToken();
    if (token) request.headers.set("authorization", `Bearer ${token}`);
    return request;
  },
  onError() {
    return new Problem(0, undefined);
  },
};
http.use(authorize);

type Answer<T> = { data?: T; error?: unknown; response: Response };

async function success<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok || data === undefined) throw new Problem(response.status, error, response.headers);
  return data;
}

const ifMatch = (version: number | undefined) => (version === undefined ? {} : { "If-Match": `"${version}"` });

export async function me(signal?: AbortSignal): Promise<Me> {
  return (await success(http.GET("/api/me", { signal }))).data;
}

export async function listProducts(query: ListQuery, signal?: AbortSignal): Promise<Page> {
  const { data, page } = await success(http.GET("/api/products", { params: { query }, signal }));
  return { products: data, next: page.next ?? null, total: page.total, limit: page.limit };
}

export async function getProduct(id: number, signal?: AbortSignal): Promise<Product> {
  return (await success(http.GET("/api/products/{id}", { params: { path: { id } }, signal }))).data;
}

export async function createProduct(body: NewProduct): Promise<Product> {
  return (await success(http.POST("/api/products", { body }))).data;
}

/** Changes some fields of the version the caller saw; a `Problem` of kind `conflict` when somebody was quicker. */
export async function patchProduct(id: number, body: ProductPatch, version: number): Promise<Product> {
  return (await success(http.PATCH("/api/products/{id}", { params: { path: { id }, header: ifMatch(version) }, body }))).data;
}

/** `keepalive` lets the call outlive the page that made it. */
export async function deleteProduct(id: number, version?: number, keepalive = false): Promise<void> {
  await success(http.DELETE("/api/products/{id}", { params: { path: { id }, header: ifMatch(version) }, keepalive }));
}

export async function bulk(body: Bulk): Promise<{ changed: number; missing: number[] }> {
  return (await success(http.POST("/api/products/bulk", { body }))).data;
}

export async function history(id: number, cursor: string | undefined, signal?: AbortSignal): Promise<{ entries: HistoryEntry[]; next: string | null }> {
  const query = cursor === undefined ? {} : { cursor };
  const { data, page } = await success(http.GET("/api/products/{id}/history", { params: { path: { id }, query }, signal }));
  return { entries: data, next: page.next ?? null };
}

export async function categories(signal?: AbortSignal): Promise<{ category: string; count: number }[]> {
  return (await success(http.GET("/api/categories", { signal }))).data;
}

export async function importCsv(csv: string, dryRun: boolean): Promise<ImportReport> {
  const call = http.POST("/api/products/import", {
    params: { query: { dry_run: dryRun } },
    body: csv,
    bodySerializer: (text: string) => text,
    headers: { "content-type": "text/csv; charset=utf-8" },
  });
  return (await success(call)).data;
}

export async function exportCsv(query: ListQuery & { ids?: string }): Promise<Blob> {
  return success(http.GET("/api/products/export", { params: { query }, parseAs: "blob" })) as Promise<Blob>;
}
