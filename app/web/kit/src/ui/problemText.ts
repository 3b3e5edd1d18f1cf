import type { Problem } from "../api/problem";
import type { T } from "../i18n";

/** What went wrong, in the reader's language. */
export function problemTitle(problem: Problem, t: T): string {
  return t(`problem.${problem.kind}.title`);
}

/** What to do about it. */
export function problemText(problem: Problem, t: T): string {
  return problem.kind === "busy" && problem.retryAfter !== undefined
    ? t("problem.busy.retryIn", { count: problem.retryAfter })
    : t(`problem.${problem.kind}.text`);
}

/** The API's own words and the request id, for whoever looks into it. */
export function problemDetail(problem: Problem, t: T): string | undefined {
  const said = problem.kind === "offline" || problem.kind === "busy" ? "" : problem.message;
  const id = problem.requestId ? t("problem.requestId", { id: problem.requestId }) : "";
  return [said, id].filter(Boolean).join(" · ") || undefined;
}
