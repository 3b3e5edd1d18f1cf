/** Numbers of figures in the reader's language. */
import { integer } from "kit/format/format.ts";

const kept = new Map<string, Intl.NumberFormat>();
function numbers(locale: string, key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = kept.get(locale + key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options);
  kept.set(locale + key, made);
  return made;
}

/** A decimal text of a currency. */
export const amount = (value: string, currency: string, locale: string) =>
  numbers(locale, `money ${currency}`, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(value as Intl.StringNumericLiteral);

/** The same where there is little room: without its fraction when it has four digits or more. */
export const roundAmount = (value: string, currency: string, locale: string) =>
  Math.abs(Number(value)) < 1_000 ? amount(value, currency, locale) : numbers(locale, `round ${currency}`, { style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: 0 }).format(value as Intl.StringNumericLiteral);

/** A rate such as `0.0684` as 6.8 %. */
export const rate = (value: string | number, locale: string) => numbers(locale, "rate", { style: "percent", maximumFractionDigits: 1 }).format(value as number);

/** A rate with its sign. */
export const signed = (value: string, locale: string) => numbers(locale, "signed", { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(value as Intl.StringNumericLiteral);

/** A number for an axis: 12K instead of 12,000. */
export const short = (value: number, locale: string) => numbers(locale, "short", { notation: "compact", maximumFractionDigits: 1 }).format(value);

/** Seconds as `1m 14s`. */
export function duration(seconds: number, locale: string): string {
  const unit = (value: number, name: string) => numbers(locale, name, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: 0 }).format(value);
  if (seconds < 60) return unit(seconds, "second");
  if (seconds < 3_600) return `${unit(Math.floor(seconds / 60), "minute")} ${unit(seconds % 60, "second")}`;
  if (seconds < 86_400) return `${unit(Math.floor(seconds / 3_600), "hour")} ${unit(Math.floor((seconds % 3_600) / 60), "minute")}`;
  return `${unit(Math.floor(seconds / 86_400), "day")} ${unit(Math.floor((seconds % 86_400) / 3_600), "hour")}`;
}

export const bytes = (value: number, locale: string) =>
  value < 1e6 ? numbers(locale, "kilobyte", { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }).format(value / 1e3) : numbers(locale, "megabyte", { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(value / 1e6);

/** Amounts of several currencies, the largest first; nothing for none. */
export const amounts = (all: readonly { amount: string; currency: string }[], locale: string) => all.map((one) => amount(one.amount, one.currency, locale)).join(" · ");

const dates = new Map<string, Intl.DateTimeFormat>();

/** A moment on an axis or in a row, as precise as the steps are apart. */
export function moment(iso: string, step: "hour" | "day" | "week" | "month", zone: string, locale: string): string {
  const key = `${locale} ${zone} ${step}`;
  let format = dates.get(key);
  if (!format) {
    const parts: Intl.DateTimeFormatOptions = step === "hour" ? { weekday: "short", hour: "2-digit", minute: "2-digit" } : step === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" };
    format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone });
    dates.set(key, format);
  }
  return format.format(new Date(iso));
}

/** The name of a country in the reader's language. */
export function country(code: string, locale: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  try {
    return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export { integer };
