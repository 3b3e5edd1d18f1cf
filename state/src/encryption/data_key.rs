//! The data key of an encrypted state, and the trait that wraps it.

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::error::Error;

/// The key that a state is encrypted with. Never printed, wiped from memory when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// The key with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new random key.
    ///
    /// # Errors
    /// [`Error::Random`] when the system gives no random bytes.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).map_err(|source| Error::Random { source })?;
        Ok(Self(bytes))
    }

    /// The bytes of the key, for wrapping.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(****)")
    }
}

/// Wraps data keys: with a passphrase, a key pair, or a key service.
///
/// An error that is an [`Error`] is passed on as it is; any other is taken to say that this is not the key.
#[async_trait]
pub trait KeyWrap: Send + Sync + 'static {
    /// A new data key, plain and wrapped. Overridden by key services that generate the key themselves.
    ///
    /// # Errors
    /// When it cannot be drawn or wrapped.
    async fn draw(&self) -> Result<(DataKey, Vec<u8>), Box<dyn std::error::Error + Send + Sync>> {
        let key = DataKey::random()?;
        let wrapped = self.wrap(&key).await?;
        Ok((key, wrapped))
    }

    /// The data key, wrapped.
    ///
    /// # Errors
    /// When it cannot be wrapped.
    async fn wrap(&self, key: &DataKey) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

    /// The data key that was wrapped.
    ///
    /// # Errors
    /// When this is not what it was wrapped with.
    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, Box<dyn std::error::Error + Send + Sync>>;
}
