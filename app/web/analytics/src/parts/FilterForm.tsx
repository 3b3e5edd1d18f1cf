import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { figure } from "../api/client";
import { withExtra } from "../api/queries";
import type { Row } from "../api/types";
import { useLanguage } from "../i18n";
import { useView } from "../view/useView";
import { SUBJECTS, TESTS, type Subject, type Test } from "../view/view";

/** The subjects whose values the API can list. */
const LISTED: readonly Subject[] = ["page", "landing", "source", "medium", "campaign", "referrer", "country", "device", "browser", "os", "event"];

/** Asks for one more filter, and offers the values that there are. */
export function FilterForm({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const { site, view, query, change } = useView();
  const [subject, setSubject] = useState<Subject>("page");
  const [test, setTest] = useState<Test>("is");
  const [value, setValue] = useState("");
  const list = useId();
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const asked = withExtra(query, [["limit", "50"]]);
  const values = useQuery({ queryKey: ["values", site, subject, asked], queryFn: ({ signal }) => figure<Row[]>(site, `breakdown/${subject}`, asked, signal), enabled: LISTED.includes(subject) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = value.trim();
    if (given === "" && test === "contains") return;
    change({ filters: [...view.filters, { subject, test, values: [given] }] });
    onClose();
  };
  return (
    <form className="filter-form" onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <select ref={first} className="select small" aria-label={t("filter.subject")} value={subject} onChange={(event) => setSubject(event.target.value as Subject)}>
        {SUBJECTS.map((one) => (
          <option key={one} value={one}>
            {t(`subject.${one}`)}
          </option>
        ))}
      </select>
      <select className="select small" aria-label={t("filter.test")} value={test} onChange={(event) => setTest(event.target.value as Test)}>
        {TESTS.map((one) => (
          <option key={one} value={one}>
            {t(`test.${one}`)}
          </option>
        ))}
      </select>
      <input className="text small" aria-label={t("filter.value")} placeholder={t("filter.value")} list={list} value={value} onChange={(event) => setValue(event.target.value)} />
      <datalist id={list}>{values.data?.data.filter(({ key }) => key !== "").map(({ key }) => <option key={key} value={key} />)}</datalist>
      <button type="submit" className="button primary small">
        {t("filter.apply")}
      </button>
      <label className="check">
        <input type="checkbox" checked={view.bots} onChange={(event) => change({ bots: event.target.checked })} />
        {t("filter.bots")}
      </label>
      <button type="button" className="button quiet small" onClick={onClose}>
        {t("common.cancel")}
      </button>
    </form>
  );
}
