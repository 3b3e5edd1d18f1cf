import { useState } from "react";
import { exportCsv } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import type { ListQuery } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { useLanguage } from "../i18n";
import { problemText, problemTitle } from "kit/ui/problemText.ts";
import { download } from "./download";

/** Fetches the CSV of what the query finds and hands it to the browser. */
export function useExport() {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const start = async (query: ListQuery & { ids?: string }) => {
    setBusy(true);
    try {
      download(await exportCsv(query), `products-${new Date().toISOString().slice(0, 10)}.csv`);
      notify({ tone: "done", text: t("export.done") });
    } catch (error) {
      const problem = asProblem(error);
      notify({ tone: "problem", text: problemTitle(problem, t), detail: problemText(problem, t) });
    } finally {
      setBusy(false);
    }
  };
  return { busy, start };
}
