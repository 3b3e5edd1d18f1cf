import { useFigure } from "../api/queries";
import type { QueryCounts } from "../api/types";
import { useLanguage } from "../i18n";
import { ExportButton } from "../parts/ExportButton";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { Rows } from "../parts/Rows";
import { integer, rate } from "../view/format";

/** What people look for, whether they find it, and what that leads to. */
export default function SearchPage() {
  const { t, locale } = useLanguage();
  const top = useFigure<QueryCounts[]>("search", [["limit", "50"]]);
  const zero = useFigure<QueryCounts[]>("search", [["limit", "50"], ["zero", "true"]]);
  const number = (value: number) => integer(value, locale);
  const share = (value: string | null | undefined) => (value ? rate(value, locale) : t("common.empty"));
  return (
    <Page title={t("search.title")} answer={top.data}>
      <Panel query={top} className="headline">
        {({ data: [all] }) => (
          <dl className="facts">
            <div>
              <dt>{t("search.searches")}</dt>
              <dd>{number(all?.searches ?? 0)}</dd>
            </div>
            <div>
              <dt>{t("search.without")}</dt>
              <dd>{number(all?.without_results ?? 0)}</dd>
            </div>
            <div>
              <dt>{t("search.clicked")}</dt>
              <dd>{share(all?.click_rate)}</dd>
            </div>
            <div>
              <dt>{t("metric.conversion")}</dt>
              <dd>{share(all?.conversion)}</dd>
            </div>
          </dl>
        )}
      </Panel>
      <div className="panels">
        <Panel query={top}>
          {({ data }) => (
            <>
              <header className="panel-head">
                <h2>{t("search.terms")}</h2>
                <ExportButton call="search" name={t("search.terms")} />
              </header>
              <Rows
                caption={t("search.terms")}
                rows={data.slice(1)}
                id={(row) => row.query}
                head={t("subject.query")}
                first={(row) => row.query}
                bar={(row) => row.searches}
                columns={[
                  { name: t("search.searches"), cell: (row) => number(row.searches) },
                  { name: t("search.clicked"), cell: (row) => share(row.click_rate) },
                  { name: t("metric.conversion"), cell: (row) => share(row.conversion), wide: true },
                ]}
              />
            </>
          )}
        </Panel>
        <Panel query={zero}>
          {({ data }) => (
            <>
              <header className="panel-head">
                <h2>{t("search.nothing")}</h2>
                <ExportButton call="search" name={t("search.nothing")} extra={[["zero", "true"]]} />
              </header>
              <Rows
                caption={t("search.nothing")}
                rows={data.slice(1)}
                id={(row) => row.query}
                head={t("subject.query")}
                first={(row) => row.query}
                bar={(row) => row.without_results}
                columns={[
                  { name: t("search.without"), cell: (row) => number(row.without_results) },
                  { name: t("search.searches"), cell: (row) => number(row.searches) },
                ]}
              />
            </>
          )}
        </Panel>
      </div>
    </Page>
  );
}
