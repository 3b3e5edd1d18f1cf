/** The reader's choices, kept in this browser. The kit's `public/boot.js` reads the same record before the first paint. */
import { APP } from "../name";
import { createStore } from "../store";

export const LANGUAGES = ["en", "fr", "hi", "it"] as const;
export type Language = (typeof LANGUAGES)[number];

export type Preferences = {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  language: Language;
  /** Whether single keys (n, j, k ...) act; readers who use speech input turn them off. */
  singleKeys: boolean;
  /** Names of the table columns that are hidden. */
  hiddenColumns: string[];
};

const KEY = `${APP}.preferences`;

/** The first of the browser's languages that the interface speaks. */
export function preferredLanguage(accepted: readonly string[]): Language {
  for (const tag of accepted) {
    const primary = tag.toLowerCase().split("-")[0];
    const known = LANGUAGES.find((language) => language === primary);
    if (known) return known;
  }
  return "en";
}

/** Stored choices, each checked: whatever else is in storage counts as the default. */
export function readPreferences(stored: string | null, accepted: readonly string[]): Preferences {
  let record: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? "{}");
    if (typeof parsed === "object" && parsed !== null) record = parsed as Record<string, unknown>;
  } catch {
    // Not ours: defaults.
  }
  const hidden = Array.isArray(record.hiddenColumns) ? record.hiddenColumns : [];
  return {
    theme: record.theme === "light" || record.theme === "dark" ? record.theme : "system",
    density: record.density === "compact" ? "compact" : "comfortable",
    language: LANGUAGES.find((language) => language === record.language) ?? preferredLanguage(accepted),
    singleKeys: record.singleKeys !== false,
    hiddenColumns: hidden.filter((column): column is string => typeof column === "string"),
  };
}

function load(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const chosen = createStore(readPreferences(load(), navigator.languages));
export const preferences = chosen.get;
export const usePreferences = chosen.use;

export function setPreferences(change: Partial<Preferences>): void {
  chosen.set({ ...chosen.get(), ...change });
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen.get()));
  } catch {
    // Private mode: the choice holds until the page is left.
  }
  applyAppearance();
}

const dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

function applyAppearance(): void {
  const { theme, density } = chosen.get();
  const isDark = theme === "dark" || (theme === "system" && dark?.matches === true);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.documentElement.dataset.density = density;
}

applyAppearance();
dark?.addEventListener("change", applyAppearance);
