//! Calls that are sent again.

use crate::harness::{Api, Reply};
use serde_json::{Value, json};

async fn keyed(api: &Api, path: &str, key: &str, body: &Value) -> Reply {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    api.send("POST", path, &headers, body.to_string()).await
}

async fn total(api: &Api) -> Value {
    api.get("/api/products").await.json()["page"]["total"].clone()
}

#[tokio::test]
async fn a_create_that_is_sent_again_does_not_create_twice() {
    let api = Api::start().await;
    let mug = json!({"name": "Mug", "price": "1.00"});
    let first = keyed(&api, "/api/products", "\"k-1\"", &mug).await.expect(201);
    let again = keyed(&api, "/api/products", "k-1", &mug).await.expect(201);
    assert_eq!(again.data(), first.data());
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        ("", "true")
    );
    assert_eq!(total(&api).await, 1);
    // Also with an answer that is no longer true.
    api.delete("/api/products/1").await.expect(200);
    assert_eq!(
        keyed(&api, "/api/products", "k-1", &mug).await.expect(201).data(),
        first.data()
    );
    // Without a key, or with another one, it is another product.
    api.post("/api/products", &mug).await.expect(201);
    keyed(&api, "/api/products", "k-2", &mug).await.expect(201);
    assert_eq!(total(&api).await, 2);
}

#[tokio::test]
async fn a_key_is_not_taken_for_another_request_or_by_a_refused_one() {
    let api = Api::start().await;
    let refused = json!({"name": "Mug", "price": "x"});
    keyed(&api, "/api/products", "k", &refused).await.expect(422);
    api.post("/api/products", &json!({"sku": "A", "name": "A", "price": 1}))
        .await
        .expect(201);
    keyed(
        &api,
        "/api/products",
        "k",
        &json!({"sku": "a", "name": "A", "price": 1}),
    )
    .await
    .expect(409);
    keyed(&api, "/api/products", "k", &json!({"name": "Mug", "price": "1"}))
        .await
        .expect(201);
    let other = keyed(&api, "/api/products", "k", &json!({"name": "Mug", "price": "2"})).await;
    assert_eq!(other.expect(422).code(), "idempotency_key_reused");
    for key in ["", "two words", "\u{e9}", &"k".repeat(256)] {
        let reply = keyed(&api, "/api/products", key, &json!({"name": "Mug", "price": "1"})).await;
        assert_eq!(reply.expect(400).code(), "bad_idempotency_key", "{key}");
    }
    assert_eq!(total(&api).await, 2);
}

#[tokio::test]
async fn a_key_of_one_caller_is_not_that_of_another() {
    let tokens = "ann:editor:ann-token-0123456789,bob:editor:bob-token-0123456789";
    let api = Api::with(&[("API_TOKENS", tokens)]).await;
    let mut ids = Vec::new();
    for token in ["ann-token-0123456789", "bob-token-0123456789"] {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "same"),
            ("authorization", &*bearer),
        ];
        let body = json!({"name": "Mug", "price": 1}).to_string();
        ids.push(
            api.send("POST", "/api/products", &headers, body)
                .await
                .expect(201)
                .data()["id"]
                .clone(),
        );
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn calls_with_one_key_at_once_do_not_create_twice() {
    let api = std::sync::Arc::new(Api::start().await);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let api = std::sync::Arc::clone(&api);
        calls.spawn(async move {
            let mug = json!({"name": "Mug", "price": "1.00"});
            keyed(&api, "/api/products", "at-once", &mug)
                .await
                .expect(201)
                .data()["id"]
                .clone()
        });
    }
    let ids: Vec<Value> = calls.join_all().await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(total(&api).await, 1);
}

#[tokio::test]
async fn a_bulk_call_or_an_import_that_is_sent_again_does_not_change_twice() {
    let api = Api::start().await;
    api.create(&json!({"sku": "A", "name": "A", "price": "100.00", "stock": 1}))
        .await;
    let lower = json!({"ids": [1], "action": "price_percent", "percent": -10});
    let first = keyed(&api, "/api/products/bulk", "b", &lower)
        .await
        .expect(200)
        .data();
    assert_eq!(
        keyed(&api, "/api/products/bulk", "b", &lower)
            .await
            .expect(200)
            .data(),
        first
    );
    assert_eq!(api.get("/api/products/1").await.data()["price"], "90.00");

    let headers = [("content-type", "text/csv"), ("idempotency-key", "i")];
    let import = async |text: &str| {
        api.send("POST", "/api/products/import", &headers, text.to_owned())
            .await
    };
    let report = import("sku,stock\nA,5\n").await.expect(200).data();
    api.json("PATCH", "/api/products/1", &json!({"stock": 6}))
        .await
        .expect(200);
    assert_eq!(import("sku,stock\nA,5\n").await.expect(200).data(), report);
    assert_eq!(api.get("/api/products/1").await.data()["stock"], 6);
    assert_eq!(
        import("sku,stock\nA,4\n").await.expect(422).code(),
        "idempotency_key_reused"
    );
}
