import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileDown, FileSpreadsheet } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { Link } from "react-router";
import { asProblem } from "kit/api/problem.ts";
import { requestKeys } from "kit/api/requestKeys.ts";
import { useBusy } from "kit/loading/busy.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { useRights } from "../app/useSession";
import type { EmptyCells, ImportOptions } from "../api/client";
import type { ImportReport } from "../api/types";
import { separators } from "kit/format/decimal.ts";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { download } from "../products/download";
import { afterRowsChanged } from "../products/queries";
import { useUndoChanges } from "../products/useUndoChanges";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { problemDetail, problemText, problemTitle } from "kit/ui/problemText.ts";
import { ImportPreview } from "./ImportPreview";
import { EmptiedCells } from "./EmptiedCells";
import { faultOf, runImport } from "./run";
import { separatorsOf, template } from "./csv";
import "./import.css";
import "kit/ui/states.css";

/** CSV in two steps: a dry run that shows what would happen, then the import itself, all or nothing. */
export default function ImportPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("import.title"));
  const rights = useRights();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [options, setOptions] = useState<ImportOptions>({});
  /** The check that found texts to be erased, which stay in sight while the answer is chosen. */
  const [asked, setAsked] = useState<ImportReport | null>(null);
  const keys = useRef(requestKeys());
  const undo = useUndoChanges();
  const [undone, setUndone] = useState(false);
  const result = useRef<HTMLElement>(null);
  const showResult = () => setTimeout(() => result.current?.focus(), 0);

  // A chosen file is work in hand: a new build must not take it away.
  useBusy(() => file !== null && real.data === undefined);

  const rehearsal = useMutation({
    mutationFn: ({ chosen, how }: { chosen: File; how: ImportOptions }) => runImport(chosen, { ...how, dry_run: true }),
    onSuccess: (report) => {
      if (report.erased > 0) setAsked((before) => before ?? report);
    },
    onSettled: showResult,
  });
  const real = useMutation({
    mutationFn: (chosen: File) => runImport(chosen, options, keys.current.of({ ...options, name: chosen.name, size: chosen.size, modified: chosen.lastModified })),
    onSettled: () => {
      afterRowsChanged(queries);
      showResult();
    },
  });

  const startOver = () => {
    setFile(null);
    setOptions({});
    setAsked(null);
    setUndone(false);
    keys.current.done();
    rehearsal.reset();
    real.reset();
  };
  const rehearse = (chosen: File, how: ImportOptions) => {
    setFile(chosen);
    setOptions(how);
    rehearsal.mutate({ chosen, how });
  };
  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    startOver();
    rehearse(chosen, {});
  };
  const choose = (empty: EmptyCells) => file && rehearse(file, { ...options, empty });

  if (!rights.admin) {
    return (
      <div className="page narrow">
        <Placeholder heading="h1" title={t("import.forbidden.title")} text={t("import.forbidden.text")} />
      </div>
    );
  }

  const failure = real.error ?? rehearsal.error;
  const fault = failure ? faultOf(failure) : undefined;
  const problem = failure && !fault ? asProblem(failure) : undefined;
  const report = failure ? undefined : (real.data ?? rehearsal.data);
  const undecided = asked !== null && options.empty === undefined;
  const openQuote = report?.errors.find(({ code }) => code === "open_quote");
  const done = real.data !== undefined && real.data.errors.length === 0;
  const changes = report ? report.created + report.updated : 0;
  return (
    <div className="page narrow import-page">
      <header className="page-head">
        <div>
          <h1>{t("import.title")}</h1>
          <p className="muted">{t("import.text")}</p>
        </div>
        <div className="page-actions">
          <button type="button" className="button" onClick={() => download(template(separatorsOf(separators(locale).decimal)), "products-template.csv")}>
            <FileDown aria-hidden size={16} />
            {t("import.template")}
          </button>
        </div>
      </header>

      {!done && <DropZone chosen={file?.name} onFile={take} />}

      <section ref={result} tabIndex={-1} className="import-result" aria-live="polite" aria-label={t("import.result")}>
        {fault && (
          <div className="banner problem">
            <strong>{t(`import.unreadable.${fault}`)}</strong>
            {fault === "encoding" && file && (
              <button type="button" className="button small" onClick={() => rehearse(file, { ...options, charset: "windows-1252" })}>
                {t("import.readAsWindows")}
              </button>
            )}
          </div>
        )}
        {openQuote && (
          <div className="banner problem">
            <strong>{t("import.unreadable.quote", { row: integer(openQuote.row, locale) })}</strong>
          </div>
        )}
        {problem && !report && (
          <div className="banner problem">
            <strong>{problemTitle(problem, t)}</strong>
            <p>{problemText(problem, t)}</p>
            <small>{problemDetail(problem, t)}</small>
          </div>
        )}
        {rehearsal.isPending && <p role="status">{t("import.checking")}</p>}
        {done && (
          <Placeholder
            title={t(undone ? "import.undone" : "import.done.title")}
            text={undone ? "" : t("import.done.text", { created: integer(report?.created ?? 0, locale), updated: integer(report?.updated ?? 0, locale) })}
            action={
              <>
                <Link className="button primary" to="/products?sort=-updated">
                  {t("import.done.show")}
                </Link>
                <button type="button" className="button" onClick={startOver}>
                  {t("import.again")}
                </button>
                {report?.change_set != null && !undone && (
                  <button type="button" className="button quiet" onClick={() => void undo([report.change_set ?? 0]).then(setUndone)}>
                    {t("import.undo")}
                  </button>
                )}
              </>
            }
          />
        )}
        {report && !done && (
          <>
            {asked && <EmptiedCells asked={asked} choice={options.empty} onChoose={choose} />}
            {!openQuote && <ImportPreview report={report} />}
            <div className="import-actions">
              <button type="button" className="button" onClick={startOver}>
                {t("common.cancel")}
              </button>
              <button type="button" className="button primary" disabled={report.errors.length > 0 || changes === 0 || undecided || rehearsal.isPending || real.isPending} onClick={() => file && real.mutate(file)}>
                {real.isPending
                  ? t("import.running")
                  : report.errors.length > 0
                    ? t("import.fixFirst")
                    : undecided
                      ? t("import.decideFirst")
                    : changes === 0
                      ? t("import.nothing")
                      : t("import.submit", { count: changes, shown: integer(changes, locale) })}
              </button>
            </div>
          </>
        )}
      </section>

      {!file && !done && <Columns />}
    </div>
  );
}

function DropZone({ chosen, onFile }: { chosen: string | undefined; onFile: (file: File | undefined) => void }) {
  const { t } = useLanguage();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    // Dropping is a second way besides the file input inside, which the keyboard reaches.
    <label
      className="drop-zone"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileSpreadsheet aria-hidden size={28} strokeWidth={1.5} />
      <span className="drop-title">{chosen ?? t("import.choose")}</span>
      <span className="muted">{chosen ? t("import.chooseOther") : t("import.drop")}</span>
      <input
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        className="visually-hidden"
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          // The same file again, corrected, must count as a change.
          event.target.value = "";
        }}
      />
    </label>
  );
}

const COLUMNS = ["sku", "name", "description", "price", "stock", "category", "status", "image"] as const;

/** What the columns of the file mean. */
function Columns() {
  const { t } = useLanguage();
  return (
    <section className="card import-columns">
      <h2>{t("import.columns")}</h2>
      <dl>
        {COLUMNS.map((column) => (
          <div key={column}>
            <dt>
              <code>{column}</code>
            </dt>
            <dd>{t(`import.column.${column}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
