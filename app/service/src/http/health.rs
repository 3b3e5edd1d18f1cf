//! The answer of `/health` and `/ready`.

use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `/health` and `/ready`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `healthy` or `ready`.
    pub status: &'static str,
    /// The service's name.
    pub service: &'static str,
}
