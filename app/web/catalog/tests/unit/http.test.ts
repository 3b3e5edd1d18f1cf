import { beforeEach, expect, test, vi } from "vitest";
import { deleteProduct, exportCsv, importCsv, listProducts, patchProduct } from "../../src/api/client";
import { asProblem } from "kit/api/problem.ts";
import { openSession } from "kit/session/session.ts";

const fetched = vi.fn<typeof fetch>();
const json = (body: unknown, init?: ResponseInit) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" }, ...init });
const asked = () =>
  fetched.mock.calls.map(([address, init]) => {
    const { traceparent, ...headers } = Object.fromEntries(new Headers(init?.headers));
    return { address, method: init?.method, headers, body: init?.body, traceparent };
  });

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
});

test("a call goes out with its parameters, what is not set left out", async () => {
  fetched.mockResolvedValueOnce(json({ data: [], page: { limit: 25, total: 0, next: null } }));
  await listProducts({ q: "a&b", min_price: undefined, limit: 25 });
  fetched.mockResolvedValueOnce(json({ data: { id: 7 } }));
  await patchProduct(7, { stock: 1 }, 3);
  fetched.mockResolvedValueOnce(json({ data: {} }));
  const file = new Blob(["sku\n"]);
  await importCsv(file, { dry_run: true, empty: "keep" });
  expect(asked().map(({ traceparent: _, ...call }) => call)).toEqual([
    { address: "/api/products?q=a%26b&limit=25", method: "GET", headers: {}, body: undefined },
    { address: "/api/products/7", method: "PATCH", headers: { "content-type": "application/json", "if-match": '"3"' }, body: '{"stock":1}' },
    { address: "/api/products/import?dry_run=true&empty=keep", method: "POST", headers: { "content-type": "text/csv" }, body: file },
  ]);
});

test("each call begins a trace of its own", async () => {
  fetched.mockImplementation(async () => json({ data: { id: 7 } }));
  await patchProduct(7, { stock: 1 }, 3);
  await patchProduct(7, { stock: 2 }, 4);
  const traces = asked().map(({ traceparent }) => traceparent);
  for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(new Set(traces).size).toBe(2);
});

test("the token goes out once, for the session, and with no other call", async () => {
  fetched.mockImplementation(async () => json({ data: { id: 7 } }));
  await openSession("secret");
  await patchProduct(7, { stock: 1 }, 3);
  expect(asked().map(({ method, headers }) => [method, headers["authorization"]])).toEqual([
    ["POST", "Bearer secret"],
    ["PATCH", undefined],
  ]);
});

test("a file comes as a file", async () => {
  fetched.mockResolvedValueOnce(new Response("sku\nA-1\n", { headers: { "content-type": "text/csv; charset=utf-8" } }));
  expect(await (await exportCsv({})).text()).toBe("sku\nA-1\n");
});

const failure = async (call: Promise<unknown>) => {
  const problem = asProblem(await call.then(() => new Error("it succeeded"), (error: unknown) => error));
  return { kind: problem.kind, message: problem.message, requestId: problem.requestId };
};

test("whatever is not the API's success is a problem", async () => {
  fetched.mockResolvedValueOnce(json({ error: "no such product", code: "not_found", request_id: "r-1" }, { status: 404 }));
  expect(await failure(deleteProduct(1))).toEqual({ kind: "missing", message: "no such product", requestId: "r-1" });
  fetched.mockResolvedValueOnce(new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "x-request-id": "r-2" } }));
  expect(await failure(deleteProduct(1))).toEqual({ kind: "offline", message: "the API answered 502", requestId: "r-2" });
  fetched.mockRejectedValueOnce(new TypeError("failed to fetch"));
  expect(await failure(deleteProduct(1))).toMatchObject({ kind: "offline" });
  // A server that answers every address with the front end's page, where the API should be.
  fetched.mockResolvedValueOnce(new Response("<!doctype html>", { headers: { "content-type": "text/html" } }));
  expect(await failure(listProducts({}))).toMatchObject({ kind: "offline" });
});
