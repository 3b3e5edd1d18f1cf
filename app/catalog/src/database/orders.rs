//! The statements of orders. Stock, order and event are of one transaction: an order without its pieces, or pieces without
//! their order, cannot be.

use super::idempotency::{Answer, Key, KeyError, claim, keep};
use super::outbox;
use crate::order::{Line, NewOrder, Order, Shortage, new_number};
use deadpool_postgres::{Object, Transaction};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::json;
use service::trace::{Context, Kind, Span};
use std::collections::BTreeMap;
use tokio_postgres::Error;

/// An order that could not be placed.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Lines ask for more pieces than there are, for products that are not sold, or at another price.
    #[error("some lines cannot be had as they were asked for")]
    Short(Vec<Shortage>),
    /// The key was given to another order.
    #[error("the key belongs to another request")]
    KeyReused,
    /// The system has no randomness.
    #[error("no number can be drawn")]
    Number(#[from] getrandom::Error),
    /// The driver's error.
    #[error("the database refused")]
    Database(#[from] Error),
}

impl From<KeyError> for OrderError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Reused => Self::KeyReused,
            KeyError::Database(error) => Self::Database(error),
        }
    }
}

/// The circumstances of an order that its body does not have.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The key of the call.
    pub key: Key,
    /// The currency of the shop's prices.
    pub currency: String,
    /// True when an event of it goes to the collector.
    pub tell: bool,
    /// The trace of the call, which the event goes on with.
    pub trace: Option<Context>,
}

struct Piece {
    sku: String,
    name: String,
    price: Decimal,
    stock: i32,
    sold: bool,
}

/// Places an order and takes its pieces out of the stock, or returns the order that an earlier call with the same key
/// placed.
///
/// # Errors
/// [`OrderError`]; nothing is changed then.
pub async fn place(
    client: &mut Object,
    new: &NewOrder,
    circumstances: &Circumstances,
) -> Result<Answer<Order>, OrderError> {
    let mut span = Span::begin(Kind::Client, circumstances.trace, || "place order".into());
    span.set("db.system.name", || "postgresql");
    let transaction = client.transaction().await?;
    if let Some(answer) = claim(&transaction, &circumstances.key).await? {
        return Ok(Answer::Kept(answer));
    }
    let pieces = lock(&transaction, new).await?;
    let lines = take(new, &pieces)?;
    let total = lines
        .iter()
        .map(|line| line.price * Decimal::from(line.quantity))
        .sum();
    let number = new_number()?;
    let (id, at) = insert(&transaction, new, &number, total, &circumstances.currency).await?;
    write_lines(&transaction, id, &number, &lines).await?;
    let order = Order {
        number,
        at,
        lines,
        total,
        currency: circumstances.currency.clone(),
    };
    if circumstances.tell {
        let trace = circumstances.trace.map(Context::traceparent);
        outbox::add(&transaction, &order, new.session.as_deref(), trace.as_deref()).await?;
    }
    keep(&transaction, &circumstances.key, &order).await?;
    transaction.commit().await?;
    Ok(Answer::Made(order))
}

/// Locks the products of the order until the transaction ends, in the order of their ids, as every write of many products
/// does, so that two of them cannot wait for each other.
async fn lock(transaction: &Transaction<'_>, new: &NewOrder) -> Result<BTreeMap<i64, Piece>, Error> {
    let ids: Vec<i64> = new.lines.iter().map(|line| line.product).collect();
    let statement = transaction
        .prepare_cached(
            "select id, sku, name, price, stock, status = 'active' from products where id = any($1) order by id for update",
        )
        .await?;
    let rows = transaction.query(&statement, &[&ids]).await?;
    rows.iter()
        .map(|row| {
            let piece = Piece {
                sku: row.try_get(1)?,
                name: row.try_get(2)?,
                price: row.try_get(3)?,
                stock: row.try_get(4)?,
                sold: row.try_get(5)?,
            };
            Ok((row.try_get(0)?, piece))
        })
        .collect()
}

/// The lines of the order, if each can be had.
fn take(new: &NewOrder, pieces: &BTreeMap<i64, Piece>) -> Result<Vec<Line>, OrderError> {
    let mut short = Vec::new();
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        match pieces.get(&line.product).filter(|piece| piece.sold) {
            Some(piece) if piece.stock >= line.quantity && piece.price == line.price => lines.push(Line {
                product: line.product,
                sku: piece.sku.clone(),
                name: piece.name.clone(),
                price: piece.price,
                quantity: line.quantity,
            }),
            found => short.push(Shortage {
                product: line.product,
                wanted: line.quantity,
                available: found.map_or(0, |piece| piece.stock.min(crate::order::MOST_PIECES)),
                price: found.map(|piece| piece.price),
            }),
        }
    }
    if short.is_empty() {
        Ok(lines)
    } else {
        Err(OrderError::Short(short))
    }
}

async fn insert(
    transaction: &Transaction<'_>,
    new: &NewOrder,
    number: &str,
    total: Decimal,
    currency: &str,
) -> Result<(i64, Timestamp), Error> {
    let statement = transaction
        .prepare_cached(
            "insert into orders (number, name, email, address, total, currency) values ($1, $2, $3, $4, $5, $6)
             returning id, at",
        )
        .await?;
    let row = transaction
        .query_one(
            &statement,
            &[&number, &new.name, &new.email, &new.address, &total, &currency],
        )
        .await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Writes the lines, and takes their pieces out of the stock, with a version of each product for its history.
async fn write_lines(
    transaction: &Transaction<'_>,
    id: i64,
    number: &str,
    lines: &[Line],
) -> Result<(), Error> {
    let keep = transaction
        .prepare_cached(
            "insert into order_lines (order_id, position, product_id, sku, name, price, quantity)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .await?;
    let take = transaction
        .prepare_cached(
            "update products set stock = stock - $2, version = version + 1, updated_at = now() where id = $1
             returning version, stock",
        )
        .await?;
    let record = transaction
        .prepare_cached(
            "insert into product_history (product_id, version, who, action, changes) values ($1, $2, $3, 'update', $4)",
        )
        .await?;
    for (position, line) in (1_i32..).zip(lines) {
        transaction
            .execute(
                &keep,
                &[
                    &id,
                    &position,
                    &line.product,
                    &line.sku,
                    &line.name,
                    &line.price,
                    &line.quantity,
                ],
            )
            .await?;
        let row = transaction
            .query_one(&take, &[&line.product, &line.quantity])
            .await?;
        let (version, left): (i64, i32) = (row.try_get(0)?, row.try_get(1)?);
        let changes = json!({ "stock": [left + line.quantity, left] });
        let who = format!("order {number}");
        transaction
            .execute(&record, &[&line.product, &version, &who, &changes])
            .await?;
    }
    Ok(())
}
