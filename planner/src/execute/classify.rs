//! The meaning of errors: tables for all services, and what a type and its service say.
//!
//! Sources: botocore's retry tables, AWS's API references, Terraform's provider, as gathered per service and operation.
//! A code alone is not enough where two services use it for two things: `LimitExceededException` is throttling for one
//! and a quota for another. Rules of the call itself come first; this is what its code means everywhere else.

use crate::PlannedCall;
use tenon_resources::{
    call::{ErrorRule, OnError},
    cloud::{CallError, Executed},
    registry,
    resource::{Facts, ResourceType},
};

/// The meaning of an error for the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The work was already done.
    Done,
    /// Too many calls; it was not executed. Try again, more slowly.
    Throttled,
    /// The call may have been executed: look before it is repeated.
    Unknown,
    /// Something it needs is not visible yet; try again for this many seconds, or the default.
    NotYet(Option<u32>),
    /// Somebody else changes the same thing; try again.
    Concurrent,
    /// The resource exists already; its owner must be looked up.
    Exists,
    /// A quota is used up; no retry will help.
    Quota,
    /// The credentials have expired or are not valid.
    Credentials,
    /// No, and no retry will help.
    Refused,
}

const THROTTLED: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

/// Answers with HTTP 400 to a request that did not arrive in time: botocore's `RETRYABLE_HTTP_ERRORS` and legacy retry table
/// (`_retry.json`) count them as transient.
const TIMED_OUT: &[&str] = &["RequestTimeout", "RequestTimeoutException"];

const CREDENTIALS: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    CallError::CREDENTIALS,
];

const CONCURRENT: &[&str] = &[
    "ConcurrentModification",
    "ConcurrentModificationException",
    "ConcurrentUpdateException",
    "OperationAborted",
    "OperationAbortedException",
    "OptimisticLock",
    "UpdateInProgressException",
    "ConditionalRequestConflict",
];

/// The facts about a call that its errors are held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The rules of the call itself, which come first.
    pub rules: &'a [ErrorRule],
    /// The facts of the resource's type.
    pub facts: Option<Facts>,
    /// The error codes of a reference to what is not visible yet, each with a part of the message.
    pub not_yet: &'a [(&'static str, &'static str)],
}

impl<'a> Known<'a> {
    /// The facts about a planned call.
    pub fn of(planned: &'a PlannedCall) -> Self {
        let step = &planned.step;
        let kind = registry::find(&planned.kind);
        let calls = kind.map(ResourceType::calls).unwrap_or_default();
        let info = calls
            .iter()
            .find(|call| call.service == step.service && call.operation == step.operation);
        Self {
            rules: &step.rules,
            facts: kind.map(ResourceType::facts),
            not_yet: info.map_or(&[], |info| info.not_yet),
        }
    }
}

/// Says what `error` means for a call of which this is known.
pub fn classify(error: &CallError, known: Known<'_>) -> Class {
    let (code, message) = (error.code.as_str(), error.message.as_str());
    let says = |part: &str| part.is_empty() || message.contains(part);
    if let Some(rule) = known.rules.iter().find(|r| r.code == code && says(&r.part)) {
        return match rule.then {
            OnError::Done => Class::Done,
            OnError::Retry(seconds) => Class::NotYet(Some(seconds)),
        };
    }
    match () {
        () if THROTTLED.contains(&code) => Class::Throttled,
        // A 503 or 429 that says so was refused before anything was done.
        () if error.http == Some(429) || (error.http == Some(503) && code == "ServiceUnavailable") => {
            Class::Throttled
        }
        () if CREDENTIALS.contains(&code) => Class::Credentials,
        () if error.outcome == Executed::Unknown || TIMED_OUT.contains(&code) => Class::Unknown,
        () if error.code == CallError::TRANSPORT => Class::Throttled,
        () if known.facts.is_some_and(|facts| facts.says_exists(code, message)) => Class::Exists,
        () if CONCURRENT.contains(&code) => Class::Concurrent,
        () if code == "ConflictException" && says("try again later") && !message.is_empty() => {
            Class::Concurrent
        }
        () if known.not_yet.iter().any(|(c, part)| *c == code && says(part)) => Class::NotYet(None),
        () if code.ends_with("LimitExceeded")
            || code.ends_with("LimitExceededException")
            || code.ends_with("QuotaExceeded")
            || code.ends_with("QuotaExceededFault") =>
        {
            Class::Quota
        }
        () => Class::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The facts about a call of a type, without rules of its own.
    fn known(kind: &str, operation: &str) -> Known<'static> {
        let kind: &dyn ResourceType = registry::find(kind).expect("registered");
        let call = kind.calls().into_iter().find(|call| call.operation == operation);
        Known {
            rules: &[],
            facts: Some(kind.facts()),
            not_yet: call.expect("a call of the type").not_yet,
        }
    }

    #[test]
    fn code_and_message_part_must_both_match() {
        let not_yet = CallError::refused(
            "ecs",
            "CreateService",
            "InvalidParameterException",
            "The target group arn:x does not have an associated load balancer.",
        );
        let service = known("ecs.service", "UpdateService");
        assert_eq!(classify(&not_yet, service), Class::NotYet(None));
        let wrong = CallError::refused("ecs", "CreateService", "InvalidParameterException", "Invalid cpu");
        assert_eq!(classify(&wrong, service), Class::Refused);
    }

    #[test]
    fn a_record_that_exists_is_looked_up() {
        let refused = |message| {
            CallError::refused(
                "route53",
                "ChangeResourceRecordSets",
                "InvalidChangeBatch",
                message,
            )
        };
        let exists = refused(
            "[Tried to create resource record set [name='a.example.', type='A'] but it already exists]",
        );
        let record = known("route53.record", "ChangeResourceRecordSets");
        assert_eq!(classify(&exists, record), Class::Exists);
        assert_eq!(
            classify(&refused("[Invalid Resource Record]"), record),
            Class::Refused
        );
    }

    #[test]
    fn a_quota_is_not_throttling() {
        let quota = CallError::refused(
            "iam",
            "CreateRole",
            "LimitExceeded",
            "Cannot exceed quota for RolesPerAccount",
        );
        assert_eq!(classify(&quota, Known::default()), Class::Quota);
        assert_eq!(
            classify(
                &CallError::refused("ec2", "CreateVpc", "VpcLimitExceeded", ""),
                Known::default()
            ),
            Class::Quota
        );
        assert_eq!(
            classify(
                &CallError::refused("ec2", "CreateVpc", "RequestLimitExceeded", ""),
                Known::default()
            ),
            Class::Throttled
        );
    }

    #[test]
    fn what_may_have_been_executed_is_looked_up() {
        let error = CallError {
            http: Some(500),
            ..CallError::unknown("ec2", "CreateVpc", "InternalError", "")
        };
        assert_eq!(classify(&error, Known::default()), Class::Unknown);
        assert_eq!(
            classify(
                &CallError::unknown("ec2", "CreateVpc", CallError::TIMEOUT, ""),
                Known::default()
            ),
            Class::Unknown
        );
    }
}
