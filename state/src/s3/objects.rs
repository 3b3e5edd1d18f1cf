//! Single objects: read with their age, written only if they are still what they were.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_s3::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::get_object::GetObjectError,
    primitives::{ByteStream, DateTime, DateTimeFormat},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeDeserializationInterceptorContextRef},
        orchestrator::HttpResponse,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use futures::{StreamExt as _, TryStreamExt as _};

use crate::error::Error;

/// Number of frames that are read at once.
const READERS: usize = 16;

/// A bucket, a prefix within it, and who must own it.
pub(super) struct Objects {
    pub(super) client: Client,
    pub(super) bucket: String,
    pub(super) prefix: String,
    /// The account that must own the bucket: a bucket of the same name that somebody else made is refused by S3.
    pub(super) owner: Option<String>,
}

/// An object as read.
pub(super) struct Object {
    pub(super) bytes: Vec<u8>,
    pub(super) tag: String,
    /// Time since it was written, by the server's clock, which counts in seconds.
    pub(super) age: Duration,
}

/// Condition of a write.
#[derive(Clone, Copy)]
pub(super) enum If<'a> {
    Absent,
    Tag(&'a str),
    Always,
}

/// Notes the server's time from its answer.
#[derive(Clone, Debug, Default)]
struct ServerTime(Arc<Mutex<Option<DateTime>>>);

impl Intercept for ServerTime {
    fn name(&self) -> &'static str {
        "ServerTime"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, DateTimeFormat::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}

impl Objects {
    pub(super) fn location(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key("state.json"))
    }

    pub(super) fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.prefix)
        }
    }

    fn failed<E>(&self, doing: &'static str, error: &SdkError<E, HttpResponse>) -> Error
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        // The SDK's own text says only "service error"; its context has the code and the message.
        let source = format!("{}", DisplayErrorContext(error)).into();
        Error::Backend {
            location: self.location(),
            doing,
            source,
        }
    }

    pub(super) async fn get(&self, name: &str) -> Result<Option<Object>, Error> {
        let server_time = ServerTime::default();
        let request = self.client.get_object().bucket(&self.bucket).key(self.key(name));
        let request = request.set_expected_bucket_owner(self.owner.clone());
        let object = match request.customize().interceptor(server_time.clone()).send().await {
            Ok(object) => object,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetObjectError::is_no_such_key) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(self.failed("read", &error)),
        };
        let tag = object.e_tag().unwrap_or_default().to_owned();
        let written = object.last_modified().map(DateTime::secs);
        let now = *server_time.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now.map_or_else(
            || DateTime::from(std::time::SystemTime::now()).secs(),
            |now| now.secs(),
        );
        let age = written.map_or(0, |written| u64::try_from(now - written).unwrap_or_default());
        let bytes = object.body.collect().await.map_err(|source| Error::Backend {
            location: self.location(),
            doing: "read",
            source: source.into(),
        })?;
        Ok(Some(Object {
            bytes: bytes.to_vec(),
            tag,
            age: Duration::from_secs(age),
        }))
    }

    /// Writes an object; the new tag, or none when the condition does not hold.
    pub(super) async fn put(
        &self,
        name: &str,
        bytes: &[u8],
        condition: If<'_>,
    ) -> Result<Option<String>, Error> {
        let request = self.client.put_object().bucket(&self.bucket).key(self.key(name));
        let request = request.set_expected_bucket_owner(self.owner.clone());
        let request = request
            .content_type("application/json")
            .body(ByteStream::from(bytes.to_vec()));
        let request = match condition {
            If::Absent => request.if_none_match("*"),
            If::Tag(tag) => request.if_match(tag),
            If::Always => request,
        };
        match request.send().await {
            Ok(put) => Ok(Some(put.e_tag().unwrap_or_default().to_owned())),
            // 412: it is another one by now. 409: somebody is writing it this instant. 404: it was deleted.
            Err(error)
                if matches!(
                    error.raw_response().map(|answer| answer.status().as_u16()),
                    Some(412 | 409)
                ) || (matches!(condition, If::Tag(_)) && error.code() == Some("NoSuchKey")) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.failed("write", &error)),
        }
    }

    /// The numbers of the objects under `journal/`, in order.
    pub(super) async fn numbers(&self) -> Result<Vec<u64>, Error> {
        let prefix = self.key("journal/");
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(&prefix);
        let request = request.set_expected_bucket_owner(self.owner.clone());
        let mut pages = request.into_paginator().send();
        let mut numbers = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed("list the journal of", &error))?;
            let names = page
                .contents()
                .iter()
                .filter_map(|object| object.key()?.strip_prefix(&prefix));
            numbers.extend(names.filter_map(|name| name.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Names of the folders below the prefix, in order.
    pub(super) async fn folders(&self) -> Result<Vec<String>, Error> {
        let prefix = self.key("");
        let request = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(&prefix)
            .delimiter("/");
        let request = request.set_expected_bucket_owner(self.owner.clone());
        let mut pages = request.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed("list the states beside", &error))?;
            let folders = page
                .common_prefixes()
                .iter()
                .filter_map(|folder| folder.prefix()?.strip_prefix(&prefix));
            names.extend(folders.map(|name| name.trim_end_matches('/').to_owned()));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The named objects, in this order; none when one of them is gone.
    pub(super) async fn get_all(&self, names: Vec<String>) -> Result<Option<Vec<Object>>, Error> {
        let read = futures::stream::iter(names)
            .map(async |name| self.get(&name).await)
            .buffered(READERS);
        Ok(read.try_collect::<Vec<_>>().await?.into_iter().collect())
    }

    pub(super) async fn delete(&self, name: &str) -> Result<(), Error> {
        let request = self
            .client
            .delete_object()
            .bucket(&self.bucket)
            .key(self.key(name));
        let deleted = request.set_expected_bucket_owner(self.owner.clone()).send().await;
        deleted
            .map(drop)
            .map_err(|error| self.failed("delete a part of", &error))
    }
}
