//! The router of the API with its layers.

use super::openapi;
use crate::app::App;
use axum::{Extension, Router};
use service::http::docs::Document;
use std::sync::Arc;

/// The router of the API.
pub fn router(app: &Arc<App>) -> Router {
    let (served, document) = openapi::routes();
    let served = served.layer(Extension(Arc::new(Document::new(document))));
    app.edge.wrap(served).with_state(Arc::clone(app))
}
