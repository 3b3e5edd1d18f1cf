//! The trace that a request belongs to, as the caller or the load balancer names it.

use axum::http::HeaderMap;

/// Returns the id of the request's trace in the form of W3C, 32 hexadecimal digits: from `traceparent`
/// (<https://www.w3.org/TR/trace-context/#traceparent-header>), else from `X-Amzn-Trace-Id`, whose root `1-8-24` digits
/// are the same id in AWS's form
/// (<https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids>).
pub fn from_headers(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let id = text("traceparent").and_then(w3c).map(str::to_owned);
    id.or_else(|| text("x-amzn-trace-id").and_then(amazon))
}

fn is_id(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        && text.bytes().any(|b| b != b'0')
}

fn w3c(header: &str) -> Option<&str> {
    let mut parts = header.trim().split('-');
    let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let fits = version.len() == 2 && version != "ff" && parent.len() == 16 && flags.len() == 2;
    (fits && id.len() == 32 && is_id(id)).then_some(id)
}

fn amazon(header: &str) -> Option<String> {
    let root = header
        .split(';')
        .find_map(|part| part.trim().strip_prefix("Root="))?;
    let mut parts = root.split('-');
    let (version, time, random) = (parts.next()?, parts.next()?, parts.next()?);
    let id = format!("{time}{random}");
    (version == "1" && time.len() == 8 && random.len() == 24 && is_id(&id)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::from_headers;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn read(pairs: &[(&'static str, &'static str)]) -> Option<String> {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        from_headers(&pairs.iter().map(header).collect::<HeaderMap>())
    }

    #[test]
    fn a_trace_is_not_lost_whichever_header_names_it() {
        let w3c = (
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        );
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
    }

    #[test]
    fn what_is_no_trace_never_reaches_the_log() {
        for header in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-x\"-y-z",
        ] {
            assert_eq!(read(&[("traceparent", header)]), None, "{header}");
        }
        assert_eq!(read(&[("x-amzn-trace-id", "Root=1-5759e988-short")]), None);
    }
}
