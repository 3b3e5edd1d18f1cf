import { useQueryClient } from "@tanstack/react-query";
import { undoChanges } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import { integer } from "kit/format/format.ts";
import { notify } from "kit/shell/notices.ts";
import { problemText, problemTitle } from "kit/ui/problemText.ts";
import { useLanguage } from "../i18n";
import { afterRowsChanged } from "./queries";

/** Takes change sets back, the newest first; what others have changed since stays, and is said. */
export function useUndoChanges() {
  const { t, locale } = useLanguage();
  const queries = useQueryClient();
  return async (sets: readonly number[]): Promise<boolean> => {
    let restored = 0;
    let kept = 0;
    try {
      for (const set of sets.toReversed()) {
        const outcome = await undoChanges(set);
        restored += outcome.restored;
        kept += outcome.kept.length;
      }
    } catch (error) {
      const problem = asProblem(error);
      notify({ tone: "problem", text: problemTitle(problem, t), detail: problemText(problem, t) });
      return false;
    } finally {
      afterRowsChanged(queries);
    }
    notify({
      tone: "done",
      text: t("bulk.undone", { count: restored, shown: integer(restored, locale) }),
      detail: kept > 0 ? t("bulk.kept", { count: kept, shown: integer(kept, locale) }) : undefined,
    });
    return true;
  };
}
