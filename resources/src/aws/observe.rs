//! The way back: resources as AWS has them, typed.

use super::{by::By, client::Aws, send::Sends};
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
pub trait Observe: Lifecycle + Sends {
    /// Reads resources of this type.
    fn observe(
        aws: &Aws,
        by: By<'_>,
    ) -> impl Future<Output = Result<Vec<Seen<Self>>, CallError>> + std::marker::Send;

    /// The ids of what has the name in `wanted`, for types whose name is ours and whose id is AWS's.
    fn named(_: &Aws, _: &Self) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send {
        let why = format!("a `{}` is not looked up by its name", Self::TYPE);
        let read = Self::READ;
        std::future::ready(Err(CallError::refused(
            read.service,
            read.operation,
            CallError::UNSENDABLE,
            why,
        )))
    }

    /// The ids of those that are inside of these, for types that are [inside](Lifecycle::INSIDE) of another; without what AWS itself
    /// puts there.
    fn parts(
        _: &Aws,
        _: &[String],
    ) -> impl Future<Output = Result<Vec<String>, CallError>> + std::marker::Send {
        std::future::ready(Ok(vec![]))
    }

    /// Reads what the create call with this token made, for types that [keep it](Lifecycle::KEEPS_TOKEN).
    fn made_with(
        _: &Aws,
        _: &str,
    ) -> impl Future<Output = Result<Vec<Seen<Self>>, CallError>> + std::marker::Send {
        std::future::ready(Ok(vec![]))
    }
}
