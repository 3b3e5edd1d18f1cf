/** Chromium, pages that report every defect they notice, axe, screenshots, and the API as another person's hands. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import type { NewProduct, Product, ProductPatch } from "../../src/api/types";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = join(import.meta.dirname, "../../screenshots");

function findChromium(): string {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const candidates = [process.env.CHROMIUM, ...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium found: install it (Debian: `apt-get install -y chromium`), or name the program in CHROMIUM");
  return found;
}

const FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

let browser: Browser;
let defects: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  const found = defects;
  defects = [];
  expect(found, "what the browser complained about").toEqual([]);
});

export type Visit = Omit<BrowserContextOptions, "baseURL"> & {
  path?: string;
  site?: "open" | "guarded";
  /** Answers of the API that the test provokes; the browser logs each as an error. */
  expects?: number[];
};

/** A new browser profile on a page of the catalogue. Any script error, console error or refused resource fails the test. */
export async function visit({ path = "/products", site = "open", expects = [], ...options }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", timezoneId: "UTC", reducedMotion: "reduce", baseURL: inject(site), ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => defects.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    const provoked = expects.some((status) => message.text().includes(status === 0 ? "net::" : `status of ${status} `));
    if (["error", "warning"].includes(message.type()) && !provoked) defects.push(message.text());
  });
  await page.goto(path);
  if (site === "open" && path.startsWith("/products")) await page.locator("h1").waitFor();
  return page;
}

/** Zero violations of axe's rules, whichever their weight. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (root: Document) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const result = await axe.run(document);
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join(" | ")}`);
  });
  expect(violations).toEqual([]);
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

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
