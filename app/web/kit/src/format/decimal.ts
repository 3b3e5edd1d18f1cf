/**
 * Exact decimals as strings, the form in which the API sends and takes money. Nothing here goes through a
 * floating-point number: 0.1 + 0.2 stays out of the shop.
 */

/** Text of the form `-?digits(.digits)?`, as the API writes amounts. */
export type Decimal = string;

const PLAIN = /^-?\d+(\.\d+)?$/;

/** How a language writes numbers. */
export type Separators = { group: string; decimal: string };

export function separators(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale).formatToParts(-1234567.5);
  const find = (type: string, otherwise: string) => parts.find((part) => part.type === type)?.value ?? otherwise;
  return { group: find("group", ","), decimal: find("decimal", ".") };
}

/**
 * What a person typed, as a plain decimal; `null` when it is not a number. Takes the locale's own separators, spaces
 * and a currency sign, and in every language a single dot or comma before one or two last digits, because price lists
 * are pasted from everywhere. A comma before three digits is a thousands separator only where the language says so.
 */
export function parseDecimal(typed: string, locale: string): Decimal | null {
  const { group, decimal } = separators(locale);
  let text = toLatinDigits(typed).replace(/[\s\u00a0\u202f'’]/g, "").replace(/\p{Sc}/gu, "").replace(/^\u2212/, "-");
  if (text === "") return null;

  const loneSeparator = /^-?\d+[.,]\d{1,2}$/.test(text);
  if (loneSeparator) {
    text = text.replace(",", ".");
  } else {
    if (group.trim() !== "" && text.includes(group)) {
      const whole = text.split(decimal)[0] ?? "";
      if (!wellGrouped(whole.replace("-", ""), group)) return null;
      text = text.replaceAll(group, "");
    }
    text = text.replace(decimal, ".");
  }
  return PLAIN.test(text) ? tidy(text) : null;
}

/** Groups have two or three digits (India writes 12,34,567), the last one three, the first up to three. */
function wellGrouped(whole: string, group: string): boolean {
  const [first = "", ...rest] = whole.split(group);
  return /^\d{1,3}$/.test(first) && rest.length > 0 && rest.every((part) => /^\d{2,3}$/.test(part)) && rest.at(-1)?.length === 3;
}

/** Devanagari, Arabic and other decimal digits as 0 to 9. */
function toLatinDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero -= 1;
    return String(code - zero);
  });
}

/** No leading zeros, no negative zero. */
function tidy(text: string): Decimal {
  const negative = text.startsWith("-");
  const [whole = "", fraction] = text.replace("-", "").split(".");
  const digits = whole.replace(/^0+(?=\d)/, "");
  const plain = fraction === undefined ? digits : `${digits}.${fraction}`;
  return negative && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

export function decimals(value: Decimal): number {
  return value.split(".")[1]?.length ?? 0;
}

/** The value times 10^scale, rounded half away from zero as PostgreSQL rounds `numeric`. */
function scaled(value: Decimal, scale: number): bigint {
  if (!PLAIN.test(value)) throw new RangeError(`not a decimal: ${value}`);
  const negative = value.startsWith("-");
  const [whole = "0", fraction = ""] = value.replace("-", "").split(".");
  const digits = BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
  const roundUp = (fraction[scale] ?? "0") >= "5";
  const magnitude = roundUp ? digits + 1n : digits;
  return negative ? -magnitude : magnitude;
}

function unscaled(value: bigint, scale: number): Decimal {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${text}` : text;
}

/** Negative, zero or positive, as a sort function wants it. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(decimals(a), decimals(b));
  const difference = scaled(a, scale) - scaled(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The same amount with exactly two decimals: `12.5` becomes `12.50`. */
export function toCents(value: Decimal): Decimal {
  return unscaled(scaled(value, 2), 2);
}

/** `price` changed by `percent` per cent, to the cent, half away from zero. */
export function changeByPercent(price: Decimal, percent: Decimal): Decimal {
  const factor = 10_000n + scaled(percent, 2);
  const product = scaled(price, 2) * factor;
  const negative = product < 0n;
  const magnitude = ((negative ? -product : product) + 5_000n) / 10_000n;
  return unscaled(negative ? -magnitude : magnitude, 2);
}

/** The amount as a person edits it: the locale's decimal mark, no grouping, no currency. */
export function toEditable(value: Decimal, locale: string): string {
  return value.replace(".", separators(locale).decimal);
}
