/** What people do with the dashboard: every choice is in the address, works by key, and its numbers are the API's. */
import { expect, inject, test } from "vitest";
import { expectAccessible, screenshot, settled, visit } from "./browser";

test("the cards show what the API says", async () => {
  const page = await settled(await visit("/overview?period=last_month&zone=UTC"));
  const answer = await (await fetch(`${inject("open")}/api/sites/shop/overview?period=last_month&zone=UTC&compare=previous`)).json();
  const visitors = Number(answer.data.cards.find((card: { metric: string }) => card.metric === "visitors").value);
  expect(visitors).toBeGreaterThan(100);
  await page.getByRole("button", { name: /^Visitors/ }).getByText(visitors.toLocaleString("en-US")).waitFor();
});

test("a row filters, the filter is in the address and survives a reload and another page", async () => {
  const page = await settled(await visit("/overview"));
  await page.getByRole("button", { name: "Germany" }).click();
  await page.getByText("Country is Germany").waitFor();
  expect(new URL(page.url()).searchParams.getAll("f")).toEqual(["country:is:DE"]);
  await page.reload();
  await page.getByText("Country is Germany").waitFor();
  await page.getByRole("link", { name: "Products", exact: true }).click();
  await page.getByRole("heading", { name: "Products", level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.getAll("f")).toEqual(["country:is:DE"]);
  await page.getByRole("button", { name: /^Remove the filter/ }).click();
  expect(new URL(page.url()).search).toBe("");
});

test("a filter is added by key alone", async () => {
  const page = await settled(await visit("/overview"));
  await page.keyboard.press("f");
  await page.keyboard.type("Dev");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("mobile");
  await page.keyboard.press("Enter");
  await page.getByText("Device is mobile").waitFor();
  await expectAccessible(page);
});

test("keys lead to the pages, and the help names them", async () => {
  const page = await settled(await visit("/overview?period=today"));
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.getByRole("heading", { name: "Funnel", level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.get("period")).toBe("today");
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Add a filter").waitFor();
});

test("the chart is read step by step with the arrow keys, and has a table", async () => {
  const page = await settled(await visit("/overview?period=last_month"));
  const chart = page.getByRole("slider");
  await chart.focus();
  await page.keyboard.press("Home");
  const first = await chart.getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowRight");
  expect(await chart.getAttribute("aria-valuetext")).not.toBe(first);
  await screenshot(page, "chart-tip");
  await page.getByRole("button", { name: "Show as a table" }).click();
  const rows = page.getByRole("group", { name: "Table of the chart" }).getByRole("row");
  expect(await rows.count()).toBeGreaterThan(28);
  await expectAccessible(page);
});

test("a metric is chosen in the address", async () => {
  const page = await settled(await visit("/overview"));
  await page.getByRole("button", { name: /^Revenue/ }).click();
  await page.getByRole("heading", { name: "Revenue" }).waitFor();
  expect(new URL(page.url()).searchParams.get("metric")).toBe("revenue");
});

test("the funnel's steps are edited and kept in the address", async () => {
  const page = await settled(await visit("/funnel"));
  await page.getByRole("button", { name: "Remove step 3" }).click();
  await page.getByRole("combobox", { name: "Step 1" }).selectOption("page_view");
  const value = page.getByRole("textbox", { name: "Value of step 1" });
  await value.fill("/cart");
  await value.press("Enter");
  await page.getByRole("row", { name: /Page view: \/cart/ }).waitFor();
  expect(new URL(page.url()).searchParams.getAll("step")).toEqual(["page_view:/cart", "add_to_cart", "order_placed"]);
});

test("a journey leads from the list to the person's events", async () => {
  const page = await settled(await visit("/journeys"));
  await page.locator("tbody .row-button").first().click();
  await page.locator(".timeline li").first().waitFor();
  await screenshot(page, "journey");
  await expectAccessible(page);
});

test("a refused event shows in the quality of the data", async () => {
  const body = JSON.stringify({ v: 1, site: "shop", at: Date.now(), who: { s: "e2e" }, events: [{ id: "nonsense", t: Date.now(), type: "page_view" }] });
  const answer = await fetch(`${inject("collector")}/e`, { method: "POST", body });
  expect(answer.status).toBe(202);
  const page = await settled(await visit("/data"));
  await page.getByRole("row", { name: /id\.not_uuid/ }).waitFor();
});

test("live shows what arrives", async () => {
  const page = await settled(await visit("/live"));
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const now = Date.now();
  const uuid = `${now.toString(16).padStart(12, "0")}7${id.slice(13, 16)}8${id.slice(17)}`;
  const body = JSON.stringify({ v: 1, site: "shop", at: now, who: { s: `live-${id}` }, events: [{ id: uuid, t: now, type: "page_view", page: `/live-${id.slice(0, 6)}` }] });
  expect(await (await fetch(`${inject("collector")}/e`, { method: "POST", body })).json()).toMatchObject({ accepted: 1 });
  await page.getByText(`/live-${id.slice(0, 6)}`).waitFor();
});

test("a viewer sees no journeys, and without a token there is a sign-in", async () => {
  const as = (role: string) => (page: import("playwright-core").Page) => page.route("**/api/me", (route) => route.fulfill({ json: { success: true, data: { role, name: "Ada", open: false } } }));
  const page = await settled(await visit("/journeys", { before: as("viewer") }));
  await page.getByText("your role does not show them").waitFor();
  const stranger = await visit("/overview", { expects: [401], before: (page) => page.route("**/api/**", (route) => route.fulfill({ status: 401, json: { success: false, error: "no", code: "unauthorized" } })) });
  await stranger.getByRole("heading", { name: "Sign in" }).waitFor();
  await expectAccessible(stranger);
});

test("an answer that does not come says so in its place, and the rest stays", async () => {
  const page = await visit("/overview", { expects: [500], before: (page) => page.route("**/breakdown/country**", (route) => route.fulfill({ status: 500, json: { success: false, error: "no", code: "internal" } })) });
  await page.getByText("Something went wrong on our side").waitFor();
  await page.getByRole("button", { name: /^Visitors/ }).waitFor();
  await expectAccessible(page);
});
