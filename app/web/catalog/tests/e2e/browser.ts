/** Pages of the catalogue in Chromium, and the API as another person's hands. */
import { join } from "node:path";
import { open, picture, useChromium, type Opening } from "kit/testing/browser.ts";
import type { Page } from "playwright-core";
import { inject } from "vitest";
import type { NewProduct, Product, ProductPatch } from "../../src/api/types";

export { expectAccessible, overflow } from "kit/testing/browser.ts";

useChromium();

export type Visit = Omit<Opening, "baseURL"> & {
  path?: string;
  site?: "open" | "guarded";
};

/** A page of the catalogue, in a browser profile of its own. */
export async function visit({ path = "/products", site = "open", ...options }: Visit = {}): Promise<Page> {
  const page = await open(path, { baseURL: inject(site), ...options });
  if (site === "open" && path.startsWith("/products")) await page.locator("h1").waitFor();
  return page;
}

export const screenshot = (page: Page, name: string) => picture(page, join(import.meta.dirname, "../../screenshots"), name, false);

let made = 0;

/** A product of its own for a test, made behind the screen's back. */
export async function makeProduct(fields: Partial<NewProduct> = {}): Promise<Product> {
  made += 1;
  const unique = `${Date.now().toString(36)}${made}`;
  return send("POST", "/api/products", { name: `Test ${unique}`, sku: `T-${unique}`, price: "10.00", stock: 5, ...fields });
}

/** Many products of a test, as lines of CSV. */
export async function importRows(lines: readonly string[]): Promise<void> {
  const answer = await fetch(`${inject("open")}/api/products/import`, { method: "POST", headers: { "content-type": "text/csv" }, body: lines.join("\n") });
  if (!answer.ok) throw new Error(`the import was refused: ${await answer.text()}`);
}

/** Another person's change. */
export const changeProduct = (id: number, patch: ProductPatch): Promise<Product> => send("PATCH", `/api/products/${id}`, patch);

export const readProduct = (id: number): Promise<Product> => send("GET", `/api/products/${id}`);

async function send(method: string, path: string, body?: object): Promise<Product> {
  const answer = await fetch(inject("open") + path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { data, error } = (await answer.json()) as { data: Product; error?: string };
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${error}`);
  return data;
}

/** The list with just this product. */
export async function visitProduct(product: Product, options: Visit = {}): Promise<Page> {
  const page = await visit({ path: `/products?q=${product.sku}`, ...options });
  await row(page, product.name).waitFor();
  return page;
}

export const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
export const notice = (page: Page, text: string | RegExp) => page.locator(".notice").filter({ hasText: text });
export const drawer = (page: Page) => page.getByRole("dialog");
