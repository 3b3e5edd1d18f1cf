import { useStanding } from "../api/queries";
import type { Live } from "../api/types";
import { Twin } from "../charts/Twin";
import { useWidth } from "../charts/useWidth";
import { useLanguage } from "../i18n";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { Rows } from "../parts/Rows";
import { integer } from "../view/format";

/** The last minutes, anew each two seconds. */
export default function LivePage() {
  const { t, locale } = useLanguage();
  const live = useStanding<Live>("live", 2_000);
  const number = (value: number) => integer(value, locale);
  return (
    <Page title={t("live.title")} text={t("live.text")} controls="none">
      <Panel query={live} className="headline">
        {(data) => (
          <>
            <dl className="facts big">
              <div>
                <dt>
                  <span className="pulse" aria-hidden /> {t("live.visitors")}
                </dt>
                <dd>{number(data.visitors)}</dd>
              </div>
              <div>
                <dt>{t("live.events")}</dt>
                <dd>{number(data.events)}</dd>
              </div>
            </dl>
            <Twin
              head={<h2>{t("live.minutes")}</h2>}
              chart={<Minutes values={data.minutes} />}
              table={
                <table className="rows plain">
                  <thead>
                    <tr>
                      <th scope="col">{t("live.minute")}</th>
                      <th scope="col" className="number">{t("breakdown.events")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.minutes.map((value, index) => (
                      <tr key={index}>
                        <th scope="row">{t("live.ago", { count: data.minutes.length - index })}</th>
                        <td className="number">{number(value)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              }
            />
          </>
        )}
      </Panel>
      <Panel query={live}>
        {(data) => (
          <>
            <header className="panel-head">
              <h2>{t("live.pages")}</h2>
            </header>
            <Rows caption={t("live.pages")} rows={data.pages as [string, number][]} id={([page]) => page} head={t("subject.page")} first={([page]) => page} bar={([, views]) => views} columns={[{ name: t("metric.page_views"), cell: ([, views]) => number(views) }]} />
          </>
        )}
      </Panel>
    </Page>
  );
}

/** A bar for each minute. */
function Minutes({ values }: { values: readonly number[] }) {
  const { t, locale } = useLanguage();
  const [ref, width] = useWidth<HTMLDivElement>(900);
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  return (
    <div ref={ref} className="minutes" role="img" aria-label={t("live.summary", { most: integer(most, locale), now: integer(values.at(-1) ?? 0, locale) })}>
      <svg aria-hidden width={width} height={140} viewBox={`0 0 ${width} 140`}>
        {values.map((value, index) => {
          const height = Math.max(2, (130 * value) / most);
          return <rect key={index} x={index * step + 1.5} y={138 - height} width={Math.max(1, step - 3)} height={height} rx={2} className={index === values.length - 1 ? "minute now" : "minute"} />;
        })}
      </svg>
    </div>
  );
}
