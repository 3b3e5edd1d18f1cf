//! The context of a trace in the forms of W3C and of X-Ray.

use axum::http::HeaderMap;

/// The place in a trace that the next span goes below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    trace: u128,
    /// The span; 0 where the caller names the trace alone.
    span: u64,
    sampled: bool,
}

impl Context {
    /// The beginning of a new trace.
    pub(super) fn root(sampled: bool) -> Self {
        Self {
            trace: fastrand::u128(1..),
            span: fastrand::u64(1..),
            sampled,
        }
    }

    /// A span below this one.
    pub(super) fn child(self, sampled: bool) -> Self {
        Self {
            span: fastrand::u64(1..),
            sampled,
            ..self
        }
    }

    pub(super) fn numbers(self) -> (u128, u64) {
        (self.trace, self.span)
    }

    /// True unless the caller said that the trace is not recorded.
    pub fn sampled(self) -> bool {
        self.sampled
    }

    /// Returns the context that the headers name: `traceparent`, else `X-Amzn-Trace-Id`, which a load balancer adds.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Self::in_header(headers, "traceparent", Self::parse)
            .or_else(|| Self::in_header(headers, "x-amzn-trace-id", Self::parse_amazon))
    }

    /// Returns the context that the headers or the body of a post name. A page cannot give headers to what it sends as it
    /// closes, so that its body has the `traceparent`; what a load balancer adds names a trace that begins with it.
    pub fn of_post(headers: &HeaderMap, body: Option<&str>) -> Option<Self> {
        Self::in_header(headers, "traceparent", Self::parse)
            .or_else(|| body.and_then(Self::parse))
            .or_else(|| Self::in_header(headers, "x-amzn-trace-id", Self::parse_amazon))
    }

    fn in_header(headers: &HeaderMap, name: &str, read: fn(&str) -> Option<Self>) -> Option<Self> {
        headers.get(name)?.to_str().ok().and_then(read)
    }

    /// Reads a `traceparent` (<https://www.w3.org/TR/trace-context/#traceparent-header>).
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // Version 00 has four parts; a later one may have more, and begins with these.
        if version == "ff" || version == "00" && parts.next().is_some() {
            return None;
        }
        digits(version, 2)?;
        Self {
            trace: digits(trace, 32)?,
            span: u64::try_from(digits(span, 16)?).ok()?,
            sampled: digits(flags, 2)? & 1 == 1,
        }
        .named()
    }

    /// Reads an `X-Amzn-Trace-Id`, whose root `1-8-24` digits are the same id in another form. A load balancer names no
    /// parent
    /// (<https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>).
    pub fn parse_amazon(text: &str) -> Option<Self> {
        let member = |name: &str| text.split(';').find_map(|part| part.trim().strip_prefix(name));
        let mut root = member("Root=")?.split('-');
        let (version, time, random) = (root.next()?, root.next()?, root.next()?);
        if version != "1" || root.next().is_some() {
            return None;
        }
        let trace = digits(time, 8)? << 96 | digits(random, 24)?;
        let parent = member("Parent=").and_then(|parent| digits(parent, 16));
        Self {
            trace,
            span: parent.and_then(|parent| u64::try_from(parent).ok()).unwrap_or(0),
            sampled: member("Sampled=") != Some("0"),
        }
        .named_or_root()
    }

    fn named(self) -> Option<Self> {
        self.named_or_root().filter(|context| context.span != 0)
    }

    fn named_or_root(self) -> Option<Self> {
        (self.trace != 0).then_some(self)
    }

    /// The trace's id in the form of W3C, 32 hexadecimal digits.
    pub fn id(self) -> String {
        format!("{:032x}", self.trace)
    }

    /// The `traceparent`. It must name a parent: where the caller named the trace alone, one that nobody has.
    pub fn traceparent(self) -> String {
        let span = if self.span == 0 {
            fastrand::u64(1..)
        } else {
            self.span
        };
        format!(
            "00-{:032x}-{span:016x}-{:02x}",
            self.trace,
            u8::from(self.sampled)
        )
    }

    /// The value of SQS's system attribute `AWSTraceHeader`, which is one of X-Ray
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-message-system-attributes>).
    pub fn amazon(self) -> String {
        let parent = if self.span == 0 {
            String::new()
        } else {
            format!(";Parent={:016x}", self.span)
        };
        format!(
            "Root=1-{:08x}-{:024x}{parent};Sampled={}",
            self.trace >> 96,
            self.trace & ((1 << 96) - 1),
            u8::from(self.sampled)
        )
    }
}

/// The number of `length` small hexadecimal digits.
fn digits(text: &str, length: usize) -> Option<u128> {
    let small = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (text.len() == length && text.bytes().all(small)).then(|| u128::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::Context;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    const W3C: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(header).collect()
    }

    fn read(pairs: &[(&'static str, &'static str)]) -> Option<String> {
        Context::from_headers(&headers(pairs)).map(Context::id)
    }

    #[test]
    fn a_trace_is_not_lost_whichever_header_names_it() {
        let w3c = ("traceparent", W3C);
        let amazon = (
            "x-amzn-trace-id",
            "Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793",
        );
        assert_eq!(
            read(&[w3c, amazon]).as_deref(),
            Some("4bf92f3577b34da6a3ce929d0e0e4736")
        );
        assert_eq!(
            read(&[amazon]).as_deref(),
            Some("5759e988bd862e3fe1be46a994272793")
        );
        let body = "00-11111111111111111111111111111111-2222222222222222-01";
        let of_post = |pairs: &[(&'static str, &'static str)], body: Option<&str>| {
            Context::of_post(&headers(pairs), body).map(Context::id)
        };
        assert_eq!(
            of_post(&[amazon], Some(body)),
            Some("1".repeat(32)),
            "what a load balancer adds is last"
        );
        assert_eq!(
            of_post(&[w3c, amazon], Some(body)),
            Context::parse(W3C).map(Context::id)
        );
        assert_eq!(of_post(&[amazon], Some("x")), read(&[amazon]));
    }

    #[test]
    fn what_is_no_trace_never_reaches_the_log() {
        for header in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-x\"-y-z",
        ] {
            assert_eq!(read(&[("traceparent", header)]), None, "{header}");
        }
        assert_eq!(read(&[("x-amzn-trace-id", "Root=1-5759e988-short")]), None);
    }

    #[test]
    fn a_context_is_the_same_after_each_form() {
        for flags in ["00", "01"] {
            let text = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}");
            let context = Context::parse(&text).unwrap();
            assert_eq!(context.traceparent(), text);
            assert_eq!(Context::parse_amazon(&context.amazon()), Some(context));
            assert_eq!(context.sampled(), flags == "01");
        }
        // A load balancer names no parent, and W3C's form must have one.
        let root = Context::parse_amazon("Root=1-5759e988-bd862e3fe1be46a994272793").unwrap();
        assert_eq!(Context::parse_amazon(&root.amazon()), Some(root));
        let passed_on = Context::parse(&root.traceparent()).unwrap();
        assert_eq!(passed_on.id(), root.id());
        // A later version may have more parts.
        assert!(Context::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").is_some());
    }
}
