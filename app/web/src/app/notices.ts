/** Short messages at the edge of the screen, and the undo that some of them offer. */
import { useSyncExternalStore } from "react";

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
let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function publish(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

export function notify(notice: Omit<Notice, "id" | "duration"> & { duration?: number }): number {
  lastId += 1;
  const duration = notice.duration ?? (notice.undo || notice.tone === "problem" ? 8_000 : 5_000);
  publish([...notices, { ...notice, id: lastId, duration }].slice(-MOST));
  return lastId;
}

export function dismiss(id: number): void {
  publish(notices.filter((notice) => notice.id !== id));
}

/** Runs the newest undo that is still on screen; says whether there was one. */
export function undoLast(): boolean {
  const newest = notices.findLast((notice) => notice.undo);
  if (!newest) return false;
  dismiss(newest.id);
  newest.undo?.();
  return true;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(subscribe, () => notices);
}
