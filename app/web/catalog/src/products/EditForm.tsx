import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useLayoutEffect, useState, type RefObject } from "react";
import { patchProduct } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import { currentOf } from "../api/problems";
import type { Product, ProductPatch } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { useLanguage } from "../i18n";
import { ConflictPanel } from "./ConflictPanel";
import { useDescribeChange } from "./describe";
import { checkDraft, draftOf } from "./draft";
import { takeKept, useKeepDraft } from "./keptDrafts";
import { effective, FIELDS, fieldsIn, pick, type FieldName } from "./fields";
import { fieldErrors } from "./fieldErrors";
import { ProductForm } from "./ProductForm";
import { afterRowsChanged, oneKey, updateCopies } from "./queries";
import { useRemove } from "./removal";
import { useEdit } from "./useEdit";
import type { Guard } from "./useLeaveGuard";
import type { Complaint } from "./validate";

type Props = {
  product: Product;
  readOnly: boolean;
  guard: Guard;
  /** Told whether something typed would be lost. */
  dirtyRef: RefObject<boolean>;
};

/**
 * Edits one product. Only the fields that were touched are sent, on the version that the form was opened with: what
 * somebody else saved meanwhile comes back as a conflict, never silently overwritten.
 */
export function EditForm({ product, readOnly, guard, dirtyRef }: Props) {
  const { t, locale } = useLanguage();
  const queries = useQueryClient();
  const describe = useDescribeChange();
  const undoEdit = useEdit();
  const remove = useRemove();
  // The version under the editor's eyes; a refetch in the background must not swap it.
  const path = `/products/${product.id}`;
  const [kept] = useState(() => takeKept(path));
  const [base, setBase] = useState(kept?.base ?? product);
  const [draft, setDraft] = useState(() => kept?.draft ?? draftOf(product, locale));
  const [complaints, setComplaints] = useState<Partial<Record<FieldName, Complaint>>>({});
  const [attempt, setAttempt] = useState(0);
  const [conflict, setConflict] = useState<{ mine: ProductPatch; theirs: Product } | null>(null);
  const saving = useMutation({ mutationFn: ({ changes, version }: { changes: ProductPatch; version: number }) => patchProduct(base.id, changes, version) });

  const original = draftOf(base, locale);
  const dirty = FIELDS.some((field) => draft[field] !== original[field]);
  if (!dirty && !conflict && product.version > base.version) {
    // Nothing typed yet: the form follows the newest version that was read.
    setBase(product);
    setDraft(draftOf(product, locale));
  }
  useLayoutEffect(() => {
    dirtyRef.current = dirty;
  }, [dirty, dirtyRef]);
  useKeepDraft({ path, draft, base, dirty, left: guard.left });

  const save = async (changes: ProductPatch, on: Product) => {
    if (fieldsIn(changes).length === 0) {
      updateCopies(queries, on.id, () => on);
      guard.leave();
      return;
    }
    try {
      const saved = await saving.mutateAsync({ changes, version: on.version });
      queries.setQueryData(oneKey(saved.id), saved);
      updateCopies(queries, saved.id, () => saved);
      afterRowsChanged(queries);
      notify({
        tone: "done",
        text: t("edit.saved", { name: saved.name }),
        detail: describe(on, changes),
        undo: () => undoEdit({ base: saved, changes: pick(on, fieldsIn(changes)), reason: "undo" }),
      });
      guard.leave();
    } catch (error) {
      const problem = asProblem(error);
      const current = currentOf(problem);
      if (problem.kind === "conflict" && current) setConflict({ mine: changes, theirs: current });
      else setAttempt((n) => n + 1);
    }
  };

  const submit = () => {
    const checked = checkDraft(draft, locale);
    const noSku = draft.sku.trim() === "";
    if ("complaints" in checked || noSku) {
      setComplaints({ ...("complaints" in checked ? checked.complaints : {}), ...(noSku ? { sku: "required" as const } : {}) });
      setAttempt((n) => n + 1);
      return;
    }
    setComplaints({});
    void save(effective(base, checked.values), base);
  };

  if (conflict) {
    return (
      <ConflictPanel
        base={base}
        mine={conflict.mine}
        theirs={conflict.theirs}
        busy={saving.isPending}
        onBack={() => {
          // Back to the form with what was typed, now on top of the newest version.
          setBase(conflict.theirs);
          setDraft({ ...draftOf(conflict.theirs, locale), ...Object.fromEntries(fieldsIn(conflict.mine).map((field) => [field, draft[field]])) });
          setConflict(null);
          saving.reset();
        }}
        onSettle={(changes) => void save(changes, conflict.theirs)}
      />
    );
  }

  const problem = saving.error ? asProblem(saving.error) : undefined;
  const errors = { ...fieldErrors(problem, t), ...Object.fromEntries(Object.entries(complaints).map(([field, complaint]) => [field, t(`complaint.${complaint}`)])) };
  return (
    <ProductForm
      draft={draft}
      onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      errors={errors}
      problem={Object.keys(complaints).length > 0 ? undefined : problem}
      readOnly={readOnly}
      onSubmit={submit}
      attempt={attempt}
      footer={
        guard.asking ? (
          guard.question
        ) : readOnly ? (
          <button type="button" className="button" onClick={guard.close}>
            {t("common.close")}
          </button>
        ) : (
          <>
            <button
              type="button"
              className="button quiet danger foot-start"
              onClick={() => {
                guard.leave();
                remove(base);
              }}
            >
              <Trash2 aria-hidden size={16} />
              {t("list.delete")}
            </button>
            <button type="button" className="button" onClick={guard.close}>
              {t("common.cancel")}
            </button>
            <button type="submit" className="button primary" disabled={saving.isPending || !dirty}>
              {saving.isPending ? t("common.saving") : t("common.save")}
            </button>
          </>
        )
      }
    />
  );
}
