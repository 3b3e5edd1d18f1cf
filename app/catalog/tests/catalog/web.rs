//! The front end's server.

use crate::harness::{Process, process, server};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use service::site::{Behind, Proxy, Site, router};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

fn site(folder: &Path) -> Arc<Site> {
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    let script = format!("console.log('{}')", "x".repeat(4000));
    for (name, contents) in [
        (
            "index.html",
            format!("<!doctype html><title>Catalogue</title>{}", "<p>text".repeat(100)),
        ),
        ("favicon.svg", "<svg/>".to_owned()),
        ("assets/app-1234.js", script),
        ("assets/photo-1234.png", "\u{1}\u{2}".to_owned()),
    ] {
        std::fs::write(folder.join(name), contents).unwrap();
    }
    Arc::new(Site::load(folder).unwrap())
}

struct Got {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    bytes: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn get(site: &Arc<Site>, path: &str, headers: &[(&str, &str)]) -> Got {
    send(site, "GET", path, headers).await
}

async fn send(site: &Arc<Site>, method: &str, path: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router(Arc::clone(site), Behind::default(), "products-web")
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    Got {
        status: parts.status,
        headers: parts.headers,
        bytes: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_the_page_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let script = get(&site, "/assets/app-1234.js", &[]).await;
    assert_eq!(script.status, 200);
    assert_eq!(
        script.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    for path in ["/", "/index.html", "/favicon.svg"] {
        let page = get(&site, path, &[]).await;
        assert_eq!(
            (page.status, page.header("cache-control")),
            (StatusCode::OK, "no-cache"),
            "{path}"
        );
        let again = get(&site, path, &[("if-none-match", page.header("etag"))]).await;
        assert_eq!(again.status, 304, "{path}");
        assert!(again.bytes.is_empty());
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'self'")
        );
        assert!(
            !page
                .header("content-security-policy")
                .contains("script-src 'unsafe")
        );
    }
    assert_eq!(
        get(&site, "/favicon.svg", &[]).await.header("content-type"),
        "image/svg+xml; charset=utf-8"
    );
}

#[tokio::test]
async fn addresses_of_the_application_are_its_page_and_files_that_are_gone_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let page = get(&site, "/", &[]).await.bytes;
    for path in ["/products", "/products/7", "/products/7/history?x=1"] {
        let reply = get(&site, path, &[]).await;
        assert_eq!((reply.status, &reply.bytes), (StatusCode::OK, &page), "{path}");
    }
    for path in [
        "/assets/app-0000.js",
        "/assets/",
        "/robots.txt",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/api/products",
        "/api/x",
    ] {
        let reply = get(&site, path, &[]).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_ne!(reply.bytes, page, "{path}");
    }
    let reply = send(&site, "POST", "/", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.header("allow")), (405, "GET, HEAD"));
    assert_eq!(get(&site, "/health", &[]).await.status, 200);
}

#[tokio::test]
async fn texts_are_sent_compressed_to_who_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let path = "/assets/app-1234.js";
    let plain = get(&site, path, &[]).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.header("vary"), "accept-encoding");
    for (accepts, encoding) in [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=1.0", "br"),
        ("gzip;q=0", ""),
        ("identity", ""),
    ] {
        let reply = get(&site, path, &[("accept-encoding", accepts)]).await;
        assert_eq!(reply.header("content-encoding"), encoding, "{accepts}");
        assert!(encoding.is_empty() || reply.bytes.len() < plain.bytes.len() / 4);
        let mut text = Vec::new();
        match encoding {
            "br" => brotli::BrotliDecompress(&mut &reply.bytes[..], &mut text).unwrap(),
            "gzip" => {
                let mut decoder = flate2::read::GzDecoder::new(&reply.bytes[..]);
                std::io::copy(&mut decoder, &mut text).unwrap();
            }
            _ => text.clone_from(&reply.bytes),
        }
        assert!(text == plain.bytes, "{accepts}");
    }
    let photo = get(
        &site,
        "/assets/photo-1234.png",
        &[("accept-encoding", "br, gzip")],
    )
    .await;
    assert_eq!(
        (photo.header("content-encoding"), photo.header("content-type")),
        ("", "image/png")
    );
}

#[tokio::test]
async fn events_of_pages_are_not_kept_from_the_collector_and_nothing_else_reaches_it() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let collector = Proxy::new(listener.local_addr().unwrap().to_string());
    let echo = axum::Router::new().fallback(async |body: String| (StatusCode::ACCEPTED, body));
    tokio::spawn(async move { axum::serve(listener, echo).await });
    let behind = Behind {
        collector: Some(collector),
        ..Behind::default()
    };
    let router = router(site, behind, "products-web");
    for (method, path, status) in [
        ("POST", "/e", 202),
        ("GET", "/e", 405),
        ("POST", "/e/x", 405),
        ("POST", "/api/events", 404),
    ] {
        let request = Request::builder().method(method).uri(path);
        let response = router
            .clone()
            .oneshot(request.body(Body::from("events")).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        let text = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(text == "events", status == 202, "{method} {path}");
    }
}

#[tokio::test]
async fn calls_are_passed_on_to_the_api_whole() {
    let folder = tempfile::tempdir().unwrap();
    site(folder.path());
    let database = server::database().await;
    let mut environment = server::environment(&database);
    environment.push(("DRAIN_SECONDS".to_owned(), "0".to_owned()));
    environment.push(("TRUSTED_PROXIES".to_owned(), "1".to_owned()));
    let api = Process::start("api", &environment);
    let web = Process::start(
        "web",
        &[
            ("WEB_ROOT".to_owned(), folder.path().to_str().unwrap().to_owned()),
            ("API_URL".to_owned(), format!("http://{}", api.address)),
            ("DRAIN_SECONDS".to_owned(), "0".to_owned()),
        ],
    );
    let port = vec![("PORT".to_owned(), web.address.port().to_string())];
    assert_eq!(process::run(&["check"], &port).0, Some(0));
    let direct = Proxy::new(web.address.to_string());
    let body = r#"{"name": "Mug", "price": "1.00"}"#;
    let request = Request::post("/api/products")
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap();
    let created = direct.pass(request).await;
    assert_eq!(created.status(), 201);
    assert_eq!(created.headers()["location"], "/api/products/1");
    assert_eq!(created.headers()["etag"], "\"1\"");
    let request = Request::patch("/api/products/1")
        .header("content-type", "application/json")
        .header("if-match", "\"9\"")
        .body(r#"{"stock": 1}"#.into())
        .unwrap();
    assert_eq!(direct.pass(request).await.status(), 412);
    let export = direct
        .pass(
            Request::get("/api/products/export?q=mug")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    let text = export.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(String::from_utf8(text.to_vec()).unwrap().lines().count(), 2);
    api.terminate();
    assert!(api.wait().success());
    let gone = direct
        .pass(Request::get("/api/products").body(Body::empty()).unwrap())
        .await;
    assert_eq!(gone.status(), 502);
    assert_eq!(gone.headers()["content-type"], "application/json");
    web.terminate();
    assert!(web.wait().success());
}

#[tokio::test]
async fn paths_of_the_api_are_not_answered_with_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    for path in ["/metrics", "/api", "/api/products", "/ready"] {
        let got = get(&site, path, &[]).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            !String::from_utf8_lossy(&got.bytes).contains("<!doctype"),
            "{path}"
        );
    }
}
