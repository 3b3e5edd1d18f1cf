import { useInfiniteQuery } from "@tanstack/react-query";
import { FilePlus2, FileUp, History, Layers, Pencil, Trash2, Undo2 } from "lucide-react";
import { history } from "../api/client";
import { asProblem } from "kit/api/problem.ts";
import { dateTime, integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import type { Product } from "../api/types";
import { Change } from "./Change";
import { inFormOrder } from "./describe";
import { restoring } from "./restoring";
import { historyKey } from "./queries";
import { useEdit } from "./useEdit";
import "./history.css";
import "kit/ui/states.css";

const ICONS = { create: FilePlus2, update: Pencil, delete: Trash2, import: FileUp, bulk: Layers, undo: Undo2 } as const;

function actionOf(entry: { action: string }): keyof typeof ICONS {
  return entry.action in ICONS ? (entry.action as keyof typeof ICONS) : "update";
}

/** Who changed what and when, newest first. */
export function HistoryList({ product, readOnly }: { product: Product; readOnly: boolean }) {
  const { t, locale } = useLanguage();
  const { id } = product;
  const edit = useEdit();
  const pages = useInfiniteQuery({
    queryKey: historyKey(id),
    queryFn: ({ pageParam, signal }) => history(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  if (pages.error) return <ProblemPlaceholder problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <p role="status">{t("history.loading")}</p>;
  const entries = pages.data.pages.flatMap((page) => page.entries);
  return (
    <>
      <ol className="history">
        {entries.map((entry, index) => {
          const action = actionOf(entry);
          const Icon = ICONS[action];
          const changes = inFormOrder(entry.changes ?? {});
          const restored = action === "delete" ? {} : restoring(product, entries.slice(0, index));
          return (
            <li key={`${entry.version}-${entry.at}`}>
              <span className={`history-icon ${action}`}>
                <Icon aria-hidden size={15} />
              </span>
              <div>
                <p className="history-head">
                  <strong>{t(`history.actions.${action}`)}</strong>
                  <span className="muted">
                    {entry.who} · <time dateTime={entry.at}>{dateTime(entry.at, locale)}</time> · {t("history.version", { version: integer(entry.version, locale) })}
                  </span>
                </p>
                {action !== "delete" && changes.length > 0 && (
                  <ul className="history-changes">
                    {changes.map(([field, pair]) => (
                      <li key={field}>
                        <Change field={field} from={pair[0]} to={pair[1]} fresh={action === "create"} />
                      </li>
                    ))}
                  </ul>
                )}
                {!readOnly && Object.keys(restored).length > 0 && (
                  <button type="button" className="button small quiet" onClick={() => edit({ base: product, changes: restored })}>
                    <History aria-hidden size={15} />
                    {t("history.restore", { version: integer(entry.version, locale) })}
                  </button>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      {pages.hasNextPage && (
        <button type="button" className="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("history.older")}
        </button>
      )}
    </>
  );
}
