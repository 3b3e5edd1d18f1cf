import { useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { callsOf } from "../api/http";
import { asProblem } from "../api/problem";
import { tellTabs } from "./tabs";

export const SESSION_KEY = ["me"] as const;

/** The calls that open and close a session, which every API of ours has. */
type SessionPaths = {
  "/api/session": {
    post: { parameters: { path?: undefined; query?: undefined; header: { authorization: string } }; responses: { 200: { content: { "application/json": object } } } };
    delete: { parameters: { path?: undefined; query?: undefined; header?: undefined }; responses: { 200: { content: { "application/json": object } } } };
  };
};
const call = callsOf<SessionPaths>();

/** The hook that says who the API says we are. */
export function sessionOf<Me>(me: (signal?: AbortSignal) => Promise<Me>): () => UseQueryResult<Me> {
  return () => useQuery({ queryKey: SESSION_KEY, queryFn: ({ signal }) => me(signal), staleTime: 5 * 60_000 });
}

/** Trades the token for the browser's session. The page keeps no token. */
export async function openSession(token: string): Promise<void> {
  await call("post", "/api/session", { header: { authorization: `Bearer ${token}` } });
}

/** Ends the session in all tabs, and forgets everything that was read in it. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: async () => {
      try {
        await call("delete", "/api/session", {});
      } catch (error) {
        // A session that has run out is one that has ended.
        if (asProblem(error).kind !== "signed-out") throw error;
      }
    },
    onSuccess: () => {
      tellTabs();
      queries.removeQueries({ type: "inactive" });
      void queries.resetQueries();
    },
  });
  return mutate;
}

/** Whether there is a session to end; in the open mode there is none. */
export function useSignedIn(): boolean {
  const { data } = useQuery<{ open?: boolean }>({ queryKey: SESSION_KEY, enabled: false });
  return data !== undefined && data.open !== true;
}
