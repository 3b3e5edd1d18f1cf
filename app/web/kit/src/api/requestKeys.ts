/** Keys of requests, by which a server tells a request that is sent again from a new one. */

export type RequestKeys = {
  /** The key of this request: the same as before while it is the same request. */
  of: (request: unknown) => string;
  /** The request has succeeded: an equal one is meant to happen again. */
  done: () => void;
};

export function requestKeys(): RequestKeys {
  let last: { request: string; key: string } | undefined;
  return {
    of(request) {
      const text = JSON.stringify(request);
      if (last?.request !== text) last = { request: text, key: randomKey() };
      return last.key;
    },
    done: () => (last = undefined),
  };
}

/** `randomUUID` is there on secure origins only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
