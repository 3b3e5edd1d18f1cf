import kit from "kit/i18n/messages/it.json";
import own from "./messages/it.json";

export default [kit, own];
