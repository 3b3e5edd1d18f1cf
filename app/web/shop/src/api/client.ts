/** The calls that everyone may make. Every failure is a `Problem`. */
import { callsOf } from "kit/api/http.ts";
import type { components, operations, paths } from "../../../catalog/src/api/schema";

export type Offer = components["schemas"]["Offer"];
export type Order = components["schemas"]["Order"];
export type NewOrder = components["schemas"]["NewOrder"];
export type Shortage = components["schemas"]["Shortage"];
export type OfferQuery = NonNullable<operations["list_offers"]["parameters"]["query"]>;

const call = callsOf<paths>();

export async function listOffers(query: OfferQuery, signal?: AbortSignal): Promise<{ offers: Offer[]; next: string | null; total: number }> {
  const { data, page } = await call("get", "/api/shop/products", { query, signal });
  return { offers: data, next: page.next ?? null, total: page.total };
}

export async function getOffer(id: number, signal?: AbortSignal): Promise<Offer> {
  return (await call("get", "/api/shop/products/{id}", { path: { id }, signal })).data;
}

/** `key` tells the order that is sent again, because its answer was lost, from a new one. */
export async function placeOrder(body: NewOrder, key: string): Promise<Order> {
  return (await call("post", "/api/orders", { header: { "Idempotency-Key": key }, body, type: "application/json" })).data;
}
