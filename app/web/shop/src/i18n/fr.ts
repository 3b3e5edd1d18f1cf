import kit from "kit/i18n/messages/fr.json";
import own from "./messages/fr.json";

export default [kit, own];
