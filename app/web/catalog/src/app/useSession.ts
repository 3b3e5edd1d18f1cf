import { sessionOf } from "kit/session/session.ts";
import { me } from "../api/client";
import type { Me } from "../api/types";

/** Who the API says we are. */
export const useSession = sessionOf(me);

/** The API's own number, until it has said that of the shop. */
const LOW_STOCK = 10;

/** The most pieces that the shop calls low stock, which the filter of the list goes by as well. */
export function useLowStock(): number {
  return useSession().data?.low_stock ?? LOW_STOCK;
}

export type Rights = { write: boolean; admin: boolean };

/** What the screen offers; the API checks every call again. */
export function rightsOf(session: Pick<Me, "role"> | undefined): Rights {
  return { write: session?.role === "editor" || session?.role === "admin", admin: session?.role === "admin" };
}

export function useRights(): Rights {
  return rightsOf(useSession().data);
}
