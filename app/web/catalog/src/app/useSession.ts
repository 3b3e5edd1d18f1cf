import { useQuery, useQueryClient } from "@tanstack/react-query";
import { me } from "../api/client";
import { setToken } from "../api/session";
import type { Me } from "../api/types";

export const SESSION_KEY = ["me"] as const;

/** Who the API says we are. */
export function useSession() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: ({ signal }) => me(signal), staleTime: 5 * 60_000 });
}

export type Rights = { write: boolean; admin: boolean };

/** What the screen offers; the API checks every call again. */
export function rightsOf(session: Pick<Me, "role"> | undefined): Rights {
  return { write: session?.role === "editor" || session?.role === "admin", admin: session?.role === "admin" };
}

export function useRights(): Rights {
  return rightsOf(useSession().data);
}

/** Forgets the token and everything that was read with it. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  return () => {
    setToken(null);
    queries.removeQueries({ type: "inactive" });
    void queries.resetQueries();
  };
}
