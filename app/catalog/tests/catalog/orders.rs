//! Orders: no piece is sold twice, no order is placed twice, and what was ordered reaches the collector.

use crate::harness::{Api, Reply, server};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SHOP: (&str, &str) = ("SHOP", "true");

fn body(lines: &Value) -> Value {
    json!({"lines": lines, "name": "Ada", "email": "ada@example.org", "address": "12 St James's Square\nLondon"})
}

async fn order(api: &Api, key: &str, body: &Value) -> Reply {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    api.send("POST", "/api/orders", &headers, body.to_string()).await
}

async fn product(api: &Api, stock: i32) -> i64 {
    let product = json!({"name": "Mug", "price": "12.50", "stock": stock});
    api.create(&product).await["id"].as_i64().unwrap()
}

async fn count(api: &Api, sql: &str) -> i64 {
    let client = server::client(&api.database).await;
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_pieces_are_not_sold_to_more_than_ten_of_64_buyers() {
    let api = Arc::new(Api::with(&[SHOP]).await);
    let (scarce, plenty) = (product(&api, 10).await, product(&api, 1000).await);
    let buyers = (0..64).map(|buyer| {
        let api = Arc::clone(&api);
        tokio::spawn(async move {
            let mut lines = vec![
                json!({"product": scarce, "quantity": 1, "price": "12.50"}),
                json!({"product": plenty, "quantity": 2, "price": "12.50"}),
            ];
            // In both orders, which must not let two buyers wait for each other.
            if buyer % 2 == 0 {
                lines.reverse();
            }
            order(&api, &format!("buyer-{buyer}"), &body(&json!(lines))).await
        })
    });
    let mut sold = 0;
    for buyer in buyers.collect::<Vec<_>>() {
        let reply = buyer.await.unwrap();
        match reply.status.as_u16() {
            201 => sold += 1,
            409 => {
                assert_eq!(reply.code(), "not_available");
                let short = json!([{"product": scarce, "wanted": 1, "available": 0, "price": "12.50"}]);
                assert_eq!(reply.json()["short"], short);
            }
            other => panic!("{other}: {}", reply.text()),
        }
    }
    assert_eq!(sold, 10);
    let stock = async |id| api.get(&format!("/api/products/{id}")).await.data()["stock"].clone();
    assert_eq!(stock(scarce).await, 0);
    assert_eq!(stock(plenty).await, 1000 - 2 * sold);
    assert_eq!(count(&api, "select count(*) from orders").await, 10);
    assert_eq!(count(&api, "select sum(quantity) from order_lines").await, 30);
    // Each piece that left is in the history of its product.
    let history = api
        .get(&format!("/api/products/{scarce}/history?limit=100"))
        .await;
    let history = history.json()["data"].as_array().unwrap().clone();
    assert_eq!(history.len(), 11);
    assert_eq!(history[0]["changes"], json!({"stock": [1, 0]}));
    assert!(history[0]["who"].as_str().unwrap().starts_with("order "));
}

#[tokio::test]
async fn an_order_that_is_sent_again_is_not_placed_again() {
    let api = Api::with(&[SHOP]).await;
    let id = product(&api, 5).await;
    let wanted = body(&json!([{"product": id, "quantity": 2, "price": "12.50"}]));
    let first = order(&api, "k", &wanted).await.expect(201);
    let placed = first.data();
    assert_eq!(placed["total"], "25.00");
    assert_eq!(placed["currency"], "USD");
    assert_eq!(placed["lines"][0]["name"], "Mug");
    let again = order(&api, "k", &wanted).await.expect(201);
    assert_eq!(again.data(), placed);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = body(&json!([{"product": id, "quantity": 1, "price": "12.50"}]));
    let reused = order(&api, "k", &other).await.expect(422);
    assert_eq!(reused.code(), "idempotency_key_reused");
    assert_eq!(count(&api, "select count(*) from orders").await, 1);
    let headers = [("content-type", "application/json")];
    let none = api
        .send("POST", "/api/orders", &headers, wanted.to_string())
        .await;
    assert_eq!(none.expect(400).code(), "idempotency_key_missing");
}

#[tokio::test]
async fn nothing_is_taken_for_an_order_of_which_a_part_cannot_be_had() {
    let api = Api::with(&[SHOP]).await;
    let (there, draft) = (product(&api, 5).await, product(&api, 5).await);
    let change = json!({"status": "draft"});
    api.json("PATCH", &format!("/api/products/{draft}"), &change)
        .await
        .expect(200);
    let lines = json!([
        {"product": there, "quantity": 2, "price": "12.50"},
        {"product": draft, "quantity": 1, "price": "12.50"},
        {"product": 4_000_000, "quantity": 1, "price": "1.00"},
    ]);
    let refused = order(&api, "a", &body(&lines)).await.expect(409);
    assert_eq!(
        refused.json()["short"],
        json!([
            {"product": draft, "wanted": 1, "available": 0, "price": null},
            {"product": 4_000_000, "wanted": 1, "available": 0, "price": null},
        ])
    );
    // At another price than the buyer saw, and then by the same key at the right one: what was refused holds no key.
    let lines = json!([{"product": there, "quantity": 2, "price": "12.49"}]);
    let refused = order(&api, "b", &body(&lines)).await.expect(409);
    assert_eq!(refused.json()["short"][0]["price"], "12.50");
    assert_eq!(
        api.get(&format!("/api/products/{there}")).await.data()["stock"],
        5
    );
    assert_eq!(count(&api, "select count(*) from orders").await, 0);
    let lines = json!([{"product": there, "quantity": 5, "price": "12.5"}]);
    order(&api, "b", &body(&lines)).await.expect(201);
    assert_eq!(
        api.get(&format!("/api/products/{there}")).await.data()["stock"],
        0
    );
}

#[tokio::test]
async fn a_body_that_is_no_order_is_refused_with_all_that_is_wrong_with_it() {
    let api = Api::with(&[SHOP]).await;
    let line = |quantity: i32| json!({"product": 1, "quantity": quantity, "price": "1.00"});
    for (lines, code) in [
        (json!([]), "blank"),
        (json!([line(0)]), "bad_quantity"),
        (json!([line(-1)]), "bad_quantity"),
        (json!([line(100)]), "bad_quantity"),
        (json!([line(1), line(1)]), "given_twice"),
        (json!([{"product": 1, "quantity": 1}]), "bad_lines"),
        (
            json!([{"product": 1, "quantity": 1.5, "price": "1.00"}]),
            "bad_lines",
        ),
        (json!([{"product": 1, "quantity": 1, "price": 1}]), "bad_lines"),
        (
            json!([{"product": 1, "quantity": 1, "price": "1.001"}]),
            "bad_lines",
        ),
        (
            json!([{"product": 1, "quantity": 1, "price": "1", "free": true}]),
            "bad_lines",
        ),
        (json!("1"), "bad_lines"),
    ] {
        let reply = order(&api, "k", &body(&lines)).await.expect(422);
        assert_eq!(reply.field("lines"), code, "{lines}");
    }
    let wrong = json!({"lines": [line(1)], "name": " ", "email": "nobody", "address": "", "session": "x", "total": 1});
    let reply = order(&api, "k", &wrong).await.expect(422);
    for (field, code) in [
        ("name", "blank"),
        ("email", "bad_email"),
        ("address", "blank"),
        ("session", "bad_session"),
        ("total", "unknown_field"),
    ] {
        assert_eq!(reply.field(field), code);
    }
}

#[tokio::test]
async fn the_shop_shows_no_draft_and_no_field_that_is_the_staffs_alone() {
    let tokens = ("API_TOKENS", "ada:admin:aaaaaaaaaaaaaaaa1");
    let api = Api::with(&[SHOP, tokens]).await;
    let headers = [
        ("authorization", "Bearer aaaaaaaaaaaaaaaa1"),
        ("content-type", "application/json"),
    ];
    for (name, status) in [("Mug", "active"), ("Secret", "draft"), ("Old", "archived")] {
        let product = json!({"name": name, "price": "12.50", "stock": 500, "status": status});
        api.send("POST", "/api/products", &headers, product.to_string())
            .await
            .expect(201);
    }
    // Nobody needs a token for the shop, and nothing else is open.
    for path in [
        "/api/shop/products",
        "/api/shop/products?status=draft",
        "/api/shop/products?q=mug&sort=price",
    ] {
        let page = api.get(path).await.expect(200).json();
        let names: Vec<&str> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|offer| offer["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["Mug"], "{path}");
        assert_eq!(page["data"][0]["available"], 99);
        assert_eq!(page["data"][0]["currency"], "USD");
        for own in ["stock", "sku", "status", "version", "created_at"] {
            assert!(page["data"][0].get(own).is_none(), "{own}");
        }
    }
    api.get("/api/shop/products/1").await.expect(200);
    for id in [2, 3, 4] {
        api.get(&format!("/api/shop/products/{id}")).await.expect(404);
    }
    api.get("/api/products").await.expect(401);
    let closed = Api::on(api.database.clone(), &[]);
    for path in ["/api/shop/products", "/api/shop/products/1"] {
        closed.get(path).await.expect(404);
    }
    let lines = json!([{"product": 1, "quantity": 1, "price": "12.50"}]);
    order(&closed, "k", &body(&lines)).await.expect(404);
}

/// A collector that fails at first, and then takes what it gets.
#[derive(Default)]
struct Collector {
    posts: Mutex<Vec<(String, Value)>>,
    failures: Mutex<u32>,
}

async fn collect(
    State(collector): State<Arc<Collector>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let bearer = headers["authorization"].to_str().unwrap().to_owned();
    let post: Value = serde_json::from_slice(&body).unwrap();
    collector.posts.lock().unwrap().push((bearer, post));
    let mut failures = collector.failures.lock().unwrap();
    if *failures > 0 {
        *failures -= 1;
        return (StatusCode::SERVICE_UNAVAILABLE, String::new());
    }
    (StatusCode::ACCEPTED, r#"{"accepted":1,"rejected":[]}"#.to_owned())
}

impl Collector {
    /// Its address, with the first `failures` posts refused.
    async fn start(failures: u32) -> (Arc<Self>, String) {
        let collector = Arc::new(Self {
            failures: Mutex::new(failures),
            ..Self::default()
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/e", post(collect))
            .with_state(Arc::clone(&collector));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (collector, url)
    }
}

/// Tells the collector of `analytics` what is in the outbox, until there is nothing.
async fn tell(api: &Api, analytics: &[(&str, &str)]) {
    let settings = crate::harness::api::api_settings(analytics).shop.analytics;
    let pool = catalog::database::Connector::new(&api.database)
        .unwrap()
        .pool()
        .unwrap();
    let task = catalog::outbox::start(pool, settings.unwrap(), Arc::default(), api.drain.clone());
    let begun = Instant::now();
    let client = server::client(&api.database).await;
    while count(api, "select count(*) from outbox").await > 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the event stays in the outbox"
        );
        client
            .execute("update outbox set due = now()", &[])
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    api.drain.begin();
    task.await.unwrap();
}

#[tokio::test]
async fn an_order_is_not_lost_to_the_collector_and_has_one_event_however_often_it_is_sent() {
    // The answer to the first post is lost, which is the same as one that says no.
    let (collector, url) = Collector::start(1).await;
    let analytics = [
        SHOP,
        ("ANALYTICS_URL", url.as_str()),
        ("ANALYTICS_TOKEN", "tttttttttttttttt1"),
    ];
    let api = Api::with(&analytics).await;
    let id = product(&api, 5).await;
    let mut wanted = body(&json!([{"product": id, "quantity": 2, "price": "12.50"}]));
    wanted["session"] = json!("0199000000007000800000000000000a");
    let placed = order(&api, "k", &wanted).await.expect(201).data();
    // The process that took the order dies before it tells of it; the rows stay for another one.
    assert_eq!(count(&api, "select count(*) from outbox").await, 1);
    tell(&api, &analytics).await;

    let posts = collector.posts.lock().unwrap().clone();
    assert!(posts.len() >= 2, "{posts:?}");
    let mut ids = BTreeMap::new();
    for (bearer, post) in &posts {
        assert_eq!(bearer, "Bearer tttttttttttttttt1");
        assert_eq!((&post["v"], &post["site"]), (&json!(1), &json!("shop")));
        assert_eq!(post["who"], json!({"s": "0199000000007000800000000000000a"}));
        let event = &post["events"][0];
        assert_eq!(event["type"], "order_placed");
        assert_eq!(
            event["props"],
            json!({
                "order": placed["number"], "amount": "25.00", "currency": "USD",
                "items": [{"product": id.to_string(), "price": "12.50", "quantity": 2}],
            })
        );
        *ids.entry(event["id"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    let number = placed["number"].as_str().unwrap();
    let id = catalog::database::outbox::event_id(number);
    assert_eq!(ids.keys().collect::<Vec<_>>(), [&id.simple().to_string()]);
    assert_eq!(id.get_version_num(), 5);
}

#[tokio::test]
async fn no_event_waits_for_a_collector_that_nobody_has() {
    let api = Api::with(&[SHOP]).await;
    let id = product(&api, 5).await;
    let lines = json!([{"product": id, "quantity": 1, "price": "12.50"}]);
    order(&api, "k", &body(&lines)).await.expect(201);
    assert_eq!(count(&api, "select count(*) from outbox").await, 0);
}
