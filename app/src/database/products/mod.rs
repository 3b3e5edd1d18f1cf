//! The statements over products. Those whose text is fixed are prepared once per connection; lists with filters,
//! whose text depends on which filters are there, are sent unprepared, so that a caller cannot fill a connection
//! with plans.

mod bulk;
mod list;
mod read;
mod row;
mod write;

pub use bulk::{BulkOutcome, bulk, upsert};
pub use list::{Page, Rows, export, page};
pub use read::{Categories, CategoryCount, Found, HistoryPage, Revision, categories, find, history};
pub use write::{Author, WriteError, Written, create, delete, update};
