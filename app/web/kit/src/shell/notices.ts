/** Short messages at the edge of the screen, and the undo that some of them offer. */
import { createStore } from "../store";

export type Notice = {
  id: number;
  tone: "done" | "problem";
  text: string;
  detail?: string | undefined;
  /** Takes the reported change back. */
  undo?: (() => void) | undefined;
  /** Milliseconds until it leaves by itself. */
  duration: number;
};

const MOST = 4;
const notices = createStore<readonly Notice[]>([]);
let lastId = 0;

export function notify(notice: Omit<Notice, "id" | "duration"> & { duration?: number }): number {
  lastId += 1;
  const duration = notice.duration ?? (notice.undo || notice.tone === "problem" ? 8_000 : 5_000);
  notices.set([...notices.get(), { ...notice, id: lastId, duration }].slice(-MOST));
  return lastId;
}

export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}

/** Whether a change that is still announced could be taken back. */
export const canUndo = () => notices.get().some((notice) => notice.undo);

/** Runs the newest undo that is still on screen; says whether there was one. */
export function undoLast(): boolean {
  const newest = notices.get().findLast((notice) => notice.undo);
  if (!newest) return false;
  dismiss(newest.id);
  newest.undo?.();
  return true;
}

export const useNotices = notices.use;
