/** Readings of the catalogue, and the one place that writes their results into the cache. */
import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { categories, getProduct, listProducts } from "../api/client";
import type { Page, Product } from "../api/types";
import { toQuery, type ListParams } from "./listParams";

export const PRODUCTS = ["products"] as const;
const LISTS = ["products", "list"] as const;
const CATEGORIES = ["categories"] as const;
export const oneKey = (id: number) => ["products", "one", id] as const;
export const historyKey = (id: number) => ["products", "history", id] as const;

/** How soon another person's change shows; the browser asks with the tag of what it has, and is mostly told that it is current. */
const OTHERS_MS = 10_000;

const listOptions = (params: ListParams) => ({
  queryKey: [...LISTS, toQuery(params)],
  queryFn: ({ signal }: { signal: AbortSignal }) => listProducts(toQuery(params), signal),
});

/** The page that the address names; the one before stays visible while it is on its way, the one after is fetched ahead. */
export function useProductList(params: ListParams) {
  const queries = useQueryClient();
  const list = useQuery({ ...listOptions(params), placeholderData: keepPreviousData, refetchInterval: OTHERS_MS });
  const next = list.isPlaceholderData ? null : list.data?.next;
  useEffect(() => {
    if (next) void queries.prefetchQuery(listOptions({ ...params, cursor: next }));
    // Only another next page is worth a fetch; `params` is new on every render.
  }, [next, queries]);
  return list;
}

export function useProduct(id: number) {
  const queries = useQueryClient();
  return useQuery<Product>({
    queryKey: oneKey(id),
    queryFn: ({ signal }) => getProduct(id, signal),
    placeholderData: () => findInLists(queries, id),
    refetchInterval: OTHERS_MS,
  });
}

export function useCategories() {
  return useQuery({ queryKey: CATEGORIES, queryFn: ({ signal }) => categories(signal), staleTime: 60_000 });
}

function findInLists(queries: QueryClient, id: number): Product | undefined {
  for (const [, page] of queries.getQueriesData<Page>({ queryKey: LISTS })) {
    const found = page?.products.find((product) => product.id === id);
    if (found) return found;
  }
  return undefined;
}

/** The newest version of a product that this browser has seen. */
export function known(queries: QueryClient, id: number): Product | undefined {
  const listed = findInLists(queries, id);
  const read = queries.getQueryData<Product>(oneKey(id));
  return read && (!listed || read.version > listed.version) ? read : listed;
}

/** Applies a change to every copy of a product in the cache. */
export function updateCopies(queries: QueryClient, id: number, change: (product: Product) => Product): void {
  queries.setQueriesData<Page>({ queryKey: LISTS }, (page) =>
    page && { ...page, products: page.products.map((product) => (product.id === id ? change(product) : product)) },
  );
  queries.setQueryData<Product>(oneKey(id), (product) => product && change(product));
}

/**
 * After a change to one product: its row already shows the new value and keeps its place, so lists are only marked as
 * outdated and read again when they are next shown.
 */
export function afterEdit(queries: QueryClient, id: number): void {
  void queries.invalidateQueries({ queryKey: LISTS, refetchType: "none" });
  void queries.invalidateQueries({ queryKey: historyKey(id) });
  void queries.invalidateQueries({ queryKey: CATEGORIES });
}

/** After rows came or went: everything on screen is read again. */
export function afterRowsChanged(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: PRODUCTS });
  void queries.invalidateQueries({ queryKey: CATEGORIES });
}
