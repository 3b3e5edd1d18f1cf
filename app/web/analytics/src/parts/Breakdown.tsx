import { useId, useState } from "react";
import { useFigure } from "../api/queries";
import type { Row } from "../api/types";
import { useLanguage } from "../i18n";
import { amounts, country, integer, rate } from "../view/format";
import { useView } from "../view/useView";
import { toggled, type Subject } from "../view/view";
import { ExportButton } from "./ExportButton";
import { Panel } from "./Panel";

/** What people did or came with, most visitors first; a click on a row asks for it alone. */
export function Breakdown({ subjects, title }: { subjects: readonly Subject[]; title: string }) {
  const { t, locale } = useLanguage();
  const { view, change } = useView();
  const [subject, setSubject] = useState<Subject>(subjects[0] as Subject);
  const [all, setAll] = useState(false);
  const heading = useId();
  const rows = useFigure<Row[]>(`breakdown/${subject}`, [["limit", all ? "100" : "8"]]);
  const chosen = view.filters.find((filter) => filter.subject === subject && filter.test === "is")?.values ?? [];
  const shown = (key: string) => (key === "" || key === "-" ? t("breakdown.none") : subject === "country" ? country(key, locale) : subject === "device" ? deviceName(key) : key);
  const deviceName = (key: string) => (key === "desktop" || key === "mobile" || key === "tablet" ? t(`device.${key}`) : key === "other" ? t("device.other") : key);
  // What happens on a page or bears a name is counted; the others are properties of a session.
  const counted = subject === "event" || subject === "page";
  return (
    <Panel query={rows}>
      {({ data }) => {
        const most = Math.max(1, ...data.map((row) => row.visitors));
        return (
          <>
            <header className="panel-head">
              <h2 id={heading} className={subjects.length > 1 ? "visually-hidden" : undefined}>
                {title}
              </h2>
              {subjects.length > 1 && (
                <div className="tabs" role="group" aria-labelledby={heading}>
                  {subjects.map((one) => (
                    <button key={one} type="button" aria-pressed={one === subject} onClick={() => setSubject(one)}>
                      {t(`subjects.${one}`)}
                    </button>
                  ))}
                </div>
              )}
              <ExportButton call={`breakdown/${subject}`} name={t(`subjects.${subject}`)} />
            </header>
            {data.length === 0 ? (
              <p className="panel-empty">{t("chart.nothing")}</p>
            ) : (
              <table className="rows">
                <thead>
                  <tr>
                    <th scope="col">{t(`subject.${subject}`)}</th>
                    <th scope="col" className="number">
                      {t("metric.visitors")}
                    </th>
                    <th scope="col" className="number">
                      {subject === "event" ? t("breakdown.events") : subject === "page" ? t("products.views") : t("metric.conversion")}
                    </th>
                    {!counted && (
                      <th scope="col" className="number wide-column">
                        {t("metric.revenue")}
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {data.map((row) => (
                    <tr key={row.key} data-chosen={chosen.includes(row.key)}>
                      <th scope="row">
                        <span className="bar" style={{ inlineSize: `${(100 * row.visitors) / most}%` }} aria-hidden />
                        <button type="button" className="row-button" aria-pressed={chosen.includes(row.key)} title={t("breakdown.only", { value: shown(row.key) })} onClick={() => change({ filters: toggled(view.filters, subject, row.key) })}>
                          {shown(row.key)}
                        </button>
                      </th>
                      <td className="number">{integer(row.visitors, locale)}</td>
                      <td className="number">{counted ? integer(row.events, locale) : row.conversion ? rate(row.conversion, locale) : t("common.empty")}</td>
                      {!counted && <td className="number wide-column">{amounts(row.revenue, locale) || t("common.empty")}</td>}
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {(all || data.length >= 8) && (
              <button type="button" className="button quiet small more" onClick={() => setAll(!all)}>
                {all ? t("breakdown.less") : t("breakdown.more")}
              </button>
            )}
          </>
        );
      }}
    </Panel>
  );
}
