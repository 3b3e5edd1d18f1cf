import kit from "kit/i18n/messages/en.ts";
import own from "./messages/en";

export default [kit, own];
