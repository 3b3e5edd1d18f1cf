//! `AWS::SecretsManager::Secret`, from CloudFormation's schema. Written by `tenon add AWS::SecretsManager::Secret`; `tenon add AWS::SecretsManager::Secret --update` writes it anew.

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

/// Creates a new secret. A *secret* can be a password, a set of credentials such as a user
/// name and password, an OAuth token, or other secret information that you store in an
/// encrypted form in Secrets Manager.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Secret(cfn::Properties);

impl Secret {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The description of the secret.
    #[must_use]
    pub fn description(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Description", value.into_input()))
    }

    /// A structure that specifies how to generate a password to encrypt and store in the secret.
    /// To include a specific string in the secret, use `SecretString` instead.
    #[must_use]
    pub fn generate_secret_string(self, value: GenerateSecretString) -> Self {
        Self(self.0.set("GenerateSecretString", value.0))
    }

    /// The ARN, key ID, or alias of the KMS key that Secrets Manager uses to encrypt the secret
    /// value in the secret. An alias is always prefixed by `alias/`, for example
    /// `alias/aws/secretsmanager`.
    #[must_use]
    pub fn kms_key_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("KmsKeyId", value.into_input()))
    }

    /// The name of the new secret. The secret name can contain ASCII letters, numbers, and the
    /// following characters: /_+=.@- Do not end your secret name with a hyphen followed by six
    /// characters.
    #[must_use]
    pub fn name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Name", value.into_input()))
    }

    /// A custom type that specifies a `Region` and the `KmsKeyId` for a replica secret.
    #[must_use]
    pub fn replica_regions(self, values: impl IntoIterator<Item = ReplicaRegion>) -> Self {
        Self(self.0.list("ReplicaRegions", values.into_iter().map(|v| v.0)))
    }

    /// The text to encrypt and store in the secret. We recommend you use a JSON structure of
    /// key/value pairs for your secret value.
    #[must_use]
    pub fn secret_string(self, value: value::Secret) -> Self {
        Self(self.0.set("SecretString", value))
    }

    /// A list of tags to attach to the secret.
    #[must_use]
    pub fn tags(self, value: impl Into<value::Tags>) -> Self {
        Self(self.0.set("Tags", value.into()))
    }

    /// The exact string that identifies the third-party partner that holds the external secret.
    /// For more information, see Managed external secret partners.
    #[must_use]
    pub fn r#type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Type", value.into_input()))
    }
}

/// Outputs of `AWS::SecretsManager::Secret`.
#[derive(Clone, Debug)]
pub struct SecretOutputs {
    /// The primary identifier: Id.
    pub id: value::Output<String>,
}

impl cfn::Declare for Secret {
    type Refs = SecretOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::SecretsManager::Secret", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        SecretOutputs { id: handle.id }
    }
}

/// Generates a random password. We recommend that you specify the maximum length and include
/// every character type that the system you are generating a password for can support.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GenerateSecretString(cfn::Properties);

impl GenerateSecretString {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// A string of the characters that you don't want in the password.
    #[must_use]
    pub fn exclude_characters(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ExcludeCharacters", value.into_input()))
    }

    /// Specifies whether to exclude lowercase letters from the password. If you don't include this
    /// switch, the password can contain lowercase letters.
    #[must_use]
    pub fn exclude_lowercase(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ExcludeLowercase", value.into_input()))
    }

    /// Specifies whether to exclude numbers from the password. If you don't include this switch,
    /// the password can contain numbers.
    #[must_use]
    pub fn exclude_numbers(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ExcludeNumbers", value.into_input()))
    }

    /// Specifies whether to exclude the following punctuation characters from the password: `! " #
    /// $ % & ' ( ) * + , - . / : ; ? @ \[ \ \] ^ _ ` { | } ~`.
    #[must_use]
    pub fn exclude_punctuation(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ExcludePunctuation", value.into_input()))
    }

    /// Specifies whether to exclude uppercase letters from the password. If you don't include this
    /// switch, the password can contain uppercase letters.
    #[must_use]
    pub fn exclude_uppercase(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("ExcludeUppercase", value.into_input()))
    }

    /// The JSON key name for the key/value pair, where the value is the generated password. This
    /// pair is added to the JSON structure specified by the `SecretStringTemplate` parameter.
    #[must_use]
    pub fn generate_string_key(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("GenerateStringKey", value.into_input()))
    }

    /// Specifies whether to include the space character. If you include this switch, the password
    /// can contain space characters.
    #[must_use]
    pub fn include_space(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("IncludeSpace", value.into_input()))
    }

    /// The length of the password. If you don't include this parameter, the default length is 32
    /// characters.
    #[must_use]
    pub fn password_length(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("PasswordLength", value.into_input()))
    }

    /// Specifies whether to include at least one upper and lowercase letter, one number, and one
    /// punctuation. If you don't include this switch, the password contains at least one of every
    /// character type.
    #[must_use]
    pub fn require_each_included_type(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("RequireEachIncludedType", value.into_input()))
    }

    /// A template that the generated string must match. When you make a change to this property, a
    /// new secret version is created.
    #[must_use]
    pub fn secret_string_template(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("SecretStringTemplate", value.into_input()))
    }
}

impl From<GenerateSecretString> for cfn::Value {
    fn from(it: GenerateSecretString) -> Self {
        it.0.into()
    }
}

/// Specifies a `Region` and the `KmsKeyId` for a replica secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaRegion(cfn::Properties);

impl ReplicaRegion {
    /// With what AWS requires.
    pub fn new(region: impl IntoInput<String>) -> Self {
        Self(cfn::Properties::new().set("Region", region.into_input()))
    }

    /// The ARN, key ID, or alias of the KMS key to encrypt the secret. If you don't include this
    /// field, Secrets Manager uses `aws/secretsmanager`.
    #[must_use]
    pub fn kms_key_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("KmsKeyId", value.into_input()))
    }
}

impl From<ReplicaRegion> for cfn::Value {
    fn from(it: ReplicaRegion) -> Self {
        it.0.into()
    }
}
