import { createContext, use, useMemo } from "react";
import { useSearchParams } from "react-router";
import { question, readView, writeView, type View } from "./view";

export const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** The site that the figures are about. */
export const SiteName = createContext("");

/** The view in the address, the question that it stands for, and how it is changed. */
export function useView() {
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  const query = useMemo(() => question(view, BROWSER_ZONE).toString(), [view]);
  const change = (next: Partial<View>) => setSearch((before) => writeView({ ...readView(before), ...next }, before));
  return { site: use(SiteName), view, zone: view.zone ?? BROWSER_ZONE, query, change };
}

/** A parameter of one page's own in the address: its value, and how it is changed. */
export function useOwn(name: string, first: string): [string, (next: string) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (next: string) =>
    setSearch(
      (before) => {
        const search = new URLSearchParams(before);
        if (next === first) search.delete(name);
        else search.set(name, next);
        return search;
      },
      { replace: true },
    );
  return [search.get(name) ?? first, set];
}
