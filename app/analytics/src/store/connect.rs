//! The connection to MongoDB, and the collections' indexes.

use crate::settings::Mongo;
use mongodb::bson::doc;
use mongodb::bson::raw::RawDocumentBuf;
use mongodb::error::ErrorKind;
use mongodb::options::{ClientOptions, Tls, TlsOptions, WriteConcern};
use mongodb::{Client, Collection, Database, IndexModel};
use std::time::Duration;

/// The store's failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URI is not one of MongoDB. It is never repeated: it has a password.
    #[error("MONGODB_URI is not a URI such as mongodb://user:password@host:27017/")]
    Uri,
    /// MongoDB does not answer, or refuses.
    #[error("MongoDB does not take what it is given")]
    Mongo(#[from] mongodb::error::Error),
    /// A document that is none of an event.
    #[error("a document of `events` cannot be read; its _id is {0}")]
    Document(String),
}

/// The hot store.
#[derive(Clone)]
pub struct Store {
    pub(super) database: Database,
    pub(super) events: Collection<RawDocumentBuf>,
}

impl Store {
    /// Connects, without waiting for an answer.
    ///
    /// # Errors
    /// [`Error::Uri`] for a URI that is none.
    pub async fn connect(settings: &Mongo) -> Result<Self, Error> {
        let mut options = ClientOptions::parse(settings.uri.expose())
            .await
            .map_err(|_| Error::Uri)?;
        options.app_name = Some("analytics".to_owned());
        options.server_selection_timeout = Some(Duration::from_secs(5));
        options.connect_timeout = Some(Duration::from_secs(5));
        options.max_pool_size = Some(32);
        // DocumentDB knows no retryable writes; here every write may be repeated anyway.
        options.retry_writes = Some(false);
        let journaled = WriteConcern::builder()
            .w(mongodb::options::Acknowledgment::Majority)
            .journal(true)
            .build();
        options.write_concern = Some(journaled);
        if let Some(ca) = &settings.ca {
            options.tls = Some(Tls::Enabled(
                TlsOptions::builder().ca_file_path(ca.clone()).build(),
            ));
        }
        let database = Client::with_options(options)?.database(&settings.database);
        let events = database.collection("events");
        Ok(Self { database, events })
    }

    /// Returns when MongoDB answers.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn ping(&self) -> Result<(), Error> {
        self.database.run_command(doc! { "ping": 1 }).await?;
        Ok(())
    }

    /// Waits until MongoDB answers and creates the indexes.
    ///
    /// # Errors
    /// The last error after `patience`.
    pub async fn prepare(&self, patience: Duration) -> Result<(), Error> {
        let begun = tokio::time::Instant::now();
        loop {
            match self.create_indexes().await {
                Ok(()) => return Ok(()),
                Err(error) if begun.elapsed() < patience => {
                    tracing::warn!(error = %service::error::chain(&error), "MongoDB does not answer yet");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn create_indexes(&self) -> Result<(), Error> {
        let index = |keys| IndexModel::builder().keys(keys).build();
        let indexes = [
            index(doc! { "si": 1, "st": 1 }),
            index(doc! { "si": 1, "v": 1, "t": 1 }),
        ];
        self.events.create_indexes(indexes).await?;
        let week = mongodb::options::IndexOptions::builder()
            .expire_after(Duration::from_secs(7 * 86_400))
            .build();
        let rejects = IndexModel::builder().keys(doc! { "at": 1 }).options(week).build();
        self.small("rejects").create_index(rejects).await?;
        let people = self.small("people");
        people.create_index(index(doc! { "si": 1, "n": 1 })).await?;
        Ok(())
    }

    pub(super) fn small(&self, name: &str) -> Collection<mongodb::bson::Document> {
        self.database.collection(name)
    }
}

/// Returns true when an error says nothing but that documents are stored already.
pub(super) fn duplicates(error: &mongodb::error::Error) -> Option<usize> {
    let ErrorKind::InsertMany(error) = &*error.kind else {
        return None;
    };
    let errors = error.write_errors.as_deref().unwrap_or_default();
    let only = error.write_concern_error.is_none() && errors.iter().all(|error| error.code == 11000);
    only.then_some(errors.len())
}
