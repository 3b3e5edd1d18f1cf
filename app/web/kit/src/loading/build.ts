/** Which build this page is of, and whether the server has a newer one. */
import { createStore } from "../store";

/** The build's name, written into index.html; empty in development. */
const OWN = document.documentElement.dataset.build ?? "";
const EVERY_MS = 5 * 60_000;
/** Coming back to the tab asks at once, but not more often than this. */
const AT_MOST_EVERY_MS = 5_000;

const newBuild = createStore(false);
let asked = 0;

/** Whether the server has a newer build than this page's. */
export const useNewBuild = newBuild.use;
export const hasNewBuild = newBuild.get;

/** Asks the server for the name of its build. No answer changes nothing. */
export async function lookForBuild(): Promise<void> {
  if (OWN === "" || newBuild.get()) return;
  asked = Date.now();
  try {
    const answer = await fetch("/build.json", { cache: "no-store" });
    if (!answer.ok) return;
    const { build } = (await answer.json()) as { build?: unknown };
    if (typeof build === "string" && build !== OWN) newBuild.set(true);
  } catch {
    // Offline, or no build's file there: the page goes on as it is.
  }
}

/** Looks for a new build from time to time while the page is on screen. */
export function watchBuilds(): void {
  if (OWN === "") return;
  setInterval(() => document.visibilityState === "visible" && void lookForBuild(), EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - asked > AT_MOST_EVERY_MS) void lookForBuild();
  });
}
