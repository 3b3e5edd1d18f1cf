//! `catalog api`: migrates the database and serves the API.

use super::failure::Failure;
use crate::api::router;
use crate::app::App;
use crate::database::{Connector, migrate};
use crate::settings::{Database, Settings, figures};
use service::emf::Reporter;
use service::http::host;
use service::serve::{Drain, listen, serve};
use service::trace;

/// Serves the API until SIGTERM or SIGINT.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn api(settings: Settings, database: &Database) -> Result<(), Failure> {
    trace::start(&settings.traces, "catalog-api", env!("CARGO_PKG_VERSION"))?;
    let listener = listen(settings.listen)?;
    let connector = Connector::new(database)?;
    let mut client = connector.connect_with_retries().await?;
    if settings.api.migrate_on_start {
        migrate(&mut client).await?;
    }
    drop(client);
    let drain = Drain::default();
    drain.on_signals().map_err(|source| Failure::System {
        doing: "listening for signals",
        source,
    })?;
    let app = App::new(settings.api, settings.logs.access, &connector, drain.clone())?;
    if app.edge.callers.open() {
        tracing::warn!(
            "open mode: API_TOKENS is not set, so everyone who can reach this may change everything"
        );
    }
    // With port 0 the system chooses the port.
    let address = listener.local_addr().unwrap_or(settings.listen);
    tracing::info!(%address, "the API is listening");
    let namespace = app.settings.metrics_namespace.as_ref();
    let reporter =
        namespace.map(|name| Reporter::new(name, figures::DIMENSION.1, app.figures()).start(drain.clone()));
    let telling = crate::outbox::start_for(&app, &drain);
    let mut router = router(&app);
    if app.edge.callers.open() && address.ip().is_loopback() {
        router = host::local_only(router);
    }
    serve(listener, router, &drain, settings.shutdown).await;
    if let Some(reporter) = reporter {
        // It ends with its last line.
        let _ = reporter.await;
    }
    if let Some(telling) = telling {
        let _ = telling.await;
    }
    app.pool.close();
    trace::stop().await;
    tracing::info!("stopped");
    Ok(())
}
