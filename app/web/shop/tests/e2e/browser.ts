/** Chromium, pages that report every defect they notice, axe, screenshots, and the API as the staff's hands. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

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
/** That of a person: the platform leaves bots out of its figures. */
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";

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
  /** Answers of the API that the test provokes; the browser logs each as an error. */
  expects?: number[];
};

/** A new browser profile on a page of the shop. Any script error, console error or refused resource fails the test. */
export async function visit({ path = "/", expects = [], ...options }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", timezoneId: "UTC", userAgent: AGENT, reducedMotion: "reduce", baseURL: inject("shop"), ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => defects.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    const provoked = expects.some((status) => message.text().includes(status === 0 ? "net::" : `status of ${status} `));
    if (["error", "warning"].includes(message.type()) && !provoked) defects.push(message.text());
  });
  await page.goto(path);
  await page.locator("h1").waitFor();
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
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

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
