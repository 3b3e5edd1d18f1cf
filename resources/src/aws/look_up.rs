//! The half of a lookup that needs the SDK.

use super::client::Aws;
use crate::{
    cloud::{CallError, Candidate},
    lookup::Lookup,
};

/// The way in which the candidates of a lookup are read.
pub trait LookUp: Lookup {
    /// Reads what the lookup may mean; more than it means, where that helps to say what came near.
    fn candidates(&self, aws: &Aws) -> impl Future<Output = Result<Vec<Candidate>, CallError>> + Send;
}
