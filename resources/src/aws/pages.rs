//! Lists, read to their last page.
//!
//! The SDK follows the tokens, and by itself takes a token that comes twice for the end. A list that is cut short there
//! would pass for whole, and what it lacks for gone: here it is an error instead, as soon as a page is asked for that was
//! asked for before.

use super::{Aws, call_error, endless};
use crate::cloud::CallError;
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

tokio::task_local! {
    /// What the list that is being read has asked for so far, and whether it was about to ask for the same again.
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
