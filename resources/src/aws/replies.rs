//! Replies that say that something is gone, and reads of many.

use super::{Missing, READS_AT_ONCE, call_error};
use crate::{
    cloud::CallError,
    resource::{Lifecycle, Resource},
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures::{StreamExt, TryStreamExt, stream};
use std::fmt::Debug;

/// The reply, or `None` when the error is one of `codes`: what was asked for is not there.
///
/// # Errors
/// Any other.
pub fn present<T, E>(
    service: &str,
    operation: &str,
    reply: Result<T, SdkError<E, HttpResponse>>,
    codes: &[&str],
) -> Result<Option<T>, CallError>
where
    E: ProvideErrorMetadata + Debug,
{
    there(reply.map_err(|e| call_error(service, operation, e)), codes)
}

/// What was read, or `None` when the error is one of `codes`: what was asked for is not there.
///
/// # Errors
/// Any other.
pub fn there<T>(read: Result<T, CallError>, codes: &[&str]) -> Result<Option<T>, CallError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if codes.contains(&error.code.as_str()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads `items` one by one, several at a time; `None` is what is gone.
///
/// # Errors
/// The first that cannot be read.
pub async fn each<T, S, F>(
    items: impl IntoIterator<Item = T>,
    read: impl FnMut(T) -> F,
) -> Result<Vec<S>, CallError>
where
    F: Future<Output = Result<Option<S>, CallError>>,
{
    let reads: Vec<F> = items.into_iter().map(read).collect();
    let found: Vec<Option<S>> = stream::iter(reads).buffered(READS_AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// The error codes that say that one of `R` does not exist.
pub fn gone<R: Resource>() -> &'static [&'static str] {
    R::FACTS.map_or(&[], |facts| facts.gone)
}

/// The error of a reply of `R`'s read that lacks a member which AWS promises.
pub fn broken<R: Lifecycle>(Missing(member): Missing) -> CallError {
    let read = R::READ;
    let why = format!("the reply has no `{member}`, which AWS promises");
    CallError::unknown(read.service, read.operation, CallError::GARBLED, why)
}

/// Reads `ids` in lists of at most `batch`. Some services refuse a whole list when one of it is gone: with one of the
/// error codes in `gone`, the list is read again one by one, and what is gone is left out.
///
/// # Errors
/// Any other error of a read.
pub async fn in_batches<T, F>(
    ids: &[String],
    batch: usize,
    gone: &[&str],
    read: impl Fn(Vec<String>) -> F,
) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<Vec<T>, CallError>>,
{
    let mut items = vec![];
    for chunk in ids.chunks(batch.max(1)) {
        match read(chunk.to_vec()).await {
            Ok(more) => items.extend(more),
            Err(error) if gone.contains(&error.code.as_str()) => {
                for id in chunk.iter().filter(|_| chunk.len() > 1) {
                    match read(vec![id.clone()]).await {
                        Ok(more) => items.extend(more),
                        Err(error) if gone.contains(&error.code.as_str()) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(items)
}
