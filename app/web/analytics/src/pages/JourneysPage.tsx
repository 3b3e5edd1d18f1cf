import { useMutation, useQuery } from "@tanstack/react-query";
import { asProblem } from "kit/api/problem.ts";
import { dateTime, time } from "kit/format/format.ts";
import { problemTitle } from "kit/ui/problemText.ts";
import { useState, type FormEvent } from "react";
import { erase, journey } from "../api/client";
import { useFigure, useSession } from "../api/queries";
import type { JourneySession, RecentSession } from "../api/types";
import { useLanguage, type T } from "../i18n";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { country, duration, integer } from "../view/format";
import { useOwn, useView } from "../view/useView";
import { KINDS } from "./funnel";

/** One person's way through the shop: found by the user's identifier, or from the list of the newest sessions. */
export default function JourneysPage() {
  const { t } = useLanguage();
  const session = useSession();
  const [who, setWho] = useOwn("who", "");
  const [visitor, setVisitor] = useOwn("visitor", "");
  const [typed, setTyped] = useState(who);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (visitor !== "") setVisitor("");
    setWho(typed.trim());
  };
  const chosen = who !== "" || visitor !== "";
  const back = () => {
    setTyped("");
    if (who !== "") setWho("");
    if (visitor !== "") setVisitor("");
  };
  if (session.data?.role === "viewer") {
    return (
      <Page title={t("journeys.title")} controls="none">
        <p className="panel card panel-empty">{t("journeys.role")}</p>
      </Page>
    );
  }
  return (
    <Page title={t("journeys.title")} text={t("journeys.text")}>
      <form className="panel card find" role="search" onSubmit={submit}>
        <label className="inline">
          {t("journeys.user")}
          <input className="text" value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
        </label>
        <button type="submit" className="button primary" disabled={typed.trim() === ""}>
          {t("journeys.find")}
        </button>
        {chosen && (
          <button type="button" className="button quiet" onClick={back}>
            {t("journeys.back")}
          </button>
        )}
      </form>
      {chosen ? <Way who={who} visitor={visitor} /> : <Newest onChoose={setVisitor} />}
      {who !== "" && session.data?.role === "admin" && <Erase user={who} />}
    </Page>
  );
}

