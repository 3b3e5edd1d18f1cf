import { ArrowDownRight, ArrowUpRight } from "lucide-react";
import { useFigure } from "../api/queries";
import type { Card, Overview } from "../api/types";
import { LineChart } from "../charts/LineChart";
import { Spark } from "../charts/Spark";
import { Twin } from "../charts/Twin";
import { useLanguage } from "../i18n";
import { Breakdown } from "../parts/Breakdown";
import { ExportButton } from "../parts/ExportButton";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { TopProducts } from "../parts/TopProducts";
import { amount, duration, integer, moment, rate, roundAmount, short, signed } from "../view/format";
import { useOwn, useView } from "../view/useView";
import { cardOf, kindOf, LESS, METRICS, SERIES, stepOf, type Metric } from "./overview";

/** How the site does: its numbers, one of them over time, and where they come from. */
export default function OverviewPage() {
  const { t, locale } = useLanguage();
  const { zone } = useView();
  const overview = useFigure<Overview>("overview");
  const [asked, setMetric] = useOwn("metric", "visitors");
  const metric = METRICS.find((one) => one === asked && SERIES[one]) ?? "visitors";
  return (
    <Page title={t("overview.title")} answer={overview.data} controls="comparison">
      <Panel query={overview} className="headline">
        {({ data }) => {
          const currency = cardOf(data.cards, "revenue")?.currency ?? "EUR";
          const of = SERIES[metric] ?? (() => 0);
          const step = stepOf(data.series);
          const points = data.series.map((point) => ({ at: point.at, value: of(point, currency), complete: point.complete }));
          const before = data.before?.map((point) => ({ at: point.at, value: of(point, currency), complete: true }));
          const kind = kindOf(metric);
          const said = (value: number) => (kind === "rate" ? rate(value, locale) : kind === "money" ? amount(String(value), currency, locale) : integer(value, locale));
          return (
            <>
              <div className="cards" role="group" aria-label={t("overview.cards")}>
                {METRICS.map((one) => {
                  const series = SERIES[one];
                  return <MetricCard key={one} metric={one} card={cardOf(data.cards, one)} chosen={one === metric} values={series && data.series.filter((point) => point.complete).map((point) => series(point, currency))} onChoose={series && (() => setMetric(one))} />;
                })}
              </div>
              <Twin
                head={
                  <>
                    <h2>{t(`metric.${metric}`)}</h2>
                    <p className="legend">
                      <span className="key now">{t("chart.now")}</span>
                      {before && <span className="key before">{t("chart.before")}</span>}
                    </p>
                    <ExportButton call="overview" name={t("overview.title")} />
                  </>
                }
                chart={
                  <LineChart
                    title={t("chart.over", { metric: t(`metric.${metric}`) })}
                    points={points}
                    before={before}
                    whole={kind === "count"}
                    axis={(value) => (kind === "rate" ? rate(value, locale) : short(value, locale))}
                    value={said}
                    step={(at) => moment(at, step, zone, locale)}
                    beforeLabel={t("chart.before")}
                    partLabel={t("chart.part")}
                  />
                }
                table={
                  <table className="rows plain">
                    <thead>
                      <tr>
                        <th scope="col">{t("chart.time")}</th>
                        <th scope="col" className="number">{t(`metric.${metric}`)}</th>
                        {before && <th scope="col" className="number">{t("chart.before")}</th>}
                      </tr>
                    </thead>
                    <tbody>
                      {points.map((point, index) => (
                        <tr key={point.at}>
                          <th scope="row">
                            {moment(point.at, step, zone, locale)}
                            {!point.complete && ` (${t("chart.part")})`}
                          </th>
                          <td className="number">{said(point.value)}</td>
                          {before && <td className="number">{before[index] ? said(before[index].value) : t("common.empty")}</td>}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                }
              />
            </>
          );
        }}
      </Panel>
      <div className="panels">
        <Breakdown title={t("overview.pages")} subjects={["page", "landing"]} />
        <Breakdown title={t("overview.sources")} subjects={["source", "referrer", "campaign", "medium"]} />
        <Breakdown title={t("overview.places")} subjects={["country"]} />
        <Breakdown title={t("overview.technology")} subjects={["device", "browser", "os"]} />
        <TopProducts />
        <Breakdown title={t("overview.events")} subjects={["event"]} />
      </div>
    </Page>
  );
}

type CardProps = { metric: Metric; card: Card | undefined; chosen: boolean; values: number[] | undefined; onChoose: (() => void) | undefined };

/** A number, how it changed, and its shape; one with a line of its own can be chosen. */
function MetricCard({ metric, card, chosen, values, onChoose }: CardProps) {
  const { t, locale } = useLanguage();
  const kind = kindOf(metric);
  const said = (value: string | null | undefined) => {
    if (value === null || value === undefined) return t("common.empty");
    if (kind === "rate") return rate(value, locale);
    if (kind === "seconds") return duration(Number(value), locale);
    return kind === "money" && card?.currency ? roundAmount(value, card.currency, locale) : integer(Number(value), locale);
  };
  const change = card?.change;
  const up = change !== null && change !== undefined && !change.startsWith("-");
  const same = Number(change ?? 0) === 0;
  const good = same ? "same" : up !== LESS.includes(metric) ? "good" : "bad";
  const Arrow = up ? ArrowUpRight : ArrowDownRight;
  const inside = (
    <>
      <span className="metric-name">{t(`metric.${metric}`)}</span>
      <span className="metric-value">{said(card?.value)}</span>
      {change !== null && change !== undefined ? (
        <span className={`metric-change ${good}`} title={t("overview.before", { value: said(card?.before) })}>
          {!same && <Arrow aria-hidden size={14} />}
          {signed(change, locale)}
        </span>
      ) : (
        <span className="metric-change same">{t("common.empty")}</span>
      )}
      {values && <Spark values={values} />}
    </>
  );
  return onChoose ? (
    <button type="button" className="metric" aria-pressed={chosen} onClick={onChoose}>
      {inside}
    </button>
  ) : (
    <div className="metric">{inside}</div>
  );
}
