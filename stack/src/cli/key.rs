//! The key that a state is encrypted with: none, a passphrase, an age key, or a key of AWS KMS.
//!
//! A state has one key. Flags and variables name it; the state itself never does.

use super::{connect::AwsConfig, deployment::Deployment, options::Global};
use crate::error::CliError;
use std::{
    env::{self, VarError},
    path::PathBuf,
    sync::Arc,
};
use tenon_state::Backend;

/// The passphrase that the state is encrypted with.
const PASSPHRASE: &str = "TENON_STATE_PASSPHRASE";
/// `accept` opens a state whose data key is not signed, as earlier versions left it: for one `state rekey`.
#[cfg(feature = "encryption")]
const UNSIGNED: &str = "TENON_STATE_UNSIGNED_KEY";
/// The passphrase that the state is to be encrypted with.
const NEW_PASSPHRASE: &str = "TENON_STATE_NEW_PASSPHRASE";

/// Flags for the key that the state is to have from now on.
#[derive(clap::Args, Debug)]
pub(super) struct NewKey {
    /// File with the new age key; for a new passphrase, set `TENON_STATE_NEW_PASSPHRASE` instead
    #[arg(long = "new-key-file", value_name = "FILE", help_heading = "The new key")]
    file: Option<PathBuf>,
    /// New AWS KMS key: key id, ARN, or `alias/NAME`
    #[arg(long = "new-kms-key", value_name = "KEY", help_heading = "The new key")]
    kms: Option<String>,
    /// Store the state unencrypted
    #[arg(long, help_heading = "The new key")]
    decrypt: bool,
}

/// The key that a state is encrypted with, if any.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "encryption"),
    expect(dead_code, reason = "only what encrypts looks inside")
)]
pub(super) enum StateKey {
    Clear,
    Passphrase(String),
    File(PathBuf),
    Kms(String),
}

impl StateKey {
    /// The key that the command line and the environment's variables give.
    ///
    /// # Errors
    /// There are two, or an empty one.
    pub(super) fn current(global: &Global) -> Result<Self, CliError> {
        let given = [
            (PASSPHRASE, passphrase(PASSPHRASE)?),
            ("--state-key-file", global.state_key_file.clone().map(Self::File)),
            (
                "--state-kms-key",
                kms(global.state_kms_key.as_ref(), "--state-kms-key")?,
            ),
        ];
        Ok(exactly_one(given, "the state has one key")?.unwrap_or(Self::Clear))
    }

    /// The key that the state is to have from now on; `None` when no flag or variable gives one.
    ///
    /// # Errors
    /// There are two, or an empty one.
    pub(super) fn new(args: &NewKey) -> Result<Option<Self>, CliError> {
        let given = [
            (NEW_PASSPHRASE, passphrase(NEW_PASSPHRASE)?),
            ("--new-key-file", args.file.clone().map(Self::File)),
            ("--new-kms-key", kms(args.kms.as_ref(), "--new-kms-key")?),
            ("--decrypt", args.decrypt.then_some(Self::Clear)),
        ];
        exactly_one(given, "the state gets one key")
    }

    /// The backend that encrypts what goes through it with this key, in front of `raw`.
    pub(super) async fn open(
        &self,
        deployment: &Deployment<'_>,
        aws: &AwsConfig,
        raw: Arc<dyn Backend>,
    ) -> Result<Arc<dyn Backend>, CliError> {
        self.wrap(deployment, aws, raw, false).await
    }

    /// As [`open`](Self::open), for a state that is to be written there: with a data key of its own.
    pub(super) async fn create(
        &self,
        deployment: &Deployment<'_>,
        aws: &AwsConfig,
        raw: Arc<dyn Backend>,
    ) -> Result<Arc<dyn Backend>, CliError> {
        self.wrap(deployment, aws, raw, true).await
    }

    #[cfg(feature = "encryption")]
    async fn wrap(
        &self,
        deployment: &Deployment<'_>,
        aws: &AwsConfig,
        raw: Arc<dyn Backend>,
        new_data_key: bool,
    ) -> Result<Arc<dyn Backend>, CliError> {
        use tenon_state::AgeKey;
        match self {
            Self::Clear => Ok(raw),
            Self::Passphrase(passphrase) => {
                encrypted(raw, AgeKey::passphrase(passphrase.clone()), new_data_key).await
            }
            Self::File(path) => {
                let key = AgeKey::from_file(path)?;
                let unsigned = env::var(UNSIGNED).is_ok_and(|value| value == "accept");
                let key = if unsigned { key.accepting_unsigned() } else { key };
                encrypted(raw, key, new_data_key).await
            }
            Self::Kms(key) => encrypted(raw, kms_key(key, deployment, aws).await?, new_data_key).await,
        }
    }

