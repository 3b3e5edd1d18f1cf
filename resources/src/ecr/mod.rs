//! Elastic Container Registry: images.

mod lifecycle;
mod repository;

pub use lifecycle::{Count, ImageRule, Images};
pub use repository::*;
