import type { Decimal } from "kit/format/decimal.ts";
import { money } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { part } from "kit/loading/part.tsx";
import { LazyMenu } from "kit/ui/LazyMenu.tsx";

const PriceFilter = part(() => import("./PriceFilter"));

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
