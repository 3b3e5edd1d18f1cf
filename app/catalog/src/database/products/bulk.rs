//! Bulk writes: many products in one transaction, with a number of statements that does not depend on theirs.
//!
//! Rows are locked in the order of their ids, so that two bulk writes cannot deadlock.

use super::change_set::ChangeSet;
use super::row::{COLUMNS, product};
use super::write::{Author, WriteError};
use crate::database::idempotency::{Answer, claim, keep};
use crate::product::check::MOST_PRICE;
use crate::product::import::RowPlan;
use crate::product::{Body, Bulk, BulkAction, Fields, Product};
use deadpool_postgres::Object;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use service::http::{FieldError, FieldErrors};
use utoipa::ToSchema;

/// The outcome of a bulk call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulkOutcome {
    /// The number of products that were changed or deleted; a product that already was as requested is not counted.
    pub changed: usize,
    /// The ids that do not exist.
    pub missing: Vec<i64>,
    /// The id by which the changes can be undone; null when nothing changed.
    #[schema(required = true)]
    pub change_set: Option<i64>,
}

/// Carries out `bulk` for all products or, when one of them refuses it, for none.
///
/// # Errors
/// [`WriteError::Invalid`] when a price would leave its range, [`WriteError::KeyReused`] or [`WriteError::Database`].
pub async fn bulk(
    client: &mut Object,
    author: &Author,
    bulk: &Bulk,
) -> Result<Answer<BulkOutcome>, WriteError> {
    let transaction = client.transaction().await?;
    if let Some(key) = &author.key
        && let Some(answer) = claim(&transaction, key).await?
    {
        return Ok(Answer::Kept(answer));
    }
    let statement = transaction
        .prepare_cached(&format!(
            "select {COLUMNS} from products where id = any($1) order by id for update"
        ))
        .await?;
    let rows = transaction.query(&statement, &[&bulk.ids]).await?;
    let locked = rows
        .iter()
        .map(|row| product(row, 0))
        .collect::<Result<Vec<_>, _>>()?;
    let missing = bulk
        .ids
        .iter()
        .copied()
        .filter(|id| locked.binary_search_by_key(id, |p| p.id).is_err())
        .collect();
    let writer = ChangeSet::open(&transaction, author).await?;
    let changed = match &bulk.action {
        BulkAction::Delete => writer.remove(&locked).await?,
        BulkAction::Update(body) => {
            let new = locked.iter().map(|old| body.apply(&old.fields())).collect();
            writer.replace(&locked, new).await?
        }
        BulkAction::PricePercent(percent) => {
            let new = locked
                .iter()
                .map(|old| repriced(old, *percent))
                .collect::<Result<_, _>>()?;
            writer.replace(&locked, new).await?
        }
    };
    let change_set = writer.close(changed).await?;
    let outcome = BulkOutcome {
        changed,
        missing,
        change_set,
    };
    if let Some(key) = &author.key {
        keep(&transaction, key, &outcome).await?;
    }
    transaction.commit().await?;
    Ok(Answer::Made(outcome))
}

fn repriced(old: &Product, percent: Decimal) -> Result<Fields, WriteError> {
    let factor = (Decimal::ONE_HUNDRED + percent) / Decimal::ONE_HUNDRED;
    let mut price = (old.price * factor).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    price.rescale(2);
    if price > MOST_PRICE {
        let error = FieldError::new(
            "too_large",
            format!("would raise the price of product {} too far", old.id),
        );
        return Err(WriteError::Invalid(FieldErrors::single("percent", error)));
    }
    Ok(Fields {
        price,
        ..old.fields()
    })
}

/// Creates or updates products by SKU. `plan` gets each row with the product of its SKU, if there is one, and returns the
/// rows to write; when it returns none, as for a dry run, nothing is written. `tell` gets the id by which the changes can
/// be undone.
///
/// An advisory lock serialises imports: two files with the same new SKU would otherwise both try to create it.
///
/// # Errors
/// [`WriteError::SkuTaken`] when a call outside of an import creates the SKU at the same moment, [`WriteError::KeyReused`]
/// or [`WriteError::Database`].
pub async fn upsert<R: Serialize>(
    client: &mut Object,
    author: &Author,
    bodies: Vec<Body>,
    plan: impl FnOnce(Vec<(Body, Option<Product>)>) -> (R, Option<Vec<RowPlan>>),
    tell: impl FnOnce(&mut R, Option<i64>),
) -> Result<Answer<R>, WriteError> {
    let transaction = client.transaction().await?;
    if let Some(key) = &author.key
        && let Some(answer) = claim(&transaction, key).await?
    {
        return Ok(Answer::Kept(answer));
    }
    transaction
        .execute("select pg_advisory_xact_lock(hashtext('catalog import'))", &[])
        .await?;
    let skus: Vec<String> = bodies
        .iter()
        .map(|body| body.sku.as_deref().unwrap_or_default().to_uppercase())
        .collect();
    let statement = transaction
        .prepare_cached(&format!(
            "select {COLUMNS} from products where upper(sku) = any($1) order by id for update"
        ))
        .await?;
    let rows = transaction.query(&statement, &[&skus]).await?;
    let mut known = std::collections::HashMap::with_capacity(rows.len());
    for row in &rows {
        let product = product(row, 0)?;
        known.insert(product.sku.to_uppercase(), product);
    }
    let rows = bodies
        .into_iter()
        .zip(skus)
        .map(|(body, sku)| (body, known.remove(&sku)))
        .collect();
    let (mut report, planned) = plan(rows);
    let Some(planned) = planned else {
        return Ok(Answer::Made(report));
    };
    let (mut old, mut new, mut created) = (Vec::new(), Vec::new(), Vec::new());
    for row in planned {
        match row.old {
            Some(product) => {
                old.push(product);
                new.push(row.new);
            }
            None => created.push(row.new),
        }
    }
    let writer = ChangeSet::open(&transaction, author).await?;
    let changed = writer.replace(&old, new).await? + created.len();
    writer.insert(created).await?;
    tell(&mut report, writer.close(changed).await?);
    if let Some(key) = &author.key {
        keep(&transaction, key, &report).await?;
    }
    transaction.commit().await?;
    Ok(Answer::Made(report))
}
