import { Component, type ReactNode } from "react";
// In the first load on purpose: when files are missing, so would this one be.
import { CrashPage } from "./CrashPage";

/** Catches what fails while rendering and is nobody else's: a defect of ours. */
export class CrashBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    return this.state.error ? <CrashPage error={this.state.error} /> : this.props.children;
  }
}
