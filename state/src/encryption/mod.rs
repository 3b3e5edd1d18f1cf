//! Encryption of a whole state: [`Encrypted`] wraps any backend and passes only ciphertext to it.
//!
//! A data key is generated once per state and stored with the snapshot, wrapped by a [`KeyWrap`]: a passphrase or an
//! age identity ([`AgeKey`]), a key of AWS KMS (`KmsKey`, feature `kms`), or another implementation. Snapshot and
//! frames are encrypted with the data key by XChaCha20-Poly1305, each with a random nonce and authenticated with its
//! frame number, so that a frame cannot be replaced by another. Opening a state costs one unwrapping, which for a
//! passphrase is slow on purpose; frames cost microseconds.
//!
//! Not hidden: number and size of frames, the holder of the lease, lineage and serial.

mod age_key;
mod cipher;
mod data_key;
#[cfg(feature = "kms")]
mod kms_key;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use self::cipher::{SNAPSHOT_CONTEXT, Unwrapped, frame_context};
#[cfg(feature = "kms")]
pub use self::kms_key::KmsKey;
pub use self::{
    age_key::AgeKey,
    data_key::{DataKey, KeyWrap},
};
use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
    snapshot::Snapshot,
};

const FORMAT: &str = "tenon-sealed";

/// A backend whose contents are encrypted.
pub struct Encrypted {
    inner: Arc<dyn Backend>,
    wrap: Box<dyn KeyWrap>,
    /// Wrapping to use from the next snapshot on.
    next: Option<Box<dyn KeyWrap>>,
    key: Mutex<Option<Arc<Unwrapped>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    version: u32,
    key: String,
    content: String,
}

impl Encrypted {
    /// The contents of `inner`, encrypted with a key that `wrap` keeps.
    pub fn new(inner: Arc<dyn Backend>, wrap: impl KeyWrap) -> Self {
        Self {
            inner,
            wrap: Box::new(wrap),
            next: None,
            key: Mutex::default(),
        }
    }

    /// The contents of `inner`, from the next snapshot on encrypted with a new data key that `wrap` wraps, however
    /// they are stored now. The key is generated at once, wrapped, and unwrapped again: a wrapping that cannot be
    /// undone would lose the state. The journal must be empty, because frames are encrypted with the key of the
    /// snapshot before them.
    ///
    /// # Errors
    /// When the key cannot be drawn, or does not open again.
    pub async fn with_new_key(inner: Arc<dyn Backend>, wrap: impl KeyWrap) -> Result<Self, Error> {
        let encrypted = Self::new(inner, wrap);
        let drawn = encrypted.wrap.draw().await;
        let (key, wrapped) = drawn.map_err(|why| encrypted.unusable(why))?;
        let opened = encrypted.wrap.unwrap(&wrapped).await;
        if opened.map_err(|why| encrypted.unusable(why))?.expose() != key.expose() {
            return Err(encrypted.wrong_key("the wrapped key does not unwrap to the same key"));
        }
        *encrypted.key() = Some(Arc::new(Unwrapped::new(wrapped, &key)));
        Ok(encrypted)
    }

    /// Wraps the data key with `wrap` from the next snapshot on: how a passphrase is changed. The data key stays the
    /// same, so that somebody who kept it can still read the state; [`rekey`](crate::rekey) generates a new one.
    #[must_use]
    pub fn rewrap_with(mut self, wrap: impl KeyWrap) -> Self {
        self.next = Some(Box::new(wrap));
        self
    }

