import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { sessionOf } from "kit/session/session.ts";
import { useView } from "../view/useView";
import { figure, me, sites, state } from "./client";
import type { Answer } from "./types";

/** Who the API says we are. */
export const useSession = sessionOf(me);

export const useSites = () => useQuery({ queryKey: ["sites"], queryFn: ({ signal }) => sites(signal), staleTime: 60_000 });

/** How soon new events show on a page that is left open. */
const FRESH_MS = 10_000;

type Extra = readonly (readonly [string, string])[];

/** The query of a figure: the view's and what the page adds. */
export function withExtra(query: string, extra: Extra): string {
  const all = new URLSearchParams(query);
  for (const [name] of extra) all.delete(name);
  for (const [name, value] of extra) all.append(name, value);
  return all.toString();
}

/** A figure of the view; the one before stays visible while the next is on its way. */
export function useFigure<T>(call: string, extra: Extra = []): UseQueryResult<Answer<T>> {
  const { site, query } = useView();
  const asked = withExtra(query, extra);
  return useQuery({
    queryKey: ["figures", site, call, asked],
    queryFn: ({ signal }) => figure<T>(site, call, asked, signal),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}

/** What has no period. */
export function useStanding<T>(call: string, every: number): UseQueryResult<T> {
  const { site } = useView();
  return useQuery({ queryKey: ["state", site, call], queryFn: ({ signal }) => state<T>(site, call, signal), placeholderData: keepPreviousData, refetchInterval: every });
}
