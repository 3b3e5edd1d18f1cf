/** A part of the screen that comes as a chunk of its own. Where it does not come, the rest of the page stays as it is. */
import { Component, createContext, lazy, use, useState, type ComponentType, type ReactNode } from "react";
import { lookForBuild } from "./build";
import { FailedPart } from "./FailedPart";
import { isChunkError } from "./chunkError";

type Loaded<P> = { default: ComponentType<P> };
/** What stands in for a part that did not come; `retry` asks for it again. */
export type Instead<P> = ComponentType<P & { retry: () => void }>;

/** What stands where a menu would: its button. */
export const StandIn = createContext<((retry: () => void) => ReactNode) | null>(null);

/** The component behind `load`, as `React.lazy` has it, save that a chunk that does not come never empties the page. */
export function part<P extends object>(load: () => Promise<Loaded<P>>, instead: Instead<P> = FailedPart): ComponentType<P> {
  // React's type of a lazy component is lost on a generic one.
  const make = () => lazy(load) as unknown as ComponentType<object>;
  let latest = make();
  const InsteadOf = instead as ComponentType<object>;
  return function Part(props: P) {
    const [Current, setCurrent] = useState(() => latest);
    const standIn = use(StandIn);
    const retry = () => {
      latest = make();
      setCurrent(() => latest);
    };
    const failed = (
      <>
        {standIn?.(retry)}
        <InsteadOf {...props} retry={retry} />
      </>
    );
    return (
      <Boundary attempt={Current} failed={failed}>
        <Current {...props} />
      </Boundary>
    );
  };
}

/** A chunk that is asked for before anything is drawn. */
export function early<M>(load: () => Promise<M>): () => Promise<M> {
  let first: Promise<M> | undefined = load();
  // Whoever draws it deals with its failure.
  first.catch(() => {});
  return () => {
    const asked = first ?? load();
    first = undefined;
    return asked;
  };
}

type BoundaryProps = { attempt: unknown; failed: ReactNode; children: ReactNode };
type BoundaryState = { error: unknown; attempt: unknown };

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null, attempt: this.props.attempt };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: BoundaryProps, state: BoundaryState) {
    return props.attempt === state.attempt ? null : { error: null, attempt: props.attempt };
  }

  override componentDidCatch(error: unknown) {
    if (isChunkError(error)) void lookForBuild();
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    // A defect of the part's own is the crash page's.
    if (!isChunkError(this.state.error)) throw this.state.error;
    return this.props.failed;
  }
}
