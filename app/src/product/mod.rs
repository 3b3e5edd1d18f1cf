//! What a product is, which values it may have, and how lists of them are asked for.
//!
//! Everything here is pure: text and JSON in, checked values or field errors out. The database is
//! [`crate::database`].

mod body;
mod changes;
mod cursor;
pub mod export;
pub mod fields;
pub mod import;
mod model;
mod query;
mod sort;

pub use body::{Body, Bulk, BulkAction, read_bulk, read_object};
pub use changes::Changes;
pub use cursor::{Cursor, Position};
pub use fields::{FieldError, FieldErrors, Input};
pub use model::{Fields, Product, Status};
pub use query::{Filter, PageQuery, Parameters, Stock};
pub use sort::{Sort, SortKey};
