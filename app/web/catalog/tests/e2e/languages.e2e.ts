import { expect, test } from "vitest";
import { drawer, makeProduct, readProduct, row, screenshot, visit, visitProduct } from "./browser";

const plain = (text: string | null) => (text ?? "").replace(/[\u00a0\u202f]/g, " ");

const LANGUAGES = [
  { code: "en", locale: "en-US", own: "English", title: "Products", create: "New product", price: "$1,234.50", typed: "1,300.25", save: "Save", label: "Price", low: "Low" },
  { code: "fr", locale: "fr-FR", own: "Français", title: "Produits", create: "Nouveau produit", price: "1 234,50 $", typed: "1 300,25", save: "Enregistrer", label: "Prix", low: "Faible" },
  { code: "hi", locale: "hi-IN", own: "हिन्दी", title: "उत्पाद", create: "नया उत्पाद", price: "$1,234.50", typed: "१,३००.२५", save: "सहेजें", label: "कीमत", low: "कम" },
  { code: "it", locale: "it-IT", own: "Italiano", title: "Prodotti", create: "Nuovo prodotto", price: "1234,50 $", typed: "1.300,25", save: "Salva", label: "Prezzo", low: "Poche" },
];

test.each(LANGUAGES)("$code: the browser's language is taken, and money is read and written its way", async ({ code, locale, title, create, price, typed, save, label, low }) => {
  const product = await makeProduct({ price: "1234.50", stock: 2 });
  const page = await visitProduct(product, { locale });
  await expect.poll(() => page.locator("html").getAttribute("lang")).toBe(code);
  await page.getByRole("heading", { name: title, exact: true }).waitFor();
  await page.getByRole("link", { name: create }).waitFor();
  expect(plain(await row(page, product.name).textContent())).toContain(price);
  await row(page, product.name).getByText(low, { exact: true }).waitFor();
  await page.getByRole("link", { name: product.name }).click();
  await drawer(page).getByLabel(label).fill(typed);
  await screenshot(page, `language-${code}`);
  await drawer(page).getByRole("button", { name: save }).click();
  await expect.poll(() => readProduct(product.id)).toMatchObject({ price: "1300.25" });
});

test.each(LANGUAGES)("$code: can be chosen from any other, and stays chosen", async ({ code, own, title }) => {
  const page = await visit({ locale: code === "en" ? "it-IT" : "en-US" });
  await page.locator(".product-link").first().waitFor();
  await page.locator(".topbar-end button").last().click();
  await page.getByRole("menuitemradio", { name: own }).click();
  await page.locator("h1").filter({ hasText: title }).waitFor();
  await page.keyboard.press("Escape");
  await page.reload();
  await page.locator("h1").filter({ hasText: title }).waitFor();
  await expect.poll(() => page.locator("html").getAttribute("lang")).toBe(code);
  await expect.poll(() => page.title()).toContain(title);
});

test.each(LANGUAGES.filter(({ code }) => code !== "en"))("$code: no screen falls back to English or shows a key", async ({ code, locale }) => {
  const product = await makeProduct();
  const texts: string[] = [];
  for (const path of ["/products", `/products/${product.id}`, `/products/${product.id}/history`, "/products/new", "/import", "/nowhere", "/products?q=nothing-at-all"]) {
    const page = await visit({ path, locale });
    await page.locator("h1, h2").first().waitFor();
    await page.waitForLoadState("networkidle");
    texts.push(await page.evaluate(() => [document.body.innerText, ...[...document.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap((element) => ["aria-label", "title", "placeholder"].map((name) => element.getAttribute(name) ?? ""))].join("\n")));
    await page.context().close();
  }
  const all = texts.join("\n");
  expect(all.match(/\b(list|filters|fields|form|edit|bulk|import|history|common|pager|problem)\.[a-z]+\b/i)).toBeNull();
  expect(all.match(/\b(Save|Cancel|Close|Products?|Search|Price|Name|Delete|Edit|Next|Previous|History|Columns|the|with|this)\b/)).toBeNull();
  expect(code).not.toBe("en");
});
