//! What a product is, which values it may have, and how lists of them are asked for.
//!
//! Everything here is pure: text and JSON in, checked values or field errors out. The database is
//! [`crate::database`].

mod body;
mod bulk;
mod changes;
pub mod check;
mod cursor;
pub mod export;
mod field;
pub mod import;
mod input;
mod model;
mod query;
mod sort;

pub use body::Body;
pub use bulk::{ActionName, Bulk, BulkAction, read_bulk};
pub use changes::Changes;
pub use cursor::{Cursor, Position};
pub use field::Field;
pub use input::{FieldError, FieldErrors, Input, Object, read_object};
pub use model::{Fields, Product, Status};
pub use query::{Filter, PageQuery, Parameters, Stock};
pub use sort::{Sort, SortKey};
