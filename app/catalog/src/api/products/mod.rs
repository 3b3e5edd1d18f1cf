//! The handlers of `/api/products`.

pub(crate) mod bulk;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod id;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod undo;
pub(crate) mod write;
