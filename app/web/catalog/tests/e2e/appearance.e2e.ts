import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { changeProduct, drawer, expectAccessible, makeProduct, notice, overflow, row, screenshot, visit, visitProduct, type Visit } from "./browser";

const NARROW = { width: 390, height: 844 };

/** One screen: how to get there. */
type Screen = { name: string; show: (options: Visit) => Promise<Page> };

const loaded = async (page: Page) => {
  await page.locator(".product-link").first().waitFor();
  return page;
};

const SCREENS: Screen[] = [
  { name: "list", show: async (options) => loaded(await visit(options)) },
  {
    name: "list-filtered",
    show: async (options) => {
      const page = await visit({ ...options, path: "/products?status=active&stock=low&min=20&sort=-price" });
      return loaded(page);
    },
  },
  {
    name: "list-selected",
    show: async (options) => {
      const page = await loaded(await visit(options));
      for (const box of [1, 2, 4]) await page.getByRole("checkbox").nth(box).check();
      await page.getByText("3 selected").waitFor();
      return page;
    },
  },
  {
    name: "list-compact",
    show: async (options) => {
      const page = await loaded(await visit(options));
      await page.getByRole("button", { name: "Preferences" }).click();
      await page.getByRole("menuitemradio", { name: "Compact" }).click();
      return page;
    },
  },
  {
    name: "list-empty",
    show: async (options) => {
      const page = await visit({ ...options, path: "/import" });
      await page.route("**/api/products?**", (route) => route.fulfill({ json: { success: true, data: [], page: { limit: 25, next: null, total: 0 } } }));
      await page.goto("/products");
      await page.getByRole("heading", { name: "Your catalogue is empty" }).waitFor();
      return page;
    },
  },
  {
    name: "list-no-match",
    show: async (options) => {
      const page = await visit({ ...options, path: "/products?q=nothing-like-this" });
      await page.getByRole("heading", { name: "No product matches" }).waitFor();
      return page;
    },
  },
  {
    name: "list-error",
    show: async (options) => {
      const page = await visit({ ...options, path: "/import", expects: [500] });
      await page.route("**/api/products?**", (route) => route.fulfill({ status: 500, json: { success: false, error: "the database is not reachable", code: "internal", request_id: "0f8c-42" } }));
      await page.goto("/products");
      await page.getByRole("heading", { name: "Something went wrong on our side" }).waitFor();
      return page;
    },
  },
  {
    name: "menu",
    show: async (options) => {
      const page = await loaded(await visit(options));
      await page.getByRole("button", { name: /^Actions for/ }).first().click();
      await page.getByRole("menu").waitFor();
      return page;
    },
  },
  {
    name: "price-filter",
    show: async (options) => {
      const page = await loaded(await visit(options));
      const filters = page.getByRole("button", { name: "Filters" });
      if (await filters.isVisible()) await filters.click();
      await page.getByRole("button", { name: "Any price" }).click();
      await page.getByLabel("From (").fill("x");
      await page.getByRole("button", { name: "Apply" }).click();
      return page;
    },
  },
  {
    name: "inline-edit",
    show: async (options) => {
      const product = await makeProduct({ name: "Birch stool", category: "Furniture" });
      const page = await visitProduct(product, options);
      await page.getByRole("button", { name: /^Price of/ }).click();
      await page.keyboard.type("12,345");
      await page.keyboard.press("Control+A");
      await page.keyboard.type("1.234");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      return page;
    },
  },
  {
    name: "undo",
    show: async (options) => {
      const product = await makeProduct({ name: "Birch bench", category: "Furniture" });
      const page = await visitProduct(product, options);
      await page.getByRole("button", { name: /^Stock of/ }).click();
      await page.keyboard.type("3");
      await page.keyboard.press("Enter");
      await notice(page, "saved").waitFor();
      return page;
    },
  },
  {
    name: "create",
    show: async (options) => {
      const page = await visit({ ...options, path: "/products/new" });
      await drawer(page).getByLabel("Name").waitFor();
      return page;
    },
  },
  {
    name: "create-errors",
    show: async (options) => {
      const taken = await makeProduct();
      const page = await visit({ ...options, path: "/products/new", expects: [409, 422] });
      await drawer(page).getByLabel("Name").fill("Walnut shelf");
      await drawer(page).getByLabel("Price").fill("49.90");
      await drawer(page).getByLabel("SKU").fill(taken.sku);
      await drawer(page).getByRole("button", { name: "Create product" }).click();
      await drawer(page).getByText("Another product has this already.").waitFor();
      return page;
    },
  },
  {
    name: "edit",
    show: async (options) => {
      const product = await makeProduct({ name: "Oiled oak table", description: "Solid oak, oiled by hand. Seats six.", category: "Furniture", price: "1249.00" });
      const page = await visit({ ...options, path: `/products/${product.id}` });
      await drawer(page).getByLabel("Name").waitFor();
      return page;
    },
  },
  {
    name: "edit-unsaved",
    show: async (options) => {
      const product = await makeProduct();
      const page = await visit({ ...options, path: `/products/${product.id}` });
      await drawer(page).getByLabel("Name").fill("Half typed");
      await page.keyboard.press("Escape");
      await drawer(page).getByText("Discard what you have typed?").waitFor();
      return page;
    },
  },
  {
    name: "history",
    show: async (options) => {
      const product = await makeProduct({ name: "Oiled oak chair", category: "Furniture", price: "129.00" });
      await changeProduct(product.id, { price: "119.00", stock: 40 });
      await changeProduct(product.id, { status: "draft", category: null });
      const page = await visit({ ...options, path: `/products/${product.id}/history` });
      await drawer(page).locator(".history > li").nth(2).waitFor();
      return page;
    },
  },
  {
    name: "conflict",
    show: async (options) => {
      const product = await makeProduct({ name: "Linen lamp", price: "80.00", stock: 5 });
      const page = await visit({ ...options, path: `/products/${product.id}`, expects: [412] });
      await drawer(page).getByLabel("Name").fill("Linen floor lamp");
      await drawer(page).getByLabel("Price").fill("75");
      await drawer(page).getByLabel("Stock").fill("9");
      await changeProduct(product.id, { price: "85.00", stock: 4, category: "Lighting" });
      await drawer(page).getByRole("button", { name: "Save" }).click();
      await drawer(page).getByText("Somebody else saved this product first").waitFor();
      await drawer(page).getByRole("radio", { name: /Mine/ }).first().check();
      return page;
    },
  },
  {
    name: "bulk-price",
    show: async (options) => {
      const page = await loaded(await visit(options));
      await page.getByRole("checkbox", { name: "Select all on this page" }).check();
      await page.getByRole("region", { name: "Selected products" }).getByRole("button", { name: "Price" }).click();
      await drawer(page).getByLabel("Change in per cent").fill("-15");
      return page;
    },
  },
  {
    name: "bulk-delete",
    show: async (options) => {
      const page = await loaded(await visit(options));
      await page.getByRole("checkbox").nth(1).check();
      await page.getByRole("region", { name: "Selected products" }).getByRole("button", { name: "Delete" }).click();
      await drawer(page).getByText("They can be brought back").waitFor();
      return page;
    },
  },
  {
    name: "import",
    show: async (options) => {
      const page = await visit({ ...options, path: "/import" });
      await page.getByRole("heading", { name: "Columns" }).waitFor();
      return page;
    },
  },
  {
    name: "import-preview",
    show: async (options) => {
      const product = await makeProduct({ name: "Glass carafe", price: "24.00" });
      const page = await visit({ ...options, path: "/import" });
      const csv = `sku,name,description,price,stock,category,status\n${product.sku},Glass carafe,,26.50,5,Kitchen,active\nCARAFE-XL-${product.id},Large carafe,Two litres,34.00,12,Kitchen,draft\n`;
      await page.setInputFiles("input[type=file]", { name: "spring-prices.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
      await page.getByRole("heading", { name: "What will happen" }).waitFor();
      return page;
    },
  },
  {
    name: "import-errors",
    show: async (options) => {
      const page = await visit({ ...options, path: "/import", expects: [422] });
      const csv = "sku,name,description,price,stock,category,status\nA-1,Plate,,abc,5,Kitchen,active\nA-2,Cup,,4.00,-1,Kitchen,sold\n";
      await page.setInputFiles("input[type=file]", { name: "spring-prices.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
      await page.getByRole("heading", { name: "To be corrected" }).waitFor();
      return page;
    },
  },
  {
    name: "shortcuts",
    show: async (options) => {
      const page = await loaded(await visit(options));
      await page.keyboard.press("?");
      await drawer(page).waitFor();
      return page;
    },
  },
  {
    name: "preferences",
    show: async (options) => {
      const page = await loaded(await visit(options));
      await page.getByRole("button", { name: "Preferences" }).click();
      await page.getByRole("menu").waitFor();
      return page;
    },
  },
  {
    name: "sign-in",
    show: async (options) => {
      const page = await visit({ ...options, site: "guarded", expects: [401] });
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      return page;
    },
  },
  {
    name: "not-found",
    show: async (options) => {
      const page = await visit({ ...options, path: "/nowhere" });
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      return page;
    },
  },
];

const APPEARANCES: { name: string; options: Visit }[] = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "narrow", options: { colorScheme: "light", viewport: NARROW, hasTouch: true } },
];

describe.each(APPEARANCES)("$name", ({ name: appearance, options }) => {
  test.each(SCREENS)("$name has no accessibility violation and fits the width", async ({ name, show }) => {
    const page = await show(options);
    // Let what fades in arrive: half-transparent text has half the contrast.
    await page.waitForTimeout(150);
    await screenshot(page, `${name}-${appearance}`);
    await expectAccessible(page);
    expect(await overflow(page), "pixels that stick out to the side").toBeLessThanOrEqual(0);
  });
});

test("the open mode does not look like any other label, and says what it means", async () => {
  const page = await loaded(await visit());
  const mode = page.getByText("Open mode", { exact: true });
  const [own, neutral] = await mode.evaluate((label) => {
    const other = document.createElement("span");
    other.className = "who";
    label.after(other);
    const colours = [label, other].map((item) => getComputedStyle(item).backgroundColor);
    other.remove();
    return colours;
  });
  expect(own).not.toBe(neutral);
  expect(await mode.getAttribute("title")).toMatch(/everybody who reaches this address is an administrator/);
});

test("the theme follows the system until one is chosen, without a flash", async () => {
  const page = await visit({ colorScheme: "dark", expects: [0] });
  await loaded(page);
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("light");
  await page.getByRole("button", { name: "Preferences" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.keyboard.press("Escape");
  // Set by the first script of the page, before anything is painted.
  await page.route("**/assets/**", (route) => route.abort());
  await page.reload({ waitUntil: "commit" });
  await expect.poll(() => page.locator("html").getAttribute("data-theme").catch(() => null)).toBe("dark");
  await page.unroute("**/assets/**");
  await page.goto("about:blank");
});

test("a long name neither breaks the row nor the drawer", async () => {
  const product = await makeProduct({ name: `${"Unbreakable".repeat(12)} and many more words after it` });
  for (const viewport of [NARROW, { width: 1280, height: 900 }]) {
    const page = await visitProduct(product, { viewport });
    await row(page, product.name).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await page.getByRole("link", { name: product.name }).click();
    await drawer(page).getByLabel("Name").waitFor();
    expect(await drawer(page).evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBeLessThanOrEqual(0);
  }
});

test.each(["light", "dark"] as const)("the page of the API's calls is not illegible, %s", async (colorScheme) => {
  const page = await visit({ path: "/api/docs", colorScheme });
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expectAccessible(page);
  await screenshot(page, `docs-${colorScheme}`);
});
