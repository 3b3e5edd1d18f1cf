//! The undoing of a change set.

use super::change_set::ChangeSet;
use super::row::{COLUMNS, product};
use super::write::{Author, WriteError};
use crate::product::{Fields, Product, Step, WayBack, way_back};
use deadpool_postgres::{Object, Transaction};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio_postgres::Error;
use utoipa::ToSchema;

/// The outcome of undoing a change set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UndoOutcome {
    /// The number of products that are as they were before.
    pub restored: usize,
    /// The products that others have changed since; what they changed is left as it is.
    pub kept: Vec<i64>,
    /// The id by which this can be undone in turn; null when nothing changed.
    #[schema(required = true)]
    pub change_set: Option<i64>,
}

/// A change set as it is recorded.
pub struct Recorded {
    /// The word in the history: `import`, `bulk` or `undo`.
    pub action: String,
    /// True if the set, or undoing it, creates or deletes products.
    pub counts: bool,
}

/// Takes the changes of a set back, all that nobody has changed since. `permit` says whether the caller may.
///
/// # Errors
/// [`WriteError::NotFound`], [`WriteError::UndoneAlready`], [`WriteError::SkuTaken`] when a deleted product's SKU is
/// given away at the same moment, [`WriteError::Database`], or the error of `permit`.
pub async fn undo<E: From<WriteError>>(
    client: &mut Object,
    author: &Author,
    id: i64,
    permit: impl FnOnce(&Recorded) -> Result<(), E>,
) -> Result<UndoOutcome, E> {
    let transaction = client.transaction().await.map_err(WriteError::from)?;
    let revisions = revisions(&transaction, id).await?;
    permit(&revisions.recorded)?;
    let outcome = take_back(&transaction, author, revisions).await?;
    if let Some(by) = outcome.change_set {
        let marked = mark(&transaction, id, by).await;
        marked.map_err(WriteError::from)?;
    }
    transaction.commit().await.map_err(WriteError::from)?;
    Ok(outcome)
}

struct Revisions {
    recorded: Recorded,
    /// Product, version and changes.
    changes: Vec<(i64, i64, Value)>,
}

async fn revisions(transaction: &Transaction<'_>, id: i64) -> Result<Revisions, WriteError> {
    let statement = transaction
        .prepare_cached("select action, undone_by from change_sets where id = $1 for update")
        .await?;
    let row = transaction
        .query_opt(&statement, &[&id])
        .await?
        .ok_or(WriteError::NotFound)?;
    if row.try_get::<_, Option<i64>>(1)?.is_some() {
        return Err(WriteError::UndoneAlready);
    }
    let statement = transaction
        .prepare_cached(
            "select product_id, version, changes from product_history where change_set = $1 order by product_id",
        )
        .await?;
    let rows = transaction.query(&statement, &[&id]).await?;
    let changes = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
        .collect::<Result<Vec<(i64, i64, Value)>, Error>>()?;
    let is_null = |value: &Value| value.as_array().is_some_and(|pair| pair.contains(&Value::Null));
    Ok(Revisions {
        recorded: Recorded {
            action: row.try_get(0)?,
            counts: changes.iter().any(|(_, _, changes)| is_null(&changes["name"])),
        },
        changes,
    })
}

async fn take_back(
    transaction: &Transaction<'_>,
    author: &Author,
    revisions: Revisions,
) -> Result<UndoOutcome, WriteError> {
    let ids: Vec<i64> = revisions.changes.iter().map(|(id, _, _)| *id).collect();
    let statement = transaction
        .prepare_cached(&format!(
            "select {COLUMNS} from products where id = any($1) order by id for update"
        ))
        .await?;
    let rows = transaction.query(&statement, &[&ids]).await?;
    let current = rows
        .iter()
        .map(|row| product(row, 0).map(|product| (product.id, product)))
        .collect::<Result<HashMap<i64, Product>, Error>>()?;
    let mut kept = Vec::new();
    let (mut old, mut new, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    let mut deleted = BTreeMap::new();
    for (id, version, changes) in revisions.changes {
        let Value::Object(changes) = changes else { continue };
        let WayBack { step, whole } = way_back(&changes, version, current.get(&id));
        if !whole {
            kept.push(id);
        }
        match (step, current.get(&id)) {
            (Step::Restore(fields), Some(product)) => {
                old.push(product.clone());
                new.push(fields);
            }
            (Step::Remove, Some(product)) => removed.push(product.clone()),
            (Step::Recreate(fields), _) => {
                deleted.insert(id, (version, fields));
            }
            _ => {}
        }
    }
    let taken = skus_taken(transaction, deleted.values().map(|(_, fields)| fields)).await?;
    deleted.retain(|id, (_, fields)| {
        let free = !taken.contains(&fields.sku.to_uppercase());
        if !free {
            kept.push(*id);
        }
        free
    });
    let set = ChangeSet::open(transaction, author).await?;
    let mut restored = set.replace(&old, new).await? + deleted.len();
    restored += set.remove(&removed).await?;
    let deleted = deleted
        .into_iter()
        .map(|(id, (version, fields))| (id, version, fields));
    set.recreate(deleted.collect()).await?;
    Ok(UndoOutcome {
        restored,
        kept,
        change_set: set.close(restored).await?,
    })
}

/// The SKUs of `fields`, in upper case, that products have.
async fn skus_taken(
    transaction: &Transaction<'_>,
    fields: impl Iterator<Item = &Fields>,
) -> Result<HashSet<String>, Error> {
    let skus: Vec<String> = fields.map(|fields| fields.sku.to_uppercase()).collect();
    let statement = transaction
        .prepare_cached("select upper(sku) from products where upper(sku) = any($1)")
        .await?;
    let rows = transaction.query(&statement, &[&skus]).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

async fn mark(transaction: &Transaction<'_>, id: i64, by: i64) -> Result<(), Error> {
    let statement = transaction
        .prepare_cached("update change_sets set undone_by = $2 where id = $1")
        .await?;
    transaction.execute(&statement, &[&id, &by]).await?;
    Ok(())
}
