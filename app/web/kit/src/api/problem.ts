/** Why a call failed, as far as the screen cares. */
export type ProblemKind =
  | "offline"
  | "signed-out"
  | "forbidden"
  | "missing"
  | "conflict"
  | "invalid"
  | "busy"
  | "too-large"
  | "server";

/** An answer of the API that is not a success, or no answer at all (`offline`, status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** Field name to the API's sentence about it; empty when the failure is about no field. */
  readonly fields: Record<string, string>;
  /** Field name to the API's stable word for what is wrong with it. */
  readonly fieldCodes: Record<string, string>;
  /** The whole answer, for what only one API says. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;
  /** Seconds after which another try makes sense, when the API says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: unknown, headers?: Headers) {
    const b = isRecord(body) ? body : {};
    super(typeof b.error === "string" ? b.error : status === 0 ? "the API cannot be reached" : `the API answered ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = typeof b.code === "string" ? b.code : "";
    this.fields = textsOf(b.fields);
    this.fieldCodes = textsOf(b.field_codes);
    this.body = b;
    this.requestId = typeof b.request_id === "string" ? b.request_id : (headers?.get("x-request-id") ?? undefined);
    const wait = Number(headers?.get("retry-after"));
    this.retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  }

  get kind(): ProblemKind {
    switch (this.status) {
      case 0:
      // A proxy that answers because nothing behind it does.
      case 502:
      case 504:
        return "offline";
      case 401:
        return "signed-out";
      case 403:
        return "forbidden";
      case 404:
      case 410:
        return "missing";
      case 409:
      case 412:
        // With the newest version in the answer there is something to choose from.
        return isRecord(this.body.current) ? "conflict" : "invalid";
      case 413:
        return "too-large";
      case 429:
      case 503:
        return "busy";
      default:
        return this.status >= 500 ? "server" : "invalid";
    }
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, undefined);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function textsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}
