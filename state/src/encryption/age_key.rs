//! Keeping the data key with age: by a passphrase, or by an identity such as `age-keygen` makes.

use std::{error::Error as StdError, fmt, path::Path, str::FromStr as _, sync::Arc};

use age::secrecy::SecretString;
use async_trait::async_trait;
use zeroize::Zeroizing;

use super::data_key::{DataKey, KeyWrap};
use crate::{
    disk::{Access, Folder as _, RealFolder},
    error::Error,
};

/// A passphrase or an age identity. Never printed.
#[derive(Clone)]
pub struct AgeKey(Kind);

#[derive(Clone)]
enum Kind {
    Passphrase(SecretString),
    Identity(Arc<age::x25519::Identity>),
}

impl fmt::Debug for AgeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeKey(****)")
    }
}

impl AgeKey {
    /// The key that `passphrase` stands for. Deriving it takes about a second, on purpose.
    pub fn passphrase(passphrase: String) -> Self {
        Self(Kind::Passphrase(SecretString::from(passphrase)))
    }

    /// A new identity. Keep [`AgeKey::identity_text`] of it.
    pub fn generate() -> Self {
        Self(Kind::Identity(Arc::new(age::x25519::Identity::generate())))
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
        Ok(Self(Kind::Identity(Arc::new(identity))))
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
        match &self.0 {
            Kind::Passphrase(_) => None,
            Kind::Identity(identity) => Some(identity.to_string()),
        }
    }
}

#[async_trait]
impl KeyWrap for AgeKey {
    async fn wrap(&self, key: &DataKey) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        let (kind, key) = (self.0.clone(), key.clone());
        let wrapped = tokio::task::spawn_blocking(move || match kind {
            Kind::Passphrase(passphrase) => {
                age::encrypt(&age::scrypt::Recipient::new(passphrase), key.expose())
            }
            Kind::Identity(identity) => age::encrypt(&identity.to_public(), key.expose()),
        });
        Ok(wrapped.await??)
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, Box<dyn StdError + Send + Sync>> {
        let (kind, wrapped) = (self.0.clone(), wrapped.to_vec());
        let key = tokio::task::spawn_blocking(move || match kind {
            Kind::Passphrase(passphrase) => age::decrypt(&age::scrypt::Identity::new(passphrase), &wrapped),
            Kind::Identity(identity) => age::decrypt(&*identity, &wrapped),
        });
        let key = Zeroizing::new(key.await??);
        let bytes = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| "the wrapped key has another length")?;
        Ok(DataKey::new(bytes))
    }
}
