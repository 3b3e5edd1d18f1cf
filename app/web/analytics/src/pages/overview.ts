/** The metrics of the overview: which of them have a line, and what is better. */
import type { Card, Point } from "../api/types";

export const METRICS = ["visitors", "sessions", "page_views", "bounce_rate", "seconds_per_session", "conversion", "orders", "revenue", "order_value", "abandoned_carts"] as const;
export type Metric = (typeof METRICS)[number];

/** Of these less is better. */
export const LESS: readonly Metric[] = ["bounce_rate", "abandoned_carts"];

export const kindOf = (metric: Metric): "count" | "rate" | "seconds" | "money" => {
  if (metric === "bounce_rate" || metric === "conversion") return "rate";
  if (metric === "seconds_per_session") return "seconds";
  return metric === "revenue" || metric === "order_value" ? "money" : "count";
};

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** The value of a step, for the metrics that have one. Amounts are numbers only to be drawn. */
export const SERIES: Partial<Record<Metric, (point: Point, currency: string) => number>> = {
  visitors: (point) => point.visitors,
  sessions: (point) => point.sessions,
  page_views: (point) => point.page_views,
  bounce_rate: (point) => share(point.bounces, point.sessions),
  conversion: (point) => share(point.converted, point.sessions),
  orders: (point) => point.orders,
  revenue: (point, currency) => Number(point.revenue.find((one) => one.currency === currency)?.amount ?? 0),
};

/** The card of a metric; of amounts that of the largest currency. */
export function cardOf(cards: readonly Card[], metric: Metric): Card | undefined {
  const all = cards.filter((card) => card.metric === metric);
  return all.toSorted((one, other) => Number(other.value ?? 0) - Number(one.value ?? 0))[0];
}

/** How far the steps of a series are apart. */
export function stepOf(points: readonly { at: string }[]): "hour" | "day" | "month" {
  const [first, second] = points;
  if (!first || !second) return "day";
  const hours = (new Date(second.at).getTime() - new Date(first.at).getTime()) / 3_600_000;
  return hours < 20 ? "hour" : hours < 24 * 20 ? "day" : "month";
}
