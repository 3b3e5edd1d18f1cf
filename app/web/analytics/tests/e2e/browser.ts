/** Chromium, pages that report every defect they notice, axe and screenshots. */
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
  /** Answers of the API that the test provokes; the browser logs each as an error. */
  expects?: number[];
  /** What is done before the page is asked for. */
  before?: (page: Page) => Promise<unknown>;
};

/** A new browser profile on a page of the dashboard. Any script error, console error or refused resource fails the test. */
export async function visit(path: string, { expects = [], before, ...options }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", timezoneId: "Europe/Berlin", reducedMotion: "reduce", baseURL: inject("open"), ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => defects.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    const provoked = expects.some((status) => message.text().includes(`status of ${status} `));
    if (["error", "warning"].includes(message.type()) && !provoked) defects.push(message.text());
  });
  await before?.(page);
  await page.goto(path);
  return page;
}

/** Returns when everything that was asked for is there. */
export async function settled(page: Page): Promise<Page> {
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
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

export const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
