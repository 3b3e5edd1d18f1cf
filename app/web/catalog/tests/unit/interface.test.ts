import { Problem } from "kit/api/problem.ts";
import { expect, test } from "vitest";
import { currentOf } from "../../src/api/problems";
import { KEYS } from "../../src/app/shortcuts";
import { rightsOf } from "../../src/app/useSession";

test("no two actions share a key", () => {
  const keys = Object.values(KEYS).flat();
  expect(new Set(keys).size).toBe(keys.length);
});

test("a conflict brings the newest version", () => {
  const problem = new Problem(412, { success: false, error: "changed meanwhile", code: "conflict", current: { id: 1, version: 5 }, changed: ["price"] });
  expect(problem.kind).toBe("conflict");
  expect(currentOf(problem)?.version).toBe(5);
});

test("roles add up", () => {
  expect(rightsOf(undefined)).toEqual({ write: false, admin: false });
  expect(rightsOf({ role: "viewer" })).toEqual({ write: false, admin: false });
  expect(rightsOf({ role: "editor" })).toEqual({ write: true, admin: false });
  expect(rightsOf({ role: "admin" })).toEqual({ write: true, admin: true });
});
