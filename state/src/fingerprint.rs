//! Fingerprints of secrets: enough to see that a secret changed, and of no use without a key that is not in the state.
//!
//! HMAC-SHA256 over the address and field that the secret is for and the secret itself, so that equal secrets in two
//! places have different fingerprints and nobody can tell that they are equal.

use std::{fmt, path::Path, sync::Arc};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    disk::{Access, Folder as _, OpenFile, RealFolder, write_all},
    error::Error,
};

/// The key that fingerprints are made with. Kept outside of the state; never printed or serialised.
#[derive(Clone)]
pub struct FingerprintKey(Zeroizing<[u8; 32]>);

/// Fingerprint of a secret: `hmac-sha256:<which key>:<64 hex digits>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// Result of comparing a secret with a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The fingerprint was made of this secret.
    Same,
    /// The fingerprint was made of another secret.
    Changed,
    /// The fingerprint was made with another key, so that nobody can tell.
    OtherKey,
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(****)")
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FingerprintKey {
    /// The key with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key in 64 hex digits, as an environment variable in CI holds it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is something else.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut()).map_err(|_| Error::Invalid {
            what: "fingerprint key".to_owned(),
            why: "it is not 64 hex digits".to_owned(),
        })?;
        Ok(Self(bytes))
    }

    /// The key in the file at `path`, 64 hex digits. If the file is not there, it is made with a new key and mode
    /// 0600. People who work on one stack share it; with another key every secret looks as if nobody could tell.
    ///
    /// # Errors
    /// When the file can be neither read nor made, or holds something else.
    pub fn load_or_make(path: &Path) -> Result<Self, Error> {
        let failed = |doing| {
            move |source| Error::File {
                path: path.to_owned(),
                doing,
                source,
            }
        };
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let above = path
            .parent()
            .filter(|above| !above.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let folder = RealFolder::at(above);
        let read = |file: Arc<dyn OpenFile>| {
            let text = Zeroizing::new(file.read().map_err(failed("read the fingerprint key in"))?);
            Self::from_hex(&String::from_utf8_lossy(&text))
        };
        if let Some(file) = folder.open(name, Access::Read).map_err(failed("open"))? {
            return read(file);
        }
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).map_err(|source| Error::Random { source })?;
        let text = Zeroizing::new(format!("{}\n", hex::encode(*bytes)));
        folder.make().map_err(failed("make the folder of"))?;
        // Complete before it has its name, so that two who make it at once agree on one.
        let new = format!("{name}.{}", crate::lease::random_hex()?);
        let file = folder.create(&new).map_err(failed("create"))?;
        let written = write_all(&*file, 0, text.as_bytes()).and_then(|()| file.sync());
        written.map_err(failed("write"))?;
        let named = folder.link(&new, name).and_then(|()| folder.sync());
        let _ = folder.remove(&new);
        match named {
            Ok(()) => Ok(Self(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let file = folder.open(name, Access::Read).map_err(failed("open"))?;
                read(file.ok_or_else(|| failed("open")(std::io::ErrorKind::NotFound.into()))?)
            }
            Err(error) => Err(failed("write")(error)),
        }
    }

    /// The fingerprint of `secret` as the value of `field` at `address`.
    pub fn fingerprint(&self, address: &str, field: &str, secret: &[u8]) -> Fingerprint {
        let mac = hex::encode(self.mac(address, field, secret).finalize().into_bytes());
        Fingerprint(format!("hmac-sha256:{}:{mac}", self.name()))
    }

    /// Compares `secret` with `fingerprint`, in constant time.
    pub fn compare(
        &self,
        fingerprint: &Fingerprint,
        address: &str,
        field: &str,
        secret: &[u8],
    ) -> Comparison {
        let parts = fingerprint
            .0
            .strip_prefix("hmac-sha256:")
            .and_then(|rest| rest.split_once(':'));
        let Some((_, mac)) = parts.filter(|(name, _)| *name == self.name()) else {
            return Comparison::OtherKey;
        };
        let Ok(mac) = hex::decode(mac) else {
            return Comparison::Changed;
        };
        match self.mac(address, field, secret).verify_slice(&mac) {
            Ok(()) => Comparison::Same,
            Err(_) => Comparison::Changed,
        }
    }

    fn mac(&self, address: &str, field: &str, secret: &[u8]) -> Hmac<Sha256> {
        // A key shorter than the hash's block is padded with NUL bytes, by definition.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(self.0.as_slice());
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        // With their lengths, so that no two triples read the same.
        for part in [address.as_bytes(), field.as_bytes(), secret] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac
    }

    /// Says which key it is without saying anything about it that matters.
    fn name(&self) -> String {
        let digest = Sha256::new_with_prefix(b"tenon fingerprint key\0")
            .chain_update(self.0.as_slice())
            .finalize();
        hex::encode(&digest[..4])
    }
}
