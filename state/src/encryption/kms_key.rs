//! Keeping the data key with a symmetric key of AWS KMS.
//!
//! A new data key is drawn by `kms:GenerateDataKey` and opened by `kms:Decrypt`, both with the key named, so that what
//! another key wrapped is refused, and with an encryption context that says whose state it is for: `tenon:purpose` is
//! `state`, `tenon:stack` and `tenon:env` its stack and environment. A wrapped key that was put in front of another
//! state does not open there.
//!
//! Permissions, given by the key's policy, an IAM policy or a grant:
//!
//! - `kms:Decrypt` to read it;
//! - `kms:GenerateDataKey` to make one, to move one, and to change its key;
//! - `kms:Encrypt` to wrap an existing data key with this key ([`Encrypted::rewrap_with`](super::Encrypted)).
//!
//! Each can be narrowed to one state by the condition `kms:EncryptionContext:tenon:stack`; the context is not secret,
//! and AWS `CloudTrail` records it with each use of the key
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>).
//!
//! Not here: endpoint and credentials, which the client has; creating or rotating the key. KMS keeps old key material
//! when it rotates, so that what was wrapped before still opens. The SDK's own copies of a data key in a request or a
//! reply are not wiped from memory; ours are.

use std::{collections::HashMap, error::Error as StdError, fmt};

use async_trait::async_trait;
use aws_sdk_kms::{
    Client, Config,
    config::retry::RetryConfig,
    error::{ProvideErrorMetadata, SdkError},
    primitives::Blob,
    types::DataKeySpec,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::data_key::{DataKey, KeyWrap};
use crate::{error::Error, record::Identity};

/// A symmetric encryption key of AWS KMS that keeps the data key of one state.
///
/// ```no_run
/// # fn example(client: aws_sdk_kms::Client, folder: tenon_state::File) -> tenon_state::Encrypted {
/// use std::sync::Arc;
/// use tenon_state::{Identity, KmsKey, Encrypted};
///
/// let identity = Identity { stack: "shop".into(), env: "production".into() };
/// Encrypted::new(Arc::new(folder), KmsKey::new(client, "alias/states", &identity))
/// # }
/// ```
#[derive(Clone)]
pub struct KmsKey {
    client: Client,
    key: String,
    context: HashMap<String, String>,
}

impl fmt::Debug for KmsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KmsKey({})", self.key)
    }
}

type Failed = Box<dyn StdError + Send + Sync>;

