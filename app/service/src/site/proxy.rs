//! A reverse proxy to the API, for a machine without a load balancer that routes the calls.

use crate::drain::Peer;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A reverse proxy to one API.
pub struct Proxy {
    client: Client<HttpConnector, Body>,
    authority: String,
}

/// Hop-by-hop headers, which a proxy must not forward (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

impl Proxy {
    /// A proxy to `authority`, as `host:port`.
    pub fn new(authority: impl Into<String>) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            client,
            authority: authority.into(),
        }
    }

    /// Forwards a call; 502 when the API does not answer.
    pub async fn pass(&self, mut request: Request) -> Response {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri = Uri::builder()
            .scheme("http")
            .authority(self.authority.as_str())
            .path_and_query(path)
            .build();
        let Ok(uri) = uri else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        *request.uri_mut() = uri;
        if let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() {
            let peer = peer.ip().to_string();
            let hops = request
                .headers()
                .get_all("x-forwarded-for")
                .iter()
                .filter_map(|v| v.to_str().ok());
            let hops: Vec<&str> = hops.chain([peer.as_str()]).collect();
            if let Ok(hops) = HeaderValue::try_from(hops.join(", ")) {
                request.headers_mut().insert("x-forwarded-for", hops);
            }
        }
        for name in HOP_BY_HOP {
            request.headers_mut().remove(name);
        }
        match self.client.request(request).await {
            Ok(mut response) => {
                for name in HOP_BY_HOP {
                    response.headers_mut().remove(name);
                }
                response.map(Body::new)
            }
            Err(error) => {
                tracing::warn!(error = %crate::error::chain(&error), "the API does not answer");
                let body = r#"{"success":false,"error":"The API does not answer","code":"unavailable"}"#;
                let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                (StatusCode::BAD_GATEWAY, [kind], body).into_response()
            }
        }
    }
}
