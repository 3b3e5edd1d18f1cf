/** The shop's messages, beside which the kit's are loaded. */
import { useLanguage as useKitLanguage, type KitMessages, type Loaders } from "kit/i18n/index.ts";
import type { Translate } from "kit/i18n/translate.ts";
import type en from "./messages/en";

export type T = Translate<KitMessages & typeof en>;

export const LOADERS: Loaders = {
  en: () => import("./en"),
  fr: () => import("./fr"),
  hi: () => import("./hi"),
  it: () => import("./it"),
};

/** Translator and `Intl` locale of the current language. */
export const useLanguage = useKitLanguage<typeof en>;
