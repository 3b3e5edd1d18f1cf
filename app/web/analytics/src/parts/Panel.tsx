import type { UseQueryResult } from "@tanstack/react-query";
import { asProblem } from "kit/api/problem.ts";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import type { ReactNode } from "react";

/** A card that holds a reading: what was read, that it is read, or why not. */
export function Panel<D>({ query, className = "", children }: { query: UseQueryResult<D>; className?: string; children: (data: D) => ReactNode }) {
  const { data, error } = query;
  return (
    <section className={`panel card ${className}`} aria-busy={query.isPlaceholderData || (data === undefined && !error)}>
      {data !== undefined ? children(data) : error ? <ProblemPlaceholder problem={asProblem(error)} onRetry={() => void query.refetch()} /> : <div className="panel-wait" />}
    </section>
  );
}
