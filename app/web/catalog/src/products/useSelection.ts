import { useState } from "react";
import type { Product } from "../api/types";

/** As many products as can be ticked: each is kept, so that a dialog can show what it will do. */
export const MOST_SELECTED = 10_000;

export type Selection = {
  products: ReadonlyMap<number, Product>;
  has: (id: number) => boolean;
  toggle: (product: Product, on?: boolean) => void;
  /** Adds or takes away several at once. */
  set: (products: readonly Product[], on: boolean) => void;
  clear: () => void;
};

/** The ticked products, across pages; the products are kept, not only their ids, so that a dialog can show what it will do. */
export function useSelection(): Selection {
  const [products, setProducts] = useState<ReadonlyMap<number, Product>>(new Map());
  const set = (some: readonly Product[], on: boolean) =>
    setProducts((before) => {
      const next = new Map(before);
      for (const product of some) {
        if (!on) next.delete(product.id);
        else if (next.size < MOST_SELECTED) next.set(product.id, product);
      }
      return next;
    });
  return {
    products,
    has: (id) => products.has(id),
    toggle: (product, on = !products.has(product.id)) => set([product], on),
    set,
    clear: () => setProducts(new Map()),
  };
}
