//! Products: their fields, the checks of the values, the queries of lists, and the CSV format.
//!
//! The module does no input or output: it turns text and JSON into checked values or field errors. The statements are in
//! [`crate::database`].

mod body;
mod bulk;
mod changes;
pub mod check;
mod cursor;
pub mod export;
mod field;
mod image;
pub mod import;
mod input;
mod model;
mod query;
pub mod sheet;
mod sort;
mod undo;

pub use body::Body;
pub use bulk::{ActionName, Bulk, BulkAction, read_bulk};
pub use changes::Changes;
pub use cursor::{Cursor, Position};
pub use field::Field;
pub use image::ImageKind;
pub use input::Input;
pub(crate) use input::printable;
pub use model::{Fields, Product, Status};
pub use query::{Filter, PageQuery, Parameters, Stock};
pub use sort::{Sort, SortKey};
pub use undo::{Step, WayBack, way_back};
