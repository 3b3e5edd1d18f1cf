//! Calls on their way to AWS.

use super::client::Aws;
use crate::{
    call::Call,
    cloud::{CallError, Reply},
    resource::Resource,
};
use futures::future::BoxFuture;
use serde_json::Value;

/// A call on its way.
pub type SendFuture<'a> = BoxFuture<'a, Result<Reply, CallError>>;

/// A call that the SDK can send: derived with [`Call`], or written by hand where more is to do than to send the members.
pub trait Sendable: Call + 'static {
    /// Sends the call, once.
    fn send(self, aws: &Aws) -> SendFuture<'_>;
}

/// The sender of an operation: it takes the call's members as plain data.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// The SDK module of the service.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    send: fn(&Aws, Value) -> SendFuture<'_>,
}

impl Sender {
    /// The sender of call `C`.
    pub const fn of<C: Sendable>() -> Self {
        Self {
            service: C::INFO.service,
            operation: C::INFO.operation,
            send: decoded::<C>,
        }
    }

    /// Sends the call with these members, once.
    ///
    /// # Errors
    /// Whatever AWS answers; members that are not the call's, because another version made the plan.
    pub fn send(self, aws: &Aws, params: Value) -> SendFuture<'_> {
        (self.send)(aws, params)
    }
}

fn decoded<C: Sendable>(aws: &Aws, params: Value) -> SendFuture<'_> {
    match serde_json::from_value::<C>(params) {
        Ok(call) => call.send(aws),
        Err(error) => {
            let (service, operation) = (C::INFO.service, C::INFO.operation);
            let error = CallError::refused(service, operation, CallError::UNSENDABLE, error.to_string());
            Box::pin(std::future::ready(Err(error)))
        }
    }
}

/// The ids that a lookup finds, on their way.
pub type Ids<'a> = BoxFuture<'a, Result<Vec<String>, CallError>>;

/// Derived with [`Resource`]: what follows from the marks of a type for the SDK.
pub trait Wired: Resource {
    /// The sender of every call.
    const SENDERS: &'static [Sender];

    /// The ids of what has the name in `wanted`, for types with the mark `by_name`; none for others.
    fn named<'a>(_: &'a Aws, _: &'a Self) -> Ids<'a> {
        Box::pin(std::future::ready(Ok(vec![])))
    }

    /// The ids of what the create call with this token made, for types with the mark `by_token`; none for others.
    fn made_with<'a>(_: &'a Aws, _: &'a str) -> Ids<'a> {
        Box::pin(std::future::ready(Ok(vec![])))
    }
}
