//! Size, rate and time.

use crate::harness::{Api, server};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use service::serve::Peer;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_body_over_its_limit_is_refused() {
    let api = Api::with(&[("BODY_LIMIT", "1000"), ("IMPORT_LIMIT", "2000")]).await;
    let body = json!({"name": "x", "price": 1, "description": "d".repeat(1000)});
    assert_eq!(
        api.post("/api/products", &body).await.expect(413).code(),
        "too_large"
    );
    let csv = [("content-type", "text/csv")];
    let file = format!("sku,name,price\nA,{},1\n", "n".repeat(1500));
    assert_eq!(
        api.send("POST", "/api/products/import?dry_run=true", &csv, file.clone())
            .await
            .expect(200)
            .data()["rows"],
        1
    );
    assert_eq!(
        api.send("POST", "/api/products/import", &csv, file.repeat(2))
            .await
            .expect(413)
            .code(),
        "too_large"
    );
}

#[tokio::test]
async fn a_body_must_say_what_it_is() {
    let api = Api::start().await;
    for kind in ["text/plain", "", "multipart/form-data", "application/jsonx"] {
        let reply = api
            .send("POST", "/api/products", &[("content-type", kind)], "{}")
            .await
            .expect(415);
        assert_eq!(reply.code(), "unsupported_type", "{kind:?}");
    }
    let kind = [("content-type", "Application/JSON; charset=utf-8")];
    api.send(
        "POST",
        "/api/products",
        &kind,
        json!({"name": "x", "price": 1}).to_string(),
    )
    .await
    .expect(201);
}

async fn from(api: &Api, peer: &str, forwarded: Option<&str>) -> u16 {
    let peer: SocketAddr = format!("{peer}:1").parse().unwrap();
    let mut request = Request::builder().uri("/api/me").extension(Peer(peer));
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    let reply = api.call(request.body(Body::empty()).unwrap()).await;
    if reply.status.as_u16() == 429 {
        assert_eq!(reply.code(), "too_many");
        assert!(reply.header("retry-after").parse::<u32>().unwrap() >= 1);
    }
    reply.status.as_u16()
}

#[tokio::test]
async fn one_client_too_fast_does_not_slow_the_others() {
    let api = Api::with(&[("RATE_LIMIT", "5")]).await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(from(&api, "10.0.0.1", Some("1.2.3.4")).await);
    }
    assert_eq!(statuses[..10], [200; 10], "twice the rate in a burst");
    assert!(statuses.contains(&429));
    assert_eq!(from(&api, "10.0.0.2", None).await, 200);
    // What the client itself writes into the header does not make it somebody else.
    assert_eq!(from(&api, "10.0.0.1", Some("9.9.9.9")).await, 429);
    // The load balancer's questions are not counted.
    for _ in 0..20 {
        api.get("/health").await.expect(200);
    }
}

#[tokio::test]
async fn behind_a_proxy_the_client_is_who_the_proxy_saw() {
    let api = Api::with(&[("RATE_LIMIT", "3"), ("TRUSTED_PROXIES", "1")]).await;
    for number in 0..6 {
        assert_eq!(
            from(&api, "10.0.0.1", Some("spoofed, 1.1.1.1")).await,
            200,
            "{number}"
        );
    }
    assert_eq!(from(&api, "10.0.0.1", Some("other, 1.1.1.1")).await, 429);
    assert_eq!(from(&api, "10.0.0.1", Some("1.1.1.1, 2.2.2.2")).await, 200);
    // Clients in one IPv6 /64 are one client.
    for number in 0..6 {
        assert_eq!(
            from(&api, "10.0.0.1", Some(&format!("2001:db8::{number}"))).await,
            200
        );
    }
    assert_eq!(from(&api, "10.0.0.1", Some("2001:db8::99")).await, 429);
    assert_eq!(from(&api, "10.0.0.1", Some("2001:db8:0:1::99")).await, 200);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up_and_its_connection_is_used_again() {
    let database = server::database().await;
    // By a process that may take its time: what opens connections on a busy machine is not what is given up here.
    let patient = Api::on(database.clone(), &[]);
    patient.create(&json!({"name": "x", "price": 1})).await;
    let api = Api::on(database, &[("REQUEST_TIMEOUT", "4")]);
    api.get("/api/products/1").await.expect(200);
    let other = server::client(&api.database).await;
    other
        .batch_execute("begin; update products set stock = 1 where id = 1")
        .await
        .unwrap();
    let begun = Instant::now();
    let reply = api
        .json("PATCH", "/api/products/1", &json!({"stock": 2}))
        .await
        .expect(503);
    assert_eq!(reply.code(), "timeout");
    // The lock is held until after the answer, so it was given up; and not before its time.
    assert!(begun.elapsed() >= Duration::from_secs(4));
    assert_eq!(reply.header("retry-after"), "1");
    other.batch_execute("rollback").await.unwrap();
    for stock in 3..10 {
        api.json("PATCH", "/api/products/1", &json!({"stock": stock}))
            .await
            .expect(200);
    }
}
