import { Plus, X } from "lucide-react";
import { useSearchParams } from "react-router";
import { useFigure } from "../api/queries";
import type { FunnelRow } from "../api/types";
import { useLanguage } from "../i18n";
import { ExportButton } from "../parts/ExportButton";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { Rows } from "../parts/Rows";
import { duration, integer, rate } from "../view/format";
import { useOwn } from "../view/useView";
import { complete, KINDS, MOST_STEPS, readStep, readSteps, valued, WINDOWS, writeStep, writeSteps, type Kind, type Step } from "./funnel";

/** How many go from one step to the next; the steps are in the address. */
export default function FunnelPage() {
  const { t, locale } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const [window, setWindow] = useOwn("window", "86400");
  const [order, setOrder] = useOwn("order", "strict");
  const steps = readSteps(search);
  const change = (next: Step[]) => setSearch((before) => writeSteps(next, before), { replace: true });
  const asked = [...complete(steps).map((step) => ["step", writeStep(step)] as const), ["window", window] as const, ["order", order] as const];
  const funnel = useFigure<FunnelRow[]>("funnel", asked);
  const period = (seconds: number) => {
    const [count, unit] = seconds % 86_400 === 0 ? [seconds / 86_400, "day"] : seconds % 3_600 === 0 ? [seconds / 3_600, "hour"] : [seconds, "second"];
    return new Intl.NumberFormat(locale, { style: "unit", unit: unit as string, unitDisplay: "long" }).format(count as number);
  };
  const name = (text: string) => {
    const step = readStep(text);
    if (!step) return text;
    return step.value === "" ? t(`kind.${step.kind}`) : step.kind === "custom" ? step.value : `${t(`kind.${step.kind}`)}: ${step.value}`;
  };
  return (
    <Page title={t("funnel.title")} answer={funnel.data}>
      <section className="panel card">
        <header className="panel-head">
          <h2>{t("funnel.steps")}</h2>
        </header>
        <ol className="steps">
          {steps.map((step, index) => (
            <StepEditor key={`${index} ${steps.length}`} step={step} number={index + 1} onChange={(next) => change(steps.map((one, at) => (at === index ? next : one)))} onRemove={steps.length > 1 ? () => change(steps.filter((_, at) => at !== index)) : undefined} />
          ))}
          {steps.length < MOST_STEPS && (
            <li>
              <button type="button" className="button small" onClick={() => change([...steps, { kind: "page_view", value: "" }])}>
                <Plus aria-hidden size={15} />
                {t("funnel.addStep")}
              </button>
            </li>
          )}
        </ol>
        <div className="controls">
          <label className="inline">
            {t("funnel.window")}
            <select className="select small" value={window} onChange={(event) => setWindow(event.target.value)}>
              {[...new Set([...WINDOWS, Number(window) || 86_400])].map((seconds) => (
                <option key={seconds} value={seconds}>
                  {period(seconds)}
                </option>
              ))}
            </select>
          </label>
          <label className="inline">
            {t("funnel.order")}
            <select className="select small" value={order} onChange={(event) => setOrder(event.target.value)}>
              <option value="strict">{t("funnel.strict")}</option>
              <option value="loose">{t("funnel.loose")}</option>
            </select>
          </label>
        </div>
      </section>
      <Panel query={funnel} className="headline">
        {({ data }) => {
          const first = data[0]?.visitors ?? 0;
          const last = data.at(-1);
          return (
            <>
              <header className="panel-head">
                <h2>{t("funnel.whole", { rate: last?.of_first ? rate(last.of_first, locale) : t("common.empty") })}</h2>
                <ExportButton call="funnel" name={t("funnel.title")} extra={asked} />
              </header>
              <div className="funnel" aria-hidden>
                {data.map((row, index) => {
                  const share = first === 0 ? 0 : row.visitors / first;
                  const lost = index === 0 ? 0 : (data[index - 1]?.visitors ?? 0) - row.visitors;
                  return (
                    <div key={index} className="funnel-step">
                      <p className="funnel-share">{rate(share, locale)}</p>
                      <div className="funnel-space">
                        <div className="funnel-bar" style={{ blockSize: `${Math.max(1, 100 * share)}%` }} />
                      </div>
                      <p className="funnel-name" title={name(row.name)}>
                        {name(row.name)}
                      </p>
                      <p className="funnel-count">{integer(row.visitors, locale)}</p>
                      <p className="funnel-lost">{index > 0 && lost > 0 ? t("funnel.lost", { number: integer(lost, locale) }) : "\u00a0"}</p>
                    </div>
                  );
                })}
              </div>
              <Rows
                caption={t("funnel.title")}
                rows={data.map((row, index) => ({ ...row, index }))}
                id={(row) => String(row.index)}
                head={t("funnel.step")}
                first={(row) => `${row.index + 1}. ${name(row.name)}`}
                columns={[
                  { name: t("metric.visitors"), cell: (row) => integer(row.visitors, locale) },
                  { name: t("funnel.ofFirst"), cell: (row) => (row.of_first ? rate(row.of_first, locale) : t("common.empty")) },
                  { name: t("funnel.ofPrevious"), cell: (row) => (row.of_previous ? rate(row.of_previous, locale) : t("common.empty")), wide: true },
                  { name: t("funnel.median"), cell: (row) => (row.median_seconds === null || row.median_seconds === undefined ? t("common.empty") : duration(row.median_seconds, locale)), wide: true },
                ]}
              />
            </>
          );
        }}
      </Panel>
    </Page>
  );
}

/** A step: what happens, and with which page, product, words or name. */
function StepEditor({ step, number, onChange, onRemove }: { step: Step; number: number; onChange: (next: Step) => void; onRemove: (() => void) | undefined }) {
  const { t } = useLanguage();
  return (
    <li className="step">
      <span className="step-number" aria-hidden>
        {number}
      </span>
      <select className="select small" aria-label={t("funnel.stepNumber", { number })} value={step.kind} onChange={(event) => onChange({ kind: event.target.value as Kind, value: "" })}>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kind.${kind}`)}
          </option>
        ))}
      </select>
      {valued(step.kind) && (
        <input className="text small" aria-label={t("funnel.valueOf", { number })} placeholder={t(step.kind === "custom" ? "funnel.eventName" : "funnel.any")} defaultValue={step.value} onBlur={(event) => event.target.value.trim() !== step.value && onChange({ ...step, value: event.target.value.trim() })} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
      )}
      {onRemove && (
        <button type="button" className="icon-button small" aria-label={t("funnel.remove", { number })} onClick={onRemove}>
          <X aria-hidden size={15} />
        </button>
      )}
    </li>
  );
}
