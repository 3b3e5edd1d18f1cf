import type { Problem } from "kit/api/problem.ts";
import type { T } from "../i18n";
import { isFieldName, type FieldName } from "./fields";
import type { Complaint } from "./validate";

/** The API's words for what is wrong with a value, where we have a sentence of our own in every language. */
const KNOWN: Record<string, Complaint> = {
  required: "required",
  blank: "required",
  not_text: "badValue",
  too_long: "tooLong",
  control_character: "controlCharacter",
  bad_sku: "badSku",
  taken: "taken",
  not_a_number: "notANumber",
  not_an_integer: "whole",
  negative: "negative",
  too_many_decimals: "cents",
  too_large: "tooMuch",
  out_of_range: "tooMuch",
  bad_status: "badValue",
  bad_image: "badImage",
  ambiguous_number: "ambiguous",
  given_twice: "givenTwice",
  wrong_cells: "wrongCells",
  unknown_field: "unknownColumn",
};

/** Field errors of the API as sentences: translated where the code is known, in the API's own English otherwise. */
export function fieldErrors(problem: Problem | undefined, t: T): Partial<Record<FieldName, string>> {
  const result: Partial<Record<FieldName, string>> = {};
  for (const [field, sentence] of Object.entries(problem?.fields ?? {})) {
    if (isFieldName(field)) result[field] = sentenceFor(problem?.fieldCodes[field], sentence, t);
  }
  return result;
}

export function sentenceFor(code: string | undefined, sentence: string, t: T): string {
  const known = code === undefined ? undefined : KNOWN[code];
  return known === undefined ? sentence : t(`complaint.${known}`);
}

/** What the banner above the form says: "check the marked fields", and whatever is about a field that is not shown. */
export function fieldErrorText(problem: Problem, shown: readonly string[], t: T): string {
  const others = Object.entries(problem.fields).filter(([field]) => !shown.includes(field));
  return [t("form.checkFields"), ...others.map(([field, sentence]) => `${field}: ${sentence}`)].join(" ");
}
