/**
 * The bearer token. It lives in session storage: it survives a reload, and is gone when the last tab is closed. The tabs
 * of a browser tell it each other, so that a new one does not ask for it again, and signing out is signing out of all.
 */
import { APP } from "../name";

const KEY = `${APP}.token`;
let token = read();

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function currentToken(): string | null {
  return token;
}

export function setToken(next: string | null): void {
  token = next;
  try {
    if (next) sessionStorage.setItem(KEY, next);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage the token lives as long as the page.
  }
}

type Message = { asks: true } | { token: string | null };
let tabs: BroadcastChannel | undefined;

/** Listens to the other tabs, and asks them for the token when this one has none; `changed` is called when theirs is another. */
export function shareToken(changed: () => void): void {
  if (typeof BroadcastChannel === "undefined") return;
  tabs = new BroadcastChannel(`${APP}.session`);
  tabs.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("asks" in data) {
      if (token !== null) tellTabs();
    } else if (data.token !== token) {
      setToken(data.token);
      changed();
    }
  };
  if (token === null) tabs.postMessage({ asks: true } satisfies Message);
}

/** Tells the other tabs which token is good, or that nobody is signed in any more. */
export function tellTabs(): void {
  tabs?.postMessage({ token } satisfies Message);
}
