import { lazy } from "react";
import type { Decimal } from "../format/decimal";
import { money } from "../format/format";
import { useLanguage } from "../i18n";
import { LazyMenu } from "../ui/LazyMenu";

const PriceFilter = lazy(() => import("./PriceFilter"));

type Props = { min: Decimal; max: Decimal; onChange: (range: { min: Decimal; max: Decimal }) => void };

/** Says which prices are shown, and opens the form that changes it. */
export function PriceFilterButton({ min, max, onChange }: Props) {
  const { t, locale } = useLanguage();
  const label =
    min !== "" && max !== ""
      ? t("filters.priceBetween", { min: money(min, locale), max: money(max, locale) })
      : min !== ""
        ? t("filters.priceFrom", { min: money(min, locale) })
        : max !== ""
          ? t("filters.priceTo", { max: money(max, locale) })
          : t("filters.anyPrice");
  return (
    <LazyMenu
      popup="dialog"
      trigger={
        <button type="button" className="select" data-active={min !== "" || max !== ""}>
          {label}
        </button>
      }
    >
      {(trigger) => <PriceFilter trigger={trigger} min={min} max={max} onChange={onChange} />}
    </LazyMenu>
  );
}
