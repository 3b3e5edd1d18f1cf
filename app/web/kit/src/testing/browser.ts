/** Chromium for the tests of a front end: pages that report every defect they notice, axe, and screenshots. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

const FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let defects: string[] = [];

function findChromium(): string {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const candidates = [process.env.CHROMIUM, ...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium found: install it (Debian: `apt-get install -y chromium`), or name the program in CHROMIUM");
  return found;
}

/** Chromium without a window. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: findChromium(), args: FLAGS });

/** Starts Chromium before the tests of a file; each test ends with its pages closed, and fails if one of them complained. */
export function useChromium(): void {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const found = defects;
    defects = [];
    expect(found, "what the browser complained about").toEqual([]);
  });
}

export type Opening = BrowserContextOptions & {
  /** Statuses that the test provokes, 0 for no answer at all; the browser logs each as an error. */
  expects?: number[];
  /** What is done before the page is asked for. */
  before?: (page: Page) => Promise<unknown>;
};

/** A page in a browser profile of its own. Any script error, console error or refused resource fails the test. */
export async function open(path: string, { expects = [], before, ...options }: Opening): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => defects.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    const provoked = expects.some((status) => message.text().includes(status === 0 ? "net::" : `status of ${status} `));
    if (["error", "warning"].includes(message.type()) && !provoked) defects.push(message.text());
  });
  await before?.(page);
  await page.goto(path);
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

/** A picture of the page in a folder that people look into. */
export async function picture(page: Page, folder: string, name: string, fullPage = true): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

/** Pixels by which the page is wider than the screen. */
export const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
