//! The place of the files: a bucket, or a folder.

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use std::path::PathBuf;
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
    /// The folder cannot be made, or read.
    #[error("ARCHIVE: the folder cannot be used")]
    Folder(#[source] std::io::Error),
}

/// The archive's files.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// The folder, when it is none of a bucket.
    folder: Option<PathBuf>,
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
                folder: Some(PathBuf::from(place)),
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
            folder: None,
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

    /// The keys of the files below `folder`, in no order.
    ///
    /// # Errors
    /// [`FileError::Store`].
    pub async fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let found = self.store.list(Some(&self.path(folder)));
        let keys = found.map_ok(|meta| {
            let parts = meta.location.parts().skip(self.prefix.parts().count());
            parts.collect::<Path>().to_string()
        });
        Ok(keys.try_collect().await?)
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

    /// Deletes files of a folder that a process which died has not finished; a bucket has none. Nobody else may write.
    ///
    /// # Errors
    /// [`FileError::Folder`].
    pub fn remove_unfinished(&self) -> Result<(), FileError> {
        let mut folders: Vec<PathBuf> = self.folder.iter().cloned().collect();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).map_err(FileError::Folder)? {
                let path = entry.map_err(FileError::Folder)?.path();
                let unfinished = path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().contains(".parquet#"));
                if path.is_dir() {
                    folders.push(path);
                } else if unfinished {
                    std::fs::remove_file(&path).map_err(FileError::Folder)?;
                }
            }
        }
        Ok(())
    }
}
