import { useMutation } from "@tanstack/react-query";
import { asProblem, type Problem } from "kit/api/problem.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { Field } from "kit/ui/Field.tsx";
import { problemText, problemTitle } from "kit/ui/problemText.ts";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { Navigate, useNavigate } from "react-router";
import { placeOrder, type NewOrder, type Shortage } from "../api/client";
import { money, sum } from "../cart/amounts";
import { cartLines, clear, fit, keepOrder, ordered, orderKey, useCart } from "../cart/cart";
import { useLanguage, type T } from "../i18n";
import { Summary } from "../parts";
import { track, trackedSession } from "../tracker";

type Buyer = { name: string; email: string; address: string };
const FIELDS = ["name", "email", "address"] as const;
const AUTOCOMPLETE = { name: "name", email: "email", address: "street-address" } as const;
const LONGEST = { name: 255, email: 254, address: 1000 } as const;

/** What is wrong with a field, before and after the API has seen it. */
function wrong(field: keyof Buyer, value: string, problem: Problem | null, t: T): string | undefined {
  if (value.trim() === "") return t("checkout.missing");
  if (field === "email" && !/^[^\s@]+@[^\s@]+$/.test(value.trim())) return t("checkout.badEmail");
  const code = problem?.fieldCodes[field];
  if (code === undefined) return undefined;
  return code === "too_long" ? t("checkout.tooLong") : code === "bad_email" ? t("checkout.badEmail") : t("checkout.bad");
}

const shortOf = (problem: Problem | null): Shortage[] => (problem?.code === "not_available" && Array.isArray(problem.body.short) ? (problem.body.short as Shortage[]) : []);

/** Name, address and the button that orders. */
export default function CheckoutPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("checkout.title"));
  const navigate = useNavigate();
  const lines = useCart();
  const form = useRef<HTMLFormElement>(null);
  const [buyer, setBuyer] = useState<Buyer>({ name: "", email: "", address: "" });
  const [checked, setChecked] = useState(false);
  const [changes, setChanges] = useState<string[]>([]);
  const [done, setDone] = useState(false);
  const currency = lines[0]?.currency ?? "USD";

  useEffect(() => {
    const now = cartLines();
    if (now[0]) track("checkout_started", { amount: sum(now), currency: now[0].currency });
  }, []);

  const order = useMutation({
    mutationFn: (body: NewOrder) => placeOrder(body, orderKey(body)),
    onSuccess: (placed) => {
      const items = placed.lines.map(({ product, price, quantity }) => ({ product: String(product), price, quantity }));
      track("order_placed", { order: placed.number, amount: placed.total, currency: placed.currency, items });
      ordered();
      keepOrder(placed);
      setDone(true);
      clear();
      void navigate(`/order/${placed.number}`, { replace: true });
    },
    onError: (error) => {
      const short = shortOf(asProblem(error));
      if (short.length === 0) return;
      const before = cartLines();
      const said = ({ product, wanted, available, price }: Shortage) => {
        const name = before.find((line) => line.product === product)?.name ?? "";
        if (price == null || available === 0) return t("checkout.none", { name });
        if (available < wanted) return t("checkout.left", { name, number: available.toLocaleString(locale) });
        return t("checkout.now", { name, price: money(price, currency, locale) });
      };
      setChanges(short.map(said));
      fit(short);
    },
  });

  const problem = order.error ? asProblem(order.error) : null;
  const errors = checked ? Object.fromEntries(FIELDS.map((field) => [field, wrong(field, buyer[field], problem, t)])) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const first = FIELDS.find((field) => wrong(field, buyer[field], null, t));
    if (first) {
      form.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
      return;
    }
    if (order.isPending) return;
    setChanges([]);
    const session = trackedSession();
    order.mutate({
      lines: lines.map(({ product, quantity, price }) => ({ product, quantity, price })),
      name: buyer.name.trim(),
      email: buyer.email.trim(),
      address: buyer.address.trim(),
      ...(session ? { session } : {}),
    });
  };

  if (lines.length === 0 && changes.length === 0 && !done) return <Navigate to="/cart" replace />;
  return (
    <div className="page narrow">
      <div className="page-head">
        <div>
          <h1>{t("checkout.title")}</h1>
          <p className="muted">{t("checkout.text")}</p>
        </div>
      </div>
      <div role="alert">
        {changes.length > 0 ? (
          <div className="banner problem">
            <strong>{t("checkout.changed")}</strong>
            <ul>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
            <p>{t("checkout.changedText")}</p>
          </div>
        ) : (
          problem && (
            <div className="banner problem">
              <strong>{problemTitle(problem, t)}</strong>
              <p>{problemText(problem, t)}</p>
            </div>
          )
        )}
      </div>
      <div className="checkout">
        <form ref={form} noValidate className="card checkout-form" onSubmit={submit}>
          {FIELDS.map((field) => (
            <Field key={field} label={t(`checkout.${field}`)} error={errors[field]}>
              {(props) => {
                const common = { ...props, name: field, autoComplete: AUTOCOMPLETE[field], maxLength: LONGEST[field], required: true, value: buyer[field] };
                const set = (value: string) => setBuyer((before) => ({ ...before, [field]: value }));
                return field === "address" ? <textarea {...common} rows={4} onChange={(event) => set(event.target.value)} /> : <input {...common} type={field === "email" ? "email" : "text"} onChange={(event) => set(event.target.value)} />;
              }}
            </Field>
          ))}
          <button type="submit" className="button primary" disabled={order.isPending || lines.length === 0}>
            {order.isPending ? t("checkout.ordering") : t("checkout.order")}
          </button>
        </form>
        <section className="card checkout-summary" aria-labelledby="summary">
          <h2 id="summary">{t("checkout.summary")}</h2>
          <Summary lines={lines} currency={currency} />
        </section>
      </div>
    </div>
  );
}
