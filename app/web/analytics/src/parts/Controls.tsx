import { CalendarDays, Plus, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useSites } from "../api/queries";
import { useShortcuts } from "../app/shortcuts";
import { useLanguage } from "../i18n";
import { country } from "../view/format";
import { BROWSER_ZONE, useView } from "../view/useView";
import { COMPARISONS, PERIODS, writeFilter, type Comparison, type Filter, type Period } from "../view/view";
import { FilterForm } from "./FilterForm";

/** What of the view a page has a use for: each has what is named before it, too. */
export type Shown = "none" | "filters" | "period" | "comparison";

/** Period, comparison, zone and filters: what the address holds, changed by hand. */
export function Controls({ show, own }: { show: Shown; own?: ReactNode }) {
  const { t, locale } = useLanguage();
  const { view, change } = useView();
  const [adding, setAdding] = useState(false);
  useShortcuts({
    filter: (event) => {
      if (show === "none") return;
      event.preventDefault();
      setAdding(true);
    },
  });
  const without = (filter: Filter) => change({ filters: view.filters.filter((one) => one !== filter) });
  const said = ({ subject, test, values }: Filter) => {
    const shown = values.map((value) => (value === "" ? t("filter.none") : subject === "country" ? country(value, locale) : value)).join(", ");
    return `${t(`subject.${subject}`)} ${t(`test.${test}`)} ${shown}`;
  };
  return (
    <>
      <div className="controls" role="group" aria-label={t("controls.label")}>
        <SiteSelect />
        {own}
        {show !== "none" && (
          <button type="button" className="button small" aria-expanded={adding} onClick={() => setAdding(!adding)}>
            <Plus aria-hidden size={15} />
            {t("filter.add")}
          </button>
        )}
        {(show === "period" || show === "comparison") && <PeriodControls compare={show === "comparison"} />}
      </div>
      {show !== "none" && (adding || view.filters.length > 0 || view.bots) && (
        <div className="filters">
          {view.filters.map((filter) => (
            <span key={writeFilter(filter)} className="chip">
              {said(filter)}
              <button type="button" aria-label={t("filter.remove", { filter: said(filter) })} onClick={() => without(filter)}>
                <X aria-hidden size={14} />
              </button>
            </span>
          ))}
          {view.bots && (
            <span className="chip">
              {t("filter.bots")}
              <button type="button" aria-label={t("filter.remove", { filter: t("filter.bots") })} onClick={() => change({ bots: false })}>
                <X aria-hidden size={14} />
              </button>
            </span>
          )}
          {view.filters.length > 1 && (
            <button type="button" className="button quiet small" onClick={() => change({ filters: [], bots: false })}>
              {t("filter.clear")}
            </button>
          )}
          {adding && <FilterForm onClose={() => setAdding(false)} />}
        </div>
      )}
    </>
  );
}

function SiteSelect() {
  const { t } = useLanguage();
  const { site, change } = useView();
  const sites = useSites();
  if ((sites.data?.length ?? 0) < 2) return null;
  return (
    <select className="select small" aria-label={t("controls.site")} value={site} onChange={(event) => change({ site: event.target.value })}>
      {sites.data?.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

function PeriodControls({ compare }: { compare: boolean }) {
  const { t } = useLanguage();
  const { view, zone, change } = useView();
  const custom = view.from !== null;
  const today = new Date().toISOString().slice(0, 10);
  const zones = [...new Set([BROWSER_ZONE, "UTC", zone])];
  const choose = (value: string) => {
    if (value === "custom") change({ from: today, to: today });
    else change({ period: value as Period, from: null, to: null });
  };
  return (
    <>
      <span className="period">
        <CalendarDays aria-hidden size={15} />
        <select className="select small" aria-label={t("controls.period")} value={custom ? "custom" : view.period} onChange={(event) => choose(event.target.value)}>
          {PERIODS.map((period) => (
            <option key={period} value={period}>
              {t(`period.${period}`)}
            </option>
          ))}
          <option value="custom">{t("period.custom")}</option>
        </select>
      </span>
      {custom && (
        <>
          <input type="date" className="date" aria-label={t("controls.from")} value={view.from ?? ""} max={view.to ?? today} onChange={(event) => event.target.value && change({ from: event.target.value })} />
          <input type="date" className="date" aria-label={t("controls.to")} value={view.to ?? ""} min={view.from ?? undefined} onChange={(event) => event.target.value && change({ to: event.target.value })} />
        </>
      )}
      {compare && (
        <select className="select small" aria-label={t("controls.compare")} value={view.compare} onChange={(event) => change({ compare: event.target.value as Comparison })}>
          {COMPARISONS.map((one) => (
            <option key={one} value={one}>
              {t(`compare.${one}`)}
            </option>
          ))}
        </select>
      )}
      {zones.length > 1 && (
        <select className="select small" aria-label={t("controls.zone")} value={zone} onChange={(event) => change({ zone: event.target.value === BROWSER_ZONE ? null : event.target.value })}>
          {zones.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
    </>
  );
}
