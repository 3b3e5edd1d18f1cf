//! The routes of the API and the OpenAPI 3.1 document, which is generated from the handlers, so that it lists exactly the
//! routes that are served. The failures that all calls share (no token, too many requests, ..) are added here.

use super::{categories, images, me, orders, placed_orders, products, shop, status};
use crate::app::App;
use crate::product::{Sort, Stock};
use axum::Router;
use axum::http::Method;
use service::http::{Failure, docs, edge};
use std::sync::Arc;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, ResponseBuilder, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Product catalogue", description = "Products and their history, with bulk changes, import and export."),
    servers((url = "/", description = "The server that this document comes from")),
    components(schemas(Failure, Sort, Stock)),
    tags(
        (name = "products", description = "Products and their history"),
        (name = "images", description = "Images of products"),
        (name = "shop", description = "What everyone may see and order, with `SHOP=true`"),
        (name = "orders", description = "The orders that the shop has taken"),
        (name = "caller", description = "The caller"),
        (name = "status", description = "The process itself"),
    )
)]
struct Base;

/// The routes with their handlers, and the document that describes them.
pub(crate) fn routes() -> (Router<Arc<App>>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(Base::openapi())
        .routes(routes!(products::list::list, products::write::create))
        .routes(routes!(
            products::read::read,
            products::write::replace,
            products::write::patch,
            products::write::delete
        ))
        .routes(routes!(products::bulk::bulk))
        .routes(routes!(products::import::import))
        .routes(routes!(products::export::export))
        .routes(routes!(products::undo::undo))
        .routes(routes!(products::history::history))
        .routes(routes!(categories::categories))
        .routes(routes!(images::upload))
        .routes(routes!(images::read))
        .routes(routes!(shop::list))
        .routes(routes!(shop::read))
        .routes(routes!(placed_orders::list, orders::place))
        .routes(routes!(placed_orders::erase))
        .routes(routes!(me::me))
        .routes(routes!(me::open_session, me::close_session))
        .routes(routes!(docs::document))
        .routes(routes!(docs::page))
        .routes(routes!(status::health))
        .routes(routes!(status::ready))
        .routes(routes!(status::metrics))
        .split_for_parts();
    describe_common(&mut document);
    (router, document)
}

/// Adds the bearer token and the failures that the middleware and the body readers answer.
fn describe_common(document: &mut OpenApi) {
    document
        .components
        .get_or_insert_with(Components::new)
        .add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (&mut item.get, Method::GET),
            (&mut item.post, Method::POST),
            (&mut item.put, Method::PUT),
            (&mut item.patch, Method::PATCH),
            (&mut item.delete, Method::DELETE),
        ];
        for (operation, method) in operations {
            let writes = method != Method::GET;
            let Some(operation) = operation else { continue };
            let mut common: Vec<(&str, &str)> = vec![];
            if path != "/health" && path != "/metrics" {
                common.push(("503", "The catalogue cannot serve this right now"));
            }
            if path.starts_with("/api/") {
                common.push(("429", "Too many requests"));
            }
            if edge::needs_token(&method, path) {
                common.push(("401", "No valid token"));
                common.push(("403", "The role does not allow this"));
                operation.security = Some(vec![
                    SecurityRequirement::new("token", Vec::<String>::new()),
                    SecurityRequirement::default(),
                ]);
            }
            if writes {
                common.push(("400", "The request cannot be read"));
            }
            if operation.request_body.is_some() {
                common.push(("413", "The body is too long"));
                common.push(("415", "The body has another content type"));
                common.push(("422", "Invalid fields"));
            }
            for (status, description) in common {
                let failure = ResponseBuilder::new()
                    .description(description)
                    .content(
                        "application/json",
                        Content::new(Some(Ref::from_schema_name("Failure"))),
                    )
                    .build();
                operation
                    .responses
                    .responses
                    .entry(status.to_owned())
                    .or_insert(RefOr::T(failure));
            }
        }
    }
}

/// The document as JSON text, as it is served and checked in.
///
/// # Errors
/// The serialiser's error; the document has nothing that fails to serialise.
pub fn text() -> Result<String, serde_json::Error> {
    let (_, document) = routes();
    docs::text(&document)
}
