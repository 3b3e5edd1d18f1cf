//! Both systems: the analytics platform as its processes, and the catalogue in this one, with a database of its own.

use super::TOKEN;
use analytics::settings::Mongo;
use analytics::store::Store;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use catalog::app::App;
use catalog::database::Connector;
use catalog::local::{Cluster, Installation};
use catalog::settings::{AccessLog, Reader, Settings};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service::serve::Drain;
use service::settings::Secret;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower::ServiceExt;

fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// The analytics platform.
pub(crate) struct Analytics {
    up: Child,
    port: u16,
    data: tempfile::TempDir,
}

impl Analytics {
    pub(crate) fn start(collector: &str) -> Self {
        let (data, port) = (folder(), service::up::free_port().unwrap());
        let up = Command::new(env!("CARGO_BIN_EXE_analytics"))
            .args(["up", "--demo", "0", "--port", &port.to_string(), "--data"])
            .arg(data.path())
            .env_remove("MONGODB_URI")
            .env("SITE_TOKENS", format!("shop:{TOKEN}"))
            .env("LOG", "info,analytics=debug")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let platform = Self { up, port, data };
        let begun = Instant::now();
        while platform
            .call("GET /ready", &[], "")
            .is_none_or(|status| status != 200)
        {
            assert!(
                begun.elapsed() < Duration::from_secs(240),
                "{}",
                platform.log("collect")
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        platform
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn log(&self, process: &str) -> String {
        std::fs::read_to_string(self.data.path().join(format!("logs/{process}.log"))).unwrap_or_default()
    }

    fn call(&self, call: &str, headers: &[(&str, &str)], body: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let lines = headers
            .iter()
            .map(|(name, value)| [name, ": ", value, "\r\n"].concat());
        let headers = lines.collect::<Vec<_>>().concat();
        let length = body.len();
        let request = format!(
            "{call} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.get(9..12)?.parse().ok()
    }

    /// Posts a page view, as the tracker does.
    pub(crate) fn post(&self, headers: &[(&str, &str)], trace: Option<&str>) {
        let now = jiff::Timestamp::now().as_millisecond();
        let id = analytics::event::Id::at(now, fastrand::u128(..)).to_string();
        let event = json!({"id": id, "t": now, "type": "page_view", "page": "/"});
        let mut body = json!({"v": 1, "site": "shop", "at": now, "who": {}, "events": [event]});
        if let Some(trace) = trace {
            body["trace"] = trace.into();
        }
        assert_eq!(self.call("POST /e", headers, &body.to_string()), Some(202));
    }

    /// The identifiers of the stored events.
    pub(crate) async fn stored(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.data.path().join("mongod.log")).unwrap();
        let ports = log
            .split("\"Waiting for connections\",\"attr\":{\"port\":")
            .nth(1)
            .unwrap();
        let port = ports.split(',').next().unwrap();
        let mongo = Mongo {
            uri: Secret::new(format!("mongodb://127.0.0.1:{port}/?directConnection=true")),
            database: "analytics".to_owned(),
            ca: None,
        };
        let store = Store::connect(&mongo).await.unwrap();
        let identifiers = store.identifiers("shop").await.unwrap();
        identifiers.iter().map(ToString::to_string).collect()
    }
}

impl Drop for Analytics {
    fn drop(&mut self) {
        let id = self.up.id().to_string();
        let _ = Command::new("kill").args(["-INT", &id]).status();
        let _ = self.up.wait();
    }
}

/// The catalogue's API with its outbox.
pub(crate) struct Catalogue {
    router: Router,
    drain: Drain,
    telling: tokio::task::JoinHandle<()>,
    cluster: Cluster,
    _data: tempfile::TempDir,
}

impl Catalogue {
    pub(crate) async fn start(collector: &str, analytics: &str) -> Self {
        let data = folder();
        let installation = Installation::find_or_fetch(data.path()).unwrap();
        let cluster = Cluster::start_with(&installation, &data.path().join("cluster"), &["fsync=off"])
            .await
            .unwrap();
        cluster.create_database("shop").await.unwrap();
        let database = cluster.database("shop");
        catalog::command::migrate(&database).await.unwrap();
        let given = [
            ("SHOP", "true"),
            ("ANALYTICS_URL", analytics),
            ("ANALYTICS_TOKEN", TOKEN),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            ("DB_HOST", "127.0.0.1"),
            ("DB_PASSWORD", "unused"),
        ];
        let lookup = |name: &str| {
            given
                .iter()
                .find(|(own, _)| *own == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let settings = Settings::from_lookup(Reader::Api, lookup).unwrap();
        service::trace::start(&settings.traces, "catalog-api", "test").unwrap();
        let (drain, connector) = (Drain::default(), Connector::new(&database).unwrap());
        let app = App::new(settings.api, AccessLog::Off, &connector, drain.clone()).unwrap();
        let telling = catalog::outbox::start_for(&app, &drain).unwrap();
        let router = catalog::api::router(&Arc::clone(&app));
        Self {
            router,
            drain,
            telling,
            cluster,
            _data: data,
        }
    }

    async fn call(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let mut request = Request::post(path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(answer["success"], true, "{answer}");
        answer["data"].clone()
    }

    /// Places an order as the storefront does, and returns its number.
    pub(crate) async fn order(&self, traceparent: &str) -> String {
        let mug = json!({"name": "Mug", "price": "12.50", "stock": 5});
        let id = self.call("/api/products", &[], &mug).await["id"].clone();
        let order = json!({
            "lines": [{"product": id, "quantity": 2, "price": "12.50"}],
            "name": "Ada", "email": "ada@example.org", "address": "12 St James's Square",
        });
        let headers = [("idempotency-key", "k"), ("traceparent", traceparent)];
        self.call("/api/orders", &headers, &order).await["number"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn stop(self) {
        self.drain.begin();
        self.telling.await.unwrap();
        self.cluster.stop();
    }
}
