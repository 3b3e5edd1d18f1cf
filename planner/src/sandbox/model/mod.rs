//! AWS, as its documentation describes it: states, refusals, names, tokens, second creates.
//!
//! Each service has a file, each resource type an [`Entry`], each fact its source beside it. An entry is written from the
//! documentation of AWS alone. It never reads what a resource type of this program believes about AWS (its identity, its
//! delete calls, its rules for errors), so that a wrong or a missing belief shows as a failed call. It decides from the
//! members of calls, under the names that the SDK has for them, and from the calls that it accepted before.
//!
//! A registered type without an entry fails a test, and its calls are refused.

mod acm;
mod appscaling;
mod cidr;
mod cloudtrail;
mod cloudwatch;
mod durations;
mod ec2;
mod ecr;
mod ecs;
mod elb;
mod entry;
mod facts;
mod iam;
mod kms;
mod logs;
pub(super) mod lookups;
mod rds;
mod route53;
mod s3;
mod s3_settings;
mod secretsmanager;
mod sns;
mod sqs;
mod ssm;
#[cfg(test)]
mod tests;
mod view;

pub(super) use ecr::{EVERY, PUSHED};
pub(super) use ecs::{TURNED_BACK, alarmed, bakes, failing};
pub(super) use entry::Entry;
pub(super) use facts::{AT_ONCE, Absent, Id, Refusal, Repeat, Second, Stage, States, is_tag};
pub(super) use view::{Call, Verb, View, texts};

use facts::When;
use tenon_resources::cloud::Request;

/// The entries of every service.
const SERVICES: &[&[Entry]] = &[
    acm::TYPES,
    appscaling::TYPES,
    cloudtrail::TYPES,
    cloudwatch::TYPES,
    ec2::COMPUTE,
    ec2::NETWORK,
    ec2::PEERING,
    ec2::GATEWAYS,
    ec2::ROUTING,
    ec2::SECURITY,
    ecr::TYPES,
    ecs::TYPES,
    elb::TYPES,
    iam::TYPES,
    kms::TYPES,
    logs::TYPES,
    rds::TYPES,
    route53::TYPES,
    s3::TYPES,
    s3_settings::SETTINGS,
    secretsmanager::TYPES,
    sns::TYPES,
    sqs::TYPES,
    ssm::TYPES,
];

/// The entry of type `kind`.
pub(super) fn find(kind: &str) -> Option<&'static Entry> {
    SERVICES
        .iter()
        .copied()
        .flatten()
        .find(|entry| entry.kind == kind)
}

/// The code and message with which a call says that something it needs is not visible to it yet; `None` for calls that
/// need nothing.
pub(super) fn unseen(request: &Request<'_>) -> Option<(&'static str, &'static str)> {
    let call = Call {
        operation: request.operation,
        params: request.params,
        id: request.id,
    };
    let unseen = find(request.kind.name())?.unseen.iter();
    let mut needs = unseen.filter(|unseen| unseen.operation == call.operation && call.has(unseen.member));
    needs.next().map(|unseen| (unseen.code, unseen.message))
}

/// `true` if resources of a type are made and removed by calls.
pub(super) fn is_made(kind: &str) -> bool {
    find(kind).is_none_or(|entry| !entry.deletes.is_empty())
}

impl Entry {
    /// The effect of a call: create, change or delete.
    pub(super) fn verb(&self, call: &Call<'_>) -> Verb {
        let matches = |op: &facts::Op| {
            op.operation == call.operation
                && match op.when {
                    When::Always => true,
                    When::Is(path, text) => texts(call.params, path).contains(&text.to_owned()),
                    When::Unset(path) => !call.has(path),
                }
        };
        match () {
            () if self.deletes.iter().any(matches) => Verb::Delete,
            () if self.creates.iter().any(matches) => Verb::Create,
            () => Verb::Change,
        }
    }

    /// The answer of `call` while a role that it names is not known everywhere yet; `young` says which roles are not.
    pub(super) fn role_unseen(&self, call: &Call<'_>, young: impl Fn(&str) -> bool) -> Option<Refusal> {
        let needs = self
            .unseen
            .iter()
            .filter(|unseen| unseen.role && unseen.operation == call.operation);
        let unknown =
            |unseen: &&facts::Unseen| texts(call.params, unseen.member).iter().any(|text| young(text));
        needs.into_iter().find(unknown).map(|unseen| Refusal {
            code: unseen.code,
            message: unseen.message.into(),
        })
    }
}
