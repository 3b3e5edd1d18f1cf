//! Events that wait for the collector. They are written in the transaction of what they tell of, so that none is told of
//! what did not happen and none is lost; they are taken for a while, and removed when the collector has them.

use crate::order::Order;
use deadpool_postgres::{Object, Transaction};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_postgres::Error;
use tokio_postgres::types::Json;
use uuid::Uuid;

/// The namespace of the ids of events about orders.
const ORDERS: Uuid = Uuid::from_u128(0x6f1d_2c52_5a0e_4b7c_9a64_0c4f_70a1_51e2);

/// The id of the event that tells of an order, the same however often it is made.
pub fn event_id(number: &str) -> Uuid {
    Uuid::new_v5(&ORDERS, format!("{number} server").as_bytes())
}

/// Adds the event that tells of an order, in the session of the tracker that the buyer was in and in
/// the trace of the call that placed it, as a `traceparent`.
///
/// # Errors
/// The driver's error.
pub async fn add(
    transaction: &Transaction<'_>,
    order: &Order,
    session: Option<&str>,
    trace: Option<&str>,
) -> Result<(), Error> {
    let id = event_id(&order.number);
    let items: Vec<Value> = order
        .lines
        .iter()
        .map(|line| {
            json!({ "product": line.product.to_string(), "price": line.price, "quantity": line.quantity })
        })
        .collect();
    let event = json!({
        "trace": trace,
        "who": session.map_or_else(|| json!({}), |session| json!({ "s": session })),
        "event": {
            "id": id.simple().to_string(),
            "t": order.at.as_millisecond(),
            "type": "order_placed",
            "page": "/checkout",
            "props": {
                "order": order.number, "amount": order.total, "currency": order.currency, "items": items,
            },
        },
    });
    let statement = transaction
        .prepare_cached("insert into outbox (id, event) values ($1::text::uuid, $2)")
        .await?;
    transaction
        .execute(&statement, &[&id.to_string(), &Json(event)])
        .await?;
    Ok(())
}

/// An event that was taken.
pub struct Taken {
    /// The id, as text.
    pub id: String,
    /// Trace, sender and event.
    pub event: Box<RawValue>,
}

/// Takes up to `most` events that are due. Another process takes them again after `lease`, twice as long with each attempt
/// and five minutes at most, unless they are removed before.
///
/// # Errors
/// The driver's error.
pub async fn take(client: &Object, most: i64, lease: Duration) -> Result<Vec<Taken>, Error> {
    let statement = client
        .prepare_cached(
            "update outbox set attempts = attempts + 1,
                due = now() + least($2 * 2 ^ least(attempts, 20), 300) * interval '1 second'
             where id in (select id from outbox where refused is null and due <= now() order by due limit $1
                for update skip locked)
             returning id::text, event",
        )
        .await?;
    let rows = client.query(&statement, &[&most, &lease.as_secs_f64()]).await?;
    rows.iter()
        .map(|row| {
            let Json(event) = row.try_get::<_, Json<Box<RawValue>>>(1)?;
            Ok(Taken {
                id: row.try_get(0)?,
                event,
            })
        })
        .collect()
}

/// Removes an event that the collector has.
///
/// # Errors
/// The driver's error.
pub async fn done(client: &Object, id: &str) -> Result<(), Error> {
    let statement = client
        .prepare_cached("delete from outbox where id = $1::text::uuid")
        .await?;
    client.execute(&statement, &[&id]).await.map(drop)
}

/// Keeps an event that the collector refuses for good, with the reason; it is not sent again.
///
/// # Errors
/// The driver's error.
pub async fn refused(client: &Object, id: &str, why: &str) -> Result<(), Error> {
    let statement = client
        .prepare_cached("update outbox set refused = $2 where id = $1::text::uuid")
        .await?;
    client.execute(&statement, &[&id, &why]).await.map(drop)
}
