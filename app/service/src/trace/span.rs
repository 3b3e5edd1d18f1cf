//! A span: a step of a trace, from its beginning until it is dropped.

use super::Context;
use super::export::{is_on, send, takes};
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use std::borrow::Cow;
use std::time::SystemTime;

/// A step of a trace. It ends when it is dropped, also when the caller has gone.
#[derive(Debug)]
pub struct Span {
    context: Option<Context>,
    recorded: Option<Box<Recorded>>,
}

#[derive(Debug)]
struct Recorded {
    name: Cow<'static, str>,
    kind: SpanKind,
    parent: Option<Context>,
    begun: SystemTime,
    attributes: Vec<KeyValue>,
    status: Status,
}

impl Span {
    /// A span that is not sent and has no context.
    pub fn none() -> Self {
        Self {
            context: None,
            recorded: None,
        }
    }

    /// Begins a step below `parent`, or a trace. The name is not made unless the span is sent.
    pub fn begin(kind: SpanKind, parent: Option<Context>, name: impl FnOnce() -> Cow<'static, str>) -> Self {
        if !is_on() {
            return Self {
                context: parent,
                recorded: None,
            };
        }
        let mut context = parent.map_or_else(|| Context::root(true), |parent| parent.child(parent.sampled()));
        if !context.sampled() || !takes(context.numbers().0) {
            // The next service has the trace's id for its log, and records as little.
            context = parent.unwrap_or(context).child(false);
            return Self {
                context: Some(context),
                recorded: None,
            };
        }
        let recorded = Recorded {
            name: name(),
            kind,
            parent,
            begun: SystemTime::now(),
            attributes: Vec::new(),
            status: Status::Unset,
        };
        Self {
            context: Some(context),
            recorded: Some(Box::new(recorded)),
        }
    }

    /// The context for what this step causes: its own, or the one that was given when spans are not sent.
    pub fn context(&self) -> Option<Context> {
        self.context
    }

    /// Returns true if the span is sent.
    pub fn is_recorded(&self) -> bool {
        self.recorded.is_some()
    }

    /// Sets an attribute, named by OpenTelemetry's semantic conventions
    /// (<https://opentelemetry.io/docs/specs/semconv/>). The value is not made unless the span is sent.
    pub fn set<V: Into<Value>>(&mut self, name: &'static str, value: impl FnOnce() -> V) {
        if let Some(recorded) = &mut self.recorded {
            recorded.attributes.push(KeyValue::new(name, value()));
        }
    }

    /// Marks the step as failed.
    pub fn fail(&mut self, why: impl FnOnce() -> String) {
        if let Some(recorded) = &mut self.recorded {
            recorded.status = Status::error(why());
        }
    }
}

fn context(context: Context, is_remote: bool) -> SpanContext {
    let (trace, span) = context.numbers();
    let flags = if context.sampled() {
        TraceFlags::SAMPLED
    } else {
        TraceFlags::default()
    };
    let (trace, span) = (
        TraceId::from_bytes(trace.to_be_bytes()),
        SpanId::from_bytes(span.to_be_bytes()),
    );
    SpanContext::new(trace, span, flags, is_remote, TraceState::default())
}

impl Drop for Span {
    fn drop(&mut self) {
        let (Some(own), Some(recorded)) = (self.context, self.recorded.take()) else {
            return;
        };
        let parent = recorded.parent.map_or(0, |parent| parent.numbers().1);
        let kinds = [SpanKind::Server, SpanKind::Consumer];
        send(SpanData {
            span_context: context(own, false),
            parent_span_id: SpanId::from_bytes(parent.to_be_bytes()),
            parent_span_is_remote: parent != 0 && kinds.contains(&recorded.kind),
            span_kind: recorded.kind,
            name: recorded.name,
            start_time: recorded.begun,
            end_time: SystemTime::now(),
            attributes: recorded.attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: recorded.status,
            instrumentation_scope: InstrumentationScope::builder("tenon-app").build(),
        });
    }
}
