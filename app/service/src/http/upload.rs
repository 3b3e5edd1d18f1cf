//! A request's body that knows whether the server waits for it: the difference between a slow client and a slow service.

use axum::body::{Body, HttpBody};
use axum::http::Request;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Whether the rest of a request's body is awaited at this moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Awaited(Arc<AtomicBool>);

impl Awaited {
    /// Watches over the body of a request.
    pub(crate) fn watch(request: Request<Body>) -> (Request<Body>, Self) {
        let awaited = Self::default();
        // Most requests have no body, and need no wrapping.
        let request = if request.body().is_end_stream() {
            request
        } else {
            let flag = Arc::clone(&awaited.0);
            request.map(|body| Body::new(Watched { body, awaited: flag }))
        };
        (request, awaited)
    }

    /// Returns true while the client still owes a part of the body that the service asked for.
    pub(crate) fn now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

struct Watched {
    body: Body,
    awaited: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.awaited.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
