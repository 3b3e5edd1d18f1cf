/** What is looked at: period, comparison, zone and filters, all of it in the address. */

export const PERIODS = ["today", "yesterday", "last_7_days", "last_30_days", "this_week", "last_week", "this_month", "last_month", "this_year", "last_year"] as const;
export type Period = (typeof PERIODS)[number];
export const COMPARISONS = ["previous", "year", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What a filter can be about, in the order of the form. */
export const SUBJECTS = ["page", "landing", "product", "query", "source", "medium", "campaign", "referrer", "country", "device", "browser", "os", "event"] as const;
export type Subject = (typeof SUBJECTS)[number];
export const TESTS = ["is", "not", "contains"] as const;
export type Test = (typeof TESTS)[number];

export type Filter = { subject: Subject; test: Test; values: string[] };

export type View = {
  site: string | null;
  period: Period;
  /** Both or none: days such as 2026-11-27, in the place of the period. */
  from: string | null;
  to: string | null;
  compare: Comparison;
  /** An IANA zone in the place of the browser's. */
  zone: string | null;
  filters: Filter[];
  /** Whether programs that call themselves programs count, too. */
  bots: boolean;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const among = <V extends string>(all: readonly V[], value: string | null): V | undefined => all.find((one) => one === value);

/** A filter as the API and the address write it; `undefined` for a text that is none. */
export function readFilter(text: string): Filter | undefined {
  const [, subject, test, values] = /^(\w+):(\w+):(.*)$/s.exec(text) ?? [];
  const knownSubject = among(SUBJECTS, subject ?? null);
  const knownTest = among(TESTS, test ?? null);
  if (!knownSubject || !knownTest || values === undefined) return undefined;
  const list = values.match(/(?:\\.|[^\\,])+/gs) ?? [""];
  return { subject: knownSubject, test: knownTest, values: list.map((value) => value.replace(/\\(.)/gs, "$1")) };
}

export function writeFilter({ subject, test, values }: Filter): string {
  return `${subject}:${test}:${values.map((value) => value.replace(/[\\,]/g, "\\$&")).join(",")}`;
}

export function readView(search: URLSearchParams): View {
  const from = search.get("from");
  const to = search.get("to");
  const custom = from !== null && to !== null && DAY.test(from) && DAY.test(to) && from <= to;
  return {
    site: search.get("site"),
    period: among(PERIODS, search.get("period")) ?? "last_30_days",
    from: custom ? from : null,
    to: custom ? to : null,
    compare: among(COMPARISONS, search.get("compare")) ?? "previous",
    zone: search.get("zone"),
    filters: search.getAll("f").flatMap((text) => readFilter(text) ?? []),
    bots: search.get("bots") === "true",
  };
}

/** The names that a view has in the address; what a page adds stays beside them. */
const OWN = ["site", "period", "from", "to", "compare", "zone", "f", "bots"];

/** The address's parameters with this view; a default is not named. */
export function writeView(view: View, before: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams(before);
  for (const name of OWN) search.delete(name);
  if (view.site) search.set("site", view.site);
  if (view.from && view.to) {
    search.set("from", view.from);
    search.set("to", view.to);
  } else if (view.period !== "last_30_days") search.set("period", view.period);
  if (view.compare !== "previous") search.set("compare", view.compare);
  if (view.zone) search.set("zone", view.zone);
  for (const filter of view.filters) search.append("f", writeFilter(filter));
  if (view.bots) search.set("bots", "true");
  return search;
}

/** The address's parameters that every page shares. */
export function shared(search: URLSearchParams): string {
  return writeView(readView(search), new URLSearchParams()).toString();
}

/** The question as the API asks it. */
export function question(view: View, browserZone: string): URLSearchParams {
  const query = new URLSearchParams({ zone: view.zone ?? browserZone });
  if (view.from && view.to) {
    query.set("from", view.from);
    query.set("to", view.to);
  } else query.set("period", view.period);
  if (view.compare !== "none") query.set("compare", view.compare);
  for (const filter of view.filters) query.append("f", writeFilter(filter));
  if (view.bots) query.set("bots", "true");
  return query;
}

/** The filters with `value` added to what is asked of `subject`, or taken away when it was asked for. */
export function toggled(filters: readonly Filter[], subject: Subject, value: string): Filter[] {
  const known = filters.find((filter) => filter.subject === subject && filter.test === "is");
  if (!known) return [...filters, { subject, test: "is", values: [value] }];
  const values = known.values.includes(value) ? known.values.filter((one) => one !== value) : [...known.values, value];
  return filters.flatMap((filter) => (filter !== known ? [filter] : values.length > 0 ? [{ ...known, values }] : []));
}
