//! `AWS::SSM::Document`, from CloudFormation's schema. Written by `tenon add AWS::SSM::Document`; `tenon add AWS::SSM::Document --update` writes it anew.

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

/// The AWS::SSM::Document resource is an SSM document in AWS Systems Manager that defines the
/// actions that Systems Manager performs, which can be used to set up and run commands on your
/// instances.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(cfn::Properties);

impl Document {
    /// With what AWS requires.
    pub fn new(content: impl Into<cfn::Value>) -> Self {
        Self(cfn::Properties::new().set("Content", content.into()))
    }

    /// A list of key and value pairs that describe attachments to a version of a document.
    #[must_use]
    pub fn attachments(self, values: impl IntoIterator<Item = AttachmentsSource>) -> Self {
        Self(self.0.list("Attachments", values.into_iter().map(|v| v.0)))
    }

    /// Specify the document format for the request. The document format can be either JSON or
    /// YAML.
    #[must_use]
    pub fn document_format(self, value: impl Into<DocumentFormat>) -> Self {
        Self(self.0.set("DocumentFormat", value.into().word()))
    }

    /// The type of document to create.
    #[must_use]
    pub fn document_type(self, value: impl Into<DocumentType>) -> Self {
        Self(self.0.set("DocumentType", value.into().word()))
    }

    /// A name for the Systems Manager document.
    #[must_use]
    pub fn name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Name", value.into_input()))
    }

    /// A list of SSM documents required by a document. For example, an ApplicationConfiguration
    /// document requires an ApplicationConfigurationSchema document.
    #[must_use]
    pub fn requires(self, values: impl IntoIterator<Item = DocumentRequires>) -> Self {
        Self(self.0.list("Requires", values.into_iter().map(|v| v.0)))
    }

    /// Optional metadata that you assign to a resource. Tags enable you to categorize a resource
    /// in different ways, such as by purpose, owner, or environment.
    #[must_use]
    pub fn tags(self, value: impl Into<value::Tags>) -> Self {
        Self(self.0.set("Tags", value.into()))
    }

    /// Specify a target type to define the kinds of resources the document can run on.
    #[must_use]
    pub fn target_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("TargetType", value.into_input()))
    }

    /// Update method - when set to 'Replace', the update will replace the existing document; when
    /// set to 'NewVersion', the update will create a new version.
    #[must_use]
    pub fn update_method(self, value: impl Into<UpdateMethod>) -> Self {
        Self(self.0.set("UpdateMethod", value.into().word()))
    }

    /// An optional field specifying the version of the artifact you are creating with the
    /// document. This value is unique across all versions of a document, and cannot be changed.
    #[must_use]
    pub fn version_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("VersionName", value.into_input()))
    }
}

/// Outputs of `AWS::SSM::Document`.
#[derive(Clone, Debug)]
pub struct DocumentOutputs {
    /// The primary identifier: Name.
    pub id: value::Output<String>,
}

impl cfn::Declare for Document {
    type Refs = DocumentOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::SSM::Document", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        DocumentOutputs { id: handle.id }
    }
}

/// `AttachmentsSource`, which the schema does not describe.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttachmentsSource(cfn::Properties);

impl AttachmentsSource {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The key of a key-value pair that identifies the location of an attachment to a document.
    #[must_use]
    pub fn key(self, value: impl Into<Key>) -> Self {
        Self(self.0.set("Key", value.into().word()))
    }

    /// The name of the document attachment file.
    #[must_use]
    pub fn name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Name", value.into_input()))
    }

    /// The value of a key-value pair that identifies the location of an attachment to a document.
    /// The format for Value depends on the type of key you specify.
    #[must_use]
    pub fn values(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("Values", values.into_iter().map(IntoInput::into_input)),
        )
    }
}

impl From<AttachmentsSource> for cfn::Value {
    fn from(it: AttachmentsSource) -> Self {
        it.0.into()
    }
}

/// `DocumentRequires`, which the schema does not describe.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentRequires(cfn::Properties);

impl DocumentRequires {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The name of the required SSM document. The name can be an Amazon Resource Name (ARN).
    #[must_use]
    pub fn name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Name", value.into_input()))
    }

    /// The document version required by the current document.
    #[must_use]
    pub fn version(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Version", value.into_input()))
    }
}

impl From<DocumentRequires> for cfn::Value {
    fn from(it: DocumentRequires) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// `SourceUrl`
    SourceUrl,
    /// `S3FileUrl`
    S3FileUrl,
    /// `AttachmentReference`
    AttachmentReference,
    /// Another word.
    Other(String),
}

