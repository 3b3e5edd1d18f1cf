//! The cipher: XChaCha20-Poly1305 with a random nonce for each message.
//!
//! The context of a message (which snapshot or frame it is) is authenticated with it, so that a frame is not accepted
//! in the place of another, although both are encrypted with the same key.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};

use super::data_key::DataKey;
use crate::error::Error;

/// Length of a nonce in bytes; each message starts with its own.
const NONCE: usize = 24;

/// A data key in use.
pub(super) struct Unwrapped {
    pub(super) wrapped: Vec<u8>,
    cipher: XChaCha20Poly1305,
}

pub(super) fn frame_context(sequence: u64) -> String {
    format!("tenon frame {sequence}")
}

pub(super) const SNAPSHOT_CONTEXT: &str = "tenon state";

impl Unwrapped {
    pub(super) fn new(wrapped: Vec<u8>, key: &DataKey) -> Self {
        Self {
            wrapped,
            cipher: XChaCha20Poly1305::new(key.expose().into()),
        }
    }

    pub(super) fn encrypt(&self, context: &str, text: &[u8]) -> Result<String, Error> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|source| Error::Random { source })?;
        let ciphertext = self.cipher.encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: text,
                aad: context.as_bytes(),
            },
        );
        let ciphertext = ciphertext.map_err(|_| Error::Invalid {
            what: context.to_owned(),
            why: "it is too long to be encrypted".to_owned(),
        })?;
        Ok(STANDARD.encode([nonce.as_slice(), &ciphertext].concat()))
    }

    pub(super) fn decrypt(&self, context: &str, ciphertext: &str) -> Option<Vec<u8>> {
        let ciphertext = STANDARD.decode(ciphertext).ok()?;
        let (nonce, ciphertext) = ciphertext.split_first_chunk::<NONCE>()?;
        self.cipher
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: context.as_bytes(),
                },
            )
            .ok()
    }
}
