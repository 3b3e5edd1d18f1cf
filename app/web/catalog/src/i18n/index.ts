/** The interface's languages, each a chunk of its own, of which a visit loads the one that is spoken. */
import { preferences, setPreferences, type Language } from "../app/preferences";
import { createStore } from "../store";
import { translator, type Messages, type T } from "./translate";

export type { T };

const LOADERS: Record<Language, () => Promise<{ default: Messages }>> = {
  en: () => import("./messages/en"),
  fr: () => import("./messages/fr.json"),
  hi: () => import("./messages/hi.json"),
  it: () => import("./messages/it.json"),
};

/** Each language's own name for itself: a reader who is lost in another one still finds it. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  fr: "Français",
  hi: "हिन्दी",
  it: "Italiano",
};

// Until the first language is there nothing is drawn; a key that slips through shows as itself.
const spoken = createStore<{ t: T; language: Language }>({ t: translator("en", {}), language: "en" });

async function speak(language: Language): Promise<void> {
  // The browser keeps what `import` has loaded; a translator is new, so that a memo over `t` runs anew.
  const messages = (await LOADERS[language]()).default;
  spoken.set({ t: translator(language, messages), language });
  document.documentElement.lang = language;
}

export function startI18n(): Promise<void> {
  return speak(preferences().language);
}

export async function changeLanguage(language: Language): Promise<void> {
  await speak(language);
  setPreferences({ language });
}

/**
 * The tag that `Intl` formats with: the browser's regional variant of the chosen language where it has one, so that a
 * British reader of English sees British dates.
 */
export function localeFor(language: string, accepted: readonly string[]): string {
  return accepted.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** Translator and `Intl` locale of the current language. */
export function useLanguage(): { t: T; locale: string; language: Language } {
  const { t, language } = spoken.use();
  return { t, language, locale: localeFor(language, navigator.languages) };
}