    fn key(&self) -> MutexGuard<'_, Option<Arc<Unwrapped>>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrong_key(&self, why: &str) -> Error {
        Error::Encrypted {
            location: self.inner.location(),
            why: why.to_owned(),
        }
    }

    /// Converts an error of the key wrapping: an [`Error`] is passed on, any other means that this is not the key.
    fn unusable(&self, why: Box<dyn std::error::Error + Send + Sync>) -> Error {
        match why.downcast::<Error>() {
            Ok(error) => *error,
            Err(why) => self.wrong_key(&why.to_string()),
        }
    }

    /// The stored document; none when there is none.
    async fn document(&self) -> Result<Option<(Document, String)>, Error> {
        let Some(Stored { bytes, tag }) = self.inner.load().await? else {
            return Ok(None);
        };
        let document = match serde_json::from_slice::<Document>(&bytes) {
            Ok(document) if document.format == FORMAT => document,
            // It says itself what it is; a key was given, so a state in the clear may be somebody's trick.
            _ => match Snapshot::decode(&self.inner.location(), &bytes) {
                Ok(_) => {
                    let found = "it is not encrypted, and a key was given".to_owned();
                    return Err(Error::Foreign {
                        location: self.inner.location(),
                        found,
                    });
                }
                Err(Error::Encrypted { .. }) => {
                    return Err(Error::Damaged {
                        location: self.inner.location(),
                        why: "its frame does not fit".to_owned(),
                    });
                }
                Err(error) => return Err(error),
            },
        };
        if document.version != 1 {
            let (found, supported) = (u64::from(document.version), 1);
            return Err(Error::Newer {
                location: self.inner.location(),
                found,
                supported,
            });
        }
        Ok(Some((document, tag)))
    }

    /// The key of the stored document.
    async fn unwrap(&self, document: &Document) -> Result<Arc<Unwrapped>, Error> {
        let wrapped = STANDARD.decode(&document.key);
        let wrapped = wrapped.map_err(|error| self.wrong_key(&format!("its key is damaged ({error})")))?;
        if let Some(key) = self.key().as_ref().filter(|key| key.wrapped == wrapped) {
            return Ok(Arc::clone(key));
        }
        let key = match self.wrap.unwrap(&wrapped).await {
            Ok(key) => key,
            Err(first) => match &self.next {
                // Another process may have changed the passphrase to the new one already.
                Some(next) => next.unwrap(&wrapped).await.map_err(|_| self.unusable(first))?,
                None => return Err(self.unusable(first)),
            },
        };
        let key = Arc::new(Unwrapped::new(wrapped, &key));
        *self.key() = Some(Arc::clone(&key));
        Ok(key)
    }

    /// The key in use, that of the stored document, or a new one.
    async fn current(&self) -> Result<Arc<Unwrapped>, Error> {
        if let Some(key) = self.key().clone() {
            return Ok(key);
        }
        if let Some((document, _)) = self.document().await? {
            return self.unwrap(&document).await;
        }
        let wrap = self.next.as_ref().unwrap_or(&self.wrap);
        let (key, wrapped) = wrap.draw().await.map_err(|error| self.unusable(error))?;
        let key = Arc::new(Unwrapped::new(wrapped, &key));
        *self.key() = Some(Arc::clone(&key));
        Ok(key)
    }

    /// The key to save with, wrapped with `next` if there is one.
    async fn for_saving(&self) -> Result<Arc<Unwrapped>, Error> {
        let key = self.current().await?;
        let Some(next) = &self.next else { return Ok(key) };
        if next.unwrap(&key.wrapped).await.is_ok() {
            return Ok(key);
        }
        let data = self
            .wrap
            .unwrap(&key.wrapped)
            .await
            .map_err(|error| self.unusable(error))?;
        let wrapped = next.wrap(&data).await.map_err(|error| self.unusable(error))?;
        let key = Arc::new(Unwrapped::new(wrapped, &data));
        *self.key() = Some(Arc::clone(&key));
        Ok(key)
    }
}

