//! The statements that read a product, its history, and the categories.

use super::row::{COLUMNS, product};
use crate::database::snapshot::{SNAPSHOT, Snapshot};
use crate::product::Product;
use deadpool_postgres::Object;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::{Error, Row};
use utoipa::ToSchema;

/// A product, and the snapshot that it was read in.
pub struct ReadProduct {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The product.
    pub product: Product,
}

/// Reads the products of `ids` that exist.
///
/// # Errors
/// The driver's error.
pub async fn find(client: &Object, ids: &[i64]) -> Result<Vec<ReadProduct>, Error> {
    let sql = format!(
        "with s as materialized (select {SNAPSHOT} as snapshot)
         select s.snapshot, {COLUMNS} from s, products where id = any($1)"
    );
    let statement = client.prepare_cached(&sql).await?;
    let rows = client.query(&statement, &[&ids]).await?;
    let read = |row: &Row| {
        Ok(ReadProduct {
            snapshot: row.try_get::<_, &str>(0)?.into(),
            product: product(row, 1)?,
        })
    };
    rows.iter().map(read).collect()
}

/// A category and how many products are in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CategoryCount {
    /// The category's name.
    pub category: String,
    /// The number of products in it.
    pub count: i64,
}

/// The categories, and the snapshot that they were read in.
pub struct Categories {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The categories, by name.
    pub categories: Vec<CategoryCount>,
}

/// Reads the categories.
///
/// # Errors
/// The driver's error.
pub async fn categories(client: &Object) -> Result<Categories, Error> {
    let sql = format!(
        "select s.snapshot, c.category, c.count from (select {SNAPSHOT} as snapshot) s left join lateral (
            select category, count(*) as count from products where category is not null group by category
         ) c on true order by c.category collate catalog_order"
    );
    let statement = client.prepare_cached(&sql).await?;
    let rows = client.query(&statement, &[]).await?;
    let mut categories = Vec::with_capacity(rows.len());
    let mut snapshot = Snapshot::from("");
    for row in &rows {
        snapshot = row.try_get::<_, &str>(0)?.into();
        if let Some(category) = row.try_get(1)? {
            categories.push(CategoryCount {
                category,
                count: row.try_get(2)?,
            });
        }
    }
    Ok(Categories { snapshot, categories })
}

/// A change of a product.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Revision {
    /// The version that the change made.
    pub version: i64,
    /// The time of the change.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The caller's name.
    pub who: String,
    /// The action: create, update, delete, import or bulk.
    pub action: String,
    /// Each field that changed, as `[old, new]`.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<Value>>)]
    pub changes: Value,
}

/// A page of a product's history, the newest change first.
pub struct HistoryPage {
    /// The changes.
    pub revisions: Vec<Revision>,
    /// The number of the product's changes.
    pub total: i64,
    /// True when older changes follow.
    pub more: bool,
}

/// Reads a page of a product's history: at most `limit` changes older than version `before`. A deleted product keeps
/// its history; an id that never existed has none.
///
/// # Errors
/// The driver's error.
pub async fn history(client: &Object, id: i64, before: i64, limit: u16) -> Result<HistoryPage, Error> {
    let statement = client
        .prepare_cached(
            "select t.total, h.version, h.at, h.who, h.action, h.changes
             from (select count(*) as total from product_history where product_id = $1) t
             left join lateral (
                select * from product_history where product_id = $1 and version < $2
                order by version desc limit $3
             ) h on true order by h.version desc",
        )
        .await?;
    let rows = client
        .query(&statement, &[&id, &before, &(i64::from(limit) + 1)])
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    let mut revisions = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(version) = row.try_get(1)? else { continue };
        revisions.push(Revision {
            version,
            at: row.try_get(2)?,
            who: row.try_get(3)?,
            action: row.try_get(4)?,
            changes: row.try_get(5)?,
        });
    }
    let more = revisions.len() > usize::from(limit);
    revisions.truncate(usize::from(limit));
    Ok(HistoryPage {
        revisions,
        total,
        more,
    })
}
