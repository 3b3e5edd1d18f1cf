//! Tests of the defects that were measured in the program that this one replaces, one each. A name states the correct
//! behaviour.

use crate::harness::Api;
use serde_json::{Value, json};

async fn refused(body: Value, field: &str, code: &str) {
    let api = Api::start().await;
    let reply = api.post("/api/products", &body).await.expect(422);
    assert_eq!(reply.code(), "invalid");
    assert_eq!(reply.field(field), code, "{body}");
    assert_eq!(
        api.get("/api/products").await.json()["page"]["total"],
        0,
        "nothing was stored"
    );
}

#[tokio::test]
async fn nan_is_not_a_price() {
    refused(json!({"name": "x", "price": "NaN"}), "price", "not_a_number").await;
    refused(json!({"name": "x", "price": "Infinity"}), "price", "not_a_number").await;
}

#[tokio::test]
async fn a_price_is_not_negative() {
    refused(json!({"name": "x", "price": -1}), "price", "negative").await;
    refused(json!({"name": "x", "price": "-0.01"}), "price", "negative").await;
}

#[tokio::test]
async fn a_stock_is_not_negative() {
    refused(json!({"name": "x", "price": 1, "stock": -1}), "stock", "negative").await;
}

#[tokio::test]
async fn a_name_is_a_text() {
    refused(json!({"name": {"a": 1}, "price": 1}), "name", "not_text").await;
    refused(json!({"name": ["a"], "price": 1}), "name", "not_text").await;
    refused(json!({"name": 7, "price": 1}), "name", "not_text").await;
}

#[tokio::test]
async fn a_price_may_be_zero() {
    let api = Api::start().await;
    assert_eq!(
        api.create(&json!({"name": "gift", "price": 0})).await["price"],
        "0.00"
    );
    assert_eq!(
        api.create(&json!({"name": "gift", "price": "-0"})).await["price"],
        "0.00"
    );
}

#[tokio::test]
async fn an_id_that_is_no_number_is_the_callers_mistake() {
    let api = Api::start().await;
    for id in [
        "abc",
        "1.5",
        "%20",
        "-",
        "99999999999999999999",
        "1;drop table products",
    ] {
        let path = format!("/api/products/{}", id.replace(' ', "%20"));
        for method in ["GET", "DELETE"] {
            let reply = api.send(method, &path, &[], "").await.expect(422);
            assert_eq!(reply.field("id"), "not_an_integer", "{method} {id}");
        }
        let reply = api
            .json(
                "PUT",
                &path,
                &json!({"name": "x", "description": "", "price": 1, "stock": 1}),
            )
            .await;
        assert_eq!(reply.expect(422).field("id"), "not_an_integer", "PUT {id}");
    }
}

#[tokio::test]
async fn a_large_id_is_not_found() {
    let api = Api::start().await;
    api.get("/api/products/99999999999").await.expect(404);
    api.get("/api/products/9223372036854775807").await.expect(404);
    api.get("/api/products/-1").await.expect(404);
}

#[tokio::test]
async fn a_price_that_is_text_is_the_callers_mistake() {
    refused(json!({"name": "x", "price": "cheap"}), "price", "not_a_number").await;
    refused(json!({"name": "x", "price": true}), "price", "not_a_number").await;
}

#[tokio::test]
async fn a_price_too_large_is_the_callers_mistake() {
    refused(json!({"name": "x", "price": 1e9}), "price", "too_large").await;
    refused(
        json!({"name": "x", "price": "100000000.00"}),
        "price",
        "too_large",
    )
    .await;
    refused(
        json!({"name": "x", "price": "9".repeat(39)}),
        "price",
        "too_large",
    )
    .await;
}

#[tokio::test]
async fn a_price_is_never_rounded() {
    refused(
        json!({"name": "x", "price": "1.005"}),
        "price",
        "too_many_decimals",
    )
    .await;
    let api = Api::start().await;
    // Not a float on the way: 0.1 + 0.2 and the largest price keep every digit.
    for (given, kept) in [
        ("99999999.99", "99999999.99"),
        ("0.10", "0.10"),
        ("1.500", "1.50"),
        ("1e2", "100.00"),
    ] {
        assert_eq!(
            api.create(&json!({"name": "x", "price": given})).await["price"],
            kept
        );
        let body = format!("{{\"name\": \"x\", \"price\": {given}}}");
        let reply = api
            .send(
                "POST",
                "/api/products",
                &[("content-type", "application/json")],
                body,
            )
            .await
            .expect(201);
        assert_eq!(reply.data()["price"], kept, "{given} as a number");
    }
}

#[tokio::test]
async fn a_name_of_300_characters_is_the_callers_mistake() {
    refused(json!({"name": "x".repeat(300), "price": 1}), "name", "too_long").await;
    let api = Api::start().await;
    // 255 characters, not bytes.
    api.create(&json!({"name": "é".repeat(255), "price": 1})).await;
}

