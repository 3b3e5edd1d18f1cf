/**
 * What a person typed, as the API wants it, or why it cannot be that. The API decides; these checks only spare a round
 * trip and speak the reader's language.
 */
import { compare, decimals, parseDecimal, toCents } from "kit/format/decimal.ts";

/** What can be wrong with a value; the sentences are under `complaint` in the messages. */
export type Complaint = "required" | "notANumber" | "negative" | "cents" | "tooMuch" | "whole" | "tooLong" | "badSku" | "taken" | "controlCharacter" | "badValue" | "badImage" | ImportComplaint;
/** What only a file's cells and rows can be wrong in. */
type ImportComplaint = "ambiguous" | "givenTwice" | "wrongCells" | "unknownColumn";
export type Checked<V> = { value: V } | { complaint: Complaint };

const MOST_MONEY = "99999999.99";
const MOST_STOCK = 2_147_483_647;

export function checkPrice(typed: string, locale: string): Checked<string> {
  if (typed.trim() === "") return { complaint: "required" };
  const value = parseDecimal(typed, locale);
  if (value === null) return { complaint: "notANumber" };
  if (value.startsWith("-")) return { complaint: "negative" };
  if (decimals(value) > 2) return { complaint: "cents" };
  if (compare(value, MOST_MONEY) > 0) return { complaint: "tooMuch" };
  return { value: toCents(value) };
}

export function checkStock(typed: string, locale: string): Checked<number> {
  if (typed.trim() === "") return { complaint: "required" };
  const value = parseDecimal(typed, locale);
  if (value === null) return { complaint: "notANumber" };
  if (value.startsWith("-")) return { complaint: "negative" };
  if (decimals(value) > 0) return { complaint: "whole" };
  if (compare(value, String(MOST_STOCK)) > 0) return { complaint: "tooMuch" };
  return { value: Number(value) };
}

export function checkPercent(typed: string, locale: string): Checked<string> {
  if (typed.trim() === "") return { complaint: "required" };
  const value = parseDecimal(typed.replace("%", ""), locale);
  if (value === null) return { complaint: "notANumber" };
  if (decimals(value) > 2) return { complaint: "cents" };
  if (compare(value, "-100") < 0 || compare(value, "1000") > 0) return { complaint: "tooMuch" };
  return { value: toCents(value) };
}
