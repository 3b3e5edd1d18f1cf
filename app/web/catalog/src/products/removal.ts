/**
 * Deleting with undo: the row goes at once, the API is told when the notice has left. Leaving the page tells it earlier,
 * so that what looked deleted is deleted.
 */
import { useQueryClient } from "@tanstack/react-query";
import { deleteProduct } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import type { Product } from "../api/types";
import { dismiss, notify } from "kit/shell/notices.ts";
import { useLanguage } from "../i18n";
import { createStore } from "kit/store.ts";
import { problemText } from "kit/ui/problemText.ts";
import { afterRowsChanged } from "./queries";

const GRACE_MS = 7_000;

type Pending = { commit: (leaving: boolean) => void; timer: ReturnType<typeof setTimeout> };
const pending = new Map<number, Pending>();
const hidden = createStore<ReadonlySet<number>>(new Set());

function hide(id: number): void {
  hidden.set(new Set(hidden.get()).add(id));
}

function show(id: number): void {
  const next = new Set(hidden.get());
  next.delete(id);
  hidden.set(next);
}

globalThis.addEventListener?.("pagehide", () => {
  for (const { commit, timer } of pending.values()) {
    clearTimeout(timer);
    commit(true);
  }
});

/** Products that are gone from the screen, though the API may not know yet. */
export const useHidden = hidden.use;

export function useRemove(): (product: Product) => void {
  const { t } = useLanguage();
  const queries = useQueryClient();

  return (product) => {
    const { id, name, version } = product;
    if (pending.has(id)) return;
    hide(id);

    const commit = async (leaving: boolean) => {
      pending.delete(id);
      dismiss(notice);
      try {
        await deleteProduct(id, version, leaving);
        afterRowsChanged(queries);
      } catch (error) {
        const problem = asProblem(error);
        // Somebody else deleted it first: the outcome is the one asked for.
        if (problem.kind !== "missing") {
          show(id);
          const detail = problem.kind === "conflict" ? t("remove.changed") : problemText(problem, t);
          notify({ tone: "problem", text: t("remove.refused", { name }), detail });
        }
        afterRowsChanged(queries);
      }
    };
    const timer = setTimeout(() => void commit(false), GRACE_MS);
    pending.set(id, { commit: (leaving) => void commit(leaving), timer });
    const notice = notify({
      tone: "done",
      text: t("remove.done", { name }),
      duration: GRACE_MS,
      undo: () => {
        clearTimeout(timer);
        pending.delete(id);
        show(id);
      },
    });
  };
}
