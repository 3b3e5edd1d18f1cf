import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import { createProduct } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import { requestKeys } from "kit/api/requestKeys.ts";
import type { NewProduct } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { useLanguage } from "../i18n";
import { Drawer } from "kit/ui/Drawer.tsx";
import { checkDraft, EMPTY_DRAFT, type Draft } from "./draft";
import { takeKept, useKeepDraft } from "./keptDrafts";
import type { FieldName } from "./fields";
import { fieldErrors } from "./fieldErrors";
import { ProductForm } from "./ProductForm";
import { afterRowsChanged } from "./queries";
import { useRemove } from "./removal";
import { useLeaveGuard } from "./useLeaveGuard";
import { usePlace } from "./usePlace";
import type { Complaint } from "./validate";
import "kit/ui/field.css";

const PATH = "/products/new";

export default function CreateDrawer() {
  const { t, locale } = useLanguage();
  usePageTitle(t("create.title"));
  const place = usePlace();
  const queries = useQueryClient();
  const remove = useRemove();
  // The category somebody is looking at is the likely one for what they add.
  const initial: Draft = { ...EMPTY_DRAFT, category: place.params.category };
  const [draft, setDraft] = useState(() => takeKept(PATH)?.draft ?? initial);
  const [complaints, setComplaints] = useState<Partial<Record<FieldName, Complaint>>>({});
  const [attempt, setAttempt] = useState(0);
  const [again, setAgain] = useState(false);

  const keys = useRef(requestKeys());
  const creation = useMutation({ mutationFn: (values: NewProduct) => createProduct(values, keys.current.of(values)) });
  const dirty = (Object.keys(draft) as FieldName[]).some((field) => draft[field] !== initial[field]);
  const typed = useRef(false);
  useLayoutEffect(() => {
    typed.current = dirty;
  }, [dirty]);
  const guard = useLeaveGuard(typed, () => place.open("/products"));

  useKeepDraft({ path: PATH, draft, base: null, dirty, left: guard.left });

  const submit = async () => {
    const checked = checkDraft(draft, locale);
    if ("complaints" in checked) {
      setComplaints(checked.complaints);
      setAttempt((n) => n + 1);
      return;
    }
    setComplaints({});
    try {
      const product = await creation.mutateAsync(checked.values);
      keys.current.done();
      afterRowsChanged(queries);
      notify({ tone: "done", text: t("create.done", { name: product.name }), undo: () => remove(product) });
      if (again) {
        setDraft({ ...EMPTY_DRAFT, category: draft.category, status: draft.status });
        creation.reset();
        document.querySelector<HTMLElement>("[data-autofocus]")?.focus();
      } else {
        guard.leave();
      }
    } catch {
      setAttempt((n) => n + 1);
    }
  };

  const problem = creation.error ? asProblem(creation.error) : undefined;
  const errors = { ...fieldErrors(problem, t), ...Object.fromEntries(Object.entries(complaints).map(([field, complaint]) => [field, t(`complaint.${complaint}`)])) };
  return (
    <Drawer title={t("create.title")} onClose={guard.close}>
      <ProductForm
        creating
        draft={draft}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        errors={errors}
        problem={Object.keys(complaints).length > 0 ? undefined : problem}
        onSubmit={() => void submit()}
        attempt={attempt}
        footer={
          guard.asking ? (
            guard.question
          ) : (
            <>
              <label className="check-line foot-start">
                <input type="checkbox" checked={again} onChange={(event) => setAgain(event.target.checked)} />
                {t("create.another")}
              </label>
              <button type="button" className="button" onClick={guard.close}>
                {t("common.cancel")}
              </button>
              <button type="submit" className="button primary" disabled={creation.isPending}>
                {creation.isPending ? t("common.saving") : t("create.submit")}
              </button>
            </>
          )
        }
      />
    </Drawer>
  );
}
