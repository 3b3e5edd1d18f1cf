import en from "../../src/i18n/messages/en";
import fr from "../../src/i18n/messages/fr.json";
import hi from "../../src/i18n/messages/hi.json";
import it from "../../src/i18n/messages/it.json";
import { expectComplete } from "../../src/testing/messages";

expectComplete({ en, fr, hi, it }, /^(Notification|Notifications \(\{hotkey\}\))$/);
