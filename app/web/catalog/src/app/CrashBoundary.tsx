import { Component, lazy, Suspense, type ReactNode } from "react";

const CrashPage = lazy(() => import("./CrashPage"));

/** Catches what fails while rendering: a new release that replaced this one's files, or a defect of ours. */
export class CrashBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Suspense>
        <CrashPage error={this.state.error} />
      </Suspense>
    );
  }
}
