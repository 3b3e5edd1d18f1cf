//! The changes of one call over many products: writes with a number of statements that does not depend on theirs, all of
//! them in the history under one id, by which they can be undone.

use super::write::Author;
use crate::product::{Fields, Product};
use deadpool_postgres::Transaction;
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

/// A change set that a transaction writes.
pub(super) struct ChangeSet<'a> {
    transaction: &'a Transaction<'a>,
    author: &'a Author,
    id: i64,
}

impl<'a> ChangeSet<'a> {
    /// Begins a change set.
    pub(super) async fn open(transaction: &'a Transaction<'a>, author: &'a Author) -> Result<Self, Error> {
        let statement = transaction
            .prepare_cached("insert into change_sets (who, action) values ($1, $2) returning id")
            .await?;
        let row = transaction
            .query_one(&statement, &[&&*author.who, &author.action])
            .await?;
        Ok(Self {
            transaction,
            author,
            id: row.try_get(0)?,
        })
    }

    /// Ends the change set, and returns its id if it has changes.
    pub(super) async fn close(self, changes: usize) -> Result<Option<i64>, Error> {
        if changes > 0 {
            return Ok(Some(self.id));
        }
        let statement = self
            .transaction
            .prepare_cached("delete from change_sets where id = $1")
            .await?;
        self.transaction.execute(&statement, &[&self.id]).await?;
        Ok(None)
    }

    /// Deletes the products, which the transaction has locked.
    pub(super) async fn remove(&self, locked: &[Product]) -> Result<usize, Error> {
        let ids: Vec<i64> = locked.iter().map(|old| old.id).collect();
        let statement = self
            .transaction
            .prepare_cached("delete from products where id = any($1)")
            .await?;
        self.transaction.execute(&statement, &[&ids]).await?;
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
        self.record(revisions).await?;
        Ok(locked.len())
    }

    /// Replaces each product of `old` by the fields in `new` at the same index, and returns the number of rows that differ.
    pub(super) async fn replace(&self, old: &[Product], new: Vec<Fields>) -> Result<usize, Error> {
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
        let statement = self.transaction
        .prepare_cached(
            "update products p set sku = n.sku, name = n.name, description = n.description, price = n.price,
                stock = n.stock, category = n.category, status = n.status, image = n.image, version = version + 1,
                updated_at = now()
             from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::integer[],
                $7::text[], $8::text[], $9::text[])
                as n (id, sku, name, description, price, stock, category, status, image)
             where p.id = n.id",
        )
        .await?;
        let [sku, name, description, price, stock, category, status, image] = columns.parameters();
        let parameters = [
            &ids,
            sku,
            name,
            description,
            price,
            stock,
            category,
            status,
            image,
        ];
        self.transaction.execute(&statement, &parameters).await?;
        self.record(revisions).await?;
        Ok(ids.len())
    }

    /// Creates products.
    pub(super) async fn insert(&self, created: Vec<Fields>) -> Result<(), Error> {
        let mut columns = Columns::default();
        for fields in &created {
            columns.push(fields.clone());
        }
        let statement = self.transaction
        .prepare_cached(
            "insert into products (sku, name, description, price, stock, category, status, image)
             select * from unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::integer[], $6::text[],
                $7::text[], $8::text[])
             returning id, upper(sku)",
        )
        .await?;
        let rows = self.transaction.query(&statement, &columns.parameters()).await?;
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
        self.record(revisions).await
    }
    async fn record(&self, revisions: Vec<(i64, i64, Value)>) -> Result<(), Error> {
        let mut ids = Vec::with_capacity(revisions.len());
        let mut versions = Vec::with_capacity(revisions.len());
        let mut changes = Vec::with_capacity(revisions.len());
        for (id, version, change) in revisions {
            ids.push(id);
            versions.push(version);
            changes.push(change);
        }
        let statement = self
            .transaction
            .prepare_cached(
                "insert into product_history (product_id, version, who, action, changes, change_set)
             select n.id, n.version, $4, $5, n.changes, $6
             from unnest($1::bigint[], $2::bigint[], $3::jsonb[]) as n (id, version, changes)",
            )
            .await?;
        self.transaction
            .execute(
                &statement,
                &[
                    &ids,
                    &versions,
                    &changes,
                    &&*self.author.who,
                    &self.author.action,
                    &self.id,
                ],
            )
            .await?;
        Ok(())
    }

    /// Creates deleted products again, with the ids that they had and one version after their last one. The time of their
    /// creation is that of the first one.
    pub(super) async fn recreate(&self, deleted: Vec<(i64, i64, Fields)>) -> Result<(), Error> {
        let (mut ids, mut versions, mut revisions) = (Vec::new(), Vec::new(), Vec::new());
        let mut columns = Columns::default();
        for (id, version, fields) in deleted {
            ids.push(id);
            versions.push(version + 1);
            revisions.push((
                id,
                version + 1,
                Value::Object(Fields::changes(None, Some(&fields))),
            ));
            columns.push(fields);
        }
        let statement = self
            .transaction
            .prepare_cached(
                "insert into products (id, version, created_at, sku, name, description, price, stock, category, status, image)
                 overriding system value
                 select n.id, n.version, coalesce((select min(h.at) from product_history h where h.product_id = n.id), now()),
                    n.sku, n.name, n.description, n.price, n.stock, n.category, n.status, n.image
                 from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::numeric[],
                    $7::integer[], $8::text[], $9::text[], $10::text[])
                    as n (id, version, sku, name, description, price, stock, category, status, image)",
            )
            .await?;
        let [sku, name, description, price, stock, category, status, image] = columns.parameters();
        let parameters = [
            &ids as &(dyn ToSql + Sync),
            &versions,
            sku,
            name,
            description,
            price,
            stock,
            category,
            status,
            image,
        ];
        self.transaction.execute(&statement, &parameters).await?;
        self.record(revisions).await
    }
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
    image: Vec<Option<String>>,
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
        self.image.push(fields.image);
    }

    /// The parameters in the order of the struct, which both statements use.
    fn parameters(&self) -> [&(dyn ToSql + Sync); 8] {
        [
            &self.sku,
            &self.name,
            &self.description,
            &self.price,
            &self.stock,
            &self.category,
            &self.status,
            &self.image,
        ]
    }
}
