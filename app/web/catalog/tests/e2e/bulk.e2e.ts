import { expect, test } from "vitest";
import { drawer, makeProduct, notice, readProduct, row, visit } from "./browser";

/** Three products of their own category, ticked. */
async function ticked(price = "29.76") {
  const category = `Bulk ${Date.now()}`;
  const products = [];
  for (let index = 0; index < 3; index += 1) products.push(await makeProduct({ category, price, stock: 20 + index }));
  const page = await visit({ path: `/products?category=${encodeURIComponent(category)}` });
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByText("3 selected").waitFor();
  return { page, products, bar: page.getByRole("region", { name: "Selected products" }) };
}

test("prices by percentage: the preview is what happens, to the cent", async () => {
  const { page, products, bar } = await ticked();
  await bar.getByRole("button", { name: "Price" }).click();
  await drawer(page).getByLabel("Change in per cent").fill("-10");
  await expect.poll(() => drawer(page).locator("ins").allTextContents()).toEqual(["$26.78", "$26.78", "$26.78"]);
  await drawer(page).getByRole("button", { name: "Change 3 prices" }).click();
  await notice(page, "3 products changed").waitFor();
  await row(page, products[0]?.name ?? "").getByText("$26.78").waitFor();
  for (const product of products) expect(await readProduct(product.id)).toMatchObject({ price: "26.78", version: 2 });
  // Done is done: the selection is gone, and with it the bar.
  await bar.waitFor({ state: "detached" });
});

test("a percentage that is none is not sent", async () => {
  const { page, products, bar } = await ticked();
  await bar.getByRole("button", { name: "Price" }).click();
  await drawer(page).getByRole("button", { name: "Change 3 prices" }).click();
  await drawer(page).getByText("Please fill this in.").waitFor();
  await drawer(page).getByLabel("Change in per cent").fill("-101");
  await page.keyboard.press("Enter");
  await drawer(page).getByText("This is too much.").waitFor();
  expect((await readProduct(products[0]?.id ?? 0)).version).toBe(1);
});

test("status, category and stock", async () => {
  const { page, products, bar } = await ticked();
  await bar.getByRole("button", { name: "Status" }).click();
  await page.getByRole("menuitem", { name: "Archived" }).click();
  await notice(page, "3 products changed").waitFor();
  await bar.waitFor({ state: "detached" });

  await page.getByRole("checkbox", { name: `Select ${products[0]?.name}` }).check();
  await bar.getByRole("button", { name: "Stock" }).click();
  await drawer(page).getByLabel("Stock", { exact: true }).fill("0");
  await drawer(page).getByRole("button", { name: "Change 1 product" }).click();
  await row(page, products[0]?.name ?? "").getByText("Out of stock").waitFor();

  await page.getByRole("checkbox", { name: `Select ${products[1]?.name}` }).check();
  await bar.getByRole("button", { name: "Category" }).click();
  await drawer(page).getByLabel("Category", { exact: true }).fill("");
  await drawer(page).getByRole("button", { name: "Change 1 product" }).click();
  // While the dialog is open nothing behind it has a role, so the row would seem gone before anything was sent.
  await drawer(page).waitFor({ state: "detached" });
  await row(page, products[1]?.name ?? "").waitFor({ state: "detached" });

  expect(await readProduct(products[0]?.id ?? 0)).toMatchObject({ status: "archived", stock: 0 });
  expect(await readProduct(products[1]?.id ?? 0)).toMatchObject({ status: "archived", category: null });
});

test("deleting many asks first, and says what had gone meanwhile", async () => {
  const { page, products, bar } = await ticked();
  await bar.getByRole("button", { name: "Delete" }).click();
  await drawer(page).getByText("This cannot be undone.").waitFor();
  await drawer(page).getByRole("button", { name: "Cancel" }).click();
  expect((await readProduct(products[0]?.id ?? 0)).version).toBe(1);
  await bar.getByRole("button", { name: "Delete" }).click();
  await drawer(page).getByRole("button", { name: "Delete 3 products" }).click();
  await notice(page, "3 products deleted").waitFor();
  await page.getByRole("heading", { name: "No product matches" }).waitFor();
  for (const product of products) await expect(readProduct(product.id)).rejects.toThrow("404");
});

test("everything that matches can be ticked, over all pages", async () => {
  const page = await visit();
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByText("25 selected").waitFor();
  const all = await page.getByRole("button", { name: /^Select all \d+$/ }).textContent();
  await page.getByRole("button", { name: /^Select all \d+$/ }).click();
  await page.getByText(`${all?.match(/\d+/)?.[0]} selected`).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("26–50 of").waitFor();
  await expect.poll(() => page.getByRole("checkbox", { name: "Select all on this page" }).isChecked()).toBe(true);
});
