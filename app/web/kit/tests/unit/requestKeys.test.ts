import { expect, test } from "vitest";
import { requestKeys } from "../../src/api/requestKeys";

test("a request that is sent again is not taken for a new one, nor a new one for an old", () => {
  const keys = requestKeys();
  const first = keys.of({ name: "Mug" });
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(keys.of({ name: "Mug" })).toBe(first);
  expect(keys.of({ name: "Jug" })).not.toBe(first);
  const again = keys.of({ name: "Jug" });
  keys.done();
  expect(keys.of({ name: "Jug" })).not.toBe(again);
});
