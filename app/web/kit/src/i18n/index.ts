/** The interface's languages, each a chunk of its own, of which a visit loads the one that is spoken. */
import { preferences, setPreferences, type Language } from "../shell/preferences";
import { createStore } from "../store";
import { translator, type Messages, type Translate } from "./translate";
import type en from "./messages/en";

export type KitMessages = typeof en;
/** The kit's own messages by their key. */
export type T = Translate<KitMessages>;

/** What an application brings: for each language its own messages and the kit's. */
export type Loaders = Record<Language, () => Promise<{ default: readonly Messages[] }>>;

/** Each language's own name for itself: a reader who is lost in another one still finds it. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  fr: "Français",
  hi: "हिन्दी",
  it: "Italiano",
};

// Until the first language is there nothing is drawn; a key that slips through shows as itself.
const spoken = createStore<{ t: unknown; language: Language }>({ t: translator("en", []), language: "en" });
let loaders: Loaders | undefined;

async function speak(language: Language): Promise<void> {
  if (!loaders) throw new Error("startI18n has not been called");
  // The browser keeps what `import` has loaded; a translator is new, so that a memo over `t` runs anew.
  const messages = (await loaders[language]()).default;
  spoken.set({ t: translator(language, messages), language });
  document.documentElement.lang = language;
}

export function startI18n(messages: Loaders): Promise<void> {
  loaders = messages;
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

/**
 * Translator and `Intl` locale of the current language. An application binds the type of its messages once:
 * `export const useLanguage = useKitLanguage<typeof en>`.
 */
export function useLanguage<Own = unknown>(): { t: Translate<KitMessages & Own>; locale: string; language: Language } {
  const { t, language } = spoken.use();
  return { t: t as Translate<KitMessages & Own>, language, locale: localeFor(language, navigator.languages) };
}
