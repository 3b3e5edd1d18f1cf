//! Lookups: what exists already and is not this stack's, found by what a program knows of it.
//!
//! A lookup is data in the declaration. The engine reads it before it decides; the plan shows what it found, and whoever applies the
//! plan later finds the same, or nothing is done. One kind is one file here, one line in [`LOOKUPS`], and one entry in the
//! sandbox's model.

mod ami;
mod availability_zones;
mod caller;
mod certificate;
mod cloudfront_policy;
mod elb_account;
mod hosted_zone;
mod iam_policy;
mod iam_role;
mod image;
mod kind;
mod kms_alias;
mod parameter;
mod prefix_list;
mod query;
mod secret;
mod security_group;
mod stack_output;
mod subnet;
mod vpc;

pub use crate::{cloud::Candidate, resource::LookupKind};
pub use ami::{Ami, AmiFound, AmiId, AmiRefs};
pub use availability_zones::{AvailabilityZones, AvailabilityZonesFound, AvailabilityZonesRefs};
pub use caller::{CallerFound, CallerIdentity, CallerRefs};
pub use certificate::{Certificate, CertificateFound, CertificateFoundRefs};
pub use cloudfront_policy::{
    CloudFrontPolicy, CloudFrontPolicyFound, CloudFrontPolicyId, CloudFrontPolicyRefs,
};
pub use elb_account::{ElbAccount, ElbAccountFound, ElbAccountRefs};
pub use hosted_zone::HostedZone;
pub use iam_policy::{IamPolicy, IamPolicyFound, IamPolicyRefs};
pub use iam_role::IamRole;
pub use image::{Image, ImageFound, ImageRefs};
#[cfg(feature = "aws")]
pub(crate) use kind::each_lookup;
pub use kind::{Erased, LOOKUPS, find, text};
pub use kms_alias::{KmsAlias, KmsAliasFound, KmsAliasRefs};
pub use parameter::{Parameter, ParameterFound, ParameterFoundRefs};
pub use prefix_list::{PrefixList, PrefixListFound, PrefixListRefs};
pub(crate) use query::glob;
pub use query::{Lookup, fill, is_in, matches, name_of, resource};
pub use secret::Secret;
pub use security_group::SecurityGroup;
pub use stack_output::{StackOutput, StackOutputFound, StackOutputRefs};
pub use subnet::{Subnet, Subnets};
pub use vpc::Vpc;
