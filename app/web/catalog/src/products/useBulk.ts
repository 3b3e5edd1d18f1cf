import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { bulk } from "../api/client";
import { requestKeys } from "kit/api/requestKeys.ts";
import { asProblem, type Problem } from "kit/api/problem.ts";
import type { Bulk } from "../api/types";
import { useBusy } from "kit/loading/busy.ts";
import { notify } from "kit/shell/notices.ts";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { problemDetail, problemText, problemTitle } from "kit/ui/problemText.ts";
import { afterRowsChanged } from "./queries";
import { useUndoChanges } from "./useUndoChanges";

/** As many products as the API takes in one call. */
export const MOST_IN_A_CALL = 500;
/** How long a bulk change offers to be taken back. */
const UNDO_FOR = 30_000;

type Job = { body: Bulk; /** Called with the products that were not reached. */ onDone: (left: readonly number[]) => void };
type Outcome = { changed: number; missing: number; sets: number[]; left: number[]; problem?: Problem };

/**
 * One change of many products, in parts that are all or nothing; a notice says how many it changed, and takes all parts
 * back. When a part is refused, the rest is not tried.
 */
export function useBulk() {
  const { t, locale } = useLanguage();
  const queries = useQueryClient();
  const undo = useUndoChanges();
  const keys = useRef(requestKeys());
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  useBusy(() => progress !== null);

  const mutation = useMutation({
    mutationFn: async ({ body }: Job): Promise<Outcome> => {
      const outcome: Outcome = { changed: 0, missing: 0, sets: [], left: [] };
      for (let start = 0; start < body.ids.length; start += MOST_IN_A_CALL) {
        if (body.ids.length > MOST_IN_A_CALL) setProgress({ done: start, total: body.ids.length });
        const part = { ...body, ids: body.ids.slice(start, start + MOST_IN_A_CALL) };
        try {
          const { changed, missing, change_set: set } = await bulk(part, keys.current.of(part));
          keys.current.done();
          outcome.changed += changed;
          outcome.missing += missing.length;
          if (set !== null) outcome.sets.push(set);
        } catch (error) {
          return { ...outcome, left: body.ids.slice(start), problem: asProblem(error) };
        }
      }
      return outcome;
    },
    onSettled: () => setProgress(null),
    onSuccess: ({ changed, missing, sets, left, problem }, { body, onDone }) => {
      afterRowsChanged(queries);
      const counted = t(body.action === "delete" ? "bulk.deleted" : "bulk.changed", { count: changed, shown: integer(changed, locale) });
      const back = sets.length > 0 ? () => void undo(sets) : undefined;
      if (problem) {
        const said = Object.values(problem.fields)[0] ?? problemDetail(problem, t);
        const detail = [sets.length > 0 ? `${counted}.` : "", problemText(problem, t), said].filter(Boolean).join(" ");
        notify({ tone: "problem", text: problemTitle(problem, t), detail, undo: back, duration: UNDO_FOR });
        // Nothing was reached: the dialog stays, with what was typed.
        if (sets.length > 0) onDone(left);
        return;
      }
      notify({
        tone: "done",
        text: counted,
        detail: missing > 0 ? t("bulk.missing", { count: missing, shown: integer(missing, locale) }) : undefined,
        undo: back,
        duration: back && UNDO_FOR,
      });
      onDone([]);
    },
  });
  const shown = progress && t("bulk.progress", { done: integer(progress.done, locale), total: integer(progress.total, locale) });
  return { run: mutation.mutate, running: mutation.isPending, progress: shown };
}
