//! Calls on their way to AWS.

use super::client::Aws;
use crate::{
    call::Call,
    cloud::{CallError, Reply},
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

/// Derived with [`Resource`](crate::resource::Resource): the senders of a type's calls.
pub trait Sends {
    /// The sender of every call.
    const SENDERS: &'static [Sender];
}
