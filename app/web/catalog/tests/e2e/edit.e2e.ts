import { expect, test } from "vitest";
import { changeProduct, drawer, makeProduct, notice, readProduct, row, visit, visitProduct } from "./browser";

test("creates a product; the API's field errors stand at their fields", async () => {
  const taken = await makeProduct();
  const page = await visit({ expects: [409, 422] });
  await page.getByRole("link", { name: "New product" }).click();
  const form = drawer(page);
  await form.getByRole("button", { name: "Create product" }).click();
  // Checked here already: name and price are missing, and the first of them has the focus.
  await expect.poll(() => form.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
  await expect.poll(() => form.getByLabel("Name").evaluate((input) => input === document.activeElement)).toBe(true);
  await form.getByLabel("Name").fill("Walnut shelf");
  await form.getByLabel("Price").fill("1,249.90");
  await form.getByLabel("SKU").fill(taken.sku);
  await form.getByRole("button", { name: "Create product" }).click();
  // Only the API can know this one.
  await form.getByText("Another product has this already.").waitFor();
  await expect.poll(() => form.getByLabel("SKU").evaluate((input) => input === document.activeElement)).toBe(true);
  const sku = `${taken.sku}-NEW`;
  await form.getByLabel("SKU").fill(sku);
  await form.getByRole("button", { name: "Create product" }).click();
  await notice(page, "Walnut shelf created").waitFor();
  await drawer(page).waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill(sku);
  await row(page, "Walnut shelf").getByText("$1,249.90").waitFor();
});

test("several products one after the other", async () => {
  const page = await visit({ path: "/products/new" });
  const form = drawer(page);
  await form.getByLabel("Create another").check();
  for (const name of ["First of two", "Second of two"]) {
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Price").fill("1");
    await form.getByRole("button", { name: "Create product" }).click();
    await notice(page, `${name} created`).waitFor();
    await expect.poll(() => form.getByLabel("Name").inputValue()).toBe("");
  }
});

test("edits a product; only what was touched is sent", async () => {
  const product = await makeProduct({ description: "As it was" });
  const page = await visitProduct(product);
  await page.getByRole("link", { name: product.name }).click();
  const sent = page.waitForRequest((request) => request.method() === "PATCH");
  await drawer(page).getByLabel("Category").fill("Hall");
  await drawer(page).getByRole("button", { name: "Save" }).click();
  const request = await sent;
  expect(request.postDataJSON()).toEqual({ category: "Hall" });
  expect(request.headers()["if-match"]).toBe('"1"');
  await notice(page, "saved").waitFor();
  await row(page, product.name).locator(".col-category").getByText("Hall").waitFor();
});

test("an edit in the row shows at once, and undo takes it back", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product);
  // The answer is held back: what shows before it is the optimistic value.
  let release: (() => void) | undefined;
  await page.route(`**/api/products/${product.id}`, async (route) => {
    if (route.request().method() === "PATCH" && release === undefined) await new Promise<void>((done) => (release = done));
    await route.continue();
  });
  await page.getByRole("button", { name: /^Price of/ }).click();
  await page.getByRole("textbox", { name: /^Price of/ }).fill("12.34");
  await page.keyboard.press("Enter");
  await row(page, product.name).getByText("$12.34").waitFor();
  expect((await readProduct(product.id)).price).toBe("10.00");
  await expect.poll(() => page.getByRole("button", { name: /^Price of/ }).evaluate((button) => button === document.activeElement)).toBe(true);
  release?.();
  await notice(page, "Price: $10.00 → $12.34").getByRole("button", { name: "Undo" }).click();
  await row(page, product.name).getByText("$10.00").waitFor();
  await notice(page, "undone").waitFor();
  expect(await readProduct(product.id)).toMatchObject({ price: "10.00", version: 3 });
});

