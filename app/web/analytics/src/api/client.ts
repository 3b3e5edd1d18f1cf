/** The calls that the screens make. Every failure is a `Problem`. */
import { callsOf } from "kit/api/http.ts";
import type { Answer, Erased, Journey, Me, Site } from "./types";

/** A figure repeats parameters (`f`, `step`), which the typed call does not: the address is made here. */
const ask = callsOf<never>() as unknown as (method: string, path: string, options: { signal?: AbortSignal; body?: object; type?: string }) => Promise<unknown>;
const at = (site: string, call: string, query = "") => `/api/sites/${encodeURIComponent(site)}/${call}${query && `?${query}`}`;

export async function me(signal?: AbortSignal): Promise<Me> {
  return ((await ask("get", "/api/me", { signal })) as { data: Me }).data;
}

export async function sites(signal?: AbortSignal): Promise<Site[]> {
  return ((await ask("get", "/api/sites", { signal })) as { data: Site[] }).data;
}

/** A figure of a site: `overview`, `breakdown/page`, `funnel` and the like. */
export const figure = <T>(site: string, call: string, query: string, signal?: AbortSignal) => ask("get", at(site, call, query), { signal }) as Promise<Answer<T>>;

/** The same figure as a file. */
export const figureFile = (site: string, call: string, query: string) => ask("get", at(site, call, `${query}&format=csv&limit=1000`), {}) as Promise<Blob>;

/** What has no period: the last half hour, the quality of the data. */
export async function state<T>(site: string, call: string, signal?: AbortSignal): Promise<T> {
  return ((await ask("get", at(site, call), { signal })) as { data: T }).data;
}

export async function journey(site: string, query: string, signal?: AbortSignal): Promise<Journey> {
  return ((await ask("get", at(site, "journeys", query), { signal })) as { data: Journey }).data;
}

export async function erase(site: string, user: string): Promise<Erased> {
  return ((await ask("post", at(site, "erase"), { body: { user }, type: "application/json" })) as { data: Erased }).data;
}
