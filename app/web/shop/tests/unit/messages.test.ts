import { expectComplete } from "kit/testing/messages.ts";
import en from "../../src/i18n/messages/en";
import fr from "../../src/i18n/messages/fr.json";
import hi from "../../src/i18n/messages/hi.json";
import it from "../../src/i18n/messages/it.json";

expectComplete({ en, fr, hi, it }, /^(Total)$/);
