/**
 * "Previous" with keyset paging: the API only points forward, so the cursors of the pages already seen are kept as a
 * stack in the history entry. It survives a reload; a link opened elsewhere has none and offers the first page instead.
 */
import type { ListParams } from "./listParams";

/** The cursors of the pages before this one, the first page's (empty) at the bottom. */
export type CursorStack = readonly string[];

export function stackOf(historyState: unknown): CursorStack {
  if (typeof historyState !== "object" || historyState === null || !("cursors" in historyState)) return [];
  const { cursors } = historyState;
  return Array.isArray(cursors) && cursors.every((item) => typeof item === "string") ? cursors : [];
}

export type Step = { params: ListParams; cursors: CursorStack };

export function nextPage(params: ListParams, cursors: CursorStack, next: string): Step {
  return { params: { ...params, cursor: next, page: params.page + 1 }, cursors: [...cursors, params.cursor] };
}

/** The page before; from a page whose way here is unknown, the first one. `undefined` on the first page. */
export function previousPage(params: ListParams, cursors: CursorStack): Step | undefined {
  if (params.cursor === "") return undefined;
  const cursor = cursors.at(-1);
  if (cursor === undefined || cursor === "") return { params: { ...params, cursor: "", page: 1 }, cursors: [] };
  return { params: { ...params, cursor, page: params.page - 1 }, cursors: cursors.slice(0, -1) };
}

/** First and last position of the rows on this page, from 1, for "26 to 50 of 240". */
export function positions(params: ListParams, rows: number): { from: number; to: number } {
  const before = (params.page - 1) * params.limit;
  return { from: rows === 0 ? 0 : before + 1, to: before + rows };
}
