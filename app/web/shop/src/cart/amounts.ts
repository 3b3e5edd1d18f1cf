/** Exact amounts: decimals with two places as text, added as whole hundredths. */

const hundredths = (amount: string): bigint => {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0").slice(0, 2));
};

/** The sum of `price` times `quantity`. */
export function sum(lines: readonly { price: string; quantity: number }[]): string {
  const total = lines.reduce((all, { price, quantity }) => all + hundredths(price) * BigInt(quantity), 0n);
  return `${total / 100n}.${String(total % 100n).padStart(2, "0")}`;
}

/** An amount as the reader's language writes it. */
export function money(amount: string, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return format.format(amount as Intl.StringNumericLiteral);
}
