/** Without an answer from the server, and with answers that change. */
import { expect, test } from "vitest";
import { changeProduct, drawer, expectAccessible, makeProduct, readProduct, row, screenshot, visit, visitProduct } from "./browser";

test("a search without a connection does not say that the rows from before match", async () => {
  const page = await visit({ expects: [0] });
  await page.locator(".product-link").first().waitFor();
  await page.context().setOffline(true);
  await page.getByRole("searchbox").fill("lamp");
  await page.getByText("Searching…").waitFor();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await page.getByText(/^No answer from the server\. What you see is from \d/).waitFor();
  expect(await page.getByText(/products? match/).count()).toBe(0);
  expect(await page.getByText(/ of \d/).count()).toBe(0);
  await expectAccessible(page);
  await screenshot(page, "offline-search");

  await page.context().setOffline(false);
  await page.locator(".product-link").first().waitFor();
  await page.getByText(/^No answer from the server/).waitFor({ state: "detached" });
  await page.getByText(/products? match/).waitFor();
});

test("rows on screen stay when the connection goes, and do not pretend to be of now", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product, { expects: [0] });
  await page.context().setOffline(true);
  await page.getByText(/^No answer from the server/).waitFor();
  // Longer than it takes to ask for other people's changes: the rows are not replaced by a failure.
  await page.waitForTimeout(12_000);
  await row(page, product.name).waitFor();
});

test("a product or a menu that is opened without a connection does not empty the page", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product, { expects: [0] });
  await page.context().setOffline(true);
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByText("This part could not be loaded").waitFor();
  await row(page, product.name).waitFor();
  await page.context().setOffline(false);
  // What was asked for comes by itself as soon as there is a connection.
  await page.getByRole("menuitem", { name: "History" }).waitFor();
  await page.getByText("This part could not be loaded").waitFor({ state: "detached" });
});

test("text that is saved without a connection is not lost", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product, { expects: [0] });
  await row(page, product.name).getByRole("link").click();
  await drawer(page).getByLabel("Description").fill("Typed on a train");
  await page.context().setOffline(true);
  await page.keyboard.press("Control+Enter");
  await drawer(page).getByText("The server cannot be reached").waitFor();
  expect(await drawer(page).getByLabel("Description").inputValue()).toBe("Typed on a train");
  await page.context().setOffline(false);
  await page.keyboard.press("Control+Enter");
  await drawer(page).waitFor({ state: "detached" });
  expect(await readProduct(product.id)).toMatchObject({ description: "Typed on a train" });
});

test("another person's change does not wait for a reload, and does not swap what is being typed", async () => {
  const product = await makeProduct({ price: "10.00" });
  const page = await visitProduct(product, { expects: [412] });
  await changeProduct(product.id, { price: "11.00" });
  await row(page, product.name).getByText("$11.00").waitFor();

  await row(page, product.name).getByRole("link").click();
  await drawer(page).getByLabel("Price").fill("12.00");
  await changeProduct(product.id, { price: "13.00" });
  await page.waitForTimeout(12_000);
  expect(await drawer(page).getByLabel("Price").inputValue()).toBe("12.00");
  await page.keyboard.press("Control+Enter");
  await drawer(page).getByText("Somebody else saved this product first").waitFor();
});

test("a failure without a number does not ask to report one", async () => {
  const page = await visit({ path: "/import", expects: [500, 502] });
  await page.route("**/api/products?**", (route) => route.fulfill({ status: 502, body: "" }));
  await page.goto("/products");
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await page.unroute("**/api/products?**");
  await page.route("**/api/products?**", (route) => route.fulfill({ status: 500, body: "" }));
  await page.goto("/products?q=x");
  await page.getByRole("heading", { name: "Something went wrong on our side" }).waitFor();
  expect(await page.getByText("number below").count()).toBe(0);
});
