import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState, type FormEvent } from "react";
import { asProblem } from "../api/problem";
import { useLanguage } from "../i18n";
import { problemTitle } from "../ui/problemText";
import { Field } from "../ui/Field";
import { usePageTitle } from "../shell/usePageTitle";
import { openSession, SESSION_KEY } from "./session";
import { tellTabs } from "./tabs";
import "./sign-in.css";

/** Asks for the access token when the API wants to know who calls. */
export default function SignIn({ me }: { me: () => Promise<unknown> }) {
  const { t } = useLanguage();
  usePageTitle(t("signIn.title"));
  const queries = useQueryClient();
  const [token, setTyped] = useState("");
  const attempt = useMutation({
    mutationFn: async (typed: string) => {
      await openSession(typed);
      return me();
    },
    onSuccess: (session) => {
      tellTabs();
      queries.setQueryData(SESSION_KEY, session);
      void queries.invalidateQueries();
    },
  });

  const problem = attempt.error && asProblem(attempt.error);
  const message = problem && (problem.kind === "signed-out" ? t("signIn.refused") : problemTitle(problem, t));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== "") attempt.mutate(token.trim());
  };
  return (
    <form className="sign-in card" onSubmit={submit}>
      <KeyRound aria-hidden size={28} />
      <h1>{t("signIn.title")}</h1>
      <p className="muted">{t("signIn.text")}</p>
      <Field label={t("signIn.token")} error={message ?? undefined}>
        {(props) => <input {...props} type="password" autoComplete="current-password" value={token} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      <button type="submit" className="button primary" disabled={token.trim() === "" || attempt.isPending}>
        {t("signIn.submit")}
      </button>
    </form>
  );
}
