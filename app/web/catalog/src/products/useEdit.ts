import { useMutation, useQueryClient } from "@tanstack/react-query";
import { patchProduct } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import { currentOf } from "../api/problems";
import type { Product, ProductPatch } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { useLanguage } from "../i18n";
import { problemText, problemTitle } from "kit/ui/problemText.ts";
import { setConflict } from "./conflicts";
import { useDescribeChange } from "./describe";
import { fieldsIn, isFieldName, pick, sameValue } from "./fields";
import { afterEdit, known, updateCopies } from "./queries";

export type Edit = {
  /** The product as the editor saw it. */
  base: Product;
  changes: ProductPatch;
  /** `undo` when the edit takes an earlier one back: then it offers no undo of its own. */
  reason?: "edit" | "undo";
};

/**
 * An edit that shows at once: the row has the new value before the API answers, goes back when it refuses, and offers to
 * take the change back when it agrees. Edits of one product run one after the other, each on the version the last one made.
 */
export function useEdit() {
  const { t } = useLanguage();
  const describe = useDescribeChange();
  const queries = useQueryClient();

  const mutation = useMutation({
    scope: { id: "product-edit" },
    mutationFn: ({ base, changes }: Edit) => patchProduct(base.id, changes, (known(queries, base.id) ?? base).version),
    onMutate: async ({ base, changes }) => {
      await queries.cancelQueries({ queryKey: ["products"] });
      const before = known(queries, base.id) ?? base;
      updateCopies(queries, base.id, (product) => ({ ...product, ...changes }));
      return { before };
    },
    onSuccess: (saved, { base, changes, reason }, { before }) => {
      const settled = { ...pick(saved, fieldsIn(changes)), version: saved.version, updated_at: saved.updated_at };
      updateCopies(queries, base.id, (product) => ({ ...product, ...settled }));
      afterEdit(queries, base.id);
      const undo = () => edit({ base: saved, changes: pick(before, fieldsIn(changes)), reason: "undo" });
      notify({
        tone: "done",
        text: reason === "undo" ? t("edit.undone", { name: saved.name }) : t("edit.saved", { name: saved.name }),
        detail: describe(before, changes),
        undo: reason === "undo" ? undefined : undo,
      });
    },
    onError: (error, { base, changes }, context) => {
      const before = context?.before ?? base;
      updateCopies(queries, base.id, (product) => revert(product, changes, before));
      const problem = asProblem(error);
      const theirs = currentOf(problem);
      if (problem.kind === "conflict" && theirs) {
        updateCopies(queries, base.id, () => theirs);
        setConflict({ base: before, mine: changes, theirs });
        return;
      }
      const [field, sentence] = Object.entries(problem.fields)[0] ?? [];
      notify({
        tone: "problem",
        text: t("edit.refused", { name: base.name }),
        detail: field !== undefined && sentence !== undefined ? `${isFieldName(field) ? t(`fields.${field}`) : field}: ${sentence}` : `${problemTitle(problem, t)}. ${problemText(problem, t)}`,
      });
      if (problem.kind === "missing") void queries.invalidateQueries({ queryKey: ["products"] });
    },
  });

  const edit = (next: Edit) => mutation.mutate(next);
  return edit;
}

/** Puts the old values back where the refused ones still stand; a later edit of the same field is left alone. */
export function revert(product: Product, refused: ProductPatch, before: Product): Product {
  const back = fieldsIn(refused).filter((field) => sameValue(field, product[field], refused[field]));
  return { ...product, ...pick(before, back) };
}
