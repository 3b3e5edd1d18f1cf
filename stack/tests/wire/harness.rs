//! The emulators, the proxies in front of them, and an environment that runs over both. The wire tests of the shop
//! (`examples/shop/tests/wire`) include this file by its path.
//!
//! Each module is re-exported at the root of the test, where the others look for it.

pub(crate) mod book;
pub(crate) mod cbor;
pub(crate) mod cloudwatch;
pub(crate) mod ecs;
pub(crate) mod emulators;
pub(crate) mod form;
pub(crate) mod gaps;
pub(crate) mod insights;
pub(crate) mod mischief;
pub(crate) mod operation;
pub(crate) mod pages;
pub(crate) mod place;
pub(crate) mod proxy;
pub(crate) mod rules;
pub(crate) mod translate;
pub(crate) mod words;
