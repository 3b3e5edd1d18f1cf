//! What a state is encrypted with: nothing, a passphrase, an age key, or a key of AWS KMS.
//!
//! A state has one key. Which one is said when a command is run, and never by the state.

use super::Global;
use crate::{error::CliError, run::Env};
use std::{
    env::{self, VarError},
    path::PathBuf,
    sync::Arc,
};
use tenon_state::{Backend, Identity};

/// The passphrase that the state is encrypted with.
const PASSPHRASE: &str = "TENON_STATE_PASSPHRASE";
/// The passphrase that the state is to be encrypted with.
const NEW_PASSPHRASE: &str = "TENON_STATE_NEW_PASSPHRASE";

/// What the state is to be encrypted with.
#[derive(clap::Args, Debug)]
pub(super) struct NewKey {
    /// Encrypt it with the age key in this file; with a passphrase, when that is in `TENON_STATE_NEW_PASSPHRASE`
    #[arg(long = "new-key-file", value_name = "FILE", help_heading = "The new key")]
    file: Option<PathBuf>,
    /// Encrypt it with this key of AWS KMS: its id, ARN, or `alias/NAME`
    #[arg(long = "new-kms-key", value_name = "KEY", help_heading = "The new key")]
    kms: Option<String>,
    /// Leave it in the clear
    #[arg(long, help_heading = "The new key")]
    decrypt: bool,
}

/// What a state is encrypted with.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "encryption"),
    expect(dead_code, reason = "only what encrypts looks inside")
)]
pub(super) enum Key {
    Clear,
    Passphrase(String),
    File(PathBuf),
    Kms(String),
}

impl Key {
    /// The one that the command line and the environment's variables give.
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
        Ok(one(given, "the state has one key")?.unwrap_or(Self::Clear))
    }

    /// The one that the state is to have from now on; none when none was said.
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
        one(given, "the state gets one key")
    }

    /// `place`, through what encrypts with this key.
    pub(super) async fn open(
        &self,
        global: &Global,
        env: &Env,
        identity: &Identity,
        place: Arc<dyn Backend>,
    ) -> Result<Arc<dyn Backend>, CliError> {
        self.before(global, env, identity, place, false).await
    }

    /// [`Key::open`] for a state that is to be written there: with a data key of its own.
    pub(super) async fn fresh(
        &self,
        global: &Global,
        env: &Env,
        identity: &Identity,
        place: Arc<dyn Backend>,
    ) -> Result<Arc<dyn Backend>, CliError> {
        self.before(global, env, identity, place, true).await
    }

    #[cfg(feature = "encryption")]
    async fn before(
        &self,
        global: &Global,
        env: &Env,
        identity: &Identity,
        place: Arc<dyn Backend>,
        fresh: bool,
    ) -> Result<Arc<dyn Backend>, CliError> {
        use tenon_state::AgeKey;
        match self {
            Self::Clear => Ok(place),
            Self::Passphrase(passphrase) => {
                sealed(place, AgeKey::passphrase(passphrase.clone()), fresh).await
            }
            Self::File(path) => sealed(place, AgeKey::from_file(path)?, fresh).await,
            Self::Kms(key) => sealed(place, kms_key(key, global, env, identity).await?, fresh).await,
        }
    }

    #[cfg(not(feature = "encryption"))]
    #[expect(clippy::unused_async, reason = "its other half waits for a key")]
    async fn before(
        &self,
        _: &Global,
        _: &Env,
        _: &Identity,
        place: Arc<dyn Backend>,
        _: bool,
    ) -> Result<Arc<dyn Backend>, CliError> {
        match self {
            Self::Clear => Ok(place),
            Self::Kms(_) => Err(super::backend::without(
                "to be encrypted with a key of AWS KMS",
                "kms",
            )),
            Self::Passphrase(_) | Self::File(_) => {
                Err(super::backend::without("to be encrypted", "encryption"))
            }
        }
    }

    /// How the state is kept with it, and what to give from now on; nothing secret.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Clear => "in the clear: give no key from now on".into(),
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

fn passphrase(variable: &str) -> Result<Option<Key>, CliError> {
    match env::var(variable) {
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(CliError::usage(format!(
            "{variable} is not UTF-8: give the passphrase in that, whatever the terminal's encoding is"
        ))),
        Ok(passphrase) if passphrase.is_empty() => Err(CliError::usage(format!(
            "{variable} is empty: unset it to leave the state as it is, or give it the passphrase"
        ))),
        Ok(passphrase) => Ok(Some(Key::Passphrase(passphrase))),
    }
}

fn kms(key: Option<&String>, option: &str) -> Result<Option<Key>, CliError> {
    match key {
        Some(key) if key.trim().is_empty() => Err(CliError::usage(format!(
            "{option} is empty: it takes the id, the ARN or the alias of a key, such as `alias/states`"
        ))),
        key => Ok(key.cloned().map(Key::Kms)),
    }
}

/// The one of these that was given.
fn one<const N: usize>(given: [(&str, Option<Key>); N], rule: &str) -> Result<Option<Key>, CliError> {
    let mut given = given.into_iter().filter_map(|(name, key)| Some((name, key?)));
    match (given.next(), given.next()) {
        (Some((first, _)), Some((second, _))) => Err(CliError::usage(format!(
            "{rule}: either {first} or {second}, not both"
        ))),
        (first, _) => Ok(first.map(|(_, key)| key)),
    }
}

#[cfg(feature = "encryption")]
async fn sealed(
    place: Arc<dyn Backend>,
    wrap: impl tenon_state::KeyWrap,
    fresh: bool,
) -> Result<Arc<dyn Backend>, CliError> {
    use tenon_state::Encrypted;
    Ok(Arc::new(if fresh {
        Encrypted::with_new_key(place, wrap).await?
    } else {
        Encrypted::new(place, wrap)
    }))
}

/// The key of KMS: over the connection that a state in S3 has, in the key's own region when its name is an ARN.
#[cfg(feature = "kms")]
async fn kms_key(
    key: &str,
    global: &Global,
    env: &Env,
    identity: &Identity,
) -> Result<tenon_state::KmsKey, CliError> {
    let own = key.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(2));
    let global = Global {
        region: own.map(ToOwned::to_owned).or_else(|| global.region.clone()),
        ..global.clone()
    };
    let aws = super::session::connect_aws(&global, env.region(), "the KMS key of the state").await?;
    Ok(tenon_state::KmsKey::new(aws.kms.clone(), key, identity))
}

#[cfg(all(feature = "encryption", not(feature = "kms")))]
#[expect(clippy::unused_async, reason = "its other half waits for AWS")]
async fn kms_key(_: &str, _: &Global, _: &Env, _: &Identity) -> Result<tenon_state::AgeKey, CliError> {
    Err(super::backend::without(
        "to be encrypted with a key of AWS KMS",
        "kms",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_keys_are_named_and_one_is_taken() {
        let file = || Some(Key::File("key".into()));
        let two = one([("a", file()), ("b", None), ("c", file())], "one key");
        assert_eq!(two.err().unwrap().what, "one key: either a or c, not both");
        assert!(matches!(
            one([("a", None), ("b", file())], "one key"),
            Ok(Some(Key::File(_)))
        ));
        assert!(matches!(one([("a", None)], "one key"), Ok(None)));
        assert!(kms(Some(&String::new()), "--state-kms-key").is_err());
        assert!(!Key::Passphrase("canary".into()).told().contains("canary"));
    }
}
