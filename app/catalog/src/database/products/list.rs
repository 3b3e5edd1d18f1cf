//! The statements of lists: filters, order, keyset pages, and the rows of an export.

use super::row::{COLUMNS, product};
use crate::database::snapshot::{SNAPSHOT, Snapshot};
use crate::product::{Cursor, Filter, PageQuery, Position, Product, Sort, SortKey, Stock};
use deadpool_postgres::{Object, Transaction};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, RowStream};

/// A page of products, and the snapshot that it was read in.
pub struct Page {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The products.
    pub products: Vec<Product>,
    /// The number of products that match the filter, on all pages.
    pub total: i64,
    /// The cursor of the next page, when there is one.
    pub next: Option<Cursor>,
}

type Value = (Box<dyn ToSql + Sync + Send>, Type);

/// The `where` clause of a statement, with the values of its parameters.
#[derive(Default)]
struct Condition {
    terms: Vec<String>,
    values: Vec<Value>,
}

impl Condition {
    fn value(&mut self, value: impl ToSql + Sync + Send + 'static, kind: Type) -> String {
        self.values.push((Box::new(value), kind));
        format!("${}", self.values.len())
    }

    fn filter(&mut self, filter: &Filter, low_stock: i32) {
        for word in filter.text.iter().flat_map(|text| text.split_whitespace()) {
            let parameter = self.value(word.to_owned(), Type::TEXT);
            // Escaped after it is brought into its form, which makes a `%` of the wide one.
            self.terms.push(format!(
                r"words like '%' || regexp_replace(search_form({parameter}), '([\\%_])', '\\\1', 'g') || '%'"
            ));
        }
        if let Some(category) = &filter.category {
            let parameter = self.value(category.clone(), Type::TEXT);
            self.terms.push(format!("category = {parameter}"));
        }
        if let Some(status) = filter.status {
            let parameter = self.value(status.name(), Type::TEXT);
            self.terms.push(format!("status = {parameter}"));
        }
        if let Some(price) = filter.min_price {
            let parameter = self.value(price, Type::NUMERIC);
            self.terms.push(format!("price >= {parameter}"));
        }
        if let Some(price) = filter.max_price {
            let parameter = self.value(price, Type::NUMERIC);
            self.terms.push(format!("price <= {parameter}"));
        }
        if let Some(ids) = &filter.ids {
            let parameter = self.value(ids.clone(), Type::INT8_ARRAY);
            self.terms.push(format!("id = any({parameter})"));
        }
        match filter.stock {
            Some(Stock::In) => self.terms.push("stock > 0".to_owned()),
            Some(Stock::Out) => self.terms.push("stock = 0".to_owned()),
            Some(Stock::Low) => {
                let parameter = self.value(low_stock, Type::INT4);
                self.terms.push(format!("stock between 1 and {parameter}"));
            }
            None => {}
        }
    }

    fn after(&mut self, cursor: &Cursor) {
        let comparison = if cursor.sort.descending { '<' } else { '>' };
        let column = column(cursor.sort.key);
        let value = match &cursor.position {
            Position::Id => None,
            Position::Name(name) => Some(self.value(name.clone(), Type::TEXT)),
            Position::Price(price) => Some(self.value(*price, Type::NUMERIC)),
            Position::Stock(stock) => Some(self.value(*stock, Type::INT4)),
            Position::Updated(at) => Some(self.value(*at, Type::TIMESTAMPTZ)),
        };
        let id = self.value(cursor.id, Type::INT8);
        self.terms.push(match value {
            None => format!("id {comparison} {id}"),
            Some(value) => format!("({column}, id) {comparison} ({value}, {id})"),
        });
    }

    fn text(&self) -> String {
        if self.terms.is_empty() {
            String::new()
        } else {
            format!("where {}", self.terms.join(" and "))
        }
    }

    fn parameters(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.values
            .iter()
            .map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone()))
            .collect()
    }
}

fn column(key: SortKey) -> &'static str {
    match key {
        SortKey::Id => "id",
        SortKey::Name => "name collate catalog_order",
        SortKey::Price => "price",
        SortKey::Stock => "stock",
        SortKey::Updated => "updated_at",
    }
}

fn order(sort: Sort) -> String {
    let direction = if sort.descending { "desc" } else { "asc" };
    match sort.key {
        SortKey::Id => format!("id {direction}"),
        key => format!("{} {direction}, id {direction}", column(key)),
    }
}

/// Reads a page. Rows, total and snapshot come from one statement, and so from one snapshot. `low_stock` is the most pieces
/// of [`Stock::Low`].
///
/// # Errors
/// The driver's error.
pub async fn page(client: &Object, query: &PageQuery, low_stock: i32) -> Result<Page, Error> {
    let mut condition = Condition::default();
    condition.filter(&query.filter, low_stock);
    let all = condition.text();
    if let Some(cursor) = &query.cursor {
        condition.after(cursor);
    }
    let rows = condition.text();
    let order = order(query.sort);
    let limit = condition.value(i64::from(query.limit) + 1, Type::INT8);
    let sql = format!(
        "select s.snapshot, s.total, p.* from (
            select {SNAPSHOT} as snapshot, (select count(*) from products {all}) as total
         ) s left join lateral (
            select {COLUMNS} from products {rows} order by {order} limit {limit}
         ) p on true order by {order}"
    );
    let rows = if query.filter == Filter::default() {
        let statement = client.prepare_cached(&sql).await?;
        let values: Vec<&(dyn ToSql + Sync)> = condition
            .values
            .iter()
            .map(|(value, _)| &**value as &(dyn ToSql + Sync))
            .collect();
        client.query(&statement, &values).await?
    } else {
        client.query_typed(&sql, &condition.parameters()).await?
    };
    let mut page = Page {
        snapshot: Snapshot::from(""),
        products: Vec::with_capacity(rows.len()),
        total: 0,
        next: None,
    };
    for row in &rows {
        page.snapshot = row.try_get::<_, &str>(0)?.into();
        page.total = row.try_get(1)?;
        if row.try_get::<_, Option<i64>>(2)?.is_some() {
            page.products.push(product(row, 2)?);
        }
    }
    if page.products.len() > usize::from(query.limit) {
        page.products.truncate(usize::from(query.limit));
        page.next = page.products.last().map(|last| Cursor::after(query.sort, last));
    }
    Ok(page)
}

/// The rows of an export, as they arrive.
pub struct Rows(pub std::pin::Pin<Box<RowStream>>);

impl Rows {
    /// Returns the next product.
    ///
    /// # Errors
    /// The driver's error.
    pub async fn next(&mut self) -> Option<Result<Product, Error>> {
        use futures::StreamExt;
        let row = self.0.next().await?;
        Some(row.and_then(|row| product(&row, 0)))
    }
}

/// Begins an export of the products that match the filter, from one snapshot.
///
/// # Errors
/// The driver's error.
pub async fn export(
    transaction: &Transaction<'_>,
    filter: &Filter,
    low_stock: i32,
    sort: Sort,
) -> Result<Rows, Error> {
    let mut condition = Condition::default();
    condition.filter(filter, low_stock);
    let sql = format!(
        "select {COLUMNS} from products {} order by {}",
        condition.text(),
        order(sort)
    );
    let rows = transaction.query_typed_raw(&sql, condition.parameters()).await?;
    Ok(Rows(Box::pin(rows)))
}
