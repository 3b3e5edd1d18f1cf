//! `catalog api`: brings the schema up to date and serves the API.

use super::failure::Failure;
use crate::api::router;
use crate::app::App;
use crate::database::{Connector, migrate};
use crate::serve::{Drain, listen, serve};
use crate::settings::{Database, Settings};

/// Serves the API until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps it from starting.
pub async fn api(settings: Settings, database: &Database) -> Result<(), Failure> {
    let listener = listen(settings.listen)?;
    let connector = Connector::new(database)?;
    let mut client = connector.connect_patiently().await?;
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
    if app.callers.open() {
        tracing::warn!(
            "open mode: API_TOKENS is not set, so everyone who can reach this may change everything"
        );
    }
    // Port 0 stands for one that the system chooses.
    let address = listener.local_addr().unwrap_or(settings.listen);
    tracing::info!(%address, "the API is listening");
    serve(listener, router(&app), &drain, settings.shutdown).await;
    app.pool.close();
    tracing::info!("ended");
    Ok(())
}
