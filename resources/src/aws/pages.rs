//! Lists, read to their last page; reads of many; and replies that say that something is gone.
//!
//! The SDK follows the tokens, and by itself takes a token that comes twice for the end. A list that is cut short there
//! would pass for whole, and what it lacks for gone: here it is an error instead, as soon as a page is asked for that was
//! asked for before.

use super::{
    client::Aws,
    error::{call_error, endless},
    from_sdk::Missing,
};
use crate::{
    cloud::CallError,
    resource::{Lifecycle, Resource},
};
use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef, dyn_dispatch_hint},
        orchestrator::HttpResponse,
        result::SdkError,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{config_bag::ConfigBag, error::metadata::ProvideErrorMetadata};
use futures::{StreamExt, TryStreamExt, stream};
use std::{cell::RefCell, collections::BTreeSet, fmt::Debug};

/// Every item of every page that a request has.
macro_rules! items {
    ($request:expr) => {
        $request
            .into_paginator()
            .stop_on_duplicate_token(false)
            .items()
            .send()
    };
}

/// Every page that a request has, for lists that the SDK does not take apart.
macro_rules! pages {
    ($request:expr) => {
        $request.into_paginator().stop_on_duplicate_token(false).send()
    };
}

pub(crate) use {items, pages};

/// The number of reads of one type that are on their way at the same time.
pub(super) const READS_AT_ONCE: usize = 8;

tokio::task_local! {
    /// The pages that the list being read has asked for so far, and whether it was about to ask for the same again.
    static LIST: RefCell<Asked>;
}

#[derive(Default)]
struct Asked {
    before: BTreeSet<(String, Vec<u8>)>,
    again: bool,
}

/// Stops a list before it asks for the same page again. Calls that are no part of a list pass.
#[derive(Debug)]
pub(super) struct Once;

#[dyn_dispatch_hint]
impl Intercept for Once {
    fn name(&self) -> &'static str {
        "Once"
    }

    fn read_before_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let body = request.body().bytes().unwrap_or_default();
        let page = (request.uri().to_owned(), body.to_vec());
        let again = LIST.try_with(|list| {
            let mut list = list.borrow_mut();
            list.again = !list.before.insert(page);
            list.again
        });
        match again {
            Ok(true) => Err("the same page again".into()),
            _ => Ok(()),
        }
    }
}

impl Aws {
    /// Collects every item of every page.
    ///
    /// # Errors
    /// The first page that does not come, or comes again.
    pub async fn all<T, E>(
        &self,
        service: &str,
        operation: &str,
        pages: PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<Vec<T>, CallError>
    where
        E: ProvideErrorMetadata + Debug,
    {
        self.some(service, operation, pages, usize::MAX).await
    }

    /// The first item, on whichever page it is.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first<T, E>(
        &self,
        service: &str,
        operation: &str,
        pages: PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<Option<T>, CallError>
    where
        E: ProvideErrorMetadata + Debug,
    {
        Ok(self.some(service, operation, pages, 1).await?.pop())
    }

    async fn some<T, E>(
        &self,
        service: &str,
        operation: &str,
        mut pages: PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
        most: usize,
    ) -> Result<Vec<T>, CallError>
    where
        E: ProvideErrorMetadata + Debug,
    {
        let read = async {
            let mut items = vec![];
            while items.len() < most
                && let Some(item) = pages.next().await
            {
                let again = || LIST.with(|list| list.borrow().again);
                items.push(item.map_err(|error| {
                    if again() {
                        endless(service, operation)
                    } else {
                        call_error(service, operation, error)
                    }
                })?);
            }
            Ok(items)
        };
        LIST.scope(RefCell::default(), read).await
    }
}

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

/// The reply of a read, or `None` when the error is one of `codes`: what was asked for is not there.
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
    R::FACTS.gone
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
