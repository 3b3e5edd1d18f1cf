/** The tracker of t.js, which a browser may refuse to load: then nobody is told anything. */
import { read, write } from "./cart/kept";

type Props = Record<string, unknown>;
type Tracker = { track: (type: string, props: Props) => void; consent: (state: "given" | "ask" | "none") => void };

const tracker = () => (globalThis as { analytics?: Tracker }).analytics;

export function track(type: "product_view" | "search" | "add_to_cart" | "remove_from_cart" | "checkout_started" | "order_placed", props: Props): void {
  tracker()?.track(type, props);
}

/** The tracker's session, which it has with consent only. */
export function trackedSession(): string | undefined {
  const state = read<{ s?: unknown }>("analytics.shop", {});
  return typeof state.s === "string" && /^[0-9a-f]{32}$/.test(state.s) ? state.s : undefined;
}

/** The visitor's answer; undefined while there is none. */
export const consent = (): "given" | "none" | undefined => {
  const said = read<unknown>("shop.consent", undefined);
  return said === "given" || said === "none" ? said : undefined;
};

/** Notes the answer. "No" lets visits be counted without keeping anything, as before the question. */
export function answer(said: "given" | "none"): void {
  write("shop.consent", said);
  tracker()?.consent(said === "given" ? "given" : "ask");
}
