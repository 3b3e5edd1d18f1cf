//! The place of the files: a bucket, or a folder.

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use std::sync::Arc;

/// A failure of the archive's place.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The place is neither a folder nor a bucket.
    #[error("ARCHIVE: {0:?} is neither a folder nor s3://bucket/prefix")]
    Place(String),
    /// The place does not answer, or refuses.
    #[error("the archive's place fails")]
    Store(#[from] object_store::Error),
    /// The folder cannot be made.
    #[error("ARCHIVE: cannot make the folder")]
    Folder(#[source] std::io::Error),
}

/// The archive's files.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Files {
    /// Opens `place`: a folder, which is made, or `s3://bucket/prefix`, whose region and credentials come from where AWS's
    /// own clients take them.
    ///
    /// # Errors
    /// [`FileError`] when the place cannot be used.
    pub fn open(place: &str, endpoint: Option<&str>) -> Result<Self, FileError> {
        let Some(bucket) = place.strip_prefix("s3://") else {
            if place.contains("://") || place.is_empty() {
                return Err(FileError::Place(place.to_owned()));
            }
            std::fs::create_dir_all(place).map_err(FileError::Folder)?;
            return Ok(Self {
                store: Arc::new(LocalFileSystem::new_with_prefix(place)?.with_fsync(true)),
                prefix: Path::default(),
            });
        };
        // The client takes whichever implementation of TLS the process has chosen; a second choice changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(true);
        }
        Ok(Self {
            store: Arc::new(builder.build()?),
            prefix: Path::from(prefix),
        })
    }

    fn path(&self, key: &str) -> Path {
        let key = Path::from(key);
        self.prefix.parts().chain(key.parts()).collect()
    }

    /// Writes a file that does not exist yet. One that does is left as it is: its name has the hash of its content.
    ///
    /// # Errors
    /// [`FileError::Store`].
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), FileError> {
        let options = PutOptions::from(PutMode::Create);
        match self.store.put_opts(&self.path(key), bytes.into(), options).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a file; `None` when there is none.
    ///
    /// # Errors
    /// [`FileError::Store`].
    pub async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        match self.store.get(&self.path(key)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a file, if there is one.
    ///
    /// # Errors
    /// [`FileError::Store`].
    pub async fn delete(&self, key: &str) -> Result<(), FileError> {
        match self.store.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
