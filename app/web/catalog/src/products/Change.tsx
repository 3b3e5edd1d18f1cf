import { diffWordsWithSpace } from "diff";
import { useLanguage } from "../i18n";
import { fieldLabel, valueText } from "./describe";
import { Picture } from "./Picture";

/** From this length on a text is shown by what changed in it. */
const LONG = 60;
/** As much of what did not change stands around it. */
const AROUND = 24;

/** Old and new value side by side; the new one alone where there was no product before. */
export function Change({ field, from, to, fresh = false }: { field: string; from: unknown; to: unknown; fresh?: boolean }) {
  const { t } = useLanguage();
  const long = field !== "image" && typeof from === "string" && typeof to === "string" && from !== "" && to !== "" && Math.max(from.length, to.length) > LONG;
  return (
    <span className="change">
      <span className="change-field">{fieldLabel(field, t)}</span>
      {fresh ? (
        <span>
          <Value field={field} value={to} />
        </span>
      ) : long ? (
        <TextChange from={from} to={to} />
      ) : (
        <>
          <del>
            <Value field={field} value={from} />
          </del>
          <span aria-hidden>→</span>
          {from && (to === null || to === undefined || to === "") ? <ins className="loss">{t("import.emptied.erased")}</ins> : <ins><Value field={field} value={to} /></ins>}
        </>
      )}
    </span>
  );
}

/** A value in a word, or the picture that it stands for. */
function Value({ field, value }: { field: string; value: unknown }) {
  const { t, locale } = useLanguage();
  if (field === "image" && typeof value === "string" && value.startsWith("/api/images/")) return <Picture image={value} />;
  return valueText(field, value, t, locale);
}

/** The words that left and came, with a little of what stands around them. */
function TextChange({ from, to }: { from: string; to: string }) {
  const parts = diffWordsWithSpace(from, to);
  return (
    <span className="text-change">
      {parts.map(({ value, added, removed }, index) =>
        added ? <ins key={index}>{value}</ins> : removed ? <del key={index}>{value}</del> : <span key={index}>{shortened(value, index === 0, index === parts.length - 1)}</span>,
      )}
    </span>
  );
}

/** A text that did not change, without its middle; at an end of the whole without the far part. */
function shortened(text: string, first: boolean, last: boolean): string {
  if (text.length <= 2 * AROUND) return text;
  const start = first ? "" : text.slice(0, AROUND);
  return `${start}…${last ? "" : text.slice(-AROUND)}`;
}
