import { useMutation } from "@tanstack/react-query";
import { ImagePlus, Trash2 } from "lucide-react";
import { useId } from "react";
import { asProblem } from "kit/api/problem.ts";
import { problemTitle } from "kit/ui/problemText.ts";
import { uploadImage } from "../api/client";
import { useLanguage } from "../i18n";
import { Picture } from "./Picture";
import { smallImage } from "./smallImage";
import "kit/ui/field.css";
import "./imageField.css";

type Props = { image: string; error: string | undefined; readOnly: boolean; onChange: (image: string) => void };

/** The picture of a product: chosen from the device, made small, sent at once; the product gets it when it is saved. */
export function ImageField({ image, error, readOnly, onChange }: Props) {
  const { t } = useLanguage();
  const sending = useMutation({
    mutationFn: async (file: Blob) => {
      const small = await smallImage(file);
      return small && uploadImage(small);
    },
    onSuccess: (address) => address && onChange(address),
  });
  const unreadable = sending.isSuccess && sending.data === null;
  const complaint = sending.error ? problemTitle(asProblem(sending.error), t) : unreadable ? t("complaint.badImage") : error;
  const id = useId();
  return (
    <div role="group" aria-labelledby={`${id}-label`} className={complaint ? "field image-group invalid" : "field image-group"}>
      <span className="image-label" id={`${id}-label`}>
        {t("fields.image")}
        {!readOnly && <span className="optional">{t("form.optional")}</span>}
      </span>
      <div className="image-field">
        <Picture image={image} size="form" />
        {!readOnly && (
          <div className="image-actions">
            <label className="button small" aria-busy={sending.isPending}>
              <ImagePlus aria-hidden size={15} />
              {sending.isPending ? t("form.imageSending") : t(image ? "form.imageOther" : "form.imageChoose")}
              <input
                type="file"
                accept="image/*"
                aria-invalid={complaint ? true : undefined}
                aria-describedby={complaint ? `${id}-error` : `${id}-hint`}
                disabled={sending.isPending}
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  // The same file can be chosen again.
                  event.target.value = "";
                  if (file) sending.mutate(file);
                }}
              />
            </label>
            {image && (
              <button
                type="button"
                className="button small quiet"
                onClick={() => {
                  sending.reset();
                  onChange("");
                }}
              >
                <Trash2 aria-hidden size={15} />
                {t("form.imageRemove")}
              </button>
            )}
          </div>
        )}
      </div>
      {complaint && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {complaint}
        </p>
      )}
      {!readOnly && (
        <p className="field-hint" id={`${id}-hint`}>
          {t("form.imageHint")}
        </p>
      )}
    </div>
  );
}
