/** From the storefront to the order, and from the order to the dashboard. */
import { expect, inject, test } from "vitest";
import { changeProduct, makeProduct, readProduct, toCheckout, visit } from "./browser";

type Counts = { product: string; views: number; cart_quantity: number; orders: number; quantity: number };

test("an order takes its pieces out of the stock, and is counted once by the dashboard", async () => {
  const product = await makeProduct();
  const page = await visit();
  await page.getByRole("searchbox").fill(product.name);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: product.name }).click();
  await page.getByRole("heading", { name: product.name, level: 1 }).waitFor();
  await toCheckout(page, product, 2);
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
  const number = /Order ([0-9A-Z]{10})/.exec((await page.locator("main").textContent()) ?? "")?.[1];
  expect(page.url()).toContain(`/order/${number}`);
  await page.getByText("$25.00").first().waitFor();
  expect((await readProduct(product.id)).stock).toBe(3);
  await page.getByRole("link", { name: "Cart, pieces: 0" }).waitFor();

  // Browser and server both tell of it, in whatever order, and only the browser of the cart.
  const counted = async () => {
    const answer = await fetch(`${inject("dashboard")}/api/sites/shop/products?period=today&zone=UTC&limit=500`);
    const { data } = (await answer.json()) as { data: Counts[] };
    const row = data.find((counts) => counts.product === String(product.id));
    return row && { seen: row.views > 0, inCart: row.cart_quantity, orders: row.orders, pieces: row.quantity };
  };
  const once = { seen: true, inCart: 2, orders: 1, pieces: 2 };
  await expect.poll(counted, { timeout: 60_000 }).toEqual(once);
  // The second report is there by now, too, and changes nothing.
  await new Promise((done) => setTimeout(done, 4_000));
  expect(await counted()).toEqual(once);
  const dashboard = await page.context().newPage();
  await dashboard.goto(`${inject("dashboard")}/products?period=today&zone=UTC`);
  await dashboard.getByRole("row").filter({ hasText: String(product.id) }).first().waitFor();
});

test("an order whose answer was lost is not placed twice", async () => {
  const product = await makeProduct();
  const page = await visit({ expects: [0] });
  await toCheckout(page, product, 2);
  await page.route("**/api/orders", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByRole("alert").getByText("The server cannot be reached").waitFor();
  expect((await readProduct(product.id)).stock).toBe(3);
  await page.unroute("**/api/orders");
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
  expect((await readProduct(product.id)).stock).toBe(3);
});

test("what was sold meanwhile is not ordered, and the cart shows what is left", async () => {
  const product = await makeProduct();
  const page = await visit({ expects: [409] });
  await toCheckout(page, product, 4);
  await changeProduct(product.id, { stock: 1, price: "13.00" });
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByText(`${product.name}: 1 left`).waitFor();
  await page.getByText("$13.00").first().waitFor();
  // What was typed is still there.
  expect(await page.getByLabel("Your name").inputValue()).toBe("Ada Lovelace");
  expect((await readProduct(product.id)).stock).toBe(1);
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
  expect((await readProduct(product.id)).stock).toBe(0);
});

test("a product that is not sold any more is not in the list and not ordered", async () => {
  const product = await makeProduct();
  const page = await visit({ expects: [404, 409] });
  await toCheckout(page, product, 1);
  await changeProduct(product.id, { status: "archived" });
  await page.getByRole("button", { name: "Place the order" }).click();
  await page.getByText(`${product.name}: not sold any more`).waitFor();
  await page.goto(`/product/${product.id}`);
  await page.getByRole("heading", { name: "This product is not sold" }).waitFor();
});

test("the cart is the same in all tabs and after a reload, and nothing is sent that is missing", async () => {
  const product = await makeProduct();
  const first = await visit();
  const second = await first.context().newPage();
  await second.goto("/cart");
  await second.getByRole("heading", { name: "Your cart is empty" }).waitFor();
  await first.goto(`/product/${product.id}`);
  await first.getByRole("button", { name: "Add to cart" }).click();
  await second.getByRole("link", { name: product.name }).waitFor();
  await second.reload();
  await second.getByRole("link", { name: "Go to checkout" }).click();
  await second.getByRole("button", { name: "Place the order" }).click();
  expect(await second.getByText("Please fill this in.").count()).toBe(3);
  expect(await second.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("name");
  await second.getByLabel("E-mail address").fill("nobody");
  await second.getByText("This is not an e-mail address.").waitFor();
});

test("without consent the browser keeps no visitor", async () => {
  const page = await visit();
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("analytics")));
  expect(await kept()).toEqual([]);
  await page.getByRole("button", { name: "No", exact: true }).click();
  await page.reload();
  await page.locator("h1").waitFor();
  expect(await page.getByRole("complementary", { name: "Privacy" }).count()).toBe(0);
  expect(await kept()).toEqual([]);
});
