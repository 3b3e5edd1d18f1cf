/**
 * The bearer token of this tab. It lives in session storage: it survives a reload, and is gone when the tab is closed.
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
