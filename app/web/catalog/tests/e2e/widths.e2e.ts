/** Nothing is cut and nothing is wider than the screen, at the widths of phones, tablets and small laptops. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { drawer, expectAccessible, makeProduct, overflow, row, screenshot, visit, visitProduct } from "./browser";

const WIDTHS = [320, 390, 768, 1024];
const sized = (width: number) => ({ viewport: { width, height: width < 700 ? 844 : 900 } });


/** Buttons and links that reach beyond the screen. */
const beyond = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("main button, main a, main select, header button, header a")]
      .filter((item) => item.offsetParent !== null && !item.closest(".segments"))
      .filter((item) => item.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((item) => item.outerHTML.slice(0, 120)),
  );

describe.each(WIDTHS)("at %i pixels", (width) => {
  test.each(["light", "dark"] as const)("the list is neither cut nor wider than the screen, %s", async (colorScheme) => {
    const page = await visit({ ...sized(width), colorScheme });
    await page.locator(".product-link").first().waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await beyond(page)).toEqual([]);
    // The one warning of the page is not cut off, either.
    expect(await page.locator(".who").evaluate((who) => who.scrollWidth - who.clientWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await screenshot(page, `width-${width}-list-${colorScheme}`);
  });

  test("a long name and a long SKU do not push price, stock and menu off the screen", async () => {
    const product = await makeProduct({ name: `Unbreakable${"word".repeat(30)} and a second half that goes on and on`, sku: `LONG-${Date.now()}-${"X".repeat(40)}`, price: "99999999.99", stock: 2147483647 });
    const page = await visitProduct(product, sized(width));
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await beyond(page)).toEqual([]);
    await screenshot(page, `width-${width}-long`);
    await page.getByRole("button", { name: /^Price of/ }).click();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const field = await page.locator(".inline-editor input").boundingBox();
    expect((field?.x ?? 0) + (field?.width ?? 0)).toBeLessThanOrEqual(width);
    await screenshot(page, `width-${width}-inline`);
  });

  test("a drawer and its question are not cut", async () => {
    const product = await makeProduct();
    const page = await visitProduct(product, sized(width));
    await row(page, product.name).getByRole("link").click();
    await drawer(page).getByLabel("Name").fill("");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Escape");
    const keep = page.getByRole("button", { name: "Keep editing" });
    await keep.waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    // The two answers stand side by side.
    expect((await keep.boundingBox())?.y).toBe((await page.getByRole("button", { name: "Discard" }).boundingBox())?.y);
    const choose = await drawer(page).locator(".image-actions .button").boundingBox();
    const name = await drawer(page).getByLabel("Name").boundingBox();
    expect((choose?.x ?? 0) + (choose?.width ?? 0)).toBeLessThanOrEqual((name?.x ?? 0) + (name?.width ?? 0));
    await screenshot(page, `width-${width}-question`);
  });

  test("the import page is neither cut nor wider than the screen", async () => {
    const page = await visit({ ...sized(width), path: "/import" });
    await page.locator(".drop-zone").waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await beyond(page)).toEqual([]);
    await screenshot(page, `width-${width}-import`);
  });
});

test("on a tablet a name is not squeezed into three lines", async () => {
  const page = await visit(sized(768));
  await page.locator(".product-link").first().waitFor();
  expect(await page.locator("td.col-name").first().evaluate((cell) => cell.clientWidth)).toBeGreaterThan(180);
});

test("on a small laptop no filter stands alone on a second line", async () => {
  await makeProduct({ category: "Things that have a rather long name of a category" });
  const page = await visit(sized(1024));
  await page.locator(".product-link").first().waitFor();
  const middles = await page.locator(".toolbar").evaluate((bar) => [...bar.querySelectorAll("input, select, button")].map((item) => item.getBoundingClientRect()).filter(({ width }) => width > 0).map(({ top, bottom }) => (top + bottom) / 2));
  expect(Math.max(...middles) - Math.min(...middles)).toBeLessThan(10);
});

test("on a phone the filters do not push the products off the screen", async () => {
  const page = await visit(sized(390));
  const first = page.locator(".product-link").first();
  await first.waitFor();
  expect((await first.boundingBox())?.y).toBeLessThan(260);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Stock", { exact: true }).selectOption("low");
  await page.getByRole("button", { name: "Filters (1)" }).waitFor();
  await screenshot(page, "width-390-filters");
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test("a field that is wrong does not look right because it has the focus", async () => {
  const page = await visit({ path: "/products/new" });
  await page.getByRole("button", { name: "Create product" }).click();
  const colours = await drawer(page).evaluate((form) => {
    const colour = (name: string) => getComputedStyle(form.querySelector(`[name=${name}]`) as Element);
    return [colour("name").outlineColor, colour("price").borderColor];
  });
  expect(colours[0]).toBe(colours[1]);
});

test("a product that is gone is not loading for ever", async () => {
  const page = await visit({ path: "/products/999999999", expects: [404] });
  await drawer(page).getByText("This product is gone").waitFor();
  expect(await drawer(page).getByText("Loading…").count()).toBe(0);
});
