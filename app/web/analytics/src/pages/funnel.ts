/** The steps of a funnel as the address and the API write them. */

export const KINDS = ["page_view", "product_view", "search", "add_to_cart", "remove_from_cart", "checkout_started", "order_placed", "scroll_depth", "custom"] as const;
export type Kind = (typeof KINDS)[number];
export type Step = { kind: Kind; value: string };

export const USUAL: readonly Step[] = ["product_view", "add_to_cart", "checkout_started", "order_placed"].map((kind) => ({ kind: kind as Kind, value: "" }));
export const MOST_STEPS = 8;

export function readStep(text: string): Step | undefined {
  const [, name, , value] = /^(\w+)(:(.*))?$/s.exec(text) ?? [];
  const kind = KINDS.find((one) => one === name);
  return kind && { kind, value: valued(kind) ? (value ?? "") : "" };
}

export const writeStep = ({ kind, value }: Step) => (value === "" ? kind : `${kind}:${value}`);

export function readSteps(search: URLSearchParams): Step[] {
  const steps = search.getAll("step").flatMap((text) => readStep(text) ?? []);
  return steps.length > 0 ? steps.slice(0, MOST_STEPS) : [...USUAL];
}

/** The address with these steps; the usual ones are not named. */
export function writeSteps(steps: readonly Step[], before: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams(before);
  search.delete("step");
  if (steps.map(writeStep).join() !== USUAL.map(writeStep).join()) for (const step of steps) search.append("step", writeStep(step));
  return search;
}

/** Steps that the API takes: a custom event has its name. */
export const complete = (steps: readonly Step[]) => steps.filter(({ kind, value }) => kind !== "custom" || value !== "");

/** Whether a step can ask for a page, a product, words or a name. */
export const valued = (kind: Kind) => kind !== "order_placed" && kind !== "scroll_depth";

export const WINDOWS = [3_600, 86_400, 604_800, 2_592_000] as const;
