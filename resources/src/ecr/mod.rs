//! Elastic Container Registry: images.

mod image;
mod lifecycle;
mod repository;

use crate::service::Service;
pub use image::*;
pub use lifecycle::{Count, ImageRule, Images};
pub use repository::*;

/// The facts about Elastic Container Registry.
pub const SERVICE: Service = Service::new("ecr");
