/** The API's shapes by the names that the screens use. */
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type Site = Schemas["SiteRow"];
export type Overview = Schemas["Overview"];
export type Card = Schemas["Card"];
export type Point = Schemas["Point"];
export type Money = Schemas["Money"];
export type Row = Schemas["Row"];
export type ProductCounts = Schemas["ProductCounts"];
export type Pair = Schemas["Pair"];
export type QueryCounts = Schemas["QueryCounts"];
export type FunnelRow = Schemas["FunnelRow"];
export type CohortRow = Schemas["CohortRow"];
export type Carts = Schemas["CartsAnswer"];
export type Live = Schemas["LiveAnswer"];
export type Quality = Schemas["Quality"];
export type Journey = Schemas["Journey"];
export type JourneySession = Schemas["JourneySession"];
export type RecentSession = Schemas["RecentSession"];
export type Erased = Schemas["EraseAnswer"];

/** What every figure comes in. */
export type Answer<T> = { as_of?: string | null; behind_ms: number; period: { from: string; to: string; zone: string }; data: T };
