/** The tracker in Chromium against a collector that answers as it is told. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { launch } from "kit/testing/browser.ts";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

type Event = { id: string; t: number; type: string; name?: string; page: string; props?: Record<string, unknown> };
type Post = { v: number; site: string; at: number; who: { v?: string; s?: string; u?: string; c: Record<string, string> }; events: Event[] };

const tracker = readFileSync(new URL("../dist/t.js", import.meta.url));
let server: Server;
let site = "";
let browser: Browser;
let context: BrowserContext;
let posts: Post[] = [];
let methods: string[] = [];
/** The status of each next answer; 202 when there is none left. */
let answers: number[] = [];
let attributes = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/t.js") return response.setHeader("content-type", "text/javascript").end(tracker);
    if (request.url !== "/e") return response.setHeader("content-type", "text/html").end(`<!doctype html><title>Shop</title><body style="height:4000px"><script defer src="/t.js" data-site="shop" ${attributes}></script>`);
    methods.push(request.method ?? "");
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const status = answers.shift() ?? 202;
      if (status === 202) posts.push(JSON.parse(body) as Post);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  server.close();
});
beforeEach(() => {
  [posts, methods, answers, attributes] = [[], [], [], 'data-consent="given"'];
});
afterEach(() => context.close());

/** A page whose browser does not say that a program drives it. */
async function open(path = "/", options: BrowserContextOptions & { gpc?: boolean } = {}): Promise<Page> {
  const { gpc, ...rest } = options;
  context = await browser.newContext(rest);
  await context.addInitScript(`Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false })`);
  if (gpc) await context.addInitScript(`Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })`);
  const page = await context.newPage();
  await page.goto(site + path);
  return page;
}

const track = (page: Page, type: string, props: object = {}, name?: string) => page.evaluate(([type, props, name]) => (globalThis as unknown as { analytics: { track: (...all: unknown[]) => void } }).analytics.track(type, props, name), [type, props, name] as const);
const events = () => posts.flatMap((post) => post.events);
const distinct = (type: string) => new Set(events().filter((event) => event.type === type).map((event) => event.id)).size;
const stored = (page: Page) => page.evaluate(() => JSON.stringify(localStorage));

test("a page view has its campaign, its place and an identifier with its time", async () => {
  await open("/lamps?utm_source=newsletter&utm_campaign=spring");
  await expect.poll(() => events().length).toBe(1);
  const [post] = posts as [Post];
  expect(post).toMatchObject({ v: 1, site: "shop", who: { c: { source: "newsletter", campaign: "spring" } }, events: [{ type: "page_view", page: "/lamps" }] });
  const { id, t } = post.events[0] as Event;
  expect(id).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(Number.parseInt(id.slice(0, 12), 16)).toBe(t);
  expect(post.who.v).toBeDefined();
  expect(methods).toEqual(["POST"]);
});

test("a route of the application is a page, and comes before what happens on it", async () => {
  const page = await open();
  await page.evaluate(() => {
    history.pushState({}, "", "/product/1");
    (globalThis as unknown as { analytics: { track: (...all: unknown[]) => void } }).analytics.track("product_view", { product: "1" });
  });
  await expect.poll(() => events().map((event) => `${event.type} ${event.page}`)).toEqual(["page_view /", "page_view /product/1", "product_view /product/1"]);
});

test("a collector that is busy gets every event, once each", async () => {
  answers = [503, 503, 429];
  const page = await open();
  for (let count = 0; count < 12; count += 1) await track(page, "custom", { count }, "clicked");
  await expect.poll(() => distinct("custom"), { timeout: 40_000 }).toBe(12);
  expect(events().length).toBe(13);
});

test("what happens offline arrives later", async () => {
  const page = await open();
  await expect.poll(() => events().length).toBe(1);
  await context.setOffline(true);
  for (let count = 0; count < 5; count += 1) await track(page, "custom", { count }, "clicked");
  await page.waitForTimeout(1_500);
  expect(distinct("custom")).toBe(0);
  await context.setOffline(false);
  await expect.poll(() => distinct("custom")).toBe(5);
});

test("an order in the moment in which the tab closes arrives", async () => {
  const page = await open();
  await page.evaluate(() => (globalThis as unknown as { analytics: { track: (...all: unknown[]) => void } }).analytics.track("order_placed", { order: "1", amount: "9.90" }));
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => distinct("order_placed")).toBe(1);
});

test("a beacon that was lost is sent again by the next page", async () => {
  answers = [503];
  const page = await open();
  await track(page, "order_placed", { order: "1", amount: "9.90" });
  answers = [503, 503];
  await page.goto(`${site}/thanks`);
  await expect.poll(() => distinct("order_placed"), { timeout: 40_000 }).toBe(1);
});

test("an event that is wrong does not hold up those after it", async () => {
  answers = [400];
  const page = await open();
  await page.waitForTimeout(1_500);
  await track(page, "custom", {}, "clicked");
  await expect.poll(() => distinct("custom")).toBe(1);
});

test("without consent nothing is kept and nobody is named; with it a visitor is", async () => {
  attributes = "";
  const page = await open();
  await expect.poll(() => events().length).toBe(1);
  expect(posts[0]?.who).toEqual({ c: {} });
  expect(await stored(page)).toBe("{}");
  await page.evaluate(() => (globalThis as unknown as { analytics: { consent: (state: string) => void } }).analytics.consent("given"));
  await track(page, "custom", {}, "clicked");
  await expect.poll(() => posts.at(-1)?.who.v).toBeDefined();
  const visitor = posts.at(-1)?.who.v;
  await page.goto(`${site}/2`);
  await expect.poll(() => posts.at(-1)?.events[0]?.page).toBe("/2");
  expect(posts.at(-1)?.who.v).toBe(visitor);
});

test("a consent that is withdrawn leaves nothing behind and sends nothing more", async () => {
  const page = await open();
  await expect.poll(() => events().length).toBe(1);
  await page.evaluate(() => (globalThis as unknown as { analytics: { consent: (state: string) => void } }).analytics.consent("none"));
  await track(page, "custom", {}, "clicked");
  await page.waitForTimeout(1_500);
  expect(await stored(page)).toBe("{}");
  expect(events().length).toBe(1);
});

test("global privacy control stands above a consent", async () => {
  const page = await open("/", { gpc: true });
  await expect.poll(() => events().length).toBe(1);
  expect(posts[0]?.who.v).toBeUndefined();
  expect(posts[0]?.who.s).toBeUndefined();
  expect(await stored(page)).toBe("{}");
});

test("each quarter of a page is scrolled to once", async () => {
  const page = await open();
  for (let round = 0; round < 2; round += 1) {
    for (const part of [0.3, 0.5, 1, 0]) {
      await page.evaluate((part) => scrollTo(0, document.documentElement.scrollHeight * part), part);
      await page.waitForTimeout(150);
    }
  }
  await expect.poll(() => events().filter((event) => event.type === "scroll_depth").at(-1)?.props).toEqual({ depth: 100 });
  const depths = events().filter((event) => event.type === "scroll_depth").map((event) => event.props?.depth);
  expect(new Set(depths).size).toBe(depths.length);
});
