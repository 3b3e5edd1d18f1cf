//! The statements over products. A statement with fixed text is prepared once per connection; the text of a filtered list
//! depends on its filters, so it is sent unprepared, lest a client fill a connection with prepared statements.

mod bulk;
mod change_set;
mod list;
mod read;
mod row;
mod undo;
mod write;

pub use bulk::{BulkOutcome, bulk, upsert};
pub use list::{Page, Rows, export, page};
pub use read::{Categories, CategoryCount, HistoryPage, ReadProduct, Revision, categories, find, history};
pub use undo::{Recorded, UndoOutcome, undo};
pub use write::{Author, WriteError, Written, create, delete, update};
