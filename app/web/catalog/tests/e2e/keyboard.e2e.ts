import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { drawer, makeProduct, notice, readProduct, row, visit, visitProduct } from "./browser";

/** The name of the control that has the focus; none while it is on the page, a menu or a dialog, whose text is that of all they hold. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element.matches("body, main, [role=menu], [role=dialog]")) return "";
    return (element.getAttribute("aria-label") ?? element.textContent).trim();
  });
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

test("a product is found, edited, selected and deleted without a mouse", async () => {
  const product = await makeProduct({ name: `Keyboard stool ${Date.now()}`, price: "10.00", stock: 5 });
  const page = await visit();
  await page.locator(".product-link").first().waitFor();
  await press(page, "/");
  await page.keyboard.type(product.sku);
  await row(page, product.name).waitFor();
  await expect.poll(() => page.locator(".product-link").count()).toBe(1);
  // Escape empties the box, the second one leaves it.
  await press(page, "Escape");
  await expect.poll(() => page.locator(".product-link").count()).toBeGreaterThan(1);
  await press(page, "Escape");
  await expect.poll(() => focused(page)).not.toContain("Search");
  await press(page, "/");
  await page.keyboard.type(product.sku);
  await expect.poll(() => page.locator(".product-link").count()).toBe(1);

  // Out of the search box and into the list.
  await page.getByRole("searchbox").evaluate((box) => (box as HTMLElement).blur());
  await press(page, "j");
  await expect.poll(() => focused(page)).toBe(product.name);
  await press(page, "p");
  await page.keyboard.type("12.5");
  await press(page, "Enter");
  await notice(page, "$12.50").waitFor();
  await expect.poll(() => focused(page)).toContain("Price of");
  await press(page, "s", "ArrowUp", "ArrowUp", "Enter");
  await expect.poll(() => readProduct(product.id)).toMatchObject({ price: "12.50", stock: 7 });
  // The page hears of it later than the database does, and takes back what it heard of last.
  await notice(page, "Stock: 5 → 7").waitFor();

  await press(page, "u");
  await expect.poll(() => readProduct(product.id)).toMatchObject({ price: "12.50", stock: 5 });

  await press(page, "x");
  await page.getByText("1 selected").waitFor();
  await press(page, "x");
  await page.getByText("1 selected").waitFor({ state: "detached" });

  await press(page, "j", "Enter");
  await drawer(page).getByLabel("Name").waitFor();
  await drawer(page).getByLabel("Description").focus();
  await page.keyboard.type("Typed only.");
  await press(page, "Control+Enter");
  await drawer(page).waitFor({ state: "detached" });
  // The focus comes back to where the drawer was opened from.
  await expect.poll(() => focused(page)).toBe(product.name);
  expect((await readProduct(product.id)).description).toBe("Typed only.");

  await press(page, "Delete");
  await row(page, product.name).waitFor({ state: "detached" });
  await press(page, "u");
  await row(page, product.name).waitFor();
});

test("a product is created without a mouse", async () => {
  const page = await visit();
  await page.locator(".product-link").first().waitFor();
  await press(page, "n");
  await drawer(page).getByLabel("Name").waitFor();
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe("name");
  const name = `Typed ${Date.now()}`;
  await page.keyboard.type(name);
  await press(page, "Tab");
  await page.keyboard.type("3.20");
  await press(page, "Control+Enter");
  await notice(page, `${name} created`).waitFor();
});

test("rows and pages are walked by key", async () => {
  const page = await visit();
  await page.locator(".product-link").first().waitFor();
  const names = await page.locator(".product-link").allTextContents();
  await press(page, "j", "j", "ArrowDown", "k");
  await expect.poll(() => focused(page)).toBe(names[1]);
  await press(page, "]");
  await page.getByText("26–50 of").waitFor();
  await press(page, "[");
  await page.getByText("1–25 of").waitFor();
  await press(page, "a");
  await page.getByText("25 selected").waitFor();
  await press(page, "g", "i");
  await page.getByRole("heading", { name: "Import" }).waitFor();
  await press(page, "g", "p");
  await page.getByRole("heading", { name: "Products" }).waitFor();
});

test("the first Tab offers to skip to the content, and the focus is always visible", async () => {
  const page = await visit();
  await page.locator(".product-link").first().waitFor();
  await press(page, "Tab");
  await expect.poll(() => focused(page)).toBe("Skip to content");
  const hidden: string[] = [];
  for (let step = 0; step < 30; step += 1) {
    await press(page, "Tab");
    const invisible = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const seen = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0;
      return seen ? null : element.outerHTML.slice(0, 120);
    });
    if (invisible) hidden.push(invisible);
  }
  expect(hidden).toEqual([]);
});

test("a dialog keeps the focus inside and gives it back", async () => {
  const page = await visit();
  await page.locator(".product-link").first().waitFor();
  const opener = page.getByRole("button", { name: "Keyboard shortcuts" });
  await opener.focus();
  await press(page, "Enter");
  await drawer(page).waitFor();
  for (let step = 0; step < 6; step += 1) {
    await press(page, "Tab");
    expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
  }
  // The list behind does not react to its keys.
  await press(page, "n");
  expect(await page.getByRole("dialog").count()).toBe(1);
  await press(page, "Escape");
  await drawer(page).waitFor({ state: "detached" });
  await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);
});

test("single keys can be turned off", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product);
  await press(page, "?");
  await drawer(page).getByLabel("Single-key shortcuts").uncheck();
  await press(page, "Escape");
  await press(page, "n");
  await page.waitForTimeout(300);
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("menus are opened and used by key", async () => {
  const product = await makeProduct({ status: "draft" });
  const page = await visitProduct(product);
  await page.getByRole("button", { name: `Actions for ${product.name}` }).focus();
  await press(page, "ArrowDown");
  await expect.poll(() => focused(page)).toBe("Edit");
  await press(page, "m");
  await expect.poll(() => focused(page)).toBe("Make active");
  await press(page, "Enter");
  await expect.poll(() => readProduct(product.id)).toMatchObject({ status: "active" });
  await expect.poll(() => focused(page)).toBe(`Actions for ${product.name}`);

  // The same by Enter, once the menu is there, and away from it without a choice.
  await press(page, "Enter");
  await expect.poll(() => focused(page)).toBe("Edit");
  await press(page, "Escape");
  await expect.poll(() => focused(page)).toBe(`Actions for ${product.name}`);
});

test("Escape is not taken from a menu or a drawer by a notice that comes meanwhile", async () => {
  const product = await makeProduct({ stock: 5 });
  const page = await visitProduct(product);
  /** Saves another stock, whose notice comes only when it is let. */
  const saveLater = async (stock: string) => {
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    await page.route("**/api/products/*", async (route) => {
      if (route.request().method() === "PATCH") await held;
      await route.continue();
    });
    await page.getByRole("button", { name: /^Stock of/ }).click();
    await page.keyboard.type(stock);
    await page.keyboard.press("Enter");
    return release;
  };
  const saved = notice(page, `${product.name} saved`);

  const first = await saveLater("6");
  await page.getByRole("button", { name: `Actions for ${product.name}` }).focus();
  await press(page, "ArrowDown");
  await expect.poll(() => focused(page)).toBe("Edit");
  first();
  await saved.waitFor();
  await press(page, "Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe(`Actions for ${product.name}`);
  await saved.waitFor();
  await page.unrouteAll({ behavior: "wait" });

  await saved.getByRole("button", { name: "Dismiss" }).click();
  const second = await saveLater("7");
  await page.getByRole("link", { name: product.name }).click();
  await page.getByRole("dialog").getByLabel("Name").waitFor();
  second();
  await saved.waitFor();
  await press(page, "Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await saved.waitFor();
});
