import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { use, useRef, useState, type FocusEvent, type ReactElement, type ReactNode } from "react";
import { onHandedOn } from "./escape";
import { OpenedByKey } from "./LazyMenu";
import "./menu.css";

type Props = { trigger: ReactElement; children: ReactNode; align?: "start" | "end"; side?: "top" | "bottom" };

/** A menu under a button. Not modal: the page behind it stays scrollable, and the menu belongs to the same landmark. */
export function Menu({ trigger, children, align = "end", side = "bottom" }: Props) {
  const [open, setOpen] = useState(true);
  // Radix sees to this itself from the second time on; the key that asked for the menu first came before there was one.
  const toFirst = useRef(use(OpenedByKey));
  const onFocus = ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
    if (!toFirst.current || target !== currentTarget) return;
    toFirst.current = false;
    currentTarget.querySelector<HTMLElement>("[role^=menuitem]:not([data-disabled])")?.focus({ preventScroll: true });
  };
  return (
    <Radix.Root modal={false} open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={document.getElementById("main")}>
        <Radix.Content className="menu" align={align} side={side} sideOffset={6} collisionPadding={8} onFocus={onFocus} onKeyDown={onHandedOn(() => setOpen(false))}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ItemProps = { children: ReactNode; onSelect?: () => void; asChild?: boolean; danger?: boolean; disabled?: boolean };

export function MenuItem({ danger = false, ...props }: ItemProps) {
  return <Radix.Item className={danger ? "menu-item danger" : "menu-item"} {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="menu-label">{children}</Radix.Label>;
}

export function MenuLine() {
  return <Radix.Separator className="menu-line" />;
}

const mark = (
  <span className="menu-mark">
    <Radix.ItemIndicator>
      <Check aria-hidden size={14} />
    </Radix.ItemIndicator>
  </span>
);

type ChoicesProps<V extends string> = { value: V; options: readonly V[]; label: (option: V) => ReactNode; onChange: (value: V) => void; lang?: (option: V) => string };

/** One of several; the menu stays open, so that the effect can be seen and another one tried. */
export function MenuChoices<V extends string>({ value, options, label, onChange, lang }: ChoicesProps<V>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as V)}>
      {options.map((option) => (
        <Radix.RadioItem key={option} className="menu-item" value={option} lang={lang?.(option)} onSelect={(event) => event.preventDefault()}>
          {mark}
          {label(option)}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuCheck({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <Radix.CheckboxItem className="menu-item" checked={checked} onSelect={(event) => event.preventDefault()} onCheckedChange={onChange}>
      {mark}
      {children}
    </Radix.CheckboxItem>
  );
}