    #[cfg(not(feature = "encryption"))]
    #[expect(clippy::unused_async, reason = "its other half waits for a key")]
    async fn wrap(
        &self,
        _: &Deployment<'_>,
        _: &AwsConfig,
        raw: Arc<dyn Backend>,
        _: bool,
    ) -> Result<Arc<dyn Backend>, CliError> {
        match self {
            Self::Clear => Ok(raw),
            Self::Kms(_) => Err(super::connect::missing_feature(
                "to be encrypted with a key of AWS KMS",
                "kms",
            )),
            Self::Passphrase(_) | Self::File(_) => {
                Err(super::connect::missing_feature("to be encrypted", "encryption"))
            }
        }
    }

    /// A description of how the state is kept with this key, and of the flag to give from now on; nothing secret.
    pub(super) fn usage_note(&self) -> String {
        match self {
            Self::Clear => "unencrypted: give no key from now on".into(),
            Self::Passphrase(_) => {
                format!("encrypted with the new passphrase: give it in {PASSPHRASE} from now on")
            }
            Self::File(path) => {
                let path = path.display();
                format!(
                    "encrypted with the age key in {path}: give `--state-key-file {path}`, or TENON_STATE_KEY_FILE, from now on"
                )
            }
            Self::Kms(key) => {
                format!(
                    "encrypted with the KMS key {key}: give `--state-kms-key {key}`, or TENON_STATE_KMS_KEY, from now on"
                )
            }
        }
    }
}

fn passphrase(variable: &str) -> Result<Option<StateKey>, CliError> {
    match env::var(variable) {
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(CliError::usage(format!(
            "{variable} is not UTF-8: give the passphrase in that, whatever the terminal's encoding is"
        ))),
        Ok(passphrase) if passphrase.is_empty() => Err(CliError::usage(format!(
            "{variable} is empty: unset it to leave the state as it is, or give it the passphrase"
        ))),
        Ok(passphrase) => Ok(Some(StateKey::Passphrase(passphrase))),
    }
}

fn kms(key: Option<&String>, option: &str) -> Result<Option<StateKey>, CliError> {
    match key {
        Some(key) if key.trim().is_empty() => Err(CliError::usage(format!(
            "{option} is empty: it takes the id, the ARN or the alias of a key, such as `alias/states`"
        ))),
        key => Ok(key.cloned().map(StateKey::Kms)),
    }
}

/// The key that was given, at most one.
fn exactly_one<const N: usize>(
    given: [(&str, Option<StateKey>); N],
    rule: &str,
) -> Result<Option<StateKey>, CliError> {
    let mut given = given.into_iter().filter_map(|(name, key)| Some((name, key?)));
    match (given.next(), given.next()) {
        (Some((first, _)), Some((second, _))) => Err(CliError::usage(format!(
            "{rule}: either {first} or {second}, not both"
        ))),
        (first, _) => Ok(first.map(|(_, key)| key)),
    }
}

#[cfg(feature = "encryption")]
async fn encrypted(
    raw: Arc<dyn Backend>,
    wrap: impl tenon_state::KeyWrap,
    new_data_key: bool,
) -> Result<Arc<dyn Backend>, CliError> {
    use tenon_state::Encrypted;
    Ok(Arc::new(if new_data_key {
        Encrypted::with_new_key(raw, wrap).await?
    } else {
        Encrypted::new(raw, wrap)
    }))
}

/// The key of KMS, in the region of its ARN; otherwise over the connection that the environment and a state in S3 have.
#[cfg(feature = "kms")]
async fn kms_key(
    key: &str,
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
) -> Result<tenon_state::KmsKey, CliError> {
    let what = "the KMS key of the state";
    let aws = match key.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(2)) {
        Some(region) => aws.connect_in(Some(region), what).await?,
        None => aws.connect(deployment.env.region(), what).await?,
    };
    Ok(tenon_state::KmsKey::new(
        aws.kms.clone(),
        key,
        &deployment.identity,
    ))
}

#[cfg(all(feature = "encryption", not(feature = "kms")))]
#[expect(clippy::unused_async, reason = "its other half waits for AWS")]
async fn kms_key(_: &str, _: &Deployment<'_>, _: &AwsConfig) -> Result<tenon_state::AgeKey, CliError> {
    Err(super::connect::missing_feature(
        "to be encrypted with a key of AWS KMS",
        "kms",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_keys_are_named_and_one_is_taken() {
        let file = || Some(StateKey::File("key".into()));
        let two = exactly_one([("a", file()), ("b", None), ("c", file())], "one key");
        assert_eq!(two.err().unwrap().message(), "one key: either a or c, not both");
        assert!(matches!(
            exactly_one([("a", None), ("b", file())], "one key"),
            Ok(Some(StateKey::File(_)))
        ));
        assert!(matches!(exactly_one([("a", None)], "one key"), Ok(None)));
        assert!(kms(Some(&String::new()), "--state-kms-key").is_err());
        assert!(
            !StateKey::Passphrase("canary".into())
                .usage_note()
                .contains("canary")
        );
    }
}