impl Key {
    fn word(self) -> String {
        match self {
            Self::SourceUrl => "SourceUrl".into(),
            Self::S3FileUrl => "S3FileUrl".into(),
            Self::AttachmentReference => "AttachmentReference".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Key {
    fn from(word: &str) -> Self {
        match word {
            "SourceUrl" => Self::SourceUrl,
            "S3FileUrl" => Self::S3FileUrl,
            "AttachmentReference" => Self::AttachmentReference,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    /// `YAML`
    Yaml,
    /// `JSON`
    Json,
    /// `TEXT`
    Text,
    /// Another word.
    Other(String),
}

impl DocumentFormat {
    fn word(self) -> String {
        match self {
            Self::Yaml => "YAML".into(),
            Self::Json => "JSON".into(),
            Self::Text => "TEXT".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for DocumentFormat {
    fn from(word: &str) -> Self {
        match word {
            "YAML" => Self::Yaml,
            "JSON" => Self::Json,
            "TEXT" => Self::Text,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// `ApplicationConfiguration`
    ApplicationConfiguration,
    /// `ApplicationConfigurationSchema`
    ApplicationConfigurationSchema,
    /// `Automation`
    Automation,
    /// `Automation.ChangeTemplate`
    AutomationChangeTemplate,
    /// `AutoApprovalPolicy`
    AutoApprovalPolicy,
    /// `ChangeCalendar`
    ChangeCalendar,
    /// `CloudFormation`
    CloudFormation,
    /// `Command`
    Command,
    /// `DeploymentStrategy`
    DeploymentStrategy,
    /// `ManualApprovalPolicy`
    ManualApprovalPolicy,
    /// `Package`
    Package,
    /// `Policy`
    Policy,
    /// `ProblemAnalysis`
    ProblemAnalysis,
    /// `ProblemAnalysisTemplate`
    ProblemAnalysisTemplate,
    /// `Session`
    Session,
    /// Another word.
    Other(String),
}

impl DocumentType {
    fn word(self) -> String {
        match self {
            Self::ApplicationConfiguration => "ApplicationConfiguration".into(),
            Self::ApplicationConfigurationSchema => "ApplicationConfigurationSchema".into(),
            Self::Automation => "Automation".into(),
            Self::AutomationChangeTemplate => "Automation.ChangeTemplate".into(),
            Self::AutoApprovalPolicy => "AutoApprovalPolicy".into(),
            Self::ChangeCalendar => "ChangeCalendar".into(),
            Self::CloudFormation => "CloudFormation".into(),
            Self::Command => "Command".into(),
            Self::DeploymentStrategy => "DeploymentStrategy".into(),
            Self::ManualApprovalPolicy => "ManualApprovalPolicy".into(),
            Self::Package => "Package".into(),
            Self::Policy => "Policy".into(),
            Self::ProblemAnalysis => "ProblemAnalysis".into(),
            Self::ProblemAnalysisTemplate => "ProblemAnalysisTemplate".into(),
            Self::Session => "Session".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for DocumentType {
    fn from(word: &str) -> Self {
        match word {
            "ApplicationConfiguration" => Self::ApplicationConfiguration,
            "ApplicationConfigurationSchema" => Self::ApplicationConfigurationSchema,
            "Automation" => Self::Automation,
            "Automation.ChangeTemplate" => Self::AutomationChangeTemplate,
            "AutoApprovalPolicy" => Self::AutoApprovalPolicy,
            "ChangeCalendar" => Self::ChangeCalendar,
            "CloudFormation" => Self::CloudFormation,
            "Command" => Self::Command,
            "DeploymentStrategy" => Self::DeploymentStrategy,
            "ManualApprovalPolicy" => Self::ManualApprovalPolicy,
            "Package" => Self::Package,
            "Policy" => Self::Policy,
            "ProblemAnalysis" => Self::ProblemAnalysis,
            "ProblemAnalysisTemplate" => Self::ProblemAnalysisTemplate,
            "Session" => Self::Session,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateMethod {
    /// `Replace`
    Replace,
    /// `NewVersion`
    NewVersion,
    /// Another word.
    Other(String),
}

impl UpdateMethod {
    fn word(self) -> String {
        match self {
            Self::Replace => "Replace".into(),
            Self::NewVersion => "NewVersion".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for UpdateMethod {
    fn from(word: &str) -> Self {
        match word {
            "Replace" => Self::Replace,
            "NewVersion" => Self::NewVersion,
            other => Self::Other(other.into()),
        }
    }
}
