/** Numbers, money and times in the reader's language. Formatters are kept: building one costs more than using it. */
import type { Decimal } from "./decimal";

const kept = new Map<string, unknown>();

function keep<T>(key: string, make: () => T): T {
  const known = kept.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  return made;
}

/** The currency of the amounts, named once in index.html. */
export function currency(): string {
  const named = document.querySelector<HTMLMetaElement>('meta[name="currency"]')?.content;
  return named && /^[A-Z]{3}$/.test(named) ? named : "USD";
}

/** `Intl` formats a decimal given as a string exactly; only TypeScript's type for it wants convincing. */
const exact = (value: Decimal) => value as Intl.StringNumericLiteral;

export function money(value: Decimal, locale: string): string {
  const code = currency();
  const format = keep(
    `money ${locale} ${code}`,
    () => new Intl.NumberFormat(locale, { style: "currency", currency: code, currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  );
  return format.format(exact(value));
}

export function currencySymbol(locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: currency(), currencyDisplay: "narrowSymbol" });
  return format.formatToParts(0).find((part) => part.type === "currency")?.value ?? currency();
}

export function integer(value: number, locale: string): string {
  return keep(`integer ${locale}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })).format(value);
}

export function percent(value: Decimal, locale: string): string {
  const format = keep(`percent ${locale}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: "exceptZero" }));
  return `${format.format(exact(value))}\u00a0%`;
}

export function dateTime(iso: string, locale: string): string {
  return keep(`time ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" })).format(new Date(iso));
}

/** The time of day. */
export function time(iso: string, locale: string): string {
  return keep(`clock ${locale}`, () => new Intl.DateTimeFormat(locale, { timeStyle: "short" })).format(new Date(iso));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 minutes ago" within a week, the date after that. */
export function ago(iso: string, locale: string, now: number = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) {
    return keep(`date ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: "medium" })).format(new Date(iso));
  }
  const format = keep(`ago ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, "second");
}
