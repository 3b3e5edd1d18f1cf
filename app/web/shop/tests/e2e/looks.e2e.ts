/** Nothing is cut and nothing is wider than the screen, in all languages, for everyone. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAccessible, makeProduct, overflow, screenshot, toCheckout, upload, visit, type Product } from "./browser";

const WIDTHS = [320, 390, 768, 1024];
let product: Product;

beforeAll(async () => {
  const page = await visit();
  const image = await upload(await page.screenshot());
  product = await makeProduct({ name: `Lamp of brass ${"and glass ".repeat(12)}`, category: "Lighting", price: "99999.99", image, description: "Turned by hand.\n\nGives light." });
}, 120_000);

async function fits(page: Page, name: string): Promise<void> {
  expect(await overflow(page), name).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await screenshot(page, name);
}

describe.each(WIDTHS)("at %i pixels", (width) => {
  test.each(["light", "dark"] as const)("no page is wider than the screen, %s", async (colorScheme) => {
    const page = await visit({ viewport: { width, height: width < 700 ? 844 : 900 }, colorScheme, path: "/?sort=newest" });
    const shot = (name: string) => `${width}-${name}-${colorScheme}`;
    await page.locator(".offer").first().waitFor();
    await fits(page, shot("list"));
    await page.goto(`/product/${product.id}`);
    await page.getByRole("button", { name: "Add to cart" }).waitFor();
    await fits(page, shot("product"));
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("link", { name: "Go to the cart" }).click();
    await page.getByRole("link", { name: "Go to checkout" }).waitFor();
    await fits(page, shot("cart"));
    await page.getByRole("link", { name: "Go to checkout" }).click();
    await page.getByRole("button", { name: "Place the order" }).click();
    await page.getByText("Please fill this in.").first().waitFor();
    await fits(page, shot("checkout"));
  });
});

test("the confirmation fits the phone", async () => {
  const own = await makeProduct();
  const page = await visit({ viewport: { width: 320, height: 700 } });
  await toCheckout(page, own, 1);
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
  await fits(page, "320-thanks-light");
});

test.each([
  ["fr-FR", "Produits", "Ajouter au panier"],
  ["hi-IN", "उत्पाद", "कार्ट में डालें"],
  ["it-IT", "Prodotti", "Aggiungi al carrello"],
])("no language is cut on the phone: %s", async (locale, title, add) => {
  const page = await visit({ locale, viewport: { width: 320, height: 700 } });
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  await page.locator(".offer").first().waitFor();
  await fits(page, `320-list-${locale}`);
  await page.goto(`/product/${product.id}`);
  await page.getByRole("button", { name: add }).click();
  await page.getByRole("status").getByRole("link").click();
  await page.locator(".cart-line").waitFor();
  await fits(page, `320-cart-${locale}`);
});

test("a page that a link leads to is not hidden under the bar, and has the focus", async () => {
  const page = await visit({ viewport: { width: 320, height: 560 } });
  await page.getByRole("link", { name: "Next page" }).scrollIntoViewIfNeeded();
  await page.locator(".offer a").last().click();
  await page.getByRole("button", { name: "Add to cart" }).or(page.getByText("Sold out")).first().waitFor();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  await page.goBack();
  await page.getByRole("link", { name: "Next page" }).waitFor();
});

test("the menus work by keyboard", async () => {
  const page = await visit();
  await page.getByRole("button", { name: "Preferences" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: "Français" }).click();
  await page.getByRole("heading", { name: "Produits", level: 1 }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Votre panier est vide" }).waitFor();
});
