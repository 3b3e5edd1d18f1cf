/** A new build under an open page, and chunks that do not come. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { drawer, expectAccessible, makeProduct, notice, readProduct, row, screenshot, visit, type Visit } from "./browser";
import { end, freePort } from "./postgres";
import { serve } from "./stack";

const web = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "catalog-builds-"));
/** The next build alone, as a new image has it; and beside the files of the one before. */
const [alone, beside] = [join(folder, "alone"), join(folder, "beside")];

beforeAll(() => {
  const build = (out: string) => execFileSync("node", [join(import.meta.dirname, "rebuild.mjs"), out], { cwd: web, stdio: ["ignore", "ignore", "inherit"] });
  build(alone);
  cpSync(join(web, "dist"), beside, { recursive: true });
  build(beside);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An open page, and the deployment that replaces the build it was loaded from. */
async function openPage(options: Visit & { path: string }): Promise<{ page: Page; deploy: (root: string) => Promise<void>; stop: () => Promise<void> }> {
  const port = await freePort();
  const start = (root: string) => serve(inject("program"), "web", port, { API_URL: inject("api"), WEB_ROOT: root, DRAIN_SECONDS: "0" });
  let server = await start(join(web, "dist"));
  // Between the two servers there is none, and the page's own questions may fall into that gap.
  const page = await visit({ ...options, expects: [0, ...(options.expects ?? [])], path: server.url + options.path });
  await page.locator("h1").waitFor();
  return {
    page,
    deploy: async (root) => {
      await end(server.child);
      server = await start(root);
    },
    stop: () => end(server.child),
  };
}

const release = (page: Page) => page.evaluate(() => (globalThis as { release?: string }).release);

test("a deployment whose files replace the old ones never empties an open page, and loses nothing that was typed", async () => {
  const product = await makeProduct();
  const { page, deploy, stop } = await openPage({ path: `/products?q=${product.sku}`, expects: [404] });
  await row(page, product.name).getByRole("link").click();
  await drawer(page).getByLabel("Description").fill("Typed before the deployment");
  await deploy(alone);

  // The notices are a chunk that is gone: what they say is said all the same, and the page stays.
  await page.keyboard.press("Control+Enter");
  await notice(page, `${product.name} saved`).waitFor();
  expect(await readProduct(product.id)).toMatchObject({ description: "Typed before the deployment" });
  await page.getByText("A new version is ready.").waitFor();

  // A drawer that is gone: the list stays, and the page says what is the matter.
  await page.getByRole("link", { name: "New product" }).click();
  await page.getByText("This part could not be loaded").waitFor();
  await page.getByText("A new version has been installed.").waitFor();
  await row(page, product.name).waitFor();
  await expectAccessible(page);
  await screenshot(page, "deployment");

  await page.getByRole("button", { name: "Load it now" }).click();
  await expect.poll(() => release(page)).toBe("next");
  await drawer(page).getByLabel("Name").waitFor();
  await stop();
});

test("a deployment that keeps the old files is not noticed in the middle of work, and taken on the way to another page", async () => {
  const { page, deploy, stop } = await openPage({ path: "/products" });
  await page.locator(".product-link").first().waitFor();
  await deploy(beside);
  await page.getByRole("link", { name: "New product" }).click();
  await drawer(page).getByLabel("Name").fill("Half a product");
  // The page asks for the build's name when it is looked at again, at most every few seconds.
  await expect.poll(async () => {
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    return page.getByText("A new version is ready.").count();
  }).toBe(1);
  expect(await drawer(page).getByLabel("Name").inputValue()).toBe("Half a product");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard" }).click();
  expect(await release(page)).toBeUndefined();

  await page.getByRole("link", { name: "Import", exact: true }).click();
  await expect.poll(() => release(page)).toBe("next");
  await page.getByRole("heading", { name: "Import" }).waitFor();
  await stop();
});

test("a lost packet does not keep a drawer from opening", async () => {
  const page = await visit({ expects: [0] });
  let lost = 0;
  await page.route("**/assets/CreateDrawer-*.js", (route) => (++lost < 3 ? route.abort() : route.continue()));
  await page.getByRole("link", { name: "New product" }).click();
  await drawer(page).getByLabel("Name").waitFor();
  expect(lost).toBeGreaterThanOrEqual(3);
});

test("a style sheet that was lost does not leave a page without its looks", async () => {
  const page = await visit({ expects: [0] });
  let lost = 0;
  await page.route("**/assets/ImportPage-*.css", (route) => (++lost < 2 ? route.abort() : route.continue()));
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.locator(".drop-zone").waitFor();
  expect(await page.locator(".drop-zone").evaluate((zone) => getComputedStyle(zone).borderStyle)).toBe("dashed");
});

test("a page that never comes is said in its place, and comes when it is asked for again", async () => {
  const page = await visit({ expects: [0] });
  await page.route("**/assets/ImportPage-*.js", (route) => route.abort());
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.getByRole("heading", { name: "This part could not be loaded" }).waitFor();
  await expectAccessible(page);
  await page.unroute("**/assets/ImportPage-*.js");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".drop-zone").waitFor();
});

test("a menu that never comes leaves its button, which asks again", async () => {
  const page = await visit({ expects: [0] });
  await page.locator(".product-link").first().waitFor();
  await page.route("**/assets/ExportMenu-*.js", (route) => route.abort());
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByText("This part could not be loaded").waitFor();
  await page.unroute("**/assets/ExportMenu-*.js");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "All products" }).waitFor();
});

test("a page whose scripts do not come is not white", async () => {
  const page = await visit({ path: "about:blank", expects: [0] });
  await page.route("**/assets/core-*.js", (route) => route.abort());
  await page.goto(`${inject("open")}/products`);
  await page.getByText("The page could not be loaded.").waitFor();
  await page.unroute("**/assets/core-*.js");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".product-link").first().waitFor();
});

test("a language that was lost once does not keep the page from being drawn", async () => {
  const page = await visit({ path: "about:blank", expects: [0] });
  let lost = 0;
  await page.route("**/assets/en-*.js", (route) => (++lost < 2 ? route.abort() : route.continue()));
  await page.goto(`${inject("open")}/products`);
  await page.locator(".product-link").first().waitFor();
  expect(lost).toBeGreaterThanOrEqual(2);
});
