import kit from "kit/i18n/messages/hi.json";
import own from "./messages/hi.json";

export default [kit, own];
