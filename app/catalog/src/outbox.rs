//! The task that sends the events of the outbox to the collector, at least once each. Its ids are a function of what they
//! tell of, and the collector's consumers keep an event once, whatever is sent again.

use crate::app::App;
use crate::database::outbox::{self, Taken};
use crate::settings::Analytics;
use deadpool_postgres::Pool;
use serde::Deserialize;
use service::serve::Drain;
use service::trace::{Context, Kind, Span};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The events that are taken at a time.
const MOST: i64 = 50;

/// The time that a post may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The time after which an event that was taken is due again: longer than all that are taken with it may take to fail.
const LEASE: Duration = Duration::from_secs(10);

/// The time between two looks at the outbox when nothing says that there is something in it.
const PAUSE: Duration = Duration::from_secs(2);

/// A post that the collector did not take.
#[derive(Debug, thiserror::Error)]
enum SendError {
    /// The collector did not answer, or asks to wait.
    #[error("the collector did not take it now")]
    Away(#[from] reqwest::Error),
    /// The collector answered with another status than 202.
    #[error("the collector answers {0}; see ANALYTICS_URL, ANALYTICS_SITE and ANALYTICS_TOKEN")]
    Status(u16),
}

/// The answer of the collector to a post.
#[derive(Deserialize)]
struct Accepted {
    #[serde(default)]
    rejected: Vec<Rejected>,
}

#[derive(Deserialize)]
struct Rejected {
    code: String,
}

/// Starts the task for an API that tells a collector of its orders.
pub fn start_for(app: &App, drain: &Drain) -> Option<JoinHandle<()>> {
    let analytics = app.settings.shop.analytics.clone()?;
    Some(start(
        app.pool.clone(),
        analytics,
        Arc::clone(&app.outbox),
        drain.clone(),
    ))
}

/// Starts the task, which ends when the shutdown begins. `wake` says that something is new.
pub fn start(pool: Pool, settings: Analytics, wake: Arc<Notify>, drain: Drain) -> JoinHandle<()> {
    tokio::spawn(async move {
        // A second choice of the implementation of TLS changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .build()
            .unwrap_or_default();
        loop {
            let more = round(&pool, &settings, &client, &drain).await;
            if more && !drain.has_begun() {
                continue;
            }
            tokio::select! {
                () = drain.wait() => return,
                () = wake.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    })
}

/// Sends what is due; returns true if there may be more. What the shutdown leaves is due again later, for any process.
async fn round(pool: &Pool, settings: &Analytics, client: &reqwest::Client, drain: &Drain) -> bool {
    let taken = match pool.get().await {
        Ok(connection) => outbox::take(&connection, MOST, LEASE).await,
        // The requests say that the database is away.
        Err(_) => return false,
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(error) => {
            tracing::warn!(error = %service::error::chain(&error), "the outbox cannot be read");
            return false;
        }
    };
    let full = i64::try_from(taken.len()) == Ok(MOST);
    for event in taken {
        if drain.has_begun() {
            return false;
        }
        match post(client, settings, &event).await {
            Ok(accepted) => settle(pool, &event, accepted).await,
            Err((error, trace)) => {
                // The others would fail as well; all of them are due again later.
                tracing::warn!(error = %service::error::chain(&error), trace, "an event waits for the collector");
                return false;
            }
        }
    }
    full
}

/// Posts an event below the call that placed its order; on failure the trace's id comes with the error.
async fn post(
    client: &reqwest::Client,
    settings: &Analytics,
    taken: &Taken,
) -> Result<Accepted, (SendError, Option<String>)> {
    #[derive(Deserialize)]
    struct Kept<'a> {
        #[serde(borrow, default)]
        trace: Option<Cow<'a, str>>,
        #[serde(borrow)]
        who: &'a serde_json::value::RawValue,
        #[serde(borrow)]
        event: &'a serde_json::value::RawValue,
    }
    // The outbox has only what `add` has written.
    let Ok(Kept { trace, who, event }) = serde_json::from_str(taken.event.get()) else {
        return Ok(Accepted {
            rejected: vec![Rejected {
                code: "unreadable".to_owned(),
            }],
        });
    };
    let site = serde_json::Value::from(settings.site.as_str());
    let at = jiff::Timestamp::now().as_millisecond();
    let body = format!(r#"{{"v":1,"site":{site},"at":{at},"who":{who},"events":[{event}]}}"#);
    let parent = trace.as_deref().and_then(Context::parse);
    let mut span = Span::begin(Kind::Client, parent, || "POST /e".into());
    span.set("http.request.method", || "POST");
    span.set("url.full", || format!("{}/e", settings.url));
    let mut request = client
        .post(format!("{}/e", settings.url))
        .bearer_auth(settings.token.expose())
        .body(body);
    if let Some(context) = span.context() {
        request = request.header("traceparent", context.traceparent());
    }
    send(request).await.map_err(|error| {
        span.fail(|| error.to_string());
        (error, span.context().map(Context::id))
    })
}

async fn send(request: reqwest::RequestBuilder) -> Result<Accepted, SendError> {
    let answer = request.send().await?;
    if answer.status() != reqwest::StatusCode::ACCEPTED {
        return Err(SendError::Status(answer.status().as_u16()));
    }
    let bytes = answer.bytes().await?;
    Ok(serde_json::from_slice(&bytes).unwrap_or(Accepted { rejected: vec![] }))
}

async fn settle(pool: &Pool, event: &Taken, accepted: Accepted) {
    let Ok(connection) = pool.get().await else {
        return;
    };
    let outcome = match accepted.rejected.into_iter().next() {
        Some(Rejected { code }) => {
            tracing::error!(
                event = event.id,
                code,
                "the collector refuses an event for good; it stays in the outbox"
            );
            outbox::refused(&connection, &event.id, &code).await
        }
        None => outbox::done(&connection, &event.id).await,
    };
    if let Err(error) = outcome {
        // It is sent again, and counts once.
        tracing::warn!(error = %service::error::chain(&error), "an event that was sent stays in the outbox");
    }
}
