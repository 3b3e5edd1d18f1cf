import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { drawer, importRows, makeProduct, notice, readProduct, row, visit } from "./browser";

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
  await drawer(page).getByText("They can be brought back").waitFor();
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

test("a bulk change is not for ever: prices and deleted products come back", async () => {
  const { page, products, bar } = await ticked("0.05");
  await bar.getByRole("button", { name: "Price" }).click();
  await drawer(page).getByLabel("Change in per cent").fill("50");
  await drawer(page).getByRole("button", { name: "Change 3 prices" }).click();
  await notice(page, "3 products changed").getByRole("button", { name: "Undo" }).click();
  await notice(page, "3 products are as they were").waitFor();
  for (const product of products) expect(await readProduct(product.id)).toMatchObject({ price: "0.05", version: 3 });

  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await bar.getByRole("button", { name: "Delete" }).click();
  await drawer(page).getByRole("button", { name: "Delete 3 products" }).click();
  await notice(page, "3 products deleted").getByRole("button", { name: "Undo" }).click();
  await row(page, products[0]?.name ?? "").waitFor();
  for (const product of products) expect(await readProduct(product.id)).toMatchObject({ price: "0.05", name: product.name });
});

test("of 620 products that match, none is left out of a bulk change, of its undoing and of an export", async () => {
  const category = `Many ${Date.now()}`;
  const rows = Array.from({ length: 620 }, (_, index) => `M-${Date.now()}-${index},Many ${index},1.00,${category}`);
  await importRows(["sku,name,price,category", ...rows]);
  const page = await visit({ path: `/products?category=${encodeURIComponent(category)}` });
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("button", { name: "Select all 620" }).click();
  await page.getByText("620 selected").waitFor();
  const bar = page.getByRole("region", { name: "Selected products" });
  const [download] = await Promise.all([page.waitForEvent("download"), bar.getByRole("button", { name: "Export" }).click()]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(621);
  expect(lines.filter((line) => line.includes("sku,name"))).toHaveLength(1);

  await bar.getByRole("button", { name: "Stock" }).click();
  await drawer(page).getByLabel("Stock", { exact: true }).fill("7");
  // The second part is held back, so that the progress can be seen.
  let parts = 0;
  let release: (() => void) | undefined;
  await page.route("**/api/products/bulk", async (route) => {
    parts += 1;
    if (parts === 2) await new Promise<void>((done) => (release = done));
    await route.continue();
  });
  await drawer(page).getByRole("button", { name: "Change 620 products" }).click();
  await drawer(page).getByText("500 of 620").waitFor();
  release?.();
  const said = notice(page, "620 products changed");
  await said.waitFor();
  const stock = (state: string) => page.evaluate(async ([wanted, name]) => {
    const answer = await fetch(`/api/products?limit=1&stock=${wanted}&category=${encodeURIComponent(name ?? "")}`);
    return ((await answer.json()) as { page: { total: number } }).page.total;
  }, [state, category]);
  expect(await stock("low")).toBe(620);
  await said.getByRole("button", { name: "Undo" }).click();
  await notice(page, "620 products are as they were").waitFor();
  expect(await stock("out")).toBe(620);
});