impl Encrypted {
    /// The frames up to the first that does not open, and what is wrong with that.
    fn opened(&self, key: &Unwrapped, journal: &Journal) -> (Vec<String>, Option<Error>) {
        let first = journal
            .snapshot_ref
            .as_ref()
            .map_or(0, |snapshot_ref| snapshot_ref.sequence)
            + 1;
        let mut frames = Vec::with_capacity(journal.frames.len());
        for (frame, sequence) in journal.frames.iter().zip(first..) {
            let text = key
                .decrypt(&frame_context(sequence), frame)
                .and_then(|text| String::from_utf8(text).ok());
            let Some(text) = text else {
                let (location, at) = (self.inner.location(), format!("frame {sequence}"));
                let why = "it was not encrypted with the key of the state, or not as this frame".to_owned();
                return (frames, Some(Error::JournalDamaged { location, at, why }));
            };
            frames.push(text);
        }
        (frames, None)
    }
}

#[async_trait]
impl Backend for Encrypted {
    fn location(&self) -> String {
        self.inner.location()
    }

    fn fenced_by_frames(&self) -> bool {
        self.inner.fenced_by_frames()
    }

    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error> {
        self.inner.acquire(holder, terms).await
    }

    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error> {
        self.inner.renew(lease, terms).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        self.inner.release(lease).await
    }

    fn abandon(&self, lease: &Lease) {
        self.inner.abandon(lease);
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        self.inner.lease_status().await
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        self.inner.unlock().await
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        let Some(journal) = self.inner.read_journal().await? else {
            return Ok(None);
        };
        if journal.frames.is_empty() {
            return Ok(Some(journal));
        }
        // Frames without a snapshot cannot be decrypted. The caller loads the snapshot next, and reports that it is
        // missing.
        let Some((document, _)) = self.document().await? else {
            return Ok(Some(journal));
        };
        let key = self.unwrap(&document).await?;
        match self.opened(&key, &journal) {
            (frames, None) => Ok(Some(Journal { frames, ..journal })),
            (_, Some(problem)) => Err(problem),
        }
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        let Some((document, tag)) = self.document().await? else {
            return Ok(None);
        };
        let key = self.unwrap(&document).await?;
        let bytes = key.decrypt(SNAPSHOT_CONTEXT, &document.content);
        let bytes = bytes.ok_or_else(|| Error::Damaged {
            location: self.inner.location(),
            why: "its encrypted content was changed".to_owned(),
        })?;
        Ok(Some(Stored { bytes, tag }))
    }

    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        let key = self.for_saving().await?;
        let document = Document {
            format: FORMAT.to_owned(),
            version: 1,
            key: STANDARD.encode(&key.wrapped),
            content: key.encrypt(SNAPSHOT_CONTEXT, &bytes)?,
        };
        let mut text = serde_json::to_vec(&document).map_err(|source| Error::Json {
            what: "encrypted state",
            source,
        })?;
        text.push(b'\n');
        self.inner.save(lease, text, expected).await
    }

    async fn reserve(&self, lease: &Lease, bytes: u64) -> Result<(), Error> {
        // Four characters for three bytes.
        self.inner.reserve(lease, bytes.saturating_add(bytes / 3)).await
    }

    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        let encrypted = self
            .current()
            .await?
            .encrypt(&frame_context(sequence), frame.as_bytes())?;
        self.inner.append(lease, sequence, &encrypted).await
    }

    async fn reset_journal(&self, lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        self.inner.reset_journal(lease, snapshot_ref).await
    }

    async fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
        let (journal, problem) = self.inner.salvage_journal().await?;
        let Some(journal) = journal else {
            return Ok((None, problem));
        };
        let key = match self.document().await {
            Ok(Some((document, _))) => self.unwrap(&document).await,
            Ok(None) => return Ok((None, problem)),
            Err(error) => Err(error),
        };
        match key {
            Ok(key) => {
                let (frames, encrypted) = self.opened(&key, &journal);
                Ok((Some(Journal { frames, ..journal }), problem.or(encrypted)))
            }
            Err(error) => Ok((None, problem.or(Some(error)))),
        }
    }

    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        self.inner.move_to_backup(lease, suffix).await
    }
}
