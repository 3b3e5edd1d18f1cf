//! The quality of the data, and the erasure of a person.

use super::app::App;
use crate::event::UserKey;
use crate::store::Erasure;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use service::http::caller::{Admin, Caller};
use service::http::session::Session;
use service::http::{Health, Problem, Success};
use std::sync::{Arc, PoisonError};
use utoipa::ToSchema;

/// A site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteRow {
    /// The name.
    pub(crate) name: String,
    /// Events in memory.
    pub(crate) events: u64,
}

/// Lists the sites.
#[utoipa::path(get, path = "/api/sites", tag = "status", responses((status = 200, description = "The sites", body = Success<Vec<SiteRow>>)))]
pub(crate) async fn sites(State(app): State<Arc<App>>) -> Success<Vec<SiteRow>> {
    let row = |site: &Arc<super::SiteState>| SiteRow {
        name: site.name.clone(),
        events: site
            .columns
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .events(),
    };
    Success::new(app.sites.values().map(row).collect())
}

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The caller's role: viewer, editor (sees journeys) or admin.
    pub(crate) role: &'static str,
    /// The caller's name.
    pub(crate) name: String,
    /// True when the API has no tokens, so that every caller is an administrator.
    pub(crate) open: bool,
}

/// Returns the caller's name and role.
#[utoipa::path(get, path = "/api/me", tag = "status", responses((status = 200, description = "The caller", body = Success<Me>)))]
pub(crate) async fn me(State(app): State<Arc<App>>, caller: Caller) -> Success<Me> {
    Success::new(Me {
        role: caller.role.name(),
        name: caller.name.to_string(),
        open: app.edge.callers.open(),
    })
}

/// Opens a session: a cookie that the browser sends in the place of the token, and that no script can read.
#[utoipa::path(post, path = "/api/session", tag = "status", responses((status = 200, description = "The session", body = Success<Session>)))]
pub(crate) async fn open_session(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Session::open(&app.edge.callers, &headers)
}

/// Closes the browser's session.
#[utoipa::path(delete, path = "/api/session", tag = "status", responses((status = 200, description = "There is no session any more", body = Success<Session>)))]
pub(crate) async fn close_session(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Session::close(&app.edge.callers, &headers)
}

/// The quality of a site's data.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Quality {
    /// Refused events of the last week, by reason.
    pub(crate) rejects: Vec<RejectRow>,
    /// Messages that wait in the queue.
    pub(crate) waiting: Option<u64>,
    /// Messages in the dead-letter queue.
    pub(crate) dead: Option<u64>,
    /// Sealed hours of the archive.
    pub(crate) hours: u64,
    /// Rows in them.
    pub(crate) rows: u64,
    /// Bytes of their files.
    pub(crate) bytes: u64,
}

/// Refused events of one reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RejectRow {
    /// The code.
    pub(crate) code: String,
    /// The number.
    pub(crate) count: i64,
    /// One of them, without its values.
    pub(crate) sample: String,
}

/// Returns what was refused, what waits, and what the archive has.
#[utoipa::path(get, path = "/api/sites/{site}/quality", tag = "jobs", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The quality", body = Success<Quality>)))]
pub(crate) async fn quality(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Success<Quality>, Problem> {
    app.site(&name)?;
    let rejects = app
        .store
        .rejects(&name)
        .await
        .map_err(|error| Problem::unavailable(&error))?;
    let segments = app
        .store
        .segments(&name, 0)
        .await
        .map_err(|error| Problem::unavailable(&error))?;
    let (waiting, dead) = match &app.queue {
        Some(queue) => (queue.depth().await.ok(), queue.dead_depth().await.ok().flatten()),
        None => (None, None),
    };
    let row = |rejected: crate::store::Rejected| RejectRow {
        code: rejected.code,
        count: rejected.count,
        sample: rejected.sample,
    };
    Ok(Success::new(Quality {
        rejects: rejects.into_iter().map(row).collect(),
        waiting: waiting.map(|depth| depth.waiting),
        dead: dead.map(|depth| depth.waiting),
        hours: segments.len() as u64,
        rows: segments.iter().map(|segment| segment.rows).sum(),
        bytes: segments.iter().map(|segment| segment.bytes).sum(),
    }))
}

/// A person to be erased.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EraseRequest {
    /// The shop's identifier of the user, or its key.
    #[schema(min_length = 1, max_length = 200)]
    pub(crate) user: String,
}

/// An erasure that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EraseAnswer {
    /// The user's key.
    pub(crate) user: String,
    /// The visitors that are the user's.
    pub(crate) visitors: usize,
    /// Events deleted from the hot store.
    pub(crate) deleted: u64,
}

/// Erases a person: from the hot store at once, from the figures within seconds, from the archive by its next run.
#[utoipa::path(post, path = "/api/sites/{site}/erase", tag = "jobs", params(("site" = String, Path, description = "The site")),
    request_body = EraseRequest, responses((status = 200, description = "What was begun", body = Success<EraseAnswer>)))]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    _: Admin,
    Path(name): Path<String>,
    Json(request): Json<EraseRequest>,
) -> Result<Success<EraseAnswer>, Problem> {
    app.site(&name)?;
    let user = UserKey::of_text(&name, &request.user);
    let (visitors, deleted) = begin(&app.store, &name, user)
        .await
        .map_err(|error| Problem::unavailable(&error))?;
    Ok(Success::new(EraseAnswer {
        user: user.to_string(),
        visitors,
        deleted,
    }))
}

/// Writes an erasure, so that nothing forgets it, and deletes what is hot. Returns the numbers of visitors and of deleted
/// events.
///
/// # Errors
/// The error of the store; it may be called again.
pub async fn begin(
    store: &crate::store::Store,
    site: &str,
    user: UserKey,
) -> Result<(usize, u64), crate::store::Error> {
    let visitors = store.visitors(site, user).await?;
    let erasure = Erasure {
        site: site.to_owned(),
        user,
        visitors: visitors.clone(),
        done: false,
        hours: 0,
        rows: 0,
    };
    store.put_erasure(&erasure).await?;
    let deleted = store.delete_visitors(site, &visitors).await?;
    Ok((visitors.len(), deleted))
}

/// Answers that the process lives.
#[utoipa::path(get, path = "/health", tag = "status", responses((status = 200, description = "It lives", body = Health)))]
pub(crate) async fn health() -> Json<Health> {
    Json(Health {
        status: "healthy",
        service: "analytics",
    })
}

/// Answers whether the figures are loaded.
#[utoipa::path(get, path = "/ready", tag = "status",
    responses((status = 200, description = "Loaded", body = Health), (status = 503, description = "Loading, or shutting down")))]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Health>, Problem> {
    if app.ready() {
        return Ok(Json(Health {
            status: "ready",
            service: "analytics",
        }));
    }
    let why = "The figures are being loaded, or this process is about to end";
    Err(Problem::new(
        axum::http::StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        why,
    ))
}

/// Returns the metrics in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "status", responses((status = 200, description = "Metrics", body = String)))]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> String {
    app.metrics()
}
