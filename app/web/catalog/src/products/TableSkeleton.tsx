import { useLanguage } from "../i18n";

/** Grey rows of the table's shape while the first page is on its way. */
export function TableSkeleton({ rows = 10 }: { rows?: number }) {
  const { t } = useLanguage();
  return (
    <div className="skeleton" role="status" aria-label={t("list.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row" aria-hidden>
          <span style={{ width: 16 }} />
          <span style={{ width: `${26 + ((row * 7) % 14)}%` }} />
          <span style={{ width: "10%" }} />
          <span style={{ width: "8%", marginInlineStart: "auto" }} />
          <span style={{ width: "6%" }} />
          <span style={{ width: "9%" }} />
        </div>
      ))}
    </div>
  );
}
