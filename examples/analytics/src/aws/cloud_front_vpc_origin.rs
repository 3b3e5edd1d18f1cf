//! `AWS::CloudFront::VpcOrigin`, from CloudFormation's schema. Written by `tenon add AWS::CloudFront::VpcOrigin`; `tenon add AWS::CloudFront::VpcOrigin --update` writes it anew.

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

/// An Amazon CloudFront VPC origin.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcOrigin(cfn::Properties);

impl VpcOrigin {
    /// With what AWS requires.
    pub fn new(vpc_origin_endpoint_config: VpcOriginEndpointConfig) -> Self {
        Self(cfn::Properties::new().set("VpcOriginEndpointConfig", vpc_origin_endpoint_config.0))
    }

    /// A complex type that contains zero or more `Tag` elements.
    #[must_use]
    pub fn tags(self, value: impl Into<value::Tags>) -> Self {
        Self(self.0.set("Tags", value.into()))
    }
}

/// Outputs of `AWS::CloudFront::VpcOrigin`.
#[derive(Clone, Debug)]
pub struct VpcOriginOutputs {
    /// The primary identifier: Id.
    pub id: value::Output<String>,
    /// `AccountId`, which the schema does not describe.
    pub account_id: value::Output<String>,
    /// `Arn`, which the schema does not describe.
    pub arn: value::Output<value::Arn>,
    /// `CreatedTime`, which the schema does not describe.
    pub created_time: value::Output<String>,
    /// `LastModifiedTime`, which the schema does not describe.
    pub last_modified_time: value::Output<String>,
    /// `Status`, which the schema does not describe.
    pub status: value::Output<String>,
}

impl cfn::Declare for VpcOrigin {
    type Refs = VpcOriginOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::CloudFront::VpcOrigin", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        VpcOriginOutputs {
            account_id: handle.get_as("AccountId"),
            arn: handle.get_as("Arn"),
            created_time: handle.get_as("CreatedTime"),
            last_modified_time: handle.get_as("LastModifiedTime"),
            status: handle.get_as("Status"),
            id: handle.id,
        }
    }
}

/// An Amazon CloudFront VPC origin endpoint configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcOriginEndpointConfig(cfn::Properties);

impl VpcOriginEndpointConfig {
    /// With what AWS requires.
    pub fn new(arn: impl IntoInput<String>, name: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Arn", arn.into_input())
                .set("Name", name.into_input()),
        )
    }

    /// The HTTP port for the CloudFront VPC origin endpoint configuration. The default value is
    /// `80`.
    #[must_use]
    pub fn http_port(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HTTPPort", value.into_input()))
    }

    /// The HTTPS port of the CloudFront VPC origin endpoint configuration. The default value is
    /// `443`.
    #[must_use]
    pub fn https_port(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HTTPSPort", value.into_input()))
    }

    /// `IpAddressType`, which the schema does not describe.
    #[must_use]
    pub fn ip_address_type(self, value: impl Into<IpAddressType>) -> Self {
        Self(self.0.set("IpAddressType", value.into().word()))
    }

    /// The origin protocol policy for the CloudFront VPC origin endpoint configuration.
    #[must_use]
    pub fn origin_protocol_policy(self, value: impl Into<OriginProtocolPolicy>) -> Self {
        Self(self.0.set("OriginProtocolPolicy", value.into().word()))
    }

    /// Specifies the minimum SSL/TLS protocol that CloudFront uses when connecting to your origin
    /// over HTTPS. Valid values include `SSLv3`, `TLSv1`, `TLSv1.1`, and `TLSv1.2`.
    #[must_use]
    pub fn origin_ssl_protocols(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "OriginSSLProtocols",
            values.into_iter().map(IntoInput::into_input),
        ))
    }
}

impl From<VpcOriginEndpointConfig> for cfn::Value {
    fn from(it: VpcOriginEndpointConfig) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpAddressType {
    /// `ipv4`
    Ipv4,
    /// `dualstack`
    Dualstack,
    /// Another word.
    Other(String),
}

impl IpAddressType {
    fn word(self) -> String {
        match self {
            Self::Ipv4 => "ipv4".into(),
            Self::Dualstack => "dualstack".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for IpAddressType {
    fn from(word: &str) -> Self {
        match word {
            "ipv4" => Self::Ipv4,
            "dualstack" => Self::Dualstack,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginProtocolPolicy {
    /// `http-only`
    HttpOnly,
    /// `https-only`
    HttpsOnly,
    /// `match-viewer`
    MatchViewer,
    /// Another word.
    Other(String),
}

impl OriginProtocolPolicy {
    fn word(self) -> String {
        match self {
            Self::HttpOnly => "http-only".into(),
            Self::HttpsOnly => "https-only".into(),
            Self::MatchViewer => "match-viewer".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for OriginProtocolPolicy {
    fn from(word: &str) -> Self {
        match word {
            "http-only" => Self::HttpOnly,
            "https-only" => Self::HttpsOnly,
            "match-viewer" => Self::MatchViewer,
            other => Self::Other(other.into()),
        }
    }
}
