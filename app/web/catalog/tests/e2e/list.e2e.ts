import { expect, test } from "vitest";
import { makeProduct, row, visit, visitProduct } from "./browser";

const names = (page: Awaited<ReturnType<typeof visit>>) => page.locator(".product-link").allTextContents();
const query = (page: Awaited<ReturnType<typeof visit>>) => Object.fromEntries(new URL(page.url()).searchParams);

test("search, filters and sort are in the address, and the address brings them back", async () => {
  const product = await makeProduct({ name: "Zebra stool", category: "Zoo", status: "draft", price: "7.77", stock: 0 });
  const page = await visit();
  await page.getByRole("searchbox").fill(product.sku);
  await row(page, "Zebra stool").waitFor();
  await expect.poll(() => names(page)).toEqual(["Zebra stool"]);
  await page.getByRole("button", { name: "Draft" }).click();
  await page.getByRole("combobox", { name: "Category" }).selectOption("Zoo");
  await page.getByRole("combobox", { name: "Stock" }).selectOption("out");
  await page.getByRole("button", { name: "Any price" }).click();
  await page.getByLabel("From (").fill("7");
  await page.getByLabel("To (").fill("8,50");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => query(page)).toEqual({ q: product.sku, status: "draft", category: "Zoo", stock: "out", min: "7.00", max: "8.50" });
  await page.reload();
  await expect.poll(() => names(page)).toEqual(["Zebra stool"]);
  await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe(product.sku);
  await page.getByText("$7.00 to $8.50").waitFor();

  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("columnheader", { name: "Price" }).getByRole("button").click();
  await page.getByRole("columnheader", { name: "Price" }).getByRole("button").click();
  await expect.poll(() => query(page)).toEqual({ sort: "-price" });
  // The address changes first, and the page follows.
  await expect.poll(() => page.getByRole("columnheader", { name: "Price" }).getAttribute("aria-sort")).toBe("descending");
  await page.goBack();
  await expect.poll(() => query(page)).toEqual({ sort: "price" });
});

test("a crossed price range is explained, not sent", async () => {
  const page = await visit();
  await page.getByRole("button", { name: "Any price" }).click();
  await page.getByLabel("From (").fill("9");
  await page.getByLabel("To (").fill("8");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Must not be below the first amount.").waitFor();
  expect(query(page)).toEqual({});
});

test("pages go forward and back, survive a reload, and a link starts anywhere", async () => {
  const page = await visit();
  await page.locator(".product-link").first().waitFor();
  const first = await names(page);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("26–50 of").waitFor();
  const second = await names(page);
  expect(second.filter((name) => first.includes(name))).toEqual([]);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("51–75 of").waitFor();
  await page.reload();
  await page.getByText("51–75 of").waitFor();
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByText("26–50 of").waitFor();
  await expect.poll(() => names(page)).toEqual(second);

  const colleague = await visit({ path: new URL(page.url()).pathname + new URL(page.url()).search });
  await expect.poll(() => names(colleague)).toEqual(second);
  await colleague.getByRole("button", { name: "Previous" }).click();
  await expect.poll(() => names(colleague)).toEqual(first);
});

test("every page together shows every product once", async () => {
  const page = await visit({ path: "/products?limit=100&sort=-updated" });
  const seen: string[] = [];
  await page.locator(".product-link").first().waitFor();
  for (;;) {
    seen.push(...(await page.locator("[data-row]").evaluateAll((rows) => rows.map((item) => (item as HTMLElement).dataset.row ?? ""))));
    const next = page.getByRole("button", { name: "Next" });
    if (await next.isDisabled()) break;
    const range = await page.locator(".pager-range").textContent();
    await next.click();
    await expect.poll(() => page.locator(".pager-range").textContent()).not.toBe(range);
    await page.locator("table[aria-busy=false]").waitFor();
  }
  const total = Number((await page.locator(".pager-range").textContent())?.split("of ")[1]);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(total);
});

