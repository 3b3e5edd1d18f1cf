//! The statements of the staff's list of orders, and of erasing a buyer.

use crate::order::{Line, OrderQuery, PlacedOrder};
use deadpool_postgres::Object;
use tokio_postgres::types::Json;
use tokio_postgres::{Error, Row};

/// A page of orders, the newest first.
pub struct OrderPage {
    /// The orders.
    pub orders: Vec<PlacedOrder>,
    /// The number of orders that match, on all pages.
    pub total: i64,
    /// True when older orders follow.
    pub more: bool,
}

/// Reads a page of orders. Rows and total come from one statement, and so from one snapshot.
///
/// # Errors
/// The driver's error.
pub async fn page(client: &Object, query: &OrderQuery) -> Result<OrderPage, Error> {
    let statement = client
        .prepare_cached(
            "with matching as (
                select * from orders where ($1::text is null or number = $1) and ($2::text is null or lower(email) = lower($2))
             )
             select t.total, o.id, o.number, o.at, o.name, o.email, o.address, o.total, o.currency, o.erased_at, (
                select json_agg(json_build_object('product', product_id, 'sku', sku, 'name', l.name, 'price', price::text,
                    'quantity', quantity) order by position)
                from order_lines l where order_id = o.id
             )
             from (select count(*) as total from matching) t
             left join lateral (select * from matching where id < $3 order by id desc limit $4) o on true
             order by o.id desc",
        )
        .await?;
    let limit = i64::from(query.limit) + 1;
    let rows = client
        .query(&statement, &[&query.number, &query.email, &query.before, &limit])
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    let found = rows
        .iter()
        .filter(|row| !matches!(row.try_get::<_, Option<i64>>(1), Ok(None)));
    let mut orders: Vec<PlacedOrder> = found.map(order).collect::<Result<_, _>>()?;
    let more = orders.len() > usize::from(query.limit);
    orders.truncate(usize::from(query.limit));
    Ok(OrderPage { orders, total, more })
}

fn order(row: &Row) -> Result<PlacedOrder, Error> {
    let lines: Option<Json<Vec<Line>>> = row.try_get(10)?;
    Ok(PlacedOrder {
        id: row.try_get(1)?,
        number: row.try_get(2)?,
        at: row.try_get(3)?,
        name: row.try_get(4)?,
        email: row.try_get(5)?,
        address: row.try_get(6)?,
        lines: lines.map(|Json(lines)| lines).unwrap_or_default(),
        total: row.try_get(7)?,
        currency: row.try_get(8)?,
        erased_at: row.try_get(9)?,
    })
}

/// Erases what orders have of the buyer with that e-mail address, and of what waits for the collector the session of the
/// buyer's visit. Returns the numbers of the orders; none when it was done before.
///
/// # Errors
/// The driver's error.
pub async fn erase(client: &Object, email: &str) -> Result<Vec<String>, Error> {
    let statement = client
        .prepare_cached(
            "with erased as (
                update orders set name = null, email = null, address = null, erased_at = now()
                where lower(email) = lower($1) returning number
             ), forgotten as (
                update outbox set event = jsonb_set(event::jsonb, '{who}', '{}')::json
                where event->'event'->'props'->>'order' in (select number from erased)
             )
             select number from erased order by number",
        )
        .await?;
    let rows = client.query(&statement, &[&email]).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
