/**
 * The tabs of a browser share one session, a cookie that no script can read. They tell each other when it begins or ends,
 * so that signing out of one is signing out of all.
 */
import { APP } from "../name";

let tabs: BroadcastChannel | undefined;

/** Calls `changed` when another tab has signed in or out. */
export function listenToTabs(changed: () => void): void {
  if (typeof BroadcastChannel === "undefined") return;
  tabs = new BroadcastChannel(`${APP}.session`);
  tabs.onmessage = changed;
}

/** Tells the other tabs that the session has changed. */
export function tellTabs(): void {
  tabs?.postMessage("changed");
}
