import { expect, test } from "vitest";
import { labelled, ticks } from "../../src/charts/scale";
import { complete, readSteps, writeSteps, USUAL } from "../../src/pages/funnel";
import { question, readFilter, readView, shared, toggled, writeFilter, writeView } from "../../src/view/view";

test("a view is read from the address as it was written", () => {
  const search = new URLSearchParams("period=today&compare=year&f=device:is:mobile,tablet&f=page:not:/a\\,b&bots=true&site=shop&metric=orders");
  const view = readView(search);
  expect(view.filters).toEqual([
    { subject: "device", test: "is", values: ["mobile", "tablet"] },
    { subject: "page", test: "not", values: ["/a,b"] },
  ]);
  expect(readView(writeView(view, search))).toEqual(view);
  expect(writeView(view, search).get("metric")).toBe("orders");
  expect(new URLSearchParams(shared(search)).has("metric")).toBe(false);
});

test("what makes no sense in an address is the default", () => {
  const view = readView(new URLSearchParams("period=ever&from=2026-02-02&to=2026-02-01&compare=x&f=shoe:is:red&f=device"));
  expect(view).toMatchObject({ period: "last_30_days", from: null, to: null, compare: "previous", filters: [] });
  expect(writeView(view, new URLSearchParams()).toString()).toBe("");
});

test("commas and backslashes in a value survive", () => {
  for (const value of ["a,b", "a\\b", "a\\,b", "", ":"]) {
    expect(readFilter(writeFilter({ subject: "page", test: "is", values: [value] }))?.values).toEqual([value]);
  }
});

test("a row asks for its value, for one more, and no more", () => {
  const one = toggled([], "device", "mobile");
  const two = toggled(one, "device", "tablet");
  expect(two).toEqual([{ subject: "device", test: "is", values: ["mobile", "tablet"] }]);
  expect(toggled(toggled(two, "device", "mobile"), "device", "tablet")).toEqual([]);
});

test("the question has the zone and no comparison that is not asked for", () => {
  const query = question(readView(new URLSearchParams("compare=none&from=2026-01-01&to=2026-01-31")), "Asia/Kolkata");
  expect(query.toString()).toBe("zone=Asia%2FKolkata&from=2026-01-01&to=2026-01-31");
});

test("ticks are round, begin at zero and hold the largest value", () => {
  for (const most of [1, 3, 7, 9.5, 10, 99, 101, 123_456]) {
    const all = ticks(most);
    expect(all[0]).toBe(0);
    expect(all.at(-1)).toBeGreaterThanOrEqual(most);
    expect(all.length).toBeLessThanOrEqual(6);
  }
  expect(ticks(0)).toEqual([0, 1]);
  expect(ticks(0.08, 4, false)).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
  expect(labelled(30, 840, 84)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
});

test("the steps of a funnel are in the address unless they are the usual ones", () => {
  const search = writeSteps([{ kind: "page_view", value: "/cart" }, { kind: "custom", value: "" }], new URLSearchParams("period=today"));
  expect(search.toString()).toBe("period=today&step=page_view%3A%2Fcart&step=custom");
  expect(complete(readSteps(search))).toEqual([{ kind: "page_view", value: "/cart" }]);
  expect(writeSteps(USUAL, search).toString()).toBe("period=today");
  expect(readSteps(new URLSearchParams("step=nonsense"))).toEqual(USUAL);
});
