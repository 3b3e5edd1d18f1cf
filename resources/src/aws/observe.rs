//! The way back: resources as AWS has them, typed.

use super::{by::By, client::Aws, send::Wired};
use crate::{
    cloud::{CallError, Status},
    resource::{Lifecycle, Resource},
};
use std::future::Future;

/// A resource as AWS has it, typed.
#[derive(Clone, Debug)]
pub struct Seen<R: Resource> {
    /// The id.
    pub id: String,
    /// The status.
    pub status: Status,
    /// The inputs. Fields marked `#[write_only]` hold anything: they are not looked at.
    pub inputs: R,
    /// The outputs; what is not known before it is ready may be empty until then.
    pub outputs: R::Outputs,
}

/// The way back: from the SDK's items to our inputs and outputs. Refresh, waiting, drift, import and recovery all go
/// through this one mapping. What is gone (also when AWS still lists it as deleted) is left out.
pub trait Observe: Lifecycle + Wired {
    /// Reads resources of this type.
    fn observe(
        aws: &Aws,
        by: By<'_>,
    ) -> impl Future<Output = Result<Vec<Seen<Self>>, CallError>> + std::marker::Send;

    /// The ids of those that are inside of these, for types that are [inside](crate::resource::Resource::INSIDE) of another; without what AWS itself
    /// puts there.
    fn parts(
        _: &Aws,
        _: &[String],
    ) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send {
        std::future::ready(Ok(vec![]))
    }
}

/// The lookup of types with the mark `by_name`, whose name is ours and whose id is AWS's.
pub trait ByName: Sized {
    /// The ids of what has the name in `wanted`.
    fn named(
        aws: &Aws,
        wanted: &Self,
    ) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send;
}

/// The lookup of types with the mark `by_token`, whose create token AWS lets be read afterwards.
pub trait ByToken: Sized {
    /// The ids of what the create call with this token made.
    fn made_with(
        aws: &Aws,
        token: &str,
    ) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send;
}
