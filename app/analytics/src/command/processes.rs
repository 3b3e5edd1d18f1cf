//! The processes: each runs until SIGTERM or SIGINT.

use super::failure::Failure;
use crate::archive::{Archivist, Files};
use crate::collect::{self, Batcher};
use crate::consume::Consumer;
use crate::event::Currency;
use crate::query::{self, Feed};
use crate::queue::{self, Queue};
use crate::settings::Settings;
use crate::store::Store;
use axum::Router;
use axum::routing::get;
use prometheus_client::registry::Registry;
use service::serve::{Drain, listen, serve};
use service::site::{Behind, Proxy, Site, router};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The time for which a MongoDB that does not answer is waited for at start.
const PATIENCE: Duration = Duration::from_secs(60);

fn drain() -> Result<Drain, Failure> {
    let drain = Drain::default();
    drain
        .on_signals()
        .map_err(Failure::system("listening for signals"))?;
    Ok(drain)
}

/// The listener: that of systemd's socket activation, so that connections wait while a release restarts the process, or one
/// of its own.
fn listener(settings: &Settings, process: &'static str) -> Result<TcpListener, Failure> {
    let given = listenfd::ListenFd::from_env().take_tcp_listener(0);
    let listener = match given.map_err(Failure::system("taking the socket of systemd"))? {
        Some(listener) => {
            listener
                .set_nonblocking(true)
                .map_err(Failure::system("taking the socket of systemd"))?;
            TcpListener::from_std(listener).map_err(Failure::system("taking the socket of systemd"))?
        }
        None => listen(settings.listen)?,
    };
    let address = listener.local_addr().unwrap_or(settings.listen);
    tracing::info!(%address, process, "listening");
    Ok(listener)
}

pub(super) async fn store(settings: &Settings) -> Result<Store, Failure> {
    let mongo = settings.mongo.as_ref().ok_or(Failure::Missing("MONGODB_URI"))?;
    let store = Store::connect(mongo).await?;
    store.prepare(PATIENCE).await?;
    Ok(store)
}

pub(super) async fn queue_of(settings: &Settings) -> Result<Queue, Failure> {
    let queue = settings.queue.as_ref().ok_or(Failure::Missing("QUEUE_URL"))?;
    Ok(Queue::connect(queue).await)
}

pub(super) fn files(settings: &Settings) -> Result<Files, Failure> {
    let place = settings.archive.as_deref().ok_or(Failure::Missing("ARCHIVE"))?;
    Ok(Files::open(place, settings.archive_endpoint.as_deref())?)
}

pub(super) fn currency(settings: &Settings) -> Result<Currency, Failure> {
    Currency::parse(&settings.currency).ok_or(Failure::Missing("CURRENCY"))
}

/// Runs the collector.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn collect(settings: Settings) -> Result<(), Failure> {
    let drain = drain()?;
    let listener = listener(&settings, "collect")?;
    let batcher = Batcher::start(&queue_of(&settings).await?, settings.collect.batch);
    let app =
        collect::App::new(&settings, batcher, drain.clone()).ok_or(Failure::Missing("COUNTRY_HEADER"))?;
    let counting = Arc::clone(&app);
    tokio::spawn(async move { counting.count_rejects().await });
    let version = get(async || super::deploy::version());
    serve(
        listener,
        collect::router(Arc::clone(&app)).route("/version", version),
        &drain,
        settings.shutdown,
    )
    .await;
    app.flush_rejects().await;
    Ok(())
}

/// The routes of a process without an API of its own.
fn status(metrics: Registry) -> Router {
    let metrics = Arc::new(metrics);
    let render = async move || {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &metrics);
        text
    };
    Router::new()
        .route("/health", get(async || "ok"))
        .route("/ready", get(async || "ok"))
        .route("/version", get(async || super::deploy::version()))
        .route("/metrics", get(render))
}

/// Runs the consumer.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn consume(settings: Settings) -> Result<(), Failure> {
    let drain = drain()?;
    let listener = listener(&settings, "consume")?;
    let (queue, store) = (queue_of(&settings).await?, store(&settings).await?);
    let consumer = Consumer::new(queue, store, currency(&settings)?);
    let mut registry = Registry::with_prefix("analytics");
    consumer.counters.register(&mut registry);
    let work = consumer.run(settings.work.in_flight, &drain);
    tokio::join!(work, serve(listener, status(registry), &drain, settings.shutdown));
    Ok(())
}

/// Runs the API of the figures.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn query(settings: Settings) -> Result<(), Failure> {
    let drain = drain()?;
    let listener = listener(&settings, "query")?;
    let (store, files) = (store(&settings).await?, files(&settings)?);
    let queue = queue_of(&settings).await?;
    let app = query::App::new(&settings, store.clone(), Some(queue), drain.clone());
    for site in app.sites.values() {
        let feed = Feed::new(
            Arc::clone(site),
            store.clone(),
            files.clone(),
            settings.engine.days,
        );
        tokio::spawn(feed.run(drain.clone()));
    }
    let version = get(async || super::deploy::version());
    let router = query::router(&app).route("/version", version);
    serve(listener, router, &drain, settings.shutdown).await;
    Ok(())
}

/// Runs the archive.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn archive(settings: Settings) -> Result<(), Failure> {
    let drain = drain()?;
    let listener = listener(&settings, "archive")?;
    let sites = settings.sites.iter().map(|site| site.name.clone()).collect();
    let archivist = Archivist::new(store(&settings).await?, files(&settings)?, sites, settings.work);
    let mut registry = Registry::with_prefix("analytics");
    archivist.register(&mut registry);
    let router = status(registry);
    tokio::join!(
        archivist.run(&drain),
        serve(listener, router, &drain, settings.shutdown)
    );
    Ok(())
}

/// Runs the queue's server.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn queue(settings: Settings) -> Result<(), Failure> {
    let drain = drain()?;
    let listener = listener(&settings, "queue")?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    let router = queue::server::open(&settings.queue_data, &format!("http://{address}"));
    let router = router.map_err(Failure::system("opening the queue's log"))?;
    serve(listener, router, &drain, settings.shutdown).await;
    Ok(())
}

/// Serves the built dashboard.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn web(settings: Settings) -> Result<(), Failure> {
    let drain = drain()?;
    let site = Site::load(&settings.web.root)?;
    let listener = listener(&settings, "web")?;
    let behind = Behind {
        api: settings.web.api.clone().map(Proxy::new),
        collector: None,
    };
    let router = router(Arc::new(site), behind, "analytics-web");
    serve(listener, router, &drain, settings.shutdown).await;
    Ok(())
}
