//! Keeping the data key with age: by a passphrase, or by an identity such as `age-keygen` makes.
//!
//! age encrypts to an identity by its public half, which everybody may know: that it decrypts proves nothing about who wrote
//! it. So a wrapped key is signed with the secret half, and one without that signature is refused; otherwise whoever may
//! write the storage could put a whole state of his own there.

use std::{error::Error as StdError, fmt, path::Path, str::FromStr as _, sync::Arc};

use age::secrecy::{ExposeSecret as _, SecretString};
use async_trait::async_trait;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::data_key::{DataKey, KeyWrap};
use crate::{
    disk::{Access, Folder as _, RealFolder},
    error::Error,
};

/// A passphrase or an age identity. Never printed.
#[derive(Clone)]
pub struct AgeKey {
    kind: Kind,
    /// Takes wrapped keys without a signature, as earlier versions wrote them.
    unsigned: bool,
}

#[derive(Clone)]
enum Kind {
    Passphrase(SecretString),
    Identity(Arc<age::x25519::Identity>),
}

/// The beginning of a signed wrapped key; the signature and what age made follow.
const SIGNED: &[u8] = b"tenon-signed-v1\n";

/// The length of a signature, in bytes.
const SIGNATURE: usize = 32;

/// The reason why a wrapped key without a signature is refused.
const UNSIGNED: &str =
    "its data key is not signed: an earlier version wrote it, or somebody who knows the public key alone";

/// The code that only the identity's owner can compute for a wrapped key.
fn signature(identity: &age::x25519::Identity, wrapped: &[u8]) -> Hmac<Sha256> {
    let secret = identity.to_string();
    // A key for this alone: the identity's own is never used for two purposes.
    let mut key = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("any length");
    key.update(b"tenon: signing the data keys of states");
    let key = Zeroizing::new(<[u8; 32]>::from(key.finalize().into_bytes()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("any length");
    mac.update(wrapped);
    mac
}

impl fmt::Debug for AgeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeKey(****)")
    }
}

impl AgeKey {
    /// The key that `passphrase` stands for. Deriving it takes about a second, on purpose.
    pub fn passphrase(passphrase: String) -> Self {
        Self::of(Kind::Passphrase(SecretString::from(passphrase)))
    }

    fn of(kind: Kind) -> Self {
        let unsigned = false;
        Self { kind, unsigned }
    }

    /// The same key, which also opens states whose data key is not signed: those of earlier versions, and any that somebody
    /// made who knows the public key.
    #[must_use]
    pub fn accepting_unsigned(self) -> Self {
        let unsigned = true;
        Self { unsigned, ..self }
    }

    /// A new identity. Keep [`AgeKey::identity_text`] of it.
    pub fn generate() -> Self {
        Self::of(Kind::Identity(Arc::new(age::x25519::Identity::generate())))
    }

    /// The first identity in the text of a key file: a line `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// When there is none.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'));
        let identity = line.and_then(|line| age::x25519::Identity::from_str(line).ok());
        let identity = identity.ok_or_else(|| Error::Invalid {
            what: "age key".to_owned(),
            why: "it has no line AGE-SECRET-KEY-1…, as age-keygen writes it".to_owned(),
        })?;
        Ok(Self::of(Kind::Identity(Arc::new(identity))))
    }

    /// The first identity in a key file. Links are not followed.
    ///
    /// # Errors
    /// When the file cannot be read or has none.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File {
            path: path.to_owned(),
            doing: "read the key in",
            source,
        };
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let above = path
            .parent()
            .filter(|above| !above.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let file = RealFolder::at(above).open(name, Access::Read).map_err(failed)?;
        let file = file.ok_or_else(|| failed(std::io::ErrorKind::NotFound.into()))?;
        let text = Zeroizing::new(file.read().map_err(failed)?);
        Self::from_text(&String::from_utf8_lossy(&text))
    }

    /// The line for a key file; none for a passphrase.
    pub fn identity_text(&self) -> Option<SecretString> {
        match &self.kind {
            Kind::Passphrase(_) => None,
            Kind::Identity(identity) => Some(identity.to_string()),
        }
    }
}

#[async_trait]
impl KeyWrap for AgeKey {
    async fn wrap(&self, key: &DataKey) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        let (kind, key) = (self.kind.clone(), key.clone());
        let wrapped = tokio::task::spawn_blocking(move || match kind {
            Kind::Passphrase(passphrase) => {
                age::encrypt(&age::scrypt::Recipient::new(passphrase), key.expose())
            }
            Kind::Identity(identity) => {
                let wrapped = age::encrypt(&identity.to_public(), key.expose())?;
                let signature = signature(&identity, &wrapped).finalize().into_bytes();
                Ok([SIGNED, &signature, &wrapped].concat())
            }
        });
        Ok(wrapped.await??)
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, Box<dyn StdError + Send + Sync>> {
        let (kind, mut wrapped) = (self.kind.clone(), wrapped.to_vec());
        if let Kind::Identity(identity) = &kind {
            let signed = wrapped
                .strip_prefix(SIGNED)
                .and_then(<[u8]>::split_first_chunk::<SIGNATURE>);
            wrapped = match signed {
                Some((code, rest)) if signature(identity, rest).verify_slice(code).is_ok() => rest.to_vec(),
                Some(_) => return Err("its data key was not written with this key".into()),
                None if self.unsigned => wrapped,
                None => return Err(UNSIGNED.into()),
            };
        }
        let key = tokio::task::spawn_blocking(move || match kind {
            Kind::Passphrase(passphrase) => age::decrypt(&age::scrypt::Identity::new(passphrase), &wrapped),
            Kind::Identity(identity) => age::decrypt(&*identity, &wrapped),
        });
        let key = Zeroizing::new(key.await??);
        let bytes = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| "the wrapped key has another length")?;
        Ok(DataKey::new(bytes))
    }
}
