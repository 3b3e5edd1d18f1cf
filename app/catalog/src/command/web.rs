//! `catalog web`: serves the built front end.

use super::failure::Failure;
use crate::settings::Settings;
use service::serve::{Drain, listen, serve};
use service::site::{Behind, Proxy, Site, router};
use std::sync::Arc;

/// Serves the front end until SIGTERM or SIGINT.
///
/// # Errors
/// [`Failure`] when it cannot start.
pub async fn web(settings: Settings) -> Result<(), Failure> {
    let site = Site::load(&settings.web.root)?;
    let listener = listen(settings.listen)?;
    let drain = Drain::default();
    drain.on_signals().map_err(|source| Failure::System {
        doing: "listening for signals",
        source,
    })?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    tracing::info!(%address, api = settings.web.api, "the front end is listening");
    let behind = Behind {
        api: settings.web.api.map(Proxy::new),
        collector: settings.web.collector.map(Proxy::new),
    };
    let router = router(Arc::new(site), behind, "products-web");
    serve(listener, router, &drain, settings.shutdown).await;
    tracing::info!("stopped");
    Ok(())
}
