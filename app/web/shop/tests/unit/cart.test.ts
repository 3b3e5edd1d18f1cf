import { beforeEach, expect, test } from "vitest";
import { money, sum } from "../../src/cart/amounts";
import { add, cartLines, clear, fit, orderKey, ordered, pieces, readCart, setQuantity } from "../../src/cart/cart";

const offer = { id: 7, name: "Mug", description: "", price: "12.50", currency: "USD", category: null, image: null, available: 3 };

beforeEach(() => {
  localStorage.clear();
  clear();
});

test("amounts are exact", () => {
  expect(sum([{ price: "0.10", quantity: 3 }])).toBe("0.30");
  expect(sum([{ price: "99999999.99", quantity: 99 }, { price: "0.01", quantity: 1 }])).toBe("9899999999.02");
  expect(sum([])).toBe("0.00");
  expect(money("9899999999.02", "USD", "en")).toBe("$9,899,999,999.02");
});

test("no more goes into the cart than can be had", () => {
  expect(add(offer, 2)).toBe(2);
  expect(add(offer, 2)).toBe(3);
  expect(add(offer, 1)).toBe(3);
  expect(pieces(cartLines())).toBe(3);
  setQuantity(7, 1);
  expect(pieces(cartLines())).toBe(1);
  setQuantity(7, 0);
  expect(cartLines()).toEqual([]);
});

test("what cannot be had leaves the cart, and a new price comes into it", () => {
  add(offer, 3);
  add({ ...offer, id: 8, name: "Pan" }, 2);
  add({ ...offer, id: 9, name: "Lid" }, 1);
  fit([
    { product: 7, wanted: 3, available: 1, price: "13.00" },
    { product: 9, wanted: 1, available: 0, price: null },
  ]);
  expect(cartLines().map(({ product, price, quantity }) => [product, price, quantity])).toEqual([
    [7, "13.00", 1],
    [8, "12.50", 2],
  ]);
});

test("storage that holds something else is an empty cart", () => {
  const line = { product: 7, name: "Mug", price: "12.50", currency: "USD", image: null, quantity: 1 };
  expect(readCart([line, null, { ...line, quantity: -1 }, { ...line, price: "free" }, { ...line, quantity: 1e9 }, 3])).toEqual([line]);
  expect(readCart("x")).toEqual([]);
});

test("an order that is sent again has the same key until it is placed", () => {
  const key = orderKey({ lines: [1] });
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(orderKey({ lines: [1] })).toBe(key);
  expect(orderKey({ lines: [2] })).not.toBe(key);
  const again = orderKey({ lines: [2] });
  ordered();
  expect(orderKey({ lines: [2] })).not.toBe(again);
});
