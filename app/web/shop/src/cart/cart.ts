/** The cart: kept in this browser, the same in all of its tabs, and told to the tracker. */
import { createStore } from "kit/store.ts";
import type { Offer, Order, Shortage } from "../api/client";
import { track } from "../tracker";
import { read, write } from "./kept";

export type CartLine = { product: number; name: string; price: string; currency: string; image: string | null; quantity: number };

const KEY = "shop.cart";
/** The most pieces of a product that an order takes. */
export const MOST = 99;
/** The most products that an order takes. */
export const MOST_LINES = 50;

const isLine = (line: Partial<CartLine> | null): line is CartLine =>
  typeof line?.product === "number" && typeof line.name === "string" && /^\d{1,8}\.\d{2}$/.test(String(line.price)) && /^[A-Z]{3}$/.test(String(line.currency)) && Number.isInteger(line.quantity) && line.quantity! > 0 && line.quantity! <= MOST;

/** What storage has, of which everything else than a line counts as nothing. */
export function readCart(stored: unknown): CartLine[] {
  return Array.isArray(stored) ? (stored as Partial<CartLine>[]).filter(isLine).slice(0, MOST_LINES) : [];
}

const cart = createStore<readonly CartLine[]>(readCart(read(KEY, [])));
export const useCart = cart.use;
export const cartLines = cart.get;
export const pieces = (lines: readonly CartLine[]) => lines.reduce((all, { quantity }) => all + quantity, 0);

addEventListener("storage", ({ key }) => {
  if (key === KEY) cart.set(readCart(read(KEY, [])));
});

function change(lines: readonly CartLine[]): void {
  cart.set(lines);
  write(KEY, lines);
}

const told = ({ product, price, currency }: CartLine, quantity: number) => ({ product: String(product), price, currency, quantity });

/** Puts pieces into the cart, as many as can be had; returns how many of the product are in it. */
export function add(offer: Offer, quantity: number): number {
  const lines = cart.get();
  const before = lines.find(({ product }) => product === offer.id);
  const after = Math.min((before?.quantity ?? 0) + quantity, offer.available, MOST);
  if (after <= (before?.quantity ?? 0) || (!before && lines.length >= MOST_LINES)) return before?.quantity ?? 0;
  const line = { product: offer.id, name: offer.name, price: offer.price, currency: offer.currency, image: offer.image ?? null, quantity: after };
  change(before ? lines.map((other) => (other === before ? line : other)) : [...lines, line]);
  track("add_to_cart", told(line, after - (before?.quantity ?? 0)));
  return after;
}

/** Sets the pieces of a product; none removes it. */
export function setQuantity(product: number, quantity: number): void {
  const before = cart.get().find((line) => line.product === product);
  if (!before || !Number.isInteger(quantity) || quantity < 0) return;
  const after = Math.min(quantity, MOST);
  change(after === 0 ? cart.get().filter((line) => line !== before) : cart.get().map((line) => (line === before ? { ...line, quantity: after } : line)));
  if (after > before.quantity) track("add_to_cart", told(before, after - before.quantity));
  if (after < before.quantity) track("remove_from_cart", told(before, before.quantity - after));
}

/** Brings the cart to what can be had. */
export function fit(short: readonly Shortage[]): void {
  const of = new Map(short.map((shortage) => [shortage.product, shortage]));
  const fitted = cart.get().flatMap((line) => {
    const shortage = of.get(line.product);
    if (!shortage) return [line];
    const quantity = Math.min(line.quantity, shortage.available);
    return shortage.price == null || quantity === 0 ? [] : [{ ...line, price: shortage.price, quantity }];
  });
  change(fitted);
}

export const clear = (): void => change([]);

/** The last order, for the page that confirms it. */
export const lastOrder = (): Order | null => read<Order | null>("shop.order", null);
export const keepOrder = (order: Order): void => write("shop.order", order);

type Pending = { request: string; key: string };

/** The key of an order: the same for the same order until it is placed, also after a reload. */
export function orderKey(request: unknown): string {
  const text = JSON.stringify(request);
  const pending = read<Pending | null>("shop.pending", null);
  if (pending?.request === text) return pending.key;
  // `randomUUID` is there on secure origins only.
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  write("shop.pending", { request: text, key } satisfies Pending);
  return key;
}

export const ordered = (): void => write("shop.pending", null);
