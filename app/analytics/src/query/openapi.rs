//! The routes of the API and the OpenAPI document, which is generated from the handlers.

use super::app::App;
use super::{figures, jobs, journeys, live};
use axum::{Extension, Router};
use service::http::{Failure, docs};
use std::sync::Arc;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Event analytics",
        description = "The figures of a shop's events. Every figure takes: `period` (today, yesterday, last_7_days, \
                       last_30_days, this_week, last_week, this_month, last_month, this_year, last_year) or `from` and `to` \
                       (dates or times), `zone` (IANA), `interval` (hour, day, week, month), `compare` (previous, year), \
                       `f` for each filter (`device:is:mobile`, `page:not:/home`, `campaign:contains:sale`), `bots=true`, \
                       `limit`, and `format=csv`."
    ),
    components(schemas(Failure, crate::event::SeedEvent)),
    tags(
        (name = "figures", description = "Figures"),
        (name = "journeys", description = "Persons; needs the role editor"),
        (name = "jobs", description = "Quality and erasure"),
        (name = "status", description = "The process itself"),
    )
)]
struct Base;

fn routes() -> (Router<Arc<App>>, OpenApi) {
    OpenApiRouter::with_openapi(Base::openapi())
        .routes(routes!(jobs::sites))
        .routes(routes!(figures::overview))
        .routes(routes!(figures::breakdown_by))
        .routes(routes!(figures::product_rows))
        .routes(routes!(figures::pairs))
        .routes(routes!(figures::search))
        .routes(routes!(figures::funnel_rows))
        .routes(routes!(figures::cohorts))
        .routes(routes!(figures::cart_counts))
        .routes(routes!(live::once))
        .routes(routes!(live::stream))
        .routes(routes!(journeys::recent_sessions))
        .routes(routes!(journeys::journey))
        .routes(routes!(jobs::me))
        .routes(routes!(jobs::open_session, jobs::close_session))
        .routes(routes!(jobs::quality))
        .routes(routes!(jobs::erase))
        .routes(routes!(docs::document))
        .routes(routes!(docs::page))
        .routes(routes!(jobs::health))
        .routes(routes!(jobs::ready))
        .routes(routes!(jobs::metrics))
        .split_for_parts()
}

/// The router of the API with its layers.
pub fn router(app: &Arc<App>) -> Router {
    let (served, document) = routes();
    let served = served.layer(Extension(Arc::new(docs::Document::new(document))));
    app.edge.wrap(served).with_state(Arc::clone(app))
}

/// The OpenAPI document.
pub fn document() -> OpenApi {
    routes().1
}
