import { Popover } from "radix-ui";
import { useState, type FormEvent, type ReactElement } from "react";
import { toEditable, type Decimal } from "kit/format/decimal.ts";
import { currencySymbol } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { Field } from "kit/ui/Field.tsx";
import { rangeIsEmpty } from "./listParams";
import { checkPrice } from "./validate";
import "kit/ui/menu.css";

export type Range = { min: Decimal; max: Decimal };

/** The two amounts between which a price must lie; either may be left open. */
export default function PriceFilter({ trigger, min, max, onChange }: Range & { trigger: ReactElement; onChange: (range: Range) => void }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(true);
  const apply = (range: Range) => {
    onChange(range);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal container={document.getElementById("main")}>
        <Popover.Content className="popover" align="start" sideOffset={6} collisionPadding={8} aria-label={t("filters.priceRange")}>
          <RangeForm min={min} max={max} onApply={apply} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function RangeForm({ min, max, onApply }: Range & { onApply: (range: Range) => void }) {
  const { t, locale } = useLanguage();
  const [from, setFrom] = useState(toEditable(min, locale));
  const [to, setTo] = useState(toEditable(max, locale));
  const [errors, setErrors] = useState<{ from?: string | undefined; to?: string | undefined }>({});

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const low = from.trim() === "" ? { value: "" } : checkPrice(from, locale);
    const high = to.trim() === "" ? { value: "" } : checkPrice(to, locale);
    if ("complaint" in low || "complaint" in high) {
      setErrors({
        from: "complaint" in low ? t(`complaint.${low.complaint}`) : undefined,
        to: "complaint" in high ? t(`complaint.${high.complaint}`) : undefined,
      });
    } else if (rangeIsEmpty(low.value, high.value)) {
      setErrors({ to: t("filters.priceCrossed") });
    } else {
      onApply({ min: low.value, max: high.value });
    }
  };
  const symbol = currencySymbol(locale);
  return (
    <form onSubmit={submit} className="range-form">
      <div className="field-row">
        <Field label={`${t("filters.from")} (${symbol})`} error={errors.from}>
          {(props) => <input {...props} inputMode="decimal" value={from} onChange={(event) => setFrom(event.target.value)} />}
        </Field>
        <Field label={`${t("filters.to")} (${symbol})`} error={errors.to}>
          {(props) => <input {...props} inputMode="decimal" value={to} onChange={(event) => setTo(event.target.value)} />}
        </Field>
      </div>
      <div className="form-actions">
        <button type="button" className="button quiet" onClick={() => onApply({ min: "", max: "" })}>
          {t("filters.reset")}
        </button>
        <button type="submit" className="button primary">
          {t("filters.apply")}
        </button>
      </div>
    </form>
  );
}
