/** The interface's languages. English is part of the first load and the fallback; the others are chunks of their own. */
import i18next, { type Resource, type TFunction } from "i18next";
import { useSyncExternalStore } from "react";
import { LANGUAGES, preferences, setPreferences, type Language } from "../app/preferences";
import en from "./messages/en.json";

const LOADERS: Record<Exclude<Language, "en">, () => Promise<{ default: typeof en }>> = {
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

async function messages(language: Language): Promise<typeof en> {
  return language === "en" ? en : (await LOADERS[language]()).default;
}

export async function startI18n(): Promise<void> {
  const { language } = preferences();
  const resources: Resource = { en: { translation: en } };
  if (language !== "en") resources[language] = { translation: await messages(language) };
  await i18next.init({
    lng: language,
    fallbackLng: "en",
    resources,
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await messages(language));
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  setPreferences({ language });
}

/**
 * The tag that `Intl` formats with: the browser's regional variant of the chosen language where it has one, so that a
 * British reader of English sees British dates.
 */
export function localeFor(language: string, accepted: readonly string[]): string {
  return accepted.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export type T = TFunction;

function subscribe(listener: () => void): () => void {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

// One function per language, so that a component's memo over `t` runs anew when the language changes.
const translators = Object.fromEntries(LANGUAGES.map((language) => [language, ((key: string, options?: object) => i18next.t(key as never, options as never)) as TFunction])) as Record<Language, T>;

/** Translator and `Intl` locale of the current language. */
export function useLanguage(): { t: T; locale: string; language: Language } {
  const language = useSyncExternalStore(subscribe, () => i18next.language) as Language;
  return { t: translators[language], locale: localeFor(language, navigator.languages), language };
}
