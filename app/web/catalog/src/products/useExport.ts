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
  const start = async ({ ids, ...query }: ListQuery & { ids?: readonly number[] }) => {
    setBusy(true);
    try {
      const form = { ...query, ...separatorsOf(separators(locale).decimal), bom: true };
      const parts = ids ? partsOf(ids).map((part) => ({ ...form, ids: part.join(",") })) : [form];
      const files: Blob[] = [];
      for (const part of parts) files.push(await exportCsv(part));
      download(await joined(files), `products-${new Date().toISOString().slice(0, 10)}.csv`);
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

/** As many ids as an address may hold: load balancers refuse one of more than 16 kB, some of more than 8. */
const MOST_IN_AN_ADDRESS = 500;

function partsOf(ids: readonly number[]): (readonly number[])[] {
  return Array.from({ length: Math.ceil(ids.length / MOST_IN_AN_ADDRESS) }, (_, part) => ids.slice(part * MOST_IN_AN_ADDRESS, (part + 1) * MOST_IN_AN_ADDRESS));
}

/** One file of several: the rows of all, under the header of the first. */
export async function joined(files: readonly Blob[]): Promise<Blob> {
  const [first = new Blob(), ...others] = files;
  const rows = await Promise.all(others.map(async (file) => file.slice(new Uint8Array(await file.arrayBuffer()).indexOf(0x0a) + 1)));
  return new Blob([first, ...rows], { type: first.type });
}
