/** Pages of the storefront in Chromium, and the API as the staff's hands. */
import { join } from "node:path";
import { open, picture, useChromium, type Opening } from "kit/testing/browser.ts";
import type { Page } from "playwright-core";
import { inject } from "vitest";

export { expectAccessible, overflow } from "kit/testing/browser.ts";

useChromium();

/** That of a person: the platform leaves bots out of its figures. */
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";

export type Visit = Omit<Opening, "baseURL"> & { path?: string };

/** A page of the shop, in a browser profile of its own. */
export async function visit({ path = "/", ...options }: Visit = {}): Promise<Page> {
  const page = await open(path, { baseURL: inject("shop"), userAgent: AGENT, ...options });
  await page.locator("h1").waitFor();
  return page;
}

export const screenshot = (page: Page, name: string) => picture(page, join(import.meta.dirname, "../../screenshots"), name);

export type Product = { id: number; name: string; stock: number };
let made = 0;

/** A product of its own for a test. */
export async function makeProduct(fields: object = {}): Promise<Product> {
  made += 1;
  return send("POST", "/api/products", { name: `Lamp ${Date.now().toString(36)}${made}`, price: "12.50", stock: 5, ...fields });
}

export const changeProduct = (id: number, change: object): Promise<Product> => send("PATCH", `/api/products/${id}`, change);
export const readProduct = (id: number): Promise<Product> => send("GET", `/api/products/${id}`);

/** Keeps a picture, and returns its address. */
export async function upload(image: Buffer): Promise<string> {
  const answer = await fetch(`${inject("shopApi")}/api/images`, { method: "POST", headers: { "content-type": "image/png" }, body: new Uint8Array(image) });
  return ((await answer.json()) as { data: { image: string } }).data.image;
}

async function send(method: string, path: string, body?: object): Promise<Product> {
  const answer = await fetch(inject("shopApi") + path, { method, headers: { "content-type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { data, error } = (await answer.json()) as { data: Product; error?: string };
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${error}`);
  return data;
}

/** Puts pieces of a product into the cart and goes to the checkout with the buyer's name and address. */
export async function toCheckout(page: Page, product: Product, quantity: number): Promise<void> {
  await page.goto(`/product/${product.id}`);
  await page.getByLabel("Quantity").fill(String(quantity));
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByText(`In your cart: ${quantity}`).waitFor();
  await page.getByRole("link", { name: "Go to the cart" }).click();
  await page.getByRole("link", { name: "Go to checkout" }).click();
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill("ada@example.org");
  await page.getByLabel("Where it goes").fill("12 St James's Square\nLondon");
}
