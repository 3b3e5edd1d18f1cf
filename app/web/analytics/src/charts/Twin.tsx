import { ChartLine, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useLanguage } from "../i18n";

/** A chart and its table, of which one is shown; the table has every number of the chart. */
export function Twin({ chart, table, head }: { chart: ReactNode; table: ReactNode; head: ReactNode }) {
  const { t } = useLanguage();
  const [asTable, setAsTable] = useState(false);
  const label = asTable ? t("chart.asChart") : t("chart.asTable");
  const Icon = asTable ? ChartLine : Table2;
  return (
    <>
      <header className="panel-head">
        {head}
        <button type="button" className="icon-button small" aria-label={label} title={label} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden size={16} />
        </button>
      </header>
      {asTable ? <div className="table-scroll" tabIndex={0} role="group" aria-label={t("chart.table")}>{table}</div> : chart}
    </>
  );
}
