import type { Status } from "../api/types";
import { useLanguage } from "../i18n";

/** At or below this many the API's filter `stock=low` finds a product. */
export const LOW_STOCK = 10;

export function StatusBadge({ status }: { status: Status }) {
  const { t } = useLanguage();
  return <span className={`badge status-${status}`}>{t(`status.${status}`)}</span>;
}

/** Says that a product needs reordering; nothing when it does not. */
export function StockBadge({ stock }: { stock: number }) {
  const { t } = useLanguage();
  if (stock > LOW_STOCK) return null;
  return <span className={stock === 0 ? "badge stock-out" : "badge stock-low"}>{stock === 0 ? t("stock.out") : t("stock.low")}</span>;
}
