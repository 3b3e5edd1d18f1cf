//! `AWS::CloudFront::OriginAccessControl`, from CloudFormation's schema. Written by `tenon add AWS::CloudFront::OriginAccessControl`; `tenon add AWS::CloudFront::OriginAccessControl --update` writes it anew.

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

/// Creates a new origin access control in CloudFront. After you create an origin access
/// control, you can add it to an origin in a CloudFront distribution so that CloudFront sends
/// authenticated (signed) requests to the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginAccessControl(cfn::Properties);

impl OriginAccessControl {
    /// With what AWS requires.
    pub fn new(origin_access_control_config: OriginAccessControlConfig) -> Self {
        Self(cfn::Properties::new().set("OriginAccessControlConfig", origin_access_control_config.0))
    }
}

/// Outputs of `AWS::CloudFront::OriginAccessControl`.
#[derive(Clone, Debug)]
pub struct OriginAccessControlOutputs {
    /// The primary identifier: Id.
    pub id: value::Output<String>,
}

impl cfn::Declare for OriginAccessControl {
    type Refs = OriginAccessControlOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::CloudFront::OriginAccessControl", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        OriginAccessControlOutputs { id: handle.id }
    }
}

/// Creates a new origin access control in CloudFront. After you create an origin access
/// control, you can add it to an origin in a CloudFront distribution so that CloudFront sends
/// authenticated (signed) requests to the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginAccessControlConfig(cfn::Properties);

impl OriginAccessControlConfig {
    /// With what AWS requires.
    pub fn new(
        name: impl IntoInput<String>,
        origin_access_control_origin_type: impl IntoInput<String>,
        signing_behavior: impl IntoInput<String>,
        signing_protocol: impl IntoInput<String>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("Name", name.into_input())
                .set(
                    "OriginAccessControlOriginType",
                    origin_access_control_origin_type.into_input(),
                )
                .set("SigningBehavior", signing_behavior.into_input())
                .set("SigningProtocol", signing_protocol.into_input()),
        )
    }

    /// A description of the origin access control.
    #[must_use]
    pub fn description(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Description", value.into_input()))
    }
}

impl From<OriginAccessControlConfig> for cfn::Value {
    fn from(it: OriginAccessControlConfig) -> Self {
        it.0.into()
    }
}
