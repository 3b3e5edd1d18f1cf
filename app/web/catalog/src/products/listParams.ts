/**
 * What the product list shows, as it stands in the address: search, filters, sort, page size and place. Everything a
 * colleague needs to see the same rows is in the link.
 */
import type { ListQuery, Status } from "../api/types";
import { compare, type Decimal } from "kit/format/decimal.ts";

export const STATUSES = ["active", "draft", "archived"] as const satisfies readonly Status[];
export const STOCK_FILTERS = ["in", "low", "out"] as const;
export const SORTS = ["name", "-name", "price", "-price", "stock", "-stock", "updated", "-updated"] as const;
export const PAGE_SIZES = [25, 50, 100] as const;

export type StockFilter = (typeof STOCK_FILTERS)[number];
export type Sort = (typeof SORTS)[number];

export type ListParams = {
  q: string;
  category: string;
  status: Status | "";
  stock: StockFilter | "";
  min: Decimal;
  max: Decimal;
  sort: Sort;
  limit: number;
  /** Where the page starts, as the API gave it; empty on the first page. */
  cursor: string;
  /** Which page that is, from 1: keyset paging cannot know it otherwise. */
  page: number;
};

export const DEFAULTS: ListParams = {
  q: "",
  category: "",
  status: "",
  stock: "",
  min: "",
  max: "",
  sort: "name",
  limit: 25,
  cursor: "",
  page: 1,
};

const AMOUNT = /^\d{1,8}(\.\d{1,2})?$/;

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | undefined {
  return allowed.find((item) => item === value);
}

/** Reads an address; what it does not understand counts as absent, so that an old or mistyped link still shows a list. */
export function parseParams(search: URLSearchParams): ListParams {
  const limit = Number(search.get("limit"));
  const page = Number(search.get("page"));
  const cursor = search.get("cursor") ?? "";
  const amount = (name: string) => {
    const value = search.get(name) ?? "";
    return AMOUNT.test(value) ? value : "";
  };
  return {
    q: (search.get("q") ?? "").slice(0, 200),
    category: search.get("category") ?? "",
    status: oneOf(search.get("status"), STATUSES) ?? "",
    stock: oneOf(search.get("stock"), STOCK_FILTERS) ?? "",
    min: amount("min"),
    max: amount("max"),
    sort: oneOf(search.get("sort"), SORTS) ?? DEFAULTS.sort,
    limit: PAGE_SIZES.find((size) => size === limit) ?? DEFAULTS.limit,
    cursor,
    page: cursor !== "" && Number.isInteger(page) && page > 1 ? page : cursor === "" ? 1 : 2,
  };
}

/** The shortest address for these parameters: defaults are left out. */
export function toSearch(params: ListParams): URLSearchParams {
  const search = new URLSearchParams();
  for (const key of Object.keys(DEFAULTS) as (keyof ListParams)[]) {
    if (params[key] !== DEFAULTS[key]) search.set(key, String(params[key]));
  }
  return search;
}

/** Other rows than before: the place in the old order means nothing any more. */
export function withFilter(params: ListParams, change: Partial<Omit<ListParams, "cursor" | "page">>): ListParams {
  return { ...params, ...change, cursor: "", page: 1 };
}

export function isFiltered(params: ListParams): boolean {
  return (["q", "category", "status", "stock", "min", "max"] as const).some((key) => params[key] !== "");
}

/** The filters as the API's query, without the place; what an export takes, too. */
export function filterQuery(params: ListParams): ListQuery {
  const query: ListQuery = {};
  if (params.q.trim() !== "") query.q = params.q.trim();
  if (params.category !== "") query.category = params.category;
  if (params.status !== "") query.status = params.status;
  if (params.stock !== "") query.stock = params.stock;
  if (params.min !== "") query.min_price = params.min;
  if (params.max !== "") query.max_price = params.max;
  return query;
}

export function toQuery(params: ListParams): ListQuery {
  const query: ListQuery = { ...filterQuery(params), sort: params.sort, limit: params.limit };
  if (params.cursor !== "") query.cursor = params.cursor;
  return query;
}

/** Whether the price range can match anything. */
export function rangeIsEmpty(min: Decimal, max: Decimal): boolean {
  return min !== "" && max !== "" && compare(min, max) > 0;
}

/** The sort that a click on a column's header asks for next: ascending, then descending. */
export function nextSort(current: Sort, column: "name" | "price" | "stock" | "updated"): Sort {
  return current === column ? `-${column}` : column;
}
