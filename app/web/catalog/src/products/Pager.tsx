import { ChevronLeft, ChevronRight } from "lucide-react";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { PAGE_SIZES } from "./listParams";
import { nextPage, positions, previousPage } from "./paging";
import type { Place } from "./usePlace";

export function Pager({ place, rows, total, next }: { place: Place; rows: number; total: number | undefined; next: string | null }) {
  const { t, locale } = useLanguage();
  const { params, cursors } = place;
  const { from, to } = positions(params, rows);
  const previous = previousPage(params, cursors);
  const toFirst = previous !== undefined && previous.params.page === 1 && params.page > 2;
  return (
    <nav className="pager" aria-label={t("pager.label")}>
      <label className="pager-size">
        <span>{t("pager.size")}</span>
        <select className="select small" value={params.limit} onChange={(event) => place.filter({ limit: Number(event.target.value) })}>
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <span className="pager-range" role="status">
        {total !== undefined && t("pager.range", { from: integer(from, locale), to: integer(to, locale), total: integer(total, locale) })}
      </span>
      <div className="pager-buttons">
        <button type="button" className="button small" disabled={!previous} onClick={() => previous && place.go(previous)}>
          <ChevronLeft aria-hidden size={16} />
          {toFirst ? t("pager.first") : t("pager.previous")}
        </button>
        <button type="button" className="button small" disabled={next === null} onClick={() => next !== null && place.go(nextPage(params, cursors, next))}>
          {t("pager.next")}
          <ChevronRight aria-hidden size={16} />
        </button>
      </div>
    </nav>
  );
}