test("two quick edits of one product do not conflict with each other", async () => {
  const product = await makeProduct({ price: "10.00", stock: 5 });
  const page = await visitProduct(product);
  await page.getByRole("button", { name: /^Price of/ }).click();
  await page.keyboard.type("11");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: /^Stock of/ }).click();
  await page.keyboard.type("6");
  await page.keyboard.press("Enter");
  await expect.poll(() => readProduct(product.id)).toMatchObject({ price: "11.00", stock: 6, version: 3 });
  await row(page, product.name).getByText("$11.00").waitFor();
});

test("a wrong value is explained in the row, and Escape leaves everything as it was", async () => {
  const product = await makeProduct({ stock: 5 });
  const page = await visitProduct(product);
  await page.getByRole("button", { name: /^Stock of/ }).click();
  await page.keyboard.type("1.5");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "Must be a whole number." }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("button", { name: /^Stock of/ }).textContent()).toBe("5");
  expect((await readProduct(product.id)).version).toBe(1);
});

test("a refused edit goes back and says why", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product, { expects: [500] });
  await page.route(`**/api/products/${product.id}`, (route) => route.fulfill({ status: 500, json: { success: false, error: "disk on fire", code: "internal", request_id: "r-42" } }));
  await page.getByRole("button", { name: /^Price of/ }).click();
  await page.keyboard.type("99");
  await page.keyboard.press("Enter");
  await notice(page, "was not changed").waitFor();
  await row(page, product.name).getByText("$10.00").waitFor();
});

test("a deletion waits for undo, then is done", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product, { expects: [404] });
  const remove = async () => {
    await page.getByRole("button", { name: `Actions for ${product.name}` }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await row(page, product.name).waitFor({ state: "detached" });
  };
  await remove();
  expect((await readProduct(product.id)).id).toBe(product.id);
  await notice(page, "deleted").getByRole("button", { name: "Undo" }).click();
  await row(page, product.name).waitFor();
  await remove();
  await expect.poll(() => readProduct(product.id).catch((error: Error) => error.message), { timeout: 15_000 }).toContain("404");
});

