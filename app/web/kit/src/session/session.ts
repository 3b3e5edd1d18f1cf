import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { setToken, tellTabs } from "./token";

export const SESSION_KEY = ["me"] as const;

/** The hook that says who the API says we are. */
export function sessionOf<Me>(me: (signal?: AbortSignal) => Promise<Me>): () => UseQueryResult<Me> {
  return () => useQuery({ queryKey: SESSION_KEY, queryFn: ({ signal }) => me(signal), staleTime: 5 * 60_000 });
}

/** Forgets the token and everything that was read with it. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  return () => {
    setToken(null);
    tellTabs();
    queries.removeQueries({ type: "inactive" });
    void queries.resetQueries();
  };
}
