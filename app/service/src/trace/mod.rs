//! Distributed tracing: the [`Context`] of a trace, which travels in headers and messages, and [`Span`]s, which are sent to an
//! OpenTelemetry collector when the settings name one. Without one a span is nothing but the context that it was given.

mod context;
mod export;
mod span;

pub use context::Context;
pub use export::{Error, is_on, start, stop};
pub use opentelemetry::trace::SpanKind as Kind;
pub use span::Span;
