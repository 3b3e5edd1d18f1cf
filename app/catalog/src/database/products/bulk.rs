//! Bulk writes: many products in one transaction, with a number of statements that does not depend on theirs.
//!
//! Rows are locked in the order of their ids, so that two bulk writes cannot deadlock.

use super::row::{COLUMNS, product};
use super::write::{Author, WriteError};
use crate::product::check::MOST_PRICE;
use crate::product::import::RowPlan;
use crate::product::{Body, Bulk, BulkAction, Fields, Product};
use deadpool_postgres::{Object, Transaction};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;
use service::http::{FieldError, FieldErrors};
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

/// The outcome of a bulk call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkOutcome {
    /// The number of products that were changed or deleted; a product that already was as requested is not counted.
    pub changed: usize,
    /// The ids that do not exist.
    pub missing: Vec<i64>,
}

/// Carries out `bulk` for all products or, when one of them refuses it, for none.
///
/// # Errors
/// [`WriteError::Invalid`] when a price would leave its range, or [`WriteError::Database`].
pub async fn bulk(client: &mut Object, author: &Author, bulk: &Bulk) -> Result<BulkOutcome, WriteError> {
    let transaction = client.transaction().await?;
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
    let changed = match &bulk.action {
        BulkAction::Delete => remove(&transaction, author, &locked).await?,
        BulkAction::Update(body) => {
            let new = locked.iter().map(|old| body.apply(&old.fields())).collect();
            replace(&transaction, author, &locked, new).await?
        }
        BulkAction::PricePercent(percent) => {
            let new = locked
                .iter()
                .map(|old| repriced(old, *percent))
                .collect::<Result<_, _>>()?;
            replace(&transaction, author, &locked, new).await?
        }
    };
    transaction.commit().await?;
    Ok(BulkOutcome { changed, missing })
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

async fn remove(transaction: &Transaction<'_>, author: &Author, locked: &[Product]) -> Result<usize, Error> {
    let ids: Vec<i64> = locked.iter().map(|old| old.id).collect();
    let statement = transaction
        .prepare_cached("delete from products where id = any($1)")
        .await?;
    transaction.execute(&statement, &[&ids]).await?;
    let revisions = locked
        .iter()
        .map(|old| {
            (
                old.id,
                old.version + 1,
                Value::Object(Fields::changes(Some(&old.fields()), None)),
            )
        })
        .collect();
    record(transaction, author, revisions).await?;
    Ok(locked.len())
}

/// Replaces each product of `old` by the fields in `new` at the same index, and returns the number of rows that differ.
async fn replace(
    transaction: &Transaction<'_>,
    author: &Author,
    old: &[Product],
    new: Vec<Fields>,
) -> Result<usize, Error> {
    let mut ids = Vec::new();
    let mut columns = Columns::default();
    let mut revisions = Vec::new();
    for (old, new) in old.iter().zip(new) {
        let changes = Fields::changes(Some(&old.fields()), Some(&new));
        if changes.is_empty() {
            continue;
        }
        ids.push(old.id);
        revisions.push((old.id, old.version + 1, Value::Object(changes)));
        columns.push(new);
    }
    let statement = transaction
        .prepare_cached(
            "update products p set sku = n.sku, name = n.name, description = n.description, price = n.price,
                stock = n.stock, category = n.category, status = n.status, version = version + 1,
                updated_at = now()
             from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::integer[],
                $7::text[], $8::text[]) as n (id, sku, name, description, price, stock, category, status)
             where p.id = n.id",
        )
        .await?;
    let [sku, name, description, price, stock, category, status] = columns.parameters();
    let parameters = [&ids, sku, name, description, price, stock, category, status];
    transaction.execute(&statement, &parameters).await?;
    record(transaction, author, revisions).await?;
    Ok(ids.len())
}

#[derive(Default)]
struct Columns {
    sku: Vec<String>,
    name: Vec<String>,
    description: Vec<String>,
    price: Vec<Decimal>,
    stock: Vec<i32>,
    category: Vec<Option<String>>,
    status: Vec<&'static str>,
}

impl Columns {
    fn push(&mut self, fields: Fields) {
        self.sku.push(fields.sku);
        self.name.push(fields.name);
        self.description.push(fields.description);
        self.price.push(fields.price);
        self.stock.push(fields.stock);
        self.category.push(fields.category);
        self.status.push(fields.status.name());
    }

    /// The parameters in the order of the struct, which both statements use.
    fn parameters(&self) -> [&(dyn ToSql + Sync); 7] {
        [
            &self.sku,
            &self.name,
            &self.description,
            &self.price,
            &self.stock,
            &self.category,
            &self.status,
        ]
    }
}

async fn record(
    transaction: &Transaction<'_>,
    author: &Author,
    revisions: Vec<(i64, i64, Value)>,
) -> Result<(), Error> {
    let mut ids = Vec::with_capacity(revisions.len());
    let mut versions = Vec::with_capacity(revisions.len());
    let mut changes = Vec::with_capacity(revisions.len());
    for (id, version, change) in revisions {
        ids.push(id);
        versions.push(version);
        changes.push(change);
    }
    let statement = transaction
        .prepare_cached(
            "insert into product_history (product_id, version, who, action, changes)
             select n.id, n.version, $4, $5, n.changes
             from unnest($1::bigint[], $2::bigint[], $3::jsonb[]) as n (id, version, changes)",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[&ids, &versions, &changes, &&*author.who, &author.action],
        )
        .await?;
    Ok(())
}

/// Creates or updates products by SKU. `plan` gets each row with the product of its SKU, if there is one, and returns the
/// rows to write; when it returns none, as for a dry run, nothing is written.
///
/// An advisory lock serialises imports: two files with the same new SKU would otherwise both try to create it.
///
/// # Errors
/// [`WriteError::SkuTaken`] when a call outside of an import creates the SKU at the same moment, or
/// [`WriteError::Database`].
pub async fn upsert<R>(
    client: &mut Object,
    author: &Author,
    bodies: Vec<Body>,
    plan: impl FnOnce(Vec<(Body, Option<Product>)>) -> (R, Option<Vec<RowPlan>>),
) -> Result<R, WriteError> {
    let transaction = client.transaction().await?;
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
    let (report, planned) = plan(rows);
    let Some(planned) = planned else { return Ok(report) };
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
    replace(&transaction, author, &old, new).await?;
    insert(&transaction, author, created).await?;
    transaction.commit().await?;
    Ok(report)
}

async fn insert(transaction: &Transaction<'_>, author: &Author, created: Vec<Fields>) -> Result<(), Error> {
    let mut columns = Columns::default();
    for fields in &created {
        columns.push(fields.clone());
    }
    let statement = transaction
        .prepare_cached(
            "insert into products (sku, name, description, price, stock, category, status)
             select * from unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::integer[], $6::text[],
                $7::text[])
             returning id, upper(sku)",
        )
        .await?;
    let rows = transaction.query(&statement, &columns.parameters()).await?;
    // PostgreSQL does not promise the order of returned rows, so each is matched by its SKU.
    let by_sku: std::collections::HashMap<String, &Fields> = created
        .iter()
        .map(|fields| (fields.sku.to_uppercase(), fields))
        .collect();
    let mut revisions = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, sku): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let changes = Fields::changes(None, by_sku.get(&sku).copied());
        revisions.push((id, 1, Value::Object(changes)));
    }
    record(transaction, author, revisions).await
}