#[tokio::test]
async fn a_put_that_leaves_a_field_out_says_which_and_changes_nothing() {
    let api = Api::start().await;
    let whole = json!({"name": "Mug", "description": "d", "price": "1.00", "stock": 4});
    let product = api.create(&whole).await;
    let path = format!("/api/products/{}", product["id"]);
    for field in ["name", "description", "price", "stock"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(field);
        let reply = api.json("PUT", &path, &body).await.expect(422);
        assert_eq!(reply.field(field), "required");
    }
    assert_eq!(
        api.get(&path).await.data(),
        product,
        "stock and description are not nulled"
    );
}

#[tokio::test]
async fn an_emptied_stock_field_is_the_callers_mistake() {
    let api = Api::start().await;
    let product = api.create(&json!({"name": "Mug", "price": "1"})).await;
    let body = json!({"name": "Mug", "description": "", "price": "1", "stock": ""});
    let reply = api
        .json("PUT", &format!("/api/products/{}", product["id"]), &body)
        .await
        .expect(422);
    assert_eq!(reply.field("stock"), "blank");
}

#[tokio::test]
async fn malformed_json_is_answered_in_the_envelope() {
    let api = Api::start().await;
    for (body, status, code) in [
        ("{\"name\": ", 400, "bad_json"),
        ("", 400, "bad_json"),
        ("[1,2]", 422, "not_an_object"),
        ("\"text\"", 422, "not_an_object"),
        ("{\"name\": \"a\", \"price\": 1} x", 400, "bad_json"),
    ] {
        let reply = api
            .send(
                "POST",
                "/api/products",
                &[("content-type", "application/json")],
                body,
            )
            .await
            .expect(status);
        assert_eq!(reply.code(), code, "{body}");
        assert_eq!(reply.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn an_unknown_path_is_answered_in_the_envelope() {
    let api = Api::start().await;
    for path in [
        "/",
        "/nope",
        "/api",
        "/api/nope",
        "/api/products/1/nope",
        "/api//products",
    ] {
        let reply = api.get(path).await.expect(404);
        assert_eq!(reply.code(), "not_found", "{path}");
        assert_eq!(reply.header("content-type"), "application/json");
    }
    let reply = api.send("PATCH", "/api/products", &[], "").await.expect(405);
    assert_eq!(reply.code(), "method_not_allowed");
    assert!(
        reply.header("allow").contains("POST"),
        "{}",
        reply.header("allow")
    );
}

#[tokio::test]
async fn a_text_that_is_nul_is_the_callers_mistake() {
    refused(
        json!({"name": "a\u{0}b", "price": 1}),
        "name",
        "control_character",
    )
    .await;
    refused(
        json!({"name": "a", "description": "\u{0}", "price": 1}),
        "description",
        "control_character",
    )
    .await;
    let api = Api::start().await;
    assert_eq!(
        api.get("/api/products?q=%00").await.expect(422).field("q"),
        "control_character"
    );
}

#[tokio::test]
async fn a_misspelt_field_is_told_and_not_ignored() {
    refused(
        json!({"name": "a", "price": 1, "stok": 3}),
        "stok",
        "unknown_field",
    )
    .await;
    let api = Api::start().await;
    let reply = api.get("/api/products?stauts=draft").await.expect(422);
    assert_eq!(reply.field("stauts"), "unknown_parameter");
    let reply = api.get("/api/products?sort=name&sort=price").await.expect(422);
    assert_eq!(reply.field("sort"), "given_twice");
}

#[tokio::test]
async fn every_error_of_a_body_is_told_at_once() {
    let api = Api::start().await;
    let body =
        json!({"sku": "-x", "name": " ", "price": "1.234", "stock": 1.5, "status": "gone", "category": 3});
    let reply = api.post("/api/products", &body).await.expect(422);
    for (field, code) in [
        ("sku", "bad_sku"),
        ("name", "blank"),
        ("price", "too_many_decimals"),
        ("stock", "not_an_integer"),
        ("status", "bad_status"),
        ("category", "not_text"),
    ] {
        assert_eq!(reply.field(field), code);
    }
}

#[tokio::test]
async fn timestamps_carry_their_zone() {
    let api = Api::start().await;
    let product = api.create(&json!({"name": "a", "price": 1})).await;
    for field in ["created_at", "updated_at"] {
        let at: jiff::Timestamp = product[field].as_str().unwrap().parse().unwrap();
        assert!(product[field].as_str().unwrap().ends_with('Z'));
        let age = jiff::Timestamp::now().duration_since(at).as_secs();
        assert!((-5..120).contains(&age), "{field} is {age} s old");
    }
}

#[tokio::test]
async fn no_other_origin_may_call_unless_it_is_listed() {
    let api = Api::start().await;
    let origin = [("origin", "https://evil.example")];
    let reply = api.send("GET", "/api/products", &origin, "").await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "");
    let api = Api::with(&[("CORS_ORIGINS", "https://shop.example")]).await;
    let reply = api.send("GET", "/api/products", &origin, "").await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "");
    let origin = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "PATCH"),
    ];
    let reply = api
        .send("OPTIONS", "/api/products/1", &origin, "")
        .await
        .expect(200);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        "https://shop.example"
    );
    assert!(reply.header("access-control-allow-methods").contains("PATCH"));
    assert!(reply.header("access-control-allow-headers").contains("if-match"));
}
