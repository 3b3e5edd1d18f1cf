import { useStanding } from "../api/queries";
import type { Quality } from "../api/types";
import { useLanguage } from "../i18n";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { bytes, integer } from "../view/format";
import { useView } from "../view/useView";

/** Whether the figures can be trusted: what was refused and why, what waits, what the archive has; and how to send events. */
export default function DataPage() {
  const { t, locale } = useLanguage();
  const { site } = useView();
  const quality = useStanding<Quality>("quality", 5_000);
  const number = (value: number | null | undefined) => (value === null || value === undefined ? t("common.empty") : integer(value, locale));
  const snippet = `<script defer src="${location.origin}/t.js" data-site="${site}"></script>`;
  return (
    <Page title={t("data.title")} text={t("data.text")} controls="none">
      <Panel query={quality} className="headline">
        {(data) => (
          <dl className="facts">
            <div>
              <dt>{t("data.waiting")}</dt>
              <dd>{number(data.waiting)}</dd>
            </div>
            <div className={(data.dead ?? 0) > 0 ? "bad" : undefined}>
              <dt>{t("data.dead")}</dt>
              <dd>{number(data.dead)}</dd>
            </div>
            <div>
              <dt>{t("data.rejected")}</dt>
              <dd>{number(data.rejects.reduce((sum, row) => sum + row.count, 0))}</dd>
            </div>
            <div>
              <dt>{t("data.hours")}</dt>
              <dd>{number(data.hours)}</dd>
            </div>
            <div>
              <dt>{t("data.rows")}</dt>
              <dd>{number(data.rows)}</dd>
            </div>
            <div>
              <dt>{t("data.size")}</dt>
              <dd>{bytes(data.bytes, locale)}</dd>
            </div>
          </dl>
        )}
      </Panel>
      <Panel query={quality}>
        {(data) => (
          <>
            <header className="panel-head">
              <h2>{t("data.rejects")}</h2>
            </header>
            {data.rejects.length === 0 ? (
              <p className="panel-empty">{t("data.noRejects")}</p>
            ) : (
              <div className="table-scroll" tabIndex={0} role="group" aria-label={t("data.rejects")}>
                <table className="rows plain">
                  <thead>
                    <tr>
                      <th scope="col">{t("data.code")}</th>
                      <th scope="col" className="number">{t("breakdown.events")}</th>
                      <th scope="col">{t("data.sample")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.rejects.map((row) => (
                      <tr key={row.code}>
                        <th scope="row" className="mono">{row.code}</th>
                        <td className="number">{number(row.count)}</td>
                        <td>
                          <code className="extra">{row.sample}</code>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
      </Panel>
      <section className="panel card">
        <header className="panel-head">
          <h2>{t("data.tracker")}</h2>
        </header>
        <p className="muted">{t("data.trackerText")}</p>
        <pre className="snippet" tabIndex={0} aria-label={t("data.tracker")}>
          <code>{snippet}</code>
        </pre>
      </section>
    </Page>
  );
}
