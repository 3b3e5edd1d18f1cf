import { RotateCw } from "lucide-react";
import type { Problem } from "../api/problem";
import { useLanguage } from "../i18n";
import { Placeholder } from "./Placeholder";
import { problemDetail, problemText, problemTitle } from "./problemText";

/** A failed reading, in place of what should have been read. */
export function ProblemPlaceholder({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <Placeholder
      tone="problem"
      title={problemTitle(problem, t)}
      text={problemText(problem, t)}
      detail={problemDetail(problem, t)}
      action={
        <button type="button" className="button" onClick={onRetry}>
          <RotateCw aria-hidden size={16} />
          {t("common.retry")}
        </button>
      }
    />
  );
}
