/** The reader's choices, kept in this browser. `public/boot.js` reads the same record before the first paint. */
import { useSyncExternalStore } from "react";

export const LANGUAGES = ["en", "fr", "hi", "it"] as const;
export type Language = (typeof LANGUAGES)[number];
export const COLUMNS = ["category", "price", "stock", "status", "updated"] as const;
export type Column = (typeof COLUMNS)[number];

export type Preferences = {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  language: Language;
  /** Whether single keys (n, j, k ...) act; readers who use speech input turn them off. */
  singleKeys: boolean;
  hiddenColumns: Column[];
};

const KEY = "catalog.preferences";

/** The first of the browser's languages that the catalogue speaks. */
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
    hiddenColumns: COLUMNS.filter((column) => hidden.includes(column)),
  };
}

function load(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let current = readPreferences(load(), navigator.languages);
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Private mode: the choice holds until the page is left.
  }
  applyAppearance();
  for (const listener of listeners) listener();
}

const dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

function applyAppearance(): void {
  const isDark = current.theme === "dark" || (current.theme === "system" && dark?.matches === true);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.documentElement.dataset.density = current.density;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

applyAppearance();
dark?.addEventListener("change", applyAppearance);
