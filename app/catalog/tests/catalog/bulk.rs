//! Many products at once.

use crate::harness::Api;
use serde_json::{Value, json};

async fn three(api: &Api) -> Vec<Value> {
    let mut products = Vec::new();
    for (name, price) in [("a", "10.00"), ("b", "0.05"), ("c", "99999999.99")] {
        products.push(
            api.create(&json!({"name": name, "price": price, "stock": 1}))
                .await,
        );
    }
    products
}

#[tokio::test]
async fn fields_are_set_and_missing_ids_are_told() {
    let api = Api::start().await;
    three(&api).await;
    let set = json!({"status": "archived", "category": "Old", "stock": 0});
    let body = json!({"ids": [2, 1, 1, 77], "action": "update", "set": set});
    let data = api.post("/api/products/bulk", &body).await.expect(200).data();
    assert_eq!(data, json!({"changed": 2, "missing": [77], "change_set": 1}));
    for id in [1, 2] {
        let product = api.get(&format!("/api/products/{id}")).await.data();
        assert_eq!(product["status"], "archived");
        assert_eq!(product["category"], "Old");
        assert_eq!(product["stock"], 0);
        assert_eq!(product["version"], 2);
    }
    assert_eq!(api.get("/api/products/3").await.data()["version"], 1);
    let again = api.post("/api/products/bulk", &body).await.expect(200).data();
    assert_eq!(again["changed"], 0, "they already are as asked");
}

#[tokio::test]
async fn prices_change_by_percent_to_the_cent() {
    let api = Api::start().await;
    three(&api).await;
    let body = json!({"ids": [1, 2], "action": "price_percent", "percent": "-10.00"});
    assert_eq!(
        api.post("/api/products/bulk", &body).await.expect(200).data()["changed"],
        1
    );
    assert_eq!(api.get("/api/products/1").await.data()["price"], "9.00");
    // 0.045 is rounded half away from zero, back to 0.05, which is no change.
    assert_eq!(api.get("/api/products/2").await.data()["price"], "0.05");
}

#[tokio::test]
async fn one_price_out_of_range_and_none_changes() {
    let api = Api::start().await;
    three(&api).await;
    let body = json!({"ids": [1, 3], "action": "price_percent", "percent": 1});
    let reply = api.post("/api/products/bulk", &body).await.expect(422);
    assert_eq!(reply.field("percent"), "too_large");
    assert_eq!(api.get("/api/products/1").await.data()["price"], "10.00");
}

#[tokio::test]
async fn many_are_deleted_in_one_go() {
    let api = Api::start().await;
    three(&api).await;
    let body = json!({"ids": [1, 3, 9], "action": "delete"});
    let data = api.post("/api/products/bulk", &body).await.expect(200).data();
    assert_eq!(data, json!({"changed": 2, "missing": [9], "change_set": 1}));
    api.get("/api/products/1").await.expect(404);
    api.get("/api/products/2").await.expect(200);
}

#[tokio::test]
async fn five_hundred_are_the_most() {
    let api = Api::start().await;
    let ids: Vec<i64> = (1..=500).collect();
    let reply = api
        .post("/api/products/bulk", &json!({"ids": ids, "action": "delete"}))
        .await
        .expect(200);
    assert_eq!(reply.data()["missing"].as_array().unwrap().len(), 500);
    let ids: Vec<i64> = (1..=501).collect();
    let reply = api
        .post("/api/products/bulk", &json!({"ids": ids, "action": "delete"}))
        .await
        .expect(422);
    assert_eq!(reply.field("ids"), "bad_ids");
}

#[tokio::test]
async fn members_that_do_not_fit_are_told() {
    let api = Api::start().await;
    for (body, field, code) in [
        (json!({}), "ids", "required"),
        (json!({"ids": [1]}), "action", "required"),
        (json!({"ids": [], "action": "delete"}), "ids", "bad_ids"),
        (json!({"ids": ["a"], "action": "delete"}), "ids", "bad_ids"),
        (json!({"ids": [1], "action": "explode"}), "action", "bad_action"),
        (json!({"ids": [1], "action": "update"}), "set", "required"),
        (json!({"ids": [1], "action": "update", "set": {}}), "set", "blank"),
        (
            json!({"ids": [1], "action": "update", "set": {"name": "x"}}),
            "name",
            "unknown_field",
        ),
        (
            json!({"ids": [1], "action": "update", "set": {"stock": -1}}),
            "stock",
            "negative",
        ),
        (
            json!({"ids": [1], "action": "price_percent"}),
            "percent",
            "required",
        ),
        (
            json!({"ids": [1], "action": "price_percent", "percent": -101}),
            "percent",
            "out_of_range",
        ),
        (
            json!({"ids": [1], "action": "price_percent", "percent": "1.005"}),
            "percent",
            "too_many_decimals",
        ),
        (
            json!({"ids": [1], "action": "delete", "force": true}),
            "force",
            "unknown_field",
        ),
    ] {
        let reply = api.post("/api/products/bulk", &body).await.expect(422);
        assert_eq!(reply.field(field), code, "{body}");
    }
}

#[tokio::test]
async fn overlapping_bulk_calls_do_not_wait_for_each_other_for_ever() {
    let api = std::sync::Arc::new(Api::start().await);
    for number in 0..40 {
        api.create(&json!({"name": format!("p{number}"), "price": 1}))
            .await;
    }
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..8_i64 {
        let api = std::sync::Arc::clone(&api);
        calls.spawn(async move {
            for round in 0..5 {
                let mut ids: Vec<i64> = (1..=40).collect();
                ids.rotate_left(usize::try_from(number).unwrap() * 5);
                let set = json!({"stock": number * 10 + round});
                let body = json!({"ids": ids, "action": "update", "set": set});
                api.post("/api/products/bulk", &body).await.expect(200);
            }
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    let body = api.get("/api/products?limit=200").await.json();
    let stocks: std::collections::BTreeSet<i64> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["stock"].as_i64().unwrap())
        .collect();
    assert_eq!(stocks.len(), 1, "the last call wrote all of them: {stocks:?}");
}
