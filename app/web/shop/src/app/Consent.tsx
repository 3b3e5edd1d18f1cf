import { useState } from "react";
import { useLanguage } from "../i18n";
import { answer, consent } from "../tracker";

/** Asks once whether the browser may remember the visit. It hides nothing: it stands below the page. */
export function Consent() {
  const { t } = useLanguage();
  const [said, setSaid] = useState(consent);
  if (said) return null;
  const say = (next: "given" | "none") => () => {
    answer(next);
    setSaid(next);
  };
  return (
    <aside className="consent" aria-label={t("consent.label")}>
      <p>{t("consent.text")}</p>
      <div className="consent-answers">
        <button type="button" className="button" onClick={say("given")}>
          {t("consent.yes")}
        </button>
        <button type="button" className="button" onClick={say("none")}>
          {t("consent.no")}
        </button>
      </div>
    </aside>
  );
}