test("a deletion is done at once when the page is left", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product);
  await page.getByRole("button", { name: `Actions for ${product.name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await row(page, product.name).waitFor({ state: "detached" });
  await page.goto("about:blank");
  await expect.poll(() => readProduct(product.id).catch((error: Error) => error.message), { timeout: 4_000 }).toContain("404");
});

test("the history says who changed what, newest first", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product);
  await page.getByRole("button", { name: /^Price of/ }).click();
  await page.keyboard.type("15");
  await page.keyboard.press("Enter");
  await notice(page, "saved").waitFor();
  await page.getByRole("button", { name: `Actions for ${product.name}` }).click();
  await page.getByRole("menuitem", { name: "History" }).click();
  const entries = drawer(page).locator(".history > li");
  await expect.poll(() => entries.count()).toBe(2);
  await expect.poll(() => entries.first().textContent()).toMatch(/Edited.*version 2.*Price\$10\.00→\$15\.00/);
  await expect.poll(() => entries.last().textContent()).toMatch(/Created.*version 1/);
  expect(new URL(page.url()).pathname).toBe(`/products/${product.id}/history`);
});

test("typed text is not lost: neither by Escape nor by the back button", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product);
  await page.getByRole("link", { name: product.name }).click();
  await drawer(page).getByLabel("Name").fill("Half typed");
  await page.keyboard.press("Escape");
  await drawer(page).getByText("Discard what you have typed?").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => drawer(page).getByLabel("Name").inputValue()).toBe("Half typed");
  await page.goBack();
  await drawer(page).waitFor({ state: "detached" });
  await notice(page, "You left with unsaved changes").getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => drawer(page).getByLabel("Name").inputValue()).toBe("Half typed");
  await page.keyboard.press("Escape");
  await drawer(page).getByRole("button", { name: "Discard" }).click();
  await drawer(page).waitFor({ state: "detached" });
  expect((await readProduct(product.id)).name).toBe(product.name);
});

test("a product whose answer was lost is not created twice", async () => {
  const page = await visit({ path: "/products/new", expects: [0] });
  const form = drawer(page);
  const name = `Lost ${Date.now()}`;
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Price").fill("1");
  // The server does it, and the connection breaks before it can say so.
  let broken = false;
  await page.route("**/api/products", async (route) => {
    if (route.request().method() !== "POST" || broken) return route.continue();
    broken = true;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await form.getByRole("button", { name: "Create product" }).click();
  await form.locator(".banner.problem").waitFor();
  await form.getByRole("button", { name: "Create product" }).click();
  await notice(page, `${name} created`).waitFor();
  const total = await page.evaluate(async (q) => ((await (await fetch(`/api/products?q=${encodeURIComponent(q)}`)).json()) as { page: { total: number } }).page.total, name);
  expect(total).toBe(1);
});

test("an earlier version is not lost: the history restores it", async () => {
  const product = await makeProduct({ price: "10.00", category: "Hall" });
  await changeProduct(product.id, { price: "11.00", name: "Renamed" });
  await changeProduct(product.id, { price: "12.00", category: "Garden" });
  const page = await visit({ path: `/products/${product.id}/history` });
  await drawer(page).getByRole("button", { name: "Restore version 1" }).click();
  await notice(page, "saved").waitFor();
  expect(await readProduct(product.id)).toMatchObject({ name: product.name, price: "10.00", category: "Hall", version: 4 });
  await drawer(page).getByRole("button", { name: "Restore version 3" }).waitFor();
});

test("of a long description only what changed is shown, in the order of the form", async () => {
  const text = `${"Solid oak, oiled twice and left to dry for a day. ".repeat(8)}Made in Bergamo.`;
  const product = await makeProduct({ description: text, category: "Hall" });
  await changeProduct(product.id, { description: text.replace("Bergamo", "Trento"), category: "Garden", name: "Renamed" });
  const page = await visit({ path: `/products/${product.id}/history` });
  const changes = drawer(page).locator(".history-changes").first().locator("li");
  await expect.poll(() => changes.locator(".change-field").allTextContents()).toEqual(["Name", "Category", "Description"]);
  const description = changes.nth(2);
  expect(await description.locator("del").textContent()).toBe("Bergamo");
  expect(await description.locator("ins").textContent()).toBe("Trento");
  expect((await description.textContent())?.length).toBeLessThan(120);
});

test("the wheel over a number does not change it", async () => {
  const product = await makeProduct({ price: "12.50", stock: 7 });
  const page = await visitProduct(product);
  const turn = async () => {
    await page.mouse.wheel(0, 240);
    await page.mouse.wheel(0, -240);
  };
  for (const [field, label, value] of [
    ["price", "Price of", "12.50"],
    ["stock", "Stock of", "7"],
  ] as const) {
    await row(page, product.name).getByRole("button", { name: label }).click();
    const input = row(page, product.name).locator(`.col-${field} input`);
    await input.hover();
    await turn();
    expect(await input.inputValue()).toBe(value);
    await input.press("Escape");
  }
  await page.getByRole("link", { name: product.name }).click();
  for (const [label, value] of [
    ["Price", "12.50"],
    ["Stock", "7"],
  ] as const) {
    const input = drawer(page).getByLabel(label);
    await input.click();
    await input.hover();
    await turn();
    expect(await input.inputValue()).toBe(value);
  }
  expect(await drawer(page).getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  expect(await readProduct(product.id)).toMatchObject({ price: "12.50", stock: 7, version: 1 });
});

test("a double click does not create a product twice", async () => {
  const page = await visit({ path: "/products/new" });
  const name = `Twice ${Date.now()}`;
  await drawer(page).getByLabel("Name").fill(name);
  await drawer(page).getByLabel("Price").fill("1");
  await drawer(page).getByRole("button", { name: "Create product" }).dblclick();
  await notice(page, `${name} created`).waitFor();
  await drawer(page).waitFor({ state: "detached" });
  const total = await page.evaluate(async (q) => ((await (await fetch(`/api/products?q=${encodeURIComponent(q)}`)).json()) as { page: { total: number } }).page.total, name);
  expect(total).toBe(1);
});
