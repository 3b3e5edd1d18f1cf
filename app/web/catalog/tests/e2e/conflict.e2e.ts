import { expect, test } from "vitest";
import { changeProduct, drawer, makeProduct, notice, readProduct, row, visitProduct } from "./browser";

test("in the form: shows what changed, and each field is decided", async () => {
  const product = await makeProduct({ name: `Lamp ${Date.now()}`, price: "10.00", stock: 5 });
  const page = await visitProduct(product, { expects: [412] });
  await page.getByRole("link", { name: product.name }).click();
  await drawer(page).getByLabel("Price").fill("11");
  await drawer(page).getByLabel("Stock").fill("7");
  await changeProduct(product.id, { price: "12.00", category: "Light" });
  await drawer(page).getByRole("button", { name: "Save" }).click();

  await drawer(page).getByText("Somebody else saved this product first").waitFor();
  // A relative time stands where it makes a sentence.
  await expect.poll(() => drawer(page).locator(".banner p").textContent()).toMatch(/^Its last change: (now|\d+ seconds? ago)\. Choose/);
  const price = drawer(page).getByRole("group", { name: "Price" });
  await expect.poll(() => price.textContent()).toMatch(/Was \$10\.00.*Theirs\$12\.00.*Mine\$11\.00/);
  await expect.poll(() => drawer(page).getByRole("group", { name: "Category" }).textContent()).toContain("Light");
  await expect.poll(() => drawer(page).getByRole("group", { name: "Stock" }).textContent()).toContain("7");
  await expect.poll(() => drawer(page).getByRole("button", { name: "1 choice left" }).isDisabled()).toBe(true);
  await price.getByRole("radio", { name: /Mine/ }).check();
  await drawer(page).getByRole("button", { name: "Save this result" }).click();
  await notice(page, "saved").waitFor();
  expect(await readProduct(product.id)).toMatchObject({ price: "11.00", stock: 7, category: "Light", version: 3 });
});

test("in the form: theirs can be taken, and back leads to what was typed", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product, { expects: [412] });
  await page.getByRole("link", { name: product.name }).click();
  await drawer(page).getByLabel("Price").fill("11");
  await changeProduct(product.id, { price: "12.00" });
  await drawer(page).getByRole("button", { name: "Save" }).click();
  await drawer(page).getByRole("button", { name: "Back to the form" }).click();
  await expect.poll(() => drawer(page).getByLabel("Price").inputValue()).toBe("11");
  await changeProduct(product.id, { price: "13.00" });
  await drawer(page).getByRole("button", { name: "Save" }).click();
  await drawer(page).getByRole("radio", { name: /Theirs/ }).check();
  await drawer(page).getByRole("button", { name: "Save this result" }).click();
  await drawer(page).waitFor({ state: "detached" });
  await row(page, product.name).getByText("$13.00").waitFor();
  expect(await readProduct(product.id)).toMatchObject({ price: "13.00", version: 3 });
});

test("in the row: the newest value comes back, and mine can still be kept", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product, { expects: [412] });
  await changeProduct(product.id, { price: "12.00" });
  await page.getByRole("button", { name: /^Price of/ }).click();
  await page.keyboard.type("11");
  await page.keyboard.press("Enter");
  await drawer(page).getByText("Somebody else saved this product first").waitFor();
  // Behind the dialog the list is hidden from the accessibility tree, so not found by role.
  await page.locator("tbody tr").getByText("$12.00").waitFor();
  await drawer(page).getByRole("radio", { name: /Mine/ }).check();
  await drawer(page).getByRole("button", { name: "Save this result" }).click();
  await row(page, product.name).getByText("$11.00").waitFor();
  await expect.poll(() => readProduct(product.id)).toMatchObject({ price: "11.00", version: 3 });
});

test("undo does not overwrite what somebody saved since", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product, { expects: [412] });
  await page.getByRole("button", { name: /^Price of/ }).click();
  await page.keyboard.type("11");
  await page.keyboard.press("Enter");
  const saved = notice(page, "saved");
  await saved.waitFor();
  await changeProduct(product.id, { price: "12.00" });
  await saved.getByRole("button", { name: "Undo" }).click();
  await drawer(page).getByText("Somebody else saved this product first").waitFor();
  await drawer(page).getByRole("button", { name: "Cancel" }).click();
  expect(await readProduct(product.id)).toMatchObject({ price: "12.00" });
});
