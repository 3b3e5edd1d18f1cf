import { ago } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { duration } from "../view/format";

/** The path from the browser to the figures is asynchronous, and says so. */
export function Freshness({ asOf, behind }: { asOf: string | null; behind: number }) {
  const { t, locale } = useLanguage();
  const late = behind > 60_000;
  return (
    <p className={late ? "freshness late" : "freshness"}>
      <span className="pulse" aria-hidden />
      {asOf === null ? t("fresh.nothing") : t("fresh.newest", { when: ago(asOf, locale) })}
      {late && ` · ${t("fresh.behind", { time: duration(Math.round(behind / 1000), locale) })}`}
    </p>
  );
}
