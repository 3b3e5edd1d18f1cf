/** State that outlives the component which shows it: one value, and the components that are drawn anew when it changes. */
import { useSyncExternalStore } from "react";

export type Store<V> = {
  get: () => V;
  set: (next: V) => void;
  /** The value, for a component. */
  use: () => V;
};

export function createStore<V>(first: V): Store<V> {
  let value = first;
  const listeners = new Set<() => void>();
  const get = () => value;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    set: (next) => {
      value = next;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
