//! The JSON bodies of the failures that say more than the others.

use crate::product::Product;
use crate::product::import::Report;
use serde::Serialize;
use service::http::Failure;
use utoipa::ToSchema;

/// The failure of a write whose `If-Match` is stale.
#[derive(Serialize, ToSchema)]
pub struct ConflictFailure {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    /// The product as it is now.
    pub(crate) current: Product,
    /// The fields that changed since the version in `If-Match`.
    pub(crate) changed: Vec<String>,
}

/// The failure of an import that was rejected.
#[derive(Serialize, ToSchema)]
pub struct ImportFailure {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    /// The report with the errors of each row; missing when the file cannot be parsed.
    pub(crate) report: Option<Report>,
}
