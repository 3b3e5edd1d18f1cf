//! The staff's list of orders: paged, searched, and without the buyers who asked to be erased.

use crate::harness::{Api, server};
use serde_json::{Value, json};

const SHOP: (&str, &str) = ("SHOP", "true");

async fn order(api: &Api, key: &str, email: &str) -> String {
    let order = json!({
        "lines": [{"product": 1, "quantity": 2, "price": "12.50"}, {"product": 2, "quantity": 1, "price": "0.99"}],
        "name": "Ada", "email": email, "address": "12 St James's Square", "session": "0199000000007000800000000000000a",
    });
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let reply = api.send("POST", "/api/orders", &headers, order.to_string()).await;
    reply.expect(201).data()["number"].as_str().unwrap().to_owned()
}

async fn shop(settings: &[(&str, &str)]) -> Api {
    let api = Api::with(settings).await;
    for (name, price) in [("Mug", "12.50"), ("Pen", "0.99")] {
        api.create(&json!({"name": name, "price": price, "stock": 90}))
            .await;
    }
    api
}

fn numbers(page: &Value) -> Vec<&str> {
    let orders = page["data"].as_array().unwrap();
    orders
        .iter()
        .map(|order| order["number"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_staff_sees_every_order_once_the_newest_first() {
    let api = shop(&[SHOP]).await;
    assert_eq!(
        api.get("/api/orders").await.expect(200).json()["page"]["total"],
        0
    );
    let mut placed = Vec::new();
    for number in 0..5 {
        placed.insert(0, order(&api, &format!("k{number}"), "ada@example.org").await);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api
            .get(&format!("/api/orders?limit=2&cursor={cursor}"))
            .await
            .expect(200)
            .json();
        assert_eq!(page["page"]["total"], 5);
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        // An order that comes in between moves no page.
        order(&api, &format!("later{}", seen.len()), "eve@example.org").await;
        match page["page"]["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
        let stranger = api.get("/api/orders?email=EVE@example.org").await.json();
        assert!(
            numbers(&stranger)
                .iter()
                .all(|number| !placed.contains(&(*number).to_owned()))
        );
        let client = server::client(&api.database).await;
        client
            .batch_execute("delete from order_lines l using orders o where o.id = l.order_id and o.email like 'eve%'; delete from orders where email like 'eve%'")
            .await
            .unwrap();
    }
    assert_eq!(seen, placed);
    let found = api
        .get(&format!("/api/orders?number={}", placed[3].to_lowercase()))
        .await
        .json();
    assert_eq!(numbers(&found), [placed[3].as_str()]);
    let first = &found["data"][0];
    assert_eq!(
        (&first["total"], &first["name"], &first["erased_at"]),
        (&json!("25.99"), &json!("Ada"), &Value::Null)
    );
    let lines = json!([
        {"product": 1, "sku": first["lines"][0]["sku"], "name": "Mug", "price": "12.50", "quantity": 2},
        {"product": 2, "sku": first["lines"][1]["sku"], "name": "Pen", "price": "0.99", "quantity": 1},
    ]);
    assert_eq!(first["lines"], lines);
    for wrong in ["cursor=x", "limit=0", "limit=201", "page=2", "number=12345678901"] {
        api.get(&format!("/api/orders?{wrong}")).await.expect(422);
    }
}

// Long: the life of three orders, and every table afterwards.
#[tokio::test]
async fn of_a_buyer_who_is_erased_nothing_is_left_in_the_database() {
    let analytics = [
        SHOP,
        ("ANALYTICS_URL", "http://127.0.0.1:9"),
        ("ANALYTICS_TOKEN", "tttttttttttttttt1"),
    ];
    let api = shop(&analytics).await;
    let ada = [
        order(&api, "a", "Ada@example.org").await,
        order(&api, "b", "ada@EXAMPLE.org").await,
    ];
    let eve = order(&api, "c", "eve@example.org").await;
    let erased = api
        .post("/api/orders/erase", &json!({"email": "ada@example.org"}))
        .await
        .expect(200)
        .data();
    let mut wanted = ada.clone();
    wanted.sort();
    assert_eq!(erased["orders"], json!(wanted));
    let again = api
        .post("/api/orders/erase", &json!({"email": "ada@example.org"}))
        .await
        .expect(200)
        .data();
    assert_eq!(again["orders"], json!([]));
    let page = api.get("/api/orders").await.json();
    assert_eq!(numbers(&page), [&eve, &ada[1], &ada[0]]);
    for order in page["data"].as_array().unwrap() {
        let is_erased = order["number"] != eve.as_str();
        for member in ["name", "email", "address"] {
            assert_eq!(order[member].is_null(), is_erased, "{order}");
        }
        assert_eq!(order["erased_at"].is_null(), !is_erased);
        assert_eq!(order["total"], "25.99", "what was sold stays");
    }
    // In no table, and what is still to be told of her orders names no visit; that of another does.
    let client = server::client(&api.database).await;
    let tables = "select tablename from pg_tables where schemaname = 'public'";
    for table in client.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let sql =
            format!("select count(*) from {table} t where lower(to_jsonb(t)::text) like '%ada@example%'");
        let count: i64 = client.query_one(&sql, &[]).await.unwrap().get(0);
        assert_eq!(count, 0, "{table}");
    }
    let sql = "select event->'event'->'props'->>'order' from outbox where event->'who'->>'s' is not null";
    let told: Vec<String> = client
        .query(sql, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(told, [eve]);
    let nobody = json!({"email": "nobody", "all": true});
    let refused = api.post("/api/orders/erase", &nobody).await.expect(422);
    assert_eq!(
        (refused.field("email"), refused.field("all")),
        ("bad_email".to_owned(), "unknown_field".to_owned())
    );
}
