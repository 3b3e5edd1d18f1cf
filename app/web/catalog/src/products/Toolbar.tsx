import { Columns3, Search, SlidersHorizontal, X } from "lucide-react";
import { useEffect, useRef, useState, type Ref } from "react";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { part } from "kit/loading/part.tsx";
import { LazyMenu } from "kit/ui/LazyMenu.tsx";
import { DEFAULTS, isFiltered, SORTS, STATUSES, STOCK_FILTERS, type Sort } from "./listParams";
import { PriceFilterButton } from "./PriceFilterButton";
import { useCategories } from "./queries";
import type { Place } from "./usePlace";
import { useWide } from "./useWide";
import "./toolbar.css";

const ColumnsMenu = part(() => import("./ColumnsMenu"));

const TYPING_PAUSE_MS = 250;

export function Toolbar({ place, searchBox }: { place: Place; searchBox: Ref<HTMLInputElement> }) {
  const { t, locale } = useLanguage();
  const { params, filter } = place;
  const categories = useCategories().data ?? [];
  // On a phone the filters stand behind one button, so that the products are not pushed off the screen.
  const [open, setOpen] = useState(false);
  const active = [params.category, params.status, params.stock, params.min || params.max].filter(Boolean).length;
  return (
    <search className="toolbar" aria-label={t("filters.label")}>
      <SearchBox value={params.q} onChange={(q) => filter({ q }, true)} inputRef={searchBox} />
      <button type="button" className="button filters-button" aria-expanded={open} aria-controls="filters" data-active={active > 0} onClick={() => setOpen(!open)}>
        <SlidersHorizontal aria-hidden size={16} />
        {active > 0 ? t("filters.buttonActive", { active: integer(active, locale) }) : t("filters.button")}
      </button>
      <div id="filters" className="filters" data-open={open}>
        <div className="segments" role="group" aria-label={t("fields.status")}>
          {(["", ...STATUSES] as const).map((status) => (
            <button key={status} type="button" aria-pressed={params.status === status} onClick={() => filter({ status })}>
              {status === "" ? t("filters.anyStatus") : t(`status.${status}`)}
            </button>
          ))}
        </div>
        <select className="select" aria-label={t("fields.category")} value={params.category} data-active={params.category !== ""} onChange={(event) => filter({ category: event.target.value })}>
          <option value="">{t("filters.anyCategory")}</option>
          {params.category !== "" && !categories.some(({ category }) => category === params.category) && <option value={params.category}>{params.category}</option>}
          {categories.map(({ category, count }) => (
            <option key={category} value={category}>
              {`${category} (${integer(count, locale)})`}
            </option>
          ))}
        </select>
        <select className="select" aria-label={t("fields.stock")} value={params.stock} data-active={params.stock !== ""} onChange={(event) => filter({ stock: event.target.value as typeof params.stock })}>
          <option value="">{t("filters.anyStock")}</option>
          {STOCK_FILTERS.map((stock) => (
            <option key={stock} value={stock}>
              {t(`filters.stock.${stock}`)}
            </option>
          ))}
        </select>
        <PriceFilterButton min={params.min} max={params.max} onChange={filter} />
        {isFiltered(params) && (
          <button type="button" className="button quiet" onClick={() => filter({ q: "", category: "", status: "", stock: "", min: "", max: "" })}>
            <X aria-hidden size={15} />
            {t("filters.clear")}
          </button>
        )}
        <span className="toolbar-end">
          <select className="select narrow-only" aria-label={t("filters.sort")} value={params.sort} onChange={(event) => filter({ sort: event.target.value as Sort })}>
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {t(`filters.sorts.${sort}`)}
              </option>
            ))}
          </select>
          <LazyMenu
            popup="menu"
            trigger={
              <button type="button" className="icon-button bordered wide-only" aria-label={t("filters.columns")} title={t("filters.columns")}>
                <Columns3 aria-hidden size={17} />
              </button>
            }
          >
            {(trigger) => <ColumnsMenu trigger={trigger} />}
          </LazyMenu>
        </span>
      </div>
    </search>
  );
}

/** Search as you type, once the typing pauses. The address is the truth; the box only runs ahead of it. */
function SearchBox({ value, onChange, inputRef }: { value: string; onChange: (q: string) => void; inputRef: Ref<HTMLInputElement> }) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);

  useEffect(() => {
    // The address changed by other means: the back button, "clear filters".
    if (value !== sent.current) {
      sent.current = value;
      clearTimeout(timer.current);
      setTyped(value);
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const wide = useWide();
  const send = (text: string) => {
    clearTimeout(timer.current);
    if (text === sent.current) return;
    sent.current = text;
    onChange(text);
  };
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(text), TYPING_PAUSE_MS);
  };
  return (
    <div className="search-box">
      <Search aria-hidden size={16} />
      <input
        ref={inputRef}
        type="search"
        value={typed}
        placeholder={t(wide ? "filters.search" : "shortcuts.actions.search")}
        aria-label={t("filters.search")}
        aria-keyshortcuts="/"
        maxLength={200}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") send(typed);
          if (event.key === "Escape") {
            if (typed === "") event.currentTarget.blur();
            else {
              setTyped("");
              send(DEFAULTS.q);
            }
          }
        }}
      />
      <kbd aria-hidden>/</kbd>
    </div>
  );
}
