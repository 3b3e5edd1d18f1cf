//! `AWS::CloudFront::Function`, from CloudFormation's schema. Written by `tenon add AWS::CloudFront::Function`; `tenon add AWS::CloudFront::Function --update` writes it anew.

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

/// Creates a CF function. To create a function, you provide the function code and some
/// configuration information about the function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function(cfn::Properties);

impl Function {
    /// With what AWS requires.
    pub fn new(
        function_code: impl IntoInput<String>,
        function_config: FunctionConfig,
        name: impl IntoInput<String>,
    ) -> Self {
        Self(
            cfn::Properties::new()
                .set("FunctionCode", function_code.into_input())
                .set("FunctionConfig", function_config.0)
                .set("Name", name.into_input()),
        )
    }

    /// A flag that determines whether to automatically publish the function to the `LIVE` stage
    /// when it’s created. To automatically publish to the `LIVE` stage, set this property to
    /// `true`.
    #[must_use]
    pub fn auto_publish(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("AutoPublish", value.into_input()))
    }

    /// Contains metadata about a CloudFront function.
    #[must_use]
    pub fn function_metadata(self, value: FunctionMetadata) -> Self {
        Self(self.0.set("FunctionMetadata", value.0))
    }

    /// A complex type that contains zero or more `Tag` elements.
    #[must_use]
    pub fn tags(self, value: impl Into<value::Tags>) -> Self {
        Self(self.0.set("Tags", value.into()))
    }
}

/// Outputs of `AWS::CloudFront::Function`.
#[derive(Clone, Debug)]
pub struct FunctionOutputs {
    /// The primary identifier: FunctionARN.
    pub id: value::Output<String>,
    /// `FunctionARN`, which the schema does not describe.
    pub function_arn: value::Output<String>,
    /// The Amazon Resource Name (ARN) of the function. The ARN uniquely identifies the function.
    pub function_metadata_function_arn: value::Output<String>,
    /// `Stage`, which the schema does not describe.
    pub stage: value::Output<String>,
}

impl cfn::Declare for Function {
    type Refs = FunctionOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::CloudFront::Function", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        FunctionOutputs {
            function_arn: handle.get_as("FunctionARN"),
            function_metadata_function_arn: handle.get_as("FunctionMetadata.FunctionARN"),
            stage: handle.get_as("Stage"),
            id: handle.id,
        }
    }
}

/// The key value store association.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyValueStoreAssociation(cfn::Properties);

impl KeyValueStoreAssociation {
    /// With what AWS requires.
    pub fn new(key_value_store_arn: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("KeyValueStoreARN", key_value_store_arn.into_input()))
    }
}

impl From<KeyValueStoreAssociation> for cfn::Value {
    fn from(it: KeyValueStoreAssociation) -> Self {
        it.0.into()
    }
}

/// Contains configuration information about a CloudFront function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionConfig(cfn::Properties);

impl FunctionConfig {
    /// With what AWS requires.
    pub fn new(comment: impl IntoInput<String>, runtime: impl Into<Runtime>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Comment", comment.into_input())
                .set("Runtime", runtime.into().word()),
        )
    }

    /// The configuration for the key value store associations.
    #[must_use]
    pub fn key_value_store_associations(
        self,
        values: impl IntoIterator<Item = KeyValueStoreAssociation>,
    ) -> Self {
        Self(
            self.0
                .list("KeyValueStoreAssociations", values.into_iter().map(|v| v.0)),
        )
    }
}

impl From<FunctionConfig> for cfn::Value {
    fn from(it: FunctionConfig) -> Self {
        it.0.into()
    }
}

/// Contains metadata about a CloudFront function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FunctionMetadata(cfn::Properties);

impl FunctionMetadata {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }
}

impl From<FunctionMetadata> for cfn::Value {
    fn from(it: FunctionMetadata) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// `cloudfront-js-1.0`
    CloudfrontJs10,
    /// `cloudfront-js-2.0`
    CloudfrontJs20,
    /// Another word.
    Other(String),
}

impl Runtime {
    fn word(self) -> String {
        match self {
            Self::CloudfrontJs10 => "cloudfront-js-1.0".into(),
            Self::CloudfrontJs20 => "cloudfront-js-2.0".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Runtime {
    fn from(word: &str) -> Self {
        match word {
            "cloudfront-js-1.0" => Self::CloudfrontJs10,
            "cloudfront-js-2.0" => Self::CloudfrontJs20,
            other => Self::Other(other.into()),
        }
    }
}
