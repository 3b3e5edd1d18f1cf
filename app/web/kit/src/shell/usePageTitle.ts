import { useEffect } from "react";
import { useBrand } from "./brand";

/** Names the page in the tab and to screen readers. */
export function usePageTitle(title: string): void {
  const product = useBrand();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
