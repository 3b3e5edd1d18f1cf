/** Whether the server answers. What is on screen while it does not is of an earlier time, and says so. */
import { createStore } from "../store";

export type Connection = { lost: boolean; /** When the server last answered. */ heard: number };

const connection = createStore<Connection>({ lost: false, heard: Date.now() });
export const useConnection = connection.use;

/** The server has answered. */
export function heard(): void {
  connection.set({ lost: false, heard: Date.now() });
}

/** A call got no answer. */
export function lost(): void {
  if (!connection.get().lost) connection.set({ ...connection.get(), lost: true });
}

globalThis.addEventListener?.("offline", lost);
