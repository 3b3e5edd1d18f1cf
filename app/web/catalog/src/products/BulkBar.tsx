import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Boxes, CircleDot, Download, Percent, Tag, Trash2, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { listProducts } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import type { Product } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { useRights } from "../app/useSession";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { part } from "kit/loading/part.tsx";
import { LazyMenu } from "kit/ui/LazyMenu.tsx";
import { problemText, problemTitle } from "kit/ui/problemText.ts";
import { BulkDialog, type BulkKind } from "./BulkDialog";
import { useExport } from "./useExport";
import { filterQuery, type ListParams } from "./listParams";
import { useBulk } from "./useBulk";
import { MOST_SELECTED, type Selection } from "./useSelection";
import "./bulk.css";

const BulkStatusMenu = part(() => import("./BulkStatusMenu"));

/** What can be done with the ticked products; stands at the foot of the page while there are any. */
export default function BulkBar({ selection, params, total }: { selection: Selection; params: ListParams; total: number }) {
  const { t, locale } = useLanguage();
  const rights = useRights();
  const { run, progress } = useBulk();
  const exporting = useExport();
  const [dialog, setDialog] = useState<BulkKind | null>(null);
  const count = selection.products.size;
  const ids = [...selection.products.keys()];
  const selectAll = useSelectMatching(params, selection);
  /** What a change did not reach stays ticked. */
  const finish = (left: readonly number[]) => selection.set([...selection.products.values()].filter(({ id }) => !left.includes(id)), false);
  const most = Math.min(total, MOST_SELECTED);
  const item = (kind: BulkKind, icon: ReactNode) => (
    <button type="button" className="button small" onClick={() => setDialog(kind)}>
      {icon}
      <span>{t(`bulk.${kind}.action`)}</span>
    </button>
  );
  return (
    <div className="bulk-bar" role="region" aria-label={t("bulk.label")}>
      <span className="bulk-count" role="status">
        {progress ?? t("bulk.selected", { count, shown: integer(count, locale) })}
      </span>
      {count < most && (
        <button type="button" className="button small quiet" disabled={selectAll.isPending} onClick={() => selectAll.mutate()}>
          {selectAll.found !== null
            ? t("bulk.progress", { done: integer(selectAll.found, locale), total: integer(most, locale) })
            : most < total
              ? t("bulk.selectFirst", { shown: integer(most, locale), total: integer(total, locale) })
              : t("bulk.selectMatching", { count: most, shown: integer(most, locale) })}
        </button>
      )}
      <span className="bulk-actions">
        {rights.write && (
          <>
            <LazyMenu
              popup="menu"
              trigger={
                <button type="button" className="button small">
                  <CircleDot aria-hidden size={15} />
                  <span>{t("bulk.status.action")}</span>
                </button>
              }
            >
              {(trigger) => <BulkStatusMenu trigger={trigger} onChoose={(status) => run({ body: { ids, action: "update", set: { status } }, onDone: finish })} />}
            </LazyMenu>
            {item("price", <Percent aria-hidden size={15} />)}
            {item("category", <Tag aria-hidden size={15} />)}
            {item("stock", <Boxes aria-hidden size={15} />)}
          </>
        )}
        <button type="button" className="button small" disabled={exporting.busy} onClick={() => void exporting.start({ ids })}>
          <Download aria-hidden size={15} />
          <span>{t("export.title")}</span>
        </button>
        {rights.admin && (
          <button type="button" className="button small danger" onClick={() => setDialog("delete")}>
            <Trash2 aria-hidden size={15} />
            <span>{t("bulk.delete.action")}</span>
          </button>
        )}
      </span>
      <button type="button" className="icon-button small" aria-label={t("bulk.clear")} title={t("bulk.clear")} onClick={selection.clear}>
        <X aria-hidden size={16} />
      </button>
      {dialog && (
        <BulkDialog
          kind={dialog}
          products={[...selection.products.values()]}
          onClose={() => setDialog(null)}
          onDone={(left) => {
            setDialog(null);
            finish(left);
          }}
        />
      )}
    </div>
  );
}

/** Ticks every product that the filters match, up to the most that can be ticked; `found` counts while it asks. */
function useSelectMatching(params: ListParams, selection: Selection) {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const [found, setFound] = useState<number | null>(null);
  const mutation = useMutation({
    mutationFn: async () => {
      const found: Product[] = [];
      setFound(0);
      let cursor: string | undefined;
      do {
        const page = await listProducts({ ...filterQuery(params), sort: params.sort, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
        found.push(...page.products);
        setFound(found.length);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined && found.length < MOST_SELECTED);
      return found.slice(0, MOST_SELECTED);
    },
    onSuccess: (found) => selection.set(found, true),
    onSettled: () => setFound(null),
    onError: (error) => {
      const problem = asProblem(error);
      notify({ tone: "problem", text: problemTitle(problem, t), detail: problemText(problem, t) });
      void queries.invalidateQueries({ queryKey: ["products"] });
    },
  });
  return { ...mutation, found };
}
