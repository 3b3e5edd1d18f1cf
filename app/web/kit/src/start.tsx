/** The first lines of every application: messages, the query client, the router, and what catches a crash. */
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { asProblem } from "./api/problem";
import { startI18n, type Loaders } from "./i18n";
import { watchBuilds } from "./loading/build";
import { isChunkError } from "./loading/chunkError";
import { heard, lost } from "./loading/connection";
import { CrashBoundary } from "./loading/CrashBoundary";
import { SESSION_KEY } from "./session/session";
import { listenToTabs } from "./session/tabs";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";

/** Notes whether the server has answered; a refusal is an answer, too. */
const note = (error: unknown) => (asProblem(error).kind === "offline" ? lost() : heard());

const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: heard,
    onError: (error, query) => {
      note(error);
      // A session that has run out shows at whatever is read next: ask who we are, which brings the sign-in form.
      if (asProblem(error).kind === "signed-out" && query.queryKey[0] !== SESSION_KEY[0]) void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
    },
  }),
  mutationCache: new MutationCache({ onSuccess: heard, onError: note }),
  defaultOptions: {
    // Being offline is an answer, too: without `always` a call would wait silently for the connection.
    queries: {
      networkMode: "always",
      staleTime: 15_000,
      // Only what may pass by itself is worth another try: no connection, an overloaded or restarting API.
      retry: (failures, error) => failures < 2 && ["offline", "busy", "server"].includes(asProblem(error).kind),
      retryDelay: (failures) => 400 * 2 ** failures,
    },
    mutations: { networkMode: "always" },
  },
});

/** Draws the application into index.html's `#root`. */
export async function start(messages: Loaders, routes: ReactNode): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no element with the id root");
  try {
    await startI18n(messages);
  } catch (error) {
    // No messages yet to say it with: in English, as the line for browsers without JavaScript is.
    root.textContent = "The page could not be loaded. Reload it to try again.";
    throw error;
  }
  watchBuilds();
  listenToTabs(() => void queryClient.invalidateQueries());
  // A chunk that did not come is said on the page; everything else that was caught belongs into the console, too.
  const onCaughtError = (error: unknown) => isChunkError(error) || console.error(error);
  createRoot(root, { onCaughtError }).render(
    <StrictMode>
      <CrashBoundary>
        <QueryClientProvider client={queryClient}>
          <BrowserRouter>{routes}</BrowserRouter>
        </QueryClientProvider>
      </CrashBoundary>
    </StrictMode>,
  );
}
