//! The last minutes, once or as a stream of server-sent events.

use super::app::App;
use super::params::Params;
use crate::engine::live;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde::Serialize;
use service::http::{Problem, Success};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// The last half hour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveAnswer {
    /// Distinct visitors of the last 5 minutes.
    pub(crate) visitors: u64,
    /// Events of the last 5 minutes.
    pub(crate) events: u64,
    /// Events by minute of the last 30 minutes, the oldest first.
    pub(crate) minutes: Vec<u64>,
    /// The pages of the last 5 minutes and their views.
    pub(crate) pages: Vec<(String, u64)>,
}

async fn last(app: &App, name: &str, params: &Params) -> Result<LiveAnswer, Problem> {
    let site = app.site(name)?;
    let now = jiff::Timestamp::now().as_second() + 1;
    let ask = |seconds: i64| {
        let mut question = params.question.clone();
        (question.from, question.to) = (now - seconds, now);
        app.compute(site, question, |scope| live(scope, 10))
    };
    let (five, thirty) = (ask(300).await?, ask(1800).await?);
    Ok(LiveAnswer {
        visitors: five.visitors,
        events: five.events,
        minutes: thirty.minutes,
        pages: five.pages,
    })
}

/// Returns the last half hour.
#[utoipa::path(get, path = "/api/sites/{site}/live", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The last half hour", body = Success<LiveAnswer>)))]
pub(crate) async fn once(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Success<LiveAnswer>, Problem> {
    Ok(Success::new(last(&app, &name, &params).await?))
}

/// Streams the last half hour each second, with a comment every 15 seconds that keeps proxies from closing it.
#[utoipa::path(get, path = "/api/sites/{site}/live/stream", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "Server-sent events, each with the data of `live`", body = String, content_type = "text/event-stream")))]
pub(crate) async fn stream(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    app.site(&name)?;
    let stream = futures::stream::unfold(
        (app, name, params, false),
        |(app, name, params, later)| async move {
            if later {
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                    () = app.edge.drain.wait() => return None,
                }
            }
            if app.edge.drain.has_begun() {
                return None;
            }
            let event = match last(&app, &name, &params).await {
                Ok(data) => Event::default().json_data(&data).unwrap_or_default(),
                Err(_) => Event::default().comment("busy"),
            };
            Some((Ok(event), (app, name, params, true)))
        },
    );
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
