//! `AWS::IAM::InstanceProfile`, from CloudFormation's schema. Written by `tenon add AWS::IAM::InstanceProfile`; `tenon add AWS::IAM::InstanceProfile --update` writes it anew.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "written by a tool; a stack uses its own part"
)]

use tenon::resources::{
    cfn,
    value::{self, IntoInput},
};

/// Creates a new instance profile. For information about instance profiles, see Using instance
/// profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceProfile(cfn::Properties);

impl InstanceProfile {
    /// With what AWS requires.
    pub fn new(roles: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(cfn::Properties::new().list("Roles", roles.into_iter().map(IntoInput::into_input)))
    }

    /// The name of the instance profile to create. This parameter allows (through its regex
    /// pattern) a string of characters consisting of upper and lowercase alphanumeric characters
    /// with no spaces.
    #[must_use]
    pub fn instance_profile_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InstanceProfileName", value.into_input()))
    }

    /// The path to the instance profile. For more information about paths, see IAM Identifiers in
    /// the *IAM User Guide*.
    #[must_use]
    pub fn path(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Path", value.into_input()))
    }
}

/// Outputs of `AWS::IAM::InstanceProfile`.
#[derive(Clone, Debug)]
pub struct InstanceProfileOutputs {
    /// The primary identifier: InstanceProfileName.
    pub id: value::Output<String>,
    /// `Arn`, which the schema does not describe.
    pub arn: value::Output<value::Arn>,
}

impl cfn::Declare for InstanceProfile {
    type Refs = InstanceProfileOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::IAM::InstanceProfile", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        InstanceProfileOutputs {
            arn: handle.get_as("Arn"),
            id: handle.id,
        }
    }
}