function Newest({ onChoose }: { onChoose: (visitor: string) => void }) {
  const { t, locale } = useLanguage();
  const sessions = useFigure<RecentSession[]>("sessions", [["limit", "50"]]);
  return (
    <Panel query={sessions}>
      {({ data }) => (
        <>
          <header className="panel-head">
            <h2>{t("journeys.newest")}</h2>
          </header>
          {data.length === 0 ? (
            <p className="panel-empty">{t("chart.nothing")}</p>
          ) : (
            <div className="table-scroll" tabIndex={0} role="group" aria-label={t("journeys.newest")}>
              <table className="rows plain">
                <thead>
                  <tr>
                    <th scope="col">{t("journeys.begun")}</th>
                    <th scope="col">{t("subject.landing")}</th>
                    <th scope="col" className="wide-column">{t("subject.country")}</th>
                    <th scope="col" className="wide-column">{t("subject.device")}</th>
                    <th scope="col" className="wide-column">{t("subject.source")}</th>
                    <th scope="col" className="number">{t("metric.page_views")}</th>
                    <th scope="col" className="number wide-column">{t("metric.seconds_per_session")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((row) => (
                    <tr key={row.session}>
                      <th scope="row">
                        <button type="button" className="row-button link" onClick={() => onChoose(row.visitor)}>
                          {dateTime(row.at, locale)}
                        </button>{" "}
                        {row.ordered && <span className="badge good">{t("journeys.ordered")}</span>}
                      </th>
                      <td className="cut">{row.landing}</td>
                      <td className="wide-column">{country(row.country, locale)}</td>
                      <td className="wide-column">{`${row.browser}, ${row.device}`}</td>
                      <td className="wide-column">{row.source || t("breakdown.none")}</td>
                      <td className="number">{integer(row.pages, locale)}</td>
                      <td className="number wide-column">{duration(row.seconds, locale)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

function Way({ who, visitor }: { who: string; visitor: string }) {
  const { t, locale } = useLanguage();
  const { site, query } = useView();
  const asked = `${query}&${who !== "" ? new URLSearchParams({ who }) : new URLSearchParams({ visitor })}`;
  const way = useQuery({ queryKey: ["journey", site, asked], queryFn: ({ signal }) => journey(site, asked, signal) });
  return (
    <Panel query={way}>
      {({ sessions, more }) => {
        const events = sessions.flatMap((session) => session.events);
        return (
          <>
            <header className="panel-head">
              <h2>{who !== "" ? t("journeys.of", { who }) : t("journeys.ofVisitor", { visitor: visitor.slice(0, 8) })}</h2>
            </header>
            {sessions.length === 0 ? (
              <p className="panel-empty">{t("journeys.nobody")}</p>
            ) : (
              <>
                <dl className="facts">
                  <div>
                    <dt>{t("metric.sessions")}</dt>
                    <dd>{integer(sessions.length, locale)}</dd>
                  </div>
                  <div>
                    <dt>{t("breakdown.events")}</dt>
                    <dd>{integer(events.length, locale)}</dd>
                  </div>
                  <div>
                    <dt>{t("journeys.pages")}</dt>
                    <dd>{integer(new Set(events.map((event) => event.page)).size, locale)}</dd>
                  </div>
                  <div>
                    <dt>{t("journeys.orders")}</dt>
                    <dd>{integer(sessions.filter((session) => session.ordered).length, locale)}</dd>
                  </div>
                </dl>
                {sessions.map((session, index) => (
                  <SessionPart key={session.session} session={session} open={index === sessions.length - 1} />
                ))}
                {more && <p className="panel-empty">{t("journeys.more")}</p>}
              </>
            )}
          </>
        );
      }}
    </Panel>
  );
}

const kindName = (t: T, kind: string) => {
  const known = KINDS.find((one) => one === kind);
  return known ? t(`kind.${known}`) : kind;
};

function SessionPart({ session, open }: { session: JourneySession; open: boolean }) {
  const { t, locale } = useLanguage();
  const first = session.events[0];
  return (
    <details className="journey" open={open}>
      <summary>
        <span>{first ? dateTime(first.at, locale) : session.session}</span>
        <span className="muted">{[country(session.country, locale), session.browser, session.device].filter((text) => text !== "" && text !== "-").join(" · ")}</span>
        {session.ordered && <span className="badge good">{t("journeys.ordered")}</span>}
      </summary>
      <ol className="timeline">
        {session.events.map((event) => (
          <li key={event.id} data-kind={event.kind}>
            <time dateTime={event.at}>{time(event.at, locale)}</time>
            <span className="timeline-what">
              <strong>{kindName(t, event.kind)}</strong> <span className="mono">{event.page}</span>
              {event.subject && <span> · {event.subject}</span>}
              {event.amount && <span> · {event.amount}</span>}
              {event.seconds_on_page !== null && event.seconds_on_page !== undefined && <span className="muted"> · {t("journeys.stayed", { time: duration(event.seconds_on_page, locale) })}</span>}
              {event.extra && <code className="extra">{event.extra}</code>}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** Erases a person; asked twice, because nothing brings them back. */
function Erase({ user }: { user: string }) {
  const { t } = useLanguage();
  const { site } = useView();
  const [sure, setSure] = useState(false);
  const work = useMutation({ mutationFn: () => erase(site, user) });
  return (
    <section className="panel card danger-zone">
      <h2>{t("erase.title")}</h2>
      <p className="muted">{t("erase.text", { user })}</p>
      <div role="status">
        {work.data && <p>{t("erase.done", { count: work.data.deleted })}</p>}
        {work.error && <p className="bad">{problemTitle(asProblem(work.error), t)}</p>}
      </div>
      {!work.data && (
        <div className="controls">
          {sure ? (
            <>
              <button type="button" className="button danger solid" disabled={work.isPending} onClick={() => work.mutate()}>
                {t("erase.sure")}
              </button>
              <button type="button" className="button quiet" onClick={() => setSure(false)}>
                {t("common.cancel")}
              </button>
            </>
          ) : (
            <button type="button" className="button danger" onClick={() => setSure(true)}>
              {t("erase.ask")}
            </button>
          )}
        </div>
      )}
    </section>
  );
}
