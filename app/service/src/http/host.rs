//! The `Host` header: there, once, and in the open mode one of this machine's own names.

use super::{Problem, request_id};
use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, Version, header, uri::Authority};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::net::IpAddr;

/// Refuses requests of HTTP/1.1 whose `Host` is missing, given twice or malformed, as RFC 9112, section 3.2, demands.
pub(crate) fn required(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let fits = match (hosts.next(), hosts.next()) {
            (None, _) => request.version() < Version::HTTP_11,
            (Some(host), None) => host.is_empty() || Authority::try_from(host.as_bytes()).is_ok(),
            (Some(_), Some(_)) => false,
        };
        if fits {
            return next.run(request).await;
        }
        refused(
            &request,
            StatusCode::BAD_REQUEST,
            "bad_host",
            "The request needs one Host header",
        )
    }))
}

/// Refuses requests for another host than this machine: for a server without callers on the loopback interface, which a
/// web page could otherwise reach under a name of its own whose address it changes to 127.0.0.1.
pub fn local_only(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| {
        // Probes of the process's state may come under any name.
        if !request.uri().path().starts_with("/api/") || is_local(&request) {
            return next.run(request).await;
        }
        refused(
            &request,
            StatusCode::MISDIRECTED_REQUEST,
            "other_host",
            "Without tokens this answers to localhost and to addresses only; set API_TOKENS to answer to a name",
        )
    }))
}

fn is_local(request: &Request) -> bool {
    let Some(host) = request.headers().get(header::HOST) else {
        return true;
    };
    let Ok(host) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let name = host
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

fn refused(request: &Request, status: StatusCode, code: &'static str, sentence: &'static str) -> Response {
    let id = request_id::from_headers(request.headers());
    let mut response = Problem::new(status, code, sentence).render(id.to_str().unwrap_or_default());
    response.headers_mut().insert(request_id::X_REQUEST_ID, id);
    response
}
