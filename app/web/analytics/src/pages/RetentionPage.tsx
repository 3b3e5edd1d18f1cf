import { useFigure } from "../api/queries";
import type { CohortRow } from "../api/types";
import { useLanguage } from "../i18n";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { integer, moment, rate } from "../view/format";
import { useOwn, useView } from "../view/useView";

const DAY = 86_400_000;
const day = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The last 12 weeks or months: cohorts need a longer period than the other pages. */
function periodOf(interval: string): readonly (readonly [string, string])[] {
  const now = Date.now();
  const from = interval === "month" ? new Date(Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth() - 11, 1)).getTime() : now - (((new Date(now).getUTCDay() + 6) % 7) + 7 * 11) * DAY;
  return [["from", day(from)], ["to", day(now)], ["interval", interval]];
}

/** Who comes back: the visitors of a week or month, and how many of them are seen in each that follows. */
export default function RetentionPage() {
  const { t, locale } = useLanguage();
  const { zone } = useView();
  const [interval, setInterval] = useOwn("interval", "week");
  const [by, setBy] = useOwn("by", "visits");
  const cohorts = useFigure<CohortRow[]>("retention", [...periodOf(interval), ["by", by]]);
  const own = (
    <>
      <select className="select small" aria-label={t("retention.interval")} value={interval} onChange={(event) => setInterval(event.target.value)}>
        <option value="week">{t("retention.week")}</option>
        <option value="month">{t("retention.month")}</option>
      </select>
      <select className="select small" aria-label={t("retention.by")} value={by} onChange={(event) => setBy(event.target.value)}>
        <option value="visits">{t("retention.visits")}</option>
        <option value="orders">{t("retention.orders")}</option>
      </select>
    </>
  );
  return (
    <Page title={t("retention.title")} answer={cohorts.data} controls="filters" own={own}>
      <Panel query={cohorts} className="headline">
        {({ data }) => {
          const wide = Math.max(0, ...data.map((row) => row.seen.length));
          return (
            <>
              <header className="panel-head">
                <h2>{t(by === "orders" ? "retention.orders" : "retention.visits")}</h2>
              </header>
              {wide === 0 ? (
                <p className="panel-empty">{t("chart.nothing")}</p>
              ) : (
                <div className="table-scroll" tabIndex={0} role="group" aria-label={t("retention.title")}>
                  <table className="heat">
                    <thead>
                      <tr>
                        <th scope="col">{t("retention.cohort")}</th>
                        <th scope="col" className="number">{t("metric.visitors")}</th>
                        {Array.from({ length: wide }, (_, index) => (
                          <th key={index} scope="col" className="number">
                            {index}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {data.map((row) => (
                        <tr key={row.from}>
                          <th scope="row">{moment(row.from, interval === "month" ? "month" : "week", zone, locale)}</th>
                          <td className="number">{integer(row.visitors, locale)}</td>
                          {row.seen.map((seen, index) => {
                            const share = row.visitors === 0 ? 0 : seen / row.visitors;
                            const level = row.visitors === 0 ? 0 : share === 0 ? 1 : Math.min(6, 2 + Math.floor(share * 8));
                            return (
                              <td key={index} className={`number heat-${level}`} title={integer(seen, locale)}>
                                {row.visitors === 0 ? "" : rate(share, locale)}
                              </td>
                            );
                          })}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              <p className="muted small-print">{t("retention.text")}</p>
            </>
          );
        }}
      </Panel>
    </Page>
  );
}