impl KmsKey {
    /// The key with this id, ARN, alias (`alias/states`) or alias ARN, for the state of `identity`. Another account's
    /// key is named by an ARN. Nothing is asked yet.
    pub fn new(client: Client, key: impl Into<String>, identity: &Identity) -> Self {
        let context = [
            ("tenon:purpose", "state"),
            ("tenon:stack", &identity.stack),
            ("tenon:env", &identity.env),
        ];
        let context = context.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            client,
            key: key.into(),
            context: context.into(),
        }
    }

    /// Retry configuration of each call: retries are harmless, as none of the three operations changes anything.
    fn retrying() -> aws_sdk_kms::config::Builder {
        Config::builder().retry_config(RetryConfig::standard())
    }

    /// Converts an error of `operation`. The SDK's errors are not shown whole: their debug form may hold a reply, and a
    /// reply may hold the data key.
    fn failed<E, R>(&self, operation: &'static str, error: &SdkError<E, R>, secret: Option<&str>) -> Failed
    where
        E: StdError + ProvideErrorMetadata,
    {
        let Some(refused) = error.as_service_error() else {
            let why = match error {
                SdkError::TimeoutError(_) => "no answer came in time".to_owned(),
                SdkError::DispatchFailure(failure) => {
                    let inner = failure.as_connector_error().map(ToString::to_string);
                    inner.unwrap_or_else(|| "it could not be sent".to_owned())
                }
                SdkError::ResponseError(_) => "the answer could not be understood".to_owned(),
                _ => "the request could not be made: check the credentials and the region".to_owned(),
            };
            let remedy = "check that KMS can be reached, and run again";
            return Box::new(self.error(operation, why, remedy));
        };
        let code = refused.code().unwrap_or("an unnamed error");
        // A service may repeat what it was sent.
        let message = refused
            .message()
            .filter(|said| secret.is_none_or(|secret| !said.contains(secret)));
        let why = message.map_or_else(|| code.to_owned(), |said| format!("{code}: {said}"));
        let remedy = match code {
            "InvalidCiphertextException" | "IncorrectKeyException" => {
                let (stack, env) = (&self.context["tenon:stack"], &self.context["tenon:env"]);
                return format!(
                    "the KMS key {} says {why}: it was wrapped by another key, or not for stack {stack:?} in environment {env:?}",
                    self.key
                )
                .into();
            }
            "AccessDeniedException" => {
                format!("allow the action {operation} on it, in the key's policy or in yours")
            }
            "DisabledException" => "enable it, or give a copy of the state that another key opens".to_owned(),
            "KMSInvalidStateException" => {
                "if it is pending deletion, cancel that with kms:CancelKeyDeletion and enable it: once it is deleted, nothing opens the state".to_owned()
            }
            "NotFoundException" => {
                "check its name, and that it is in this account and region; another account's is named by its ARN".to_owned()
            }
            "InvalidKeyUsageException" => {
                "use a symmetric key for encryption: SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT".to_owned()
            }
            "KeyUnavailableException" | "DependencyTimeoutException" | "KMSInternalException"
            | "ThrottlingException" | "LimitExceededException" => "it passes: run again".to_owned(),
            _ => format!("check the key and the credentials; it needs {operation}"),
        };
        Box::new(self.error(operation, why, &remedy))
    }

    fn error(&self, operation: &'static str, why: String, remedy: &str) -> Error {
        Error::KeyService {
            key: format!("the KMS key {}", self.key),
            operation,
            why,
            remedy: remedy.to_owned(),
        }
    }

    fn key_of(&self, operation: &'static str, plaintext: Option<Blob>) -> Result<DataKey, Failed> {
        let bytes = Zeroizing::new(plaintext.map(Blob::into_inner).unwrap_or_default());
        let key = <[u8; 32]>::try_from(bytes.as_slice());
        let why = || format!("a key of {} bytes came, and 32 are expected", bytes.len());
        let remedy = "check that the endpoint is KMS";
        Ok(key
            .map(DataKey::new)
            .map_err(|_| self.error(operation, why(), remedy))?)
    }

    fn wrapped(&self, operation: &'static str, blob: Option<Blob>) -> Result<Vec<u8>, Failed> {
        let none = || {
            self.error(
                operation,
                "no wrapped key came".into(),
                "check that the endpoint is KMS",
            )
        };
        Ok(blob.map(Blob::into_inner).ok_or_else(none)?)
    }
}

#[async_trait]
impl KeyWrap for KmsKey {
    async fn draw(&self) -> Result<(DataKey, Vec<u8>), Failed> {
        const OPERATION: &str = "kms:GenerateDataKey";
        let request = self.client.generate_data_key().key_id(&self.key);
        let request = request
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(self.context.clone()));
        let reply = request.customize().config_override(Self::retrying()).send().await;
        let reply = reply.map_err(|error| self.failed(OPERATION, &error, None))?;
        let wrapped = self.wrapped(OPERATION, reply.ciphertext_blob)?;
        Ok((self.key_of(OPERATION, reply.plaintext)?, wrapped))
    }

    async fn wrap(&self, key: &DataKey) -> Result<Vec<u8>, Failed> {
        const OPERATION: &str = "kms:Encrypt";
        let request = self.client.encrypt().key_id(&self.key);
        let request = request
            .plaintext(Blob::new(key.expose().as_slice()))
            .set_encryption_context(Some(self.context.clone()));
        let reply = request.customize().config_override(Self::retrying()).send().await;
        let reply = reply.map_err(|error| {
            let secret = Zeroizing::new(STANDARD.encode(key.expose()));
            self.failed(OPERATION, &error, Some(&secret))
        })?;
        self.wrapped(OPERATION, reply.ciphertext_blob)
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, Failed> {
        const OPERATION: &str = "kms:Decrypt";
        let request = self.client.decrypt().key_id(&self.key);
        let request = request
            .ciphertext_blob(Blob::new(wrapped))
            .set_encryption_context(Some(self.context.clone()));
        let reply = request.customize().config_override(Self::retrying()).send().await;
        let reply = reply.map_err(|error| self.failed(OPERATION, &error, None))?;
        self.key_of(OPERATION, reply.plaintext)
    }
}
