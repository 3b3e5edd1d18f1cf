import { useId, useState, type FormEvent } from "react";
import type { Bulk, Product } from "../api/types";
import { changeByPercent } from "kit/format/decimal.ts";
import { integer, money } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { Field } from "kit/ui/Field.tsx";
import { Modal } from "kit/ui/Modal.tsx";
import { useCategories } from "./queries";
import { useBulk } from "./useBulk";
import { checkPercent, checkStock, type Complaint } from "./validate";

export type BulkKind = "price" | "category" | "stock" | "delete";

/** How many products a dialog names before it says "and 12 more". */
const NAMED = 5;

type Props = { kind: BulkKind; products: readonly Product[]; onClose: () => void; onDone: (left: readonly number[]) => void };

/** Asks for the new value of many products and shows what it will do to the first of them. */
export function BulkDialog({ kind, products, onClose, onDone }: Props) {
  const { t, locale } = useLanguage();
  const { run, running, progress } = useBulk();
  const [typed, setTyped] = useState("");
  const [complaint, setComplaint] = useState<Complaint | null>(null);
  const form = useId();
  const categoryList = useId();
  const categories = useCategories().data ?? [];
  const ids = products.map((product) => product.id);

  const body = (): Bulk | Complaint => {
    switch (kind) {
      case "delete":
        return { ids, action: "delete" };
      case "category":
        return { ids, action: "update", set: { category: typed.trim() === "" ? null : typed.trim() } };
      case "stock": {
        const checked = checkStock(typed, locale);
        return "complaint" in checked ? checked.complaint : { ids, action: "update", set: { stock: checked.value } };
      }
      case "price": {
        const checked = checkPercent(typed, locale);
        return "complaint" in checked ? checked.complaint : { ids, action: "price_percent", percent: checked.value };
      }
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = body();
    if (typeof made === "string") setComplaint(made);
    else run({ body: made, onDone });
  };

  const checkedPercent = kind === "price" ? checkPercent(typed, locale) : undefined;
  const percent = checkedPercent && "value" in checkedPercent ? checkedPercent.value : undefined;
  const count = products.length;
  const shown = integer(count, locale);
  return (
    <Modal
      title={t(`bulk.${kind}.title`, { count, shown })}
      text={t(`bulk.${kind}.text`)}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t("common.cancel")}
          </button>
          <button type="submit" form={form} className={kind === "delete" ? "button danger solid" : "button primary"} disabled={running}>
            {progress ?? t(`bulk.${kind}.submit`, { count, shown })}
          </button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        {kind !== "delete" && (
          <Field label={t(`bulk.${kind}.field`)} hint={t(`bulk.${kind}.hint`)} error={complaint ? t(`complaint.${complaint}`) : undefined}>
            {(props) => (
              <input
                {...props}
                value={typed}
                autoComplete="off"
                inputMode={kind === "category" ? "text" : "decimal"}
                list={kind === "category" ? categoryList : undefined}
                onChange={(event) => {
                  setTyped(event.target.value);
                  setComplaint(null);
                }}
              />
            )}
          </Field>
        )}
        {kind === "category" && (
          <datalist id={categoryList}>
            {categories.map(({ category }) => (
              <option key={category} value={category} />
            ))}
          </datalist>
        )}
        <ul className="bulk-preview">
          {products.slice(0, NAMED).map((product) => (
            <li key={product.id}>
              <span>{product.name}</span>
              {kind === "price" && (
                <span className="numbers">
                  {percent === undefined ? (
                    money(product.price, locale)
                  ) : (
                    <>
                      <del>{money(product.price, locale)}</del> <ins>{money(changeByPercent(product.price, percent), locale)}</ins>
                    </>
                  )}
                </span>
              )}
              {kind === "stock" && <span className="numbers">{integer(product.stock, locale)}</span>}
              {kind === "category" && <span className="muted">{product.category ?? t("common.empty")}</span>}
            </li>
          ))}
          {count > NAMED && <li className="muted">{t("bulk.more", { count: count - NAMED, shown: integer(count - NAMED, locale) })}</li>}
        </ul>
      </form>
    </Modal>
  );
}
