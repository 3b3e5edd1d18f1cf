import { describe, expect, test } from "vitest";
import { DEFAULTS, isFiltered, nextSort, parseParams, rangeIsEmpty, toQuery, toSearch, withFilter, type ListParams } from "../../src/products/listParams";
import { nextPage, positions, previousPage, stackOf } from "../../src/products/paging";

const parse = (address: string) => parseParams(new URLSearchParams(address));

describe("the list in the address", () => {
  test("defaults leave no trace", () => {
    expect(toSearch(DEFAULTS).toString()).toBe("");
    expect(parse("")).toEqual(DEFAULTS);
  });

  test.each<Partial<ListParams>>([
    { q: "oak & ash", category: "Küche", status: "draft", stock: "low" },
    { min: "1.00", max: "20.50", sort: "-price", limit: 100 },
    { cursor: "abc_-=", page: 7 },
  ])("comes back as it was: %o", (change) => {
    const params = { ...DEFAULTS, ...change };
    expect(parseParams(toSearch(params))).toEqual(params);
  });

  test.each(["status=gone", "sort=weight", "limit=7", "limit=1e9", "min=abc", "max=-1", "stock=maybe", "page=4", "page=-1"])("%s is ignored", (address) => {
    expect(parse(address)).toEqual(DEFAULTS);
  });

  test("another filter starts at the first page", () => {
    const deep = { ...DEFAULTS, cursor: "c3", page: 4 };
    expect(withFilter(deep, { status: "draft" })).toEqual({ ...DEFAULTS, status: "draft" });
  });

  test("the API is asked for what is set and nothing else", () => {
    expect(toQuery(DEFAULTS)).toEqual({ sort: "name", limit: 25 });
    expect(toQuery({ ...DEFAULTS, q: "  mug ", min: "5", cursor: "x" })).toEqual({ q: "mug", min_price: "5", sort: "name", limit: 25, cursor: "x" });
  });

  test("knows when a filter is set", () => {
    expect(isFiltered(DEFAULTS)).toBe(false);
    expect(isFiltered({ ...DEFAULTS, sort: "-name", limit: 50, cursor: "x" })).toBe(false);
    expect(isFiltered({ ...DEFAULTS, stock: "out" })).toBe(true);
  });

  test("a crossed price range matches nothing", () => {
    expect(rangeIsEmpty("10", "9.99")).toBe(true);
    expect(rangeIsEmpty("9", "10")).toBe(false);
    expect(rangeIsEmpty("", "1")).toBe(false);
  });

  test("a header sorts up, then down, then up", () => {
    expect(nextSort("name", "price")).toBe("price");
    expect(nextSort("price", "price")).toBe("-price");
    expect(nextSort("-price", "price")).toBe("price");
  });
});

describe("paging with cursors", () => {
  test("walks forward and back over the same pages", () => {
    const first = { params: DEFAULTS, cursors: [] as readonly string[] };
    const second = nextPage(first.params, first.cursors, "c1");
    const third = nextPage(second.params, second.cursors, "c2");
    expect(third).toEqual({ params: { ...DEFAULTS, cursor: "c2", page: 3 }, cursors: ["", "c1"] });
    const back = previousPage(third.params, third.cursors);
    expect(back).toEqual(second);
    expect(previousPage(second.params, second.cursors)).toEqual(first);
    expect(previousPage(first.params, first.cursors)).toBeUndefined();
  });

  test("from a link without a way here, back is the first page", () => {
    expect(previousPage({ ...DEFAULTS, cursor: "c9", page: 10 }, [])).toEqual({ params: DEFAULTS, cursors: [] });
  });

  test("says which rows these are", () => {
    expect(positions({ ...DEFAULTS, cursor: "c", page: 3 }, 12)).toEqual({ from: 51, to: 62 });
    expect(positions(DEFAULTS, 0)).toEqual({ from: 0, to: 0 });
  });

  test.each([null, undefined, 1, {}, { cursors: "x" }, { cursors: [1] }])("foreign history state %o is no stack", (state) => {
    expect(stackOf(state)).toEqual([]);
  });
});
