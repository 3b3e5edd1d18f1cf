//! Journeys of one user: sessions with their events and the time on each page. They need the role editor.

use super::answer::Answer;
use super::app::App;
use super::figures::rows;
use super::params::{Params, invalid};
use crate::engine::{Scope, recent};
use crate::event::{Event, Id, UserKey};
use crate::store::Who;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use service::http::caller::Editor;
use service::http::{Problem, Success};
use std::sync::Arc;
use utoipa::ToSchema;

/// The most events of an answer.
const EVENTS: i64 = 2000;

/// An event of a journey.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JourneyEvent {
    /// The identifier.
    pub(crate) id: String,
    /// The time.
    pub(crate) at: String,
    /// The kind, or a custom event's name.
    pub(crate) kind: String,
    /// The page.
    pub(crate) page: String,
    /// The seconds until the session's next event on another page; none for the last page.
    pub(crate) seconds_on_page: Option<i64>,
    /// The product, the query or the order's number.
    pub(crate) subject: Option<String>,
    /// The amount as a decimal number, with its currency.
    pub(crate) amount: Option<String>,
    /// Further members, as they were sent.
    pub(crate) extra: Option<String>,
}

/// A session of a journey.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JourneySession {
    /// The identifier.
    pub(crate) session: String,
    /// The device.
    pub(crate) device: String,
    /// The browser.
    pub(crate) browser: String,
    /// The country.
    pub(crate) country: String,
    /// True with an order.
    pub(crate) ordered: bool,
    /// The events, by time.
    pub(crate) events: Vec<JourneyEvent>,
}

/// A journey.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Journey {
    /// The sessions, by their first event.
    pub(crate) sessions: Vec<JourneySession>,
    /// True when there are more events than an answer has; ask for a shorter period.
    pub(crate) more: bool,
}

/// Returns the sessions of the user `who` (the shop's identifier or its key), or of the visitor `visitor`.
#[utoipa::path(get, path = "/api/sites/{site}/journeys", tag = "journeys", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The journey", body = Success<Journey>)))]
pub(crate) async fn journey(
    State(app): State<Arc<App>>,
    _: Editor,
    Path(name): Path<String>,
    params: Params,
) -> Result<Success<Journey>, Problem> {
    app.site(&name)?;
    let visitors = match (params.get("who"), params.get("visitor")) {
        (Some(who), _) => {
            let user = UserKey::of_text(&name, who);
            app.store
                .visitors(&name, user)
                .await
                .map_err(|error| Problem::unavailable(&error))?
        }
        (None, Some(visitor)) => vec![Id::of_text(visitor)],
        (None, None) => return Err(invalid("who is the user, or visitor the visitor".to_owned())),
    };
    let (from, to) = (params.question.from * 1000, params.question.to * 1000);
    let found = app
        .store
        .of(&name, &Who::Visitors(visitors), from, to, EVENTS + 1)
        .await;
    let mut events = found.map_err(|error| Problem::unavailable(&error))?;
    let most = usize::try_from(EVENTS).unwrap_or(usize::MAX);
    let more = events.len() > most;
    events.truncate(most);
    Ok(Success::new(Journey {
        sessions: sessions(&events),
        more,
    }))
}

/// A session in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecentSession {
    /// The session.
    pub(crate) session: String,
    /// The visitor, with whom the journey is asked for.
    pub(crate) visitor: String,
    /// The time of the first event.
    pub(crate) at: String,
    /// The seconds until the last event.
    pub(crate) seconds: u32,
    /// The first page.
    pub(crate) landing: String,
    /// The device.
    pub(crate) device: String,
    /// The browser.
    pub(crate) browser: String,
    /// The country.
    pub(crate) country: String,
    /// The campaign's source; empty for none.
    pub(crate) source: String,
    /// The page views.
    pub(crate) pages: u16,
    /// True with an order.
    pub(crate) ordered: bool,
}

/// Returns the newest sessions that start in a period.
#[utoipa::path(get, path = "/api/sites/{site}/sessions", tag = "journeys", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The sessions, the newest first; with format=csv a file", body = Answer<Vec<RecentSession>>)))]
pub(crate) async fn recent_sessions(
    State(app): State<Arc<App>>,
    _: Editor,
    Path(name): Path<String>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let asked = params.clone();
    let find = move |scope: &Scope<'_>, limit| {
        let row = |row: crate::engine::Recent| {
            let [device, browser, country, source] = row.of;
            RecentSession {
                session: row.session.to_string(),
                visitor: row.visitor.to_string(),
                at: asked.time(row.start),
                seconds: row.seconds,
                landing: row.landing,
                device,
                browser,
                country,
                source,
                pages: row.pages,
                ordered: row.ordered,
            }
        };
        recent(scope, limit).into_iter().map(row).collect()
    };
    rows((&app, &name, &headers, params), "sessions", find).await
}

fn sessions(events: &[Event]) -> Vec<JourneySession> {
    let mut order: Vec<Id> = Vec::new();
    for event in events {
        if !order.contains(&event.session) {
            order.push(event.session);
        }
    }
    let session = |id: &Id| {
        let events: Vec<&Event> = events.iter().filter(|event| event.session == *id).collect();
        let first = events
            .iter()
            .find(|event| !event.context.server)
            .or(events.first());
        let text = |text: fn(&Event) -> &str| first.map(|event| text(event).to_owned()).unwrap_or_default();
        JourneySession {
            session: id.to_string(),
            device: text(|event| &event.context.device),
            browser: text(|event| &event.context.browser),
            country: text(|event| &event.context.country),
            ordered: events
                .iter()
                .any(|event| event.kind == crate::event::Kind::OrderPlaced),
            events: (0..events.len()).map(|at| shown(&events, at)).collect(),
        }
    };
    order.iter().map(session).collect()
}

fn shown(events: &[&Event], at: usize) -> JourneyEvent {
    let event = events[at];
    // Only the first event on a page bears its time, so that a page is not counted once for each of its events.
    let arrives = at == 0 || events[at - 1].page != event.page;
    let leaves = events[at..].iter().find(|next| next.page != event.page);
    let seconds_on_page = leaves.filter(|_| arrives).map(|next| (next.at - event.at) / 1000);
    let subject = [&event.product, &event.query, &event.order]
        .into_iter()
        .flatten()
        .next();
    let amount = event.amount.zip(event.currency);
    JourneyEvent {
        id: event.id.to_string(),
        at: Timestamp::from_millisecond(event.at)
            .map(|time| time.to_string())
            .unwrap_or_default(),
        kind: event.name.as_deref().unwrap_or(event.kind.name()).to_owned(),
        page: event.page.to_string(),
        seconds_on_page,
        subject: subject.map(ToString::to_string),
        amount: amount
            .map(|(amount, currency)| format!("{} {currency}", currency.decimal(i128::from(amount)))),
        extra: event.extra.as_deref().map(str::to_owned),
    }
}
