//! The history of products: every change, with its author.

use crate::harness::Api;
use serde_json::{Value, json};

/// Version, author, action and fields of each change of a page, all of which were made just now.
fn recent_changes(history: &Value) -> Vec<Value> {
    let change = |line: &Value| {
        let age = jiff::Timestamp::now().duration_since(line["at"].as_str().unwrap().parse().unwrap());
        assert!(age.as_secs() < 120);
        json!([line["version"], line["who"], line["action"], line["changes"]])
    };
    history["data"].as_array().unwrap().iter().map(change).collect()
}

#[tokio::test]
async fn every_way_of_writing_leaves_its_line() {
    let tokens = "ann:admin:aaaaaaaaaaaaaaaa1,bob:editor:bbbbbbbbbbbbbbbb1";
    let api = Api::with(&[("API_TOKENS", tokens)]).await;
    let json_type = ("content-type", "application/json");
    let ann = ("authorization", "Bearer aaaaaaaaaaaaaaaa1");
    let bob = ("authorization", "Bearer bbbbbbbbbbbbbbbb1");
    let body = json!({"sku": "H-1", "name": "Mug", "price": "1"}).to_string();
    api.send("POST", "/api/products", &[json_type, bob], body)
        .await
        .expect(201);
    api.send(
        "PATCH",
        "/api/products/1",
        &[json_type, ann],
        json!({"stock": 4}).to_string(),
    )
    .await
    .expect(200);
    let bulk = json!({"ids": [1], "action": "price_percent", "percent": 100}).to_string();
    api.send("POST", "/api/products/bulk", &[json_type, bob], bulk)
        .await
        .expect(200);
    let file = "sku,name\nH-1,Cup\n";
    api.send(
        "POST",
        "/api/products/import",
        &[("content-type", "text/csv"), ann],
        file,
    )
    .await
    .expect(200);
    api.send("DELETE", "/api/products/1", &[bob], "")
        .await
        .expect(200);
    let history = api
        .send("GET", "/api/products/1/history", &[bob], "")
        .await
        .expect(200)
        .json();
    let created = json!({"sku": [null, "H-1"], "name": [null, "Mug"], "description": [null, ""],
        "price": [null, "1.00"], "stock": [null, 0], "status": [null, "active"]});
    let deleted = json!({"sku": ["H-1", null], "name": ["Cup", null], "description": ["", null],
        "price": ["2.00", null], "stock": [4, null], "status": ["active", null]});
    assert_eq!(
        recent_changes(&history),
        [
            json!([5, "bob", "delete", deleted]),
            json!([4, "ann", "import", {"name": ["Mug", "Cup"]}]),
            json!([3, "bob", "bulk", {"price": ["1.00", "2.00"]}]),
            json!([2, "ann", "update", {"stock": [0, 4]}]),
            json!([1, "bob", "create", created]),
        ]
    );
}

#[tokio::test]
async fn a_long_history_comes_in_pages() {
    let api = Api::start().await;
    api.create(&json!({"name": "Mug", "price": "1"})).await;
    for stock in 1..=30 {
        api.json("PATCH", "/api/products/1", &json!({"stock": stock}))
            .await
            .expect(200);
    }
    let mut versions = Vec::new();
    let mut cursor = String::new();
    loop {
        let body = api
            .get(&format!("/api/products/1/history?limit=7&cursor={cursor}"))
            .await
            .expect(200)
            .json();
        assert_eq!(body["page"]["total"], 31);
        versions.extend(
            body["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line["version"].as_i64().unwrap()),
        );
        match body["page"]["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(versions, (1..=31).rev().collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_product_that_never_was_has_none() {
    let api = Api::start().await;
    assert_eq!(
        api.get("/api/products/1/history").await.expect(404).code(),
        "not_found"
    );
    assert_eq!(
        api.get("/api/products/x/history").await.expect(422).field("id"),
        "not_an_integer"
    );
    assert_eq!(
        api.get("/api/products/1/history?cursor=x")
            .await
            .expect(422)
            .field("cursor"),
        "bad_cursor"
    );
}
