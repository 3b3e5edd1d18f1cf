import { Image as ImageIcon } from "lucide-react";
import "./picture.css";

/** A product's picture; a quiet place for one where there is none. It says nothing that the name beside it does not. */
export function Picture({ image, size = "row" }: { image: string | null | undefined; size?: "row" | "form" }) {
  if (!image) {
    return (
      <span className={`picture ${size} none`} aria-hidden>
        <ImageIcon size={size === "row" ? 16 : 28} strokeWidth={1.5} />
      </span>
    );
  }
  return <img className={`picture ${size}`} src={image} alt="" loading="lazy" decoding="async" />;
}
