//! Two editors of the same product.

use crate::harness::Api;
use serde_json::{Value, json};

async fn product(api: &Api) -> (String, Value) {
    let product = api
        .create(&json!({"name": "Mug", "price": "1.00", "stock": 5}))
        .await;
    (format!("/api/products/{}", product["id"]), product)
}

async fn patch(api: &Api, path: &str, tag: &str, body: &Value) -> crate::harness::Reply {
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    api.send("PATCH", path, &headers, body.to_string()).await
}

#[tokio::test]
async fn the_second_editor_is_told_what_the_first_one_changed() {
    let api = Api::start().await;
    let (path, _) = product(&api).await;
    let tag = api.get(&path).await.header("etag").to_owned();
    let first = patch(&api, &path, &tag, &json!({"price": "2.00", "stock": 6}))
        .await
        .expect(200);
    let second = patch(&api, &path, &tag, &json!({"stock": 1})).await.expect(412);
    assert_eq!(second.code(), "conflict");
    let body = second.json();
    assert_eq!(body["changed"], json!(["price", "stock"]));
    assert_eq!(body["current"], first.data());
    assert_eq!(second.header("etag"), first.header("etag"));
    patch(&api, &path, second.header("etag"), &json!({"stock": 1}))
        .await
        .expect(200);
}

#[tokio::test]
async fn put_and_delete_are_guarded_too() {
    let api = Api::start().await;
    let (path, _) = product(&api).await;
    patch(&api, &path, "\"1\"", &json!({"stock": 6}))
        .await
        .expect(200);
    let whole = json!({"name": "a", "description": "", "price": "1", "stock": 1}).to_string();
    let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
    assert_eq!(
        api.send("PUT", &path, &headers, whole).await.expect(412).code(),
        "conflict"
    );
    assert_eq!(
        api.send("DELETE", &path, &[("if-match", "\"1\"")], "")
            .await
            .expect(412)
            .code(),
        "conflict"
    );
    api.send("DELETE", &path, &[("if-match", "\"2\"")], "")
        .await
        .expect(200);
}

#[tokio::test]
async fn every_form_of_the_header_is_understood() {
    let api = Api::start().await;
    let (path, _) = product(&api).await;
    patch(&api, &path, "*", &json!({"stock": 1})).await.expect(200);
    patch(&api, &path, "W/\"2\"", &json!({"stock": 2}))
        .await
        .expect(200);
    patch(&api, &path, "\"9\", \"3\"", &json!({"stock": 3}))
        .await
        .expect(200);
    let other = patch(&api, &path, "\"of-another-server\"", &json!({"stock": 4}))
        .await
        .expect(412);
    assert_eq!(other.json()["changed"], json!([]));
    for malformed in ["4", "\"4", "latest", "\"4\" \"5\""] {
        let reply = patch(&api, &path, malformed, &json!({"stock": 9})).await;
        assert!(
            [400, 412].contains(&reply.status.as_u16()),
            "{malformed}: {}",
            reply.text()
        );
    }
    assert_eq!(api.get(&path).await.data()["stock"], 3);
}

#[tokio::test]
async fn what_the_caller_has_is_not_sent_again() {
    let api = Api::start().await;
    let (path, _) = product(&api).await;
    for path in [
        path.as_str(),
        "/api/products",
        "/api/categories",
        "/api/products?limit=1&sort=-price",
    ] {
        let tag = api.get(path).await.expect(200).header("etag").to_owned();
        let reply = api
            .send("GET", path, &[("if-none-match", &tag)], "")
            .await
            .expect(304);
        assert!(reply.bytes.is_empty());
        assert_eq!(reply.header("etag"), tag);
        api.send("GET", path, &[("if-none-match", &format!("\"x\", W/{tag}"))], "")
            .await
            .expect(304);
    }
    let tag = api.get("/api/products").await.header("etag").to_owned();
    patch(&api, &path, "*", &json!({"stock": 77})).await.expect(200);
    let reply = api
        .send("GET", "/api/products", &[("if-none-match", &tag)], "")
        .await
        .expect(200);
    assert_ne!(reply.header("etag"), tag);
}

#[tokio::test]
async fn of_many_editors_at_once_one_wins_each_time() {
    let api = std::sync::Arc::new(Api::start().await);
    let (path, _) = product(&api).await;
    let mut editors = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (api, path) = (std::sync::Arc::clone(&api), path.clone());
        editors.spawn(async move {
            for _ in 0..10 {
                loop {
                    let seen = api.get(&path).await.expect(200);
                    let stock = seen.data()["stock"].as_i64().unwrap() + 1;
                    let reply = patch(&api, &path, seen.header("etag"), &json!({"stock": stock})).await;
                    match reply.status.as_u16() {
                        200 => break,
                        412 => {}
                        _ => panic!("{}", reply.text()),
                    }
                }
            }
        });
    }
    while let Some(editor) = editors.join_next().await {
        editor.unwrap();
    }
    let product = api.get(&path).await.data();
    assert_eq!(product["stock"], 5 + 80, "no edit was lost");
    assert_eq!(product["version"], 81);
}

#[tokio::test]
async fn a_long_page_is_compressed_for_who_takes_it() {
    let api = Api::start().await;
    for number in 0..20 {
        api.create(&json!({"name": format!("Mug {number}"), "price": "1.00"}))
            .await;
    }
    let plain = api.get("/api/products").await.expect(200);
    assert_eq!(
        (plain.header("content-encoding"), plain.header("vary")),
        ("", "accept-encoding")
    );
    let headers = [("accept-encoding", "gzip, br")];
    let small = api.send("GET", "/api/products", &headers, "").await.expect(200);
    assert_eq!(small.header("content-encoding"), "gzip");
    assert!(small.bytes.len() < plain.bytes.len() / 3);
    let mut text = Vec::new();
    std::io::copy(&mut flate2::read::GzDecoder::new(&small.bytes[..]), &mut text).unwrap();
    assert!(text == plain.bytes);
    assert_eq!(small.header("etag"), format!("W/{}", plain.header("etag")));
    let again = [
        ("accept-encoding", "gzip"),
        ("if-none-match", small.header("etag")),
    ];
    let again = api.send("GET", "/api/products", &again, "").await.expect(304);
    assert!(again.bytes.is_empty() && again.header("content-encoding").is_empty());
    let one = api.send("GET", "/api/products/1", &headers, "").await.expect(200);
    assert_eq!(
        (one.header("content-encoding"), one.header("etag")),
        ("", "\"1\"")
    );
}
