import { useState } from "react";
import { exportCsv } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import type { ListQuery } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { useLanguage } from "../i18n";
import { problemText, problemTitle } from "kit/ui/problemText.ts";
import { separators } from "kit/format/decimal.ts";
import { separatorsOf } from "../import/csv";
import { download } from "./download";

/** Fetches the CSV of what the query finds, in the form that the reader's spreadsheet opens, and hands it to the browser. */
export function useExport() {
  const { t, locale } = useLanguage();
  const [busy, setBusy] = useState(false);
  const start = async (query: ListQuery & { ids?: string }) => {
    setBusy(true);
    try {
      download(await exportCsv({ ...query, ...separatorsOf(separators(locale).decimal), bom: true }), `products-${new Date().toISOString().slice(0, 10)}.csv`);
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
