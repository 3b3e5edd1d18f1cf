import type { Status } from "../api/types";
import { useLanguage } from "../i18n";

export function StatusBadge({ status }: { status: Status }) {
  const { t } = useLanguage();
  return <span className={`badge status-${status}`}>{t(`status.${status}`)}</span>;
}

/** Says that a product needs reordering; nothing when it does not. `low` is the most pieces that the shop calls low. */
export function StockBadge({ stock, low }: { stock: number; low: number }) {
  const { t } = useLanguage();
  if (stock > low) return null;
  return <span className={stock === 0 ? "badge stock-out" : "badge stock-low"}>{stock === 0 ? t("stock.out") : t("stock.low")}</span>;
}
