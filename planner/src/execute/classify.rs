//! The meaning of errors: one table for all services.
//!
//! Sources: botocore's retry tables, AWS's API references, Terraform's provider, as gathered per service and operation.
//! A code alone is not enough where two services use it for two things: `LimitExceededException` is throttling for one
//! and a quota for another. Rules of the call itself come first; this is what its code means everywhere else.

use tenon_resources::{
    call::{ErrorRule, OnError},
    cloud::{CallError, Executed},
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

const EXISTS: &[&str] = &[
    "AlreadyExists",
    "AlreadyExistsException",
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "DBInstanceAlreadyExists",
    "DBParameterGroupAlreadyExists",
    "DBSubnetGroupAlreadyExists",
    "DuplicateListener",
    "DuplicateLoadBalancerName",
    "DuplicateTargetGroupName",
    "EntityAlreadyExists",
    "HostedZoneAlreadyExists",
    "InvalidGroup.Duplicate",
    "InvalidPermission.Duplicate",
    "InvalidSubnet.Conflict",
    "NetworkAclEntryAlreadyExists",
    "ParameterAlreadyExists",
    "PriorityInUse",
    "RepositoryAlreadyExistsException",
    "Resource.AlreadyAssociated",
    "ResourceAlreadyExistsException",
    "ResourceExistsException",
    "RouteAlreadyExists",
    "TrailAlreadyExistsException",
    "FlowLogAlreadyExists",
];

/// Codes that mean a thing made a moment ago is not visible to this call yet; for EC2 the id of anything.
const NOT_YET: &[(&str, &str, &str)] = &[
    ("ec2", "InvalidVpcID.NotFound", ""),
    ("ec2", "InvalidSubnetID.NotFound", ""),
    ("ec2", "InvalidGroup.NotFound", ""),
    ("ec2", "InvalidInternetGatewayID.NotFound", ""),
    ("ec2", "InvalidRouteTableID.NotFound", ""),
    ("ec2", "InvalidAllocationID.NotFound", ""),
    ("ec2", "InvalidNetworkAclID.NotFound", ""),
    ("ec2", "NatGatewayNotFound", ""),
    ("ec2", "InvalidNatGatewayID.NotFound", ""),
    ("ecs", "ClusterNotFoundException", ""),
    (
        "ecs",
        "InvalidParameterException",
        "verify that the ECS service role",
    ),
    (
        "ecs",
        "InvalidParameterException",
        "does not have an associated load balancer",
    ),
    (
        "ecs",
        "InvalidParameterException",
        "Unable to assume the service linked role",
    ),
    ("ecs", "ClientException", "Unable to assume role"),
    (
        "rds",
        "InvalidParameterValue",
        "IAM role ARN value is invalid or does not include the required permissions",
    ),
    ("rds", "InvalidDBInstanceState", "your request later"),
    ("iam", "MalformedPolicyDocument", "Invalid principal in policy"),
    ("iam", "DeleteConflict", ""),
    ("kms", "MalformedPolicyDocumentException", ""),
    ("s3", "MalformedPolicy", "Invalid principal in policy"),
    ("s3", "NoSuchBucket", ""),
    ("appscaling", "ValidationException", "ECS service doesn't exist"),
    ("appscaling", "ValidationException", "Unable to assume IAM role"),
    (
        "secretsmanager",
        "MalformedPolicyDocumentException",
        "unsupported principal",
    ),
    ("cloudtrail", "InsufficientS3BucketPolicyException", ""),
    (
        "logs",
        "InvalidParameterException",
        "Could not deliver test message",
    ),
];

/// Says what `error` means for a call with these rules.
pub fn classify(error: &CallError, rules: &[ErrorRule]) -> Class {
    let (code, message) = (error.code.as_str(), error.message.as_str());
    let says = |part: &str| part.is_empty() || message.contains(part);
    if let Some(rule) = rules.iter().find(|r| r.code == code && says(&r.part)) {
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
        () if EXISTS.contains(&code) => Class::Exists,
        // Route 53 has one code for every change that it refuses, and says this of a CREATE of what exists.
        () if code == "InvalidChangeBatch" && message.contains("already exists") => Class::Exists,
        () if CONCURRENT.contains(&code) => Class::Concurrent,
        () if code == "ConflictException" && says("try again later") && !message.is_empty() => {
            Class::Concurrent
        }
        () if NOT_YET
            .iter()
            .any(|(s, c, part)| *s == error.service && *c == code && says(part)) =>
        {
            Class::NotYet(None)
        }
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

    #[test]
    fn code_and_message_part_must_both_match() {
        let not_yet = CallError::refused(
            "ecs",
            "CreateService",
            "InvalidParameterException",
            "The target group arn:x does not have an associated load balancer.",
        );
        assert_eq!(classify(&not_yet, &[]), Class::NotYet(None));
        let wrong = CallError::refused("ecs", "CreateService", "InvalidParameterException", "Invalid cpu");
        assert_eq!(classify(&wrong, &[]), Class::Refused);
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
        assert_eq!(classify(&exists, &[]), Class::Exists);
        assert_eq!(
            classify(&refused("[Invalid Resource Record]"), &[]),
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
        assert_eq!(classify(&quota, &[]), Class::Quota);
        assert_eq!(
            classify(
                &CallError::refused("ec2", "CreateVpc", "VpcLimitExceeded", ""),
                &[]
            ),
            Class::Quota
        );
        assert_eq!(
            classify(
                &CallError::refused("ec2", "CreateVpc", "RequestLimitExceeded", ""),
                &[]
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
        assert_eq!(classify(&error, &[]), Class::Unknown);
        assert_eq!(
            classify(
                &CallError::unknown("ec2", "CreateVpc", CallError::TIMEOUT, ""),
                &[]
            ),
            Class::Unknown
        );
    }
}
