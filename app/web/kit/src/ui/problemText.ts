import type { Problem } from "../api/problem";
import type { T } from "../i18n";

/** What went wrong, in the reader's language. */
export function problemTitle(problem: Problem, t: T): string {
  return t(`problem.${problem.kind}.title`);
}

/** What to do about it. */
export function problemText(problem: Problem, t: T): string {
  if (problem.kind === "busy" && problem.retryAfter !== undefined) return t("problem.busy.retryIn", { count: problem.retryAfter });
  // "The number below" is the request's: without one there is nothing to report.
  if (problem.kind === "server" && problem.requestId === undefined) return t("problem.busy.text");
  return t(`problem.${problem.kind}.text`);
}

/** The API's own words and the request id, for whoever looks into it. */
export function problemDetail(problem: Problem, t: T): string | undefined {
  const said = problem.kind === "offline" || problem.kind === "busy" ? "" : problem.message;
  const id = problem.requestId ? t("problem.requestId", { id: problem.requestId }) : "";
  return [said, id].filter(Boolean).join(" · ") || undefined;
}
