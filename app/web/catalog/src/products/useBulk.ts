import { useMutation, useQueryClient } from "@tanstack/react-query";
import { bulk } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import type { Bulk } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { problemDetail, problemText, problemTitle } from "kit/ui/problemText.ts";
import { afterRowsChanged } from "./queries";

/** One bulk call: all or nothing, and a notice that says how many it changed and how many had gone meanwhile. */
export function useBulk() {
  const { t, locale } = useLanguage();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ body }: { body: Bulk; onDone: () => void }) => bulk(body),
    onSuccess: ({ changed, missing }, { body, onDone }) => {
      afterRowsChanged(queries);
      notify({
        tone: "done",
        text: t(body.action === "delete" ? "bulk.deleted" : "bulk.changed", { count: changed, shown: integer(changed, locale) }),
        detail: missing.length > 0 ? t("bulk.missing", { count: missing.length, shown: integer(missing.length, locale) }) : undefined,
      });
      onDone();
    },
    onError: (error) => {
      const problem = asProblem(error);
      const said = Object.values(problem.fields)[0] ?? problemDetail(problem, t);
      notify({ tone: "problem", text: problemTitle(problem, t), detail: [problemText(problem, t), said].filter(Boolean).join(" ") });
    },
  });
}
