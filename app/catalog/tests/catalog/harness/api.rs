//! The API in process, on a database of its own.

use super::server;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use catalog::api::router;
use catalog::app::App;
use catalog::database::Connector;
use catalog::settings::{self, Database, Reader, Settings};
use http_body_util::BodyExt;
use serde_json::Value;
use service::serve::Drain;

use tower::ServiceExt;

/// The API in process.
pub(crate) struct Api {
    pub(crate) router: Router,
    pub(crate) database: Database,
    pub(crate) drain: Drain,
}

/// A response of the API.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    /// The body, which must be JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn data(&self) -> Value {
        let body = self.json();
        assert_eq!(body["success"], true, "{body}");
        body["data"].clone()
    }

    /// The failure's code, which must be in an envelope with all its parts.
    pub(crate) fn code(&self) -> String {
        let body = self.json();
        assert_eq!(body["success"], false, "{body}");
        assert!(
            body["error"].as_str().is_some_and(|error| !error.is_empty()),
            "{body}"
        );
        assert_eq!(body["request_id"], self.header("x-request-id"), "{body}");
        body["code"].as_str().unwrap().to_owned()
    }

    /// The word for what is wrong with `field`.
    pub(crate) fn field(&self, field: &str) -> String {
        let body = self.json();
        assert!(body["fields"][field].is_string(), "{body}");
        body["field_codes"][field].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// The settings that the environment variables `given` and the defaults make. Counting requests is off: one test
/// client makes more of them than any browser.
pub(crate) fn api_settings(given: &[(&str, &str)]) -> settings::Api {
    let lookup = |name: &str| {
        let own = given
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, value)| (*value).to_owned());
        own.or_else(|| match name {
            "DB_HOST" => Some("127.0.0.1".to_owned()),
            "DB_PASSWORD" => Some("unused".to_owned()),
            "RATE_LIMIT" => Some("0".to_owned()),
            _ => None,
        })
    };
    Settings::from_lookup(Reader::Api, lookup).unwrap().api
}

impl Api {
    /// On a fresh database, with the default settings.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// On a fresh database, with these settings.
    pub(crate) async fn with(given: &[(&str, &str)]) -> Self {
        Self::on(server::database().await, given)
    }

    /// On `database`, as one of the processes that share it.
    pub(crate) fn on(database: Database, given: &[(&str, &str)]) -> Self {
        let drain = Drain::default();
        let settings = api_settings(given);
        let connector = Connector::new(&database).unwrap();
        let app = App::new(settings, settings::AccessLog::Off, &connector, drain.clone()).unwrap();
        Self {
            router: router(&app),
            database,
            drain,
        }
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Reply {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    /// Sends a request with these headers.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.call(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], "").await
    }

    /// A call with a JSON body.
    pub(crate) async fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.send(
            method,
            path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.json("POST", path, body).await
    }

    /// Creates a product and returns it.
    pub(crate) async fn create(&self, body: &Value) -> Value {
        self.post("/api/products", body).await.expect(201).data()
    }
}
