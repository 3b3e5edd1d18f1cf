import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileDown, FileSpreadsheet } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { Link } from "react-router";
import { importCsv } from "../api/client";
import { reportOf } from "../api/problems";
import { asProblem } from "kit/api/problem.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { useRights } from "../app/useSession";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { download } from "../products/download";
import { afterRowsChanged } from "../products/queries";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { problemDetail, problemText, problemTitle } from "kit/ui/problemText.ts";
import { ImportPreview } from "./ImportPreview";
import { readCsv, TEMPLATE, type Unreadable } from "./readCsv";
import "./import.css";
import "kit/ui/states.css";

/** CSV in two steps: a dry run that shows what would happen, then the import itself, all or nothing. */
export default function ImportPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("import.title"));
  const rights = useRights();
  const queries = useQueryClient();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [unreadable, setUnreadable] = useState<Unreadable | null>(null);
  const result = useRef<HTMLElement>(null);
  const showResult = () => setTimeout(() => result.current?.focus(), 0);

  const rehearsal = useMutation({ mutationFn: (csv: string) => importCsv(csv, true), onSettled: showResult });
  const real = useMutation({
    mutationFn: (csv: string) => importCsv(csv, false),
    onSuccess: () => afterRowsChanged(queries),
    onSettled: showResult,
  });

  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    real.reset();
    rehearsal.reset();
    const read = await readCsv(chosen);
    if ("unreadable" in read) {
      setFile(null);
      setUnreadable(read.unreadable);
      return;
    }
    setUnreadable(null);
    setFile({ name: chosen.name, text: read.text });
    rehearsal.mutate(read.text);
  };
  const startOver = () => {
    setFile(null);
    setUnreadable(null);
    rehearsal.reset();
    real.reset();
  };

  if (!rights.admin) {
    return (
      <div className="page narrow">
        <Placeholder heading="h1" title={t("import.forbidden.title")} text={t("import.forbidden.text")} />
      </div>
    );
  }

  const failure = real.error ?? rehearsal.error;
  const problem = failure && asProblem(failure);
  const report = problem ? reportOf(problem) : (real.data ?? rehearsal.data);
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
          <button type="button" className="button" onClick={() => download(new Blob([TEMPLATE], { type: "text/csv" }), "products-template.csv")}>
            <FileDown aria-hidden size={16} />
            {t("import.template")}
          </button>
        </div>
      </header>

      {!done && <DropZone chosen={file?.name} onFile={(chosen) => void take(chosen)} />}

      <section ref={result} tabIndex={-1} className="import-result" aria-live="polite" aria-label={t("import.result")}>
        {unreadable && (
          <div className="banner problem">
            <strong>{t(`import.unreadable.${unreadable}`)}</strong>
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
            title={t("import.done.title")}
            text={t("import.done.text", { created: integer(report?.created ?? 0, locale), updated: integer(report?.updated ?? 0, locale) })}
            action={
              <>
                <Link className="button primary" to="/products?sort=-updated">
                  {t("import.done.show")}
                </Link>
                <button type="button" className="button" onClick={startOver}>
                  {t("import.again")}
                </button>
              </>
            }
          />
        )}
        {report && !done && (
          <>
            <ImportPreview report={report} />
            <div className="import-actions">
              <button type="button" className="button" onClick={startOver}>
                {t("common.cancel")}
              </button>
              <button type="button" className="button primary" disabled={report.errors.length > 0 || changes === 0 || real.isPending} onClick={() => file && real.mutate(file.text)}>
                {real.isPending
                  ? t("import.running")
                  : report.errors.length > 0
                    ? t("import.fixFirst")
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
        accept=".csv,text/csv"
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

const COLUMNS = ["sku", "name", "description", "price", "stock", "category", "status"] as const;

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
