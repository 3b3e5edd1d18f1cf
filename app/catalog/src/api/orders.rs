//! `POST /api/orders`: the shop's till.

use super::shop::open;
use crate::app::App;
use crate::database::idempotency::Answer;
use crate::database::orders::{self, Circumstances, OrderError};
use crate::http::idempotency;
use crate::order::{NewOrder, Order, Shortage};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use serde::Serialize;
use service::http::caller::Caller;
use service::http::{Failure, Problem, Success, body, json};
use service::settings::Role;
use service::trace::Context;
use std::sync::Arc;
use utoipa::ToSchema;

/// The failure of an order that cannot be had as it was asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShortFailure {
    #[serde(flatten)]
    failure: Failure,
    /// The lines that cannot be had.
    short: Vec<Shortage>,
}

/// Places an order, and takes its pieces out of the stock, all or nothing. Needs no token. A call that is sent again with the
/// same `Idempotency-Key` within 24 hours orders nothing and gets the answer of the first one.
#[utoipa::path(post, operation_id = "place_order", path = "/api/orders", tag = "shop",
    request_body(content = NewOrder, example = json!({"lines": [{"product": 1, "quantity": 2, "price": "12.50"}], "name": "Ada Lovelace", "email": "ada@example.org", "address": "12 St James's Square\nLondon"})),
    params(("Idempotency-Key" = String, Header, description = "A key of the client's own for this order, such as a UUID", max_length = 255)),
    responses(
        (status = 201, description = "The order", body = Success<Order>),
        (status = 404, body = Failure, description = "There is no shop here"),
        (status = 409, body = ShortFailure, description = "Some lines cannot be had: too few pieces, another price, or not sold"),
    ))]
pub(crate) async fn place(State(app): State<Arc<App>>, request: Request<Body>) -> Result<Response, Problem> {
    open(&app)?;
    let Some(given) = idempotency::given(request.headers())? else {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "idempotency_key_missing",
            "An order needs an Idempotency-Key, so that it is placed once",
        ));
    };
    let trace = request.extensions().get::<Context>().copied();
    let object = body::object(request, app.settings.body_limit).await?;
    let new = NewOrder::read(&object)?;
    let buyer = Caller {
        name: "buyer".into(),
        role: Role::Viewer,
    };
    let Some(key) = idempotency::key_of_object(Some(given), &buyer, "POST /api/orders", &object) else {
        return Err(Problem::not_found("There is no key"));
    };
    let circumstances = Circumstances {
        key,
        currency: app.settings.shop.currency.clone(),
        tell: app.settings.shop.analytics.is_some(),
        trace,
    };
    match orders::place(&mut app.client().await?, &new, &circumstances).await? {
        Answer::Made(order) => {
            app.metrics.written("order", order.lines.len());
            app.outbox.notify_one();
            Ok(json(StatusCode::CREATED, &Success::new(order)))
        }
        Answer::Kept(answer) => Ok(idempotency::replayed(StatusCode::CREATED, &answer)),
    }
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::Short(short) => Self::new(
                StatusCode::CONFLICT,
                "not_available",
                "Some products are not there in that number or at that price",
            )
            .with_member("short", &short),
            OrderError::KeyReused => crate::database::products::WriteError::KeyReused.into(),
            OrderError::Number(error) => Self::internal(&error),
            OrderError::Database(error) => error.into(),
        }
    }
}
