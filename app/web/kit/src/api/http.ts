/** Calls of the API, checked against its OpenAPI document at compile time: method, path, parameters, body and answer. */
import { Problem } from "./problem";

type Method<O> = { [M in keyof O]: O[M] extends { responses: unknown } ? M : never }[keyof O] & string;

type Parameters<O> = O extends { parameters: infer All extends { path?: unknown; query?: unknown; header?: unknown } } ? Pick<All, "path" | "query" | "header"> : never;
/** Text may be sent as a file, byte by byte as it is. */
type Sent<B> = B extends string ? B | Blob : B;
type Body<O> = O extends { requestBody: { content: infer Content } } ? { body: Sent<Content[keyof Content]>; type: keyof Content & string } : { body?: undefined; type?: undefined };
type Succeeds<O> = O extends { responses: infer All } ? All[keyof All & (200 | 201 | 202)] : never;
type Answer<O> = Succeeds<O> extends { content: { "application/json": infer Json } } ? Json : Blob;

type Options<O> = Parameters<O> &
  Body<O> & {
    signal?: AbortSignal | undefined;
    /** Lets the call outlive the page that made it. */
    keepalive?: boolean;
  };
/** The same without its types, which are the caller's affair. */
type Untyped = { path?: object; query?: object; header?: object; body?: unknown; type?: string; signal?: AbortSignal; keepalive?: boolean };

/** A call of the API whose `paths` openapi-typescript has made from its document. */
export type Call<Paths> = <P extends keyof Paths & string, M extends Method<Paths[P]>>(method: M, path: P, options: Options<Paths[P][M]>) => Promise<Answer<Paths[P][M]>>;

/** The calls of one API: `export const call = callsOf<paths>()`. */
export function callsOf<Paths>(): Call<Paths> {
  return ask as Call<Paths>;
}

const given = (values: object = {}) => Object.entries(values).filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [name, String(value)]);

const digits = (bytes: number) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The beginning of a call's trace (https://www.w3.org/TR/trace-context/#traceparent-header), by which the services' logs and spans are found. */
export const traceparent = (): string => `00-${digits(16)}-${digits(8)}-01`;

/** Asks, and returns what a success brings: JSON, or a file. Everything else is a `Problem`. */
async function ask(method: string, path: string, options: Untyped): Promise<unknown> {
  const { body, type, signal, keepalive, ...parameters } = options;
  const names = Object.fromEntries(given(parameters.path));
  const query = new URLSearchParams(given(parameters.query)).toString();
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? "")) + (query && `?${query}`);

  const headers = new Headers(given(parameters.header) as [string, string][]);
  headers.set("traceparent", traceparent());
  if (type) headers.set("content-type", type);

  let response: Response;
  try {
    response = await fetch(address, { method: method.toUpperCase(), headers, body: type === "application/json" ? JSON.stringify(body) : (body as string | Blob | undefined), signal, keepalive });
    if (response.ok) return await (response.headers.get("content-type")?.startsWith("text/csv") ? response.blob() : response.json());
  } catch {
    // No answer, half of one, or the page of some proxy in its place.
    throw new Problem(0, undefined);
  }
  throw new Problem(response.status, await response.json().catch(() => undefined), response.headers);
}
