import type en from "./messages/en.json";

// Keys and their placeholders are checked at compile time against the English messages.
declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