test("says so when nothing matches, and offers the way back", async () => {
  const page = await visit({ path: "/products?q=no-such-thing-anywhere" });
  await page.getByRole("heading", { name: "No product matches" }).waitFor();
  await page.locator(".placeholder").getByRole("button", { name: "Clear filters" }).click();
  await page.locator(".product-link").first().waitFor();
});

test("an unreachable API is said, and tried again on request", async () => {
  const page = await visit({ expects: [0] });
  await page.locator(".product-link").first().waitFor();
  await page.route("**/api/products?**", (route) => route.abort());
  await page.getByRole("button", { name: "Archived" }).click();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await page.unroute("**/api/products?**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".placeholder.problem").waitFor({ state: "detached" });
});

test("rows are announced as loading while they are on their way", async () => {
  const page = await visit({ path: "/import" });
  await page.route("**/api/products?**", async (route) => {
    await new Promise((done) => setTimeout(done, 600));
    await route.continue();
  });
  await page.getByRole("link", { name: "Products" }).click();
  await page.getByRole("status", { name: "Loading products" }).waitFor();
  await page.locator(".product-link").first().waitFor();
});

test("an unknown page and an unknown product say so", async () => {
  const page = await visit({ path: "/nowhere" });
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  const gone = await visit({ path: "/products/999999999", expects: [404] });
  await gone.getByText("This product is gone").waitFor();
});

test("columns can be hidden and stay hidden", async () => {
  const page = await visit();
  await page.getByRole("columnheader", { name: "Category" }).waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Category" }).click();
  await page.getByRole("columnheader", { name: "Category" }).waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("columnheader", { name: "Price" }).waitFor();
  expect(await page.getByRole("columnheader", { name: "Category" }).count()).toBe(0);
});

test.each([
  ["UTC", 0],
  ["Asia/Kolkata", 330],
  ["America/Los_Angeles", -420],
])("times are not those of another zone: %s", async (timezoneId, minutes) => {
  // Los Angeles has summer time in July, which is seven hours behind.
  const at = "2025-07-01T03:30:00Z";
  const page = await visit({ path: "/import", timezoneId });
  await page.route("**/api/products?**", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { data: { updated_at: string }[] };
    await route.fulfill({ response: answer, json: { ...body, data: body.data.map((product) => ({ ...product, updated_at: at })) } });
  });
  await page.goto("/products");
  const shown = await page.locator("td.col-updated time").first().getAttribute("title");
  const local = new Date(Date.parse(at) + minutes * 60_000);
  expect(shown).toContain(new Intl.DateTimeFormat("en-US", { timeZone: "UTC", day: "numeric" }).format(local));
  expect(shown).toContain(new Intl.DateTimeFormat("en-US", { timeZone: "UTC", hour: "numeric", minute: "2-digit" }).format(local));
  // The page fetches the next page ahead.
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("no two entries of a row's menu look the same", async () => {
  const product = await makeProduct({ status: "active" });
  const page = await visitProduct(product);
  await row(page, product.name).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Archive" }).waitFor();
  const icons = await page.getByRole("menuitem").evaluateAll((items) => items.map((item) => item.querySelector("svg")?.innerHTML ?? ""));
  expect(icons.length).toBeGreaterThan(3);
  expect(new Set(icons).size).toBe(icons.length);
});

test("the search box's words are not cut", async () => {
  for (const width of [320, 390, 768, 1024, 1440]) {
    const page = await visit({ viewport: { width, height: 844 } });
    const room = await page.getByRole("searchbox").evaluate((box: HTMLInputElement) => {
      const style = getComputedStyle(box);
      const pen = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
      pen.font = style.font;
      return box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - pen.measureText(box.placeholder).width;
    });
    expect(room, `at ${width} pixels`).toBeGreaterThanOrEqual(0);
    await page.context().close();
  }
});
