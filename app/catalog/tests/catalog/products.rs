//! The six calls, and what of them the first front end relied on.

use crate::harness::Api;
use serde_json::json;

#[tokio::test]
async fn a_name_and_a_price_make_a_product() {
    let api = Api::start().await;
    let reply = api
        .post("/api/products", &json!({"name": "Mug", "price": "12.5"}))
        .await
        .expect(201);
    let product = reply.data();
    assert_eq!(product["name"], "Mug");
    assert_eq!(product["price"], "12.50");
    assert_eq!(product["stock"], 0);
    assert_eq!(product["status"], "active");
    assert_eq!(product["category"], json!(null));
    assert_eq!(product["description"], "");
    assert!(product["sku"].as_str().unwrap().starts_with("P-"), "{product}");
    assert_eq!(reply.header("etag"), "\"1\"");
    assert_eq!(
        reply.header("location"),
        format!("/api/products/{}", product["id"])
    );
    let read = api.get(reply.header("location")).await.expect(200);
    assert_eq!(read.data(), product);
}

#[tokio::test]
async fn every_field_can_be_given_and_comes_back() {
    let api = Api::start().await;
    let body = json!({"sku": "MUG-1", "name": " Été ", "description": "two\nlines", "price": 0.1, "stock": "7",
        "category": "Küche", "status": "draft"});
    let product = api.create(&body).await;
    assert_eq!(product["sku"], "MUG-1");
    assert_eq!(product["name"], "Été");
    assert_eq!(product["description"], "two\nlines");
    assert_eq!(product["price"], "0.10");
    assert_eq!(product["stock"], 7);
    assert_eq!(product["category"], "Küche");
    assert_eq!(product["status"], "draft");
}

#[tokio::test]
async fn what_came_out_may_be_sent_back() {
    let api = Api::start().await;
    let mut product = api.create(&json!({"name": "Mug", "price": "1.00"})).await;
    product["name"] = json!("Cup");
    let path = format!("/api/products/{}", product["id"]);
    let written = api.json("PUT", &path, &product).await.expect(200).data();
    assert_eq!(written["name"], "Cup");
    assert_eq!(written["version"], 2);
    assert_eq!(written["created_at"], product["created_at"]);
}

#[tokio::test]
async fn put_takes_the_four_first_fields_and_keeps_the_later_ones() {
    let api = Api::start().await;
    let product = api
        .create(&json!({"sku": "K-1", "name": "Mug", "price": "1", "category": "Kitchen", "status": "draft"}))
        .await;
    let body = json!({"name": "Cup", "description": "new", "price": "2.00", "stock": 3});
    let path = format!("/api/products/{}", product["id"]);
    let written = api.json("PUT", &path, &body).await.expect(200).data();
    assert_eq!(written["name"], "Cup");
    assert_eq!(written["stock"], 3);
    assert_eq!(written["sku"], "K-1");
    assert_eq!(written["category"], "Kitchen");
    assert_eq!(written["status"], "draft");
}

#[tokio::test]
async fn patch_changes_what_it_names_and_nothing_else() {
    let api = Api::start().await;
    let product = api
        .create(&json!({"name": "Mug", "price": "1", "category": "Kitchen"}))
        .await;
    let path = format!("/api/products/{}", product["id"]);
    let written = api
        .json("PATCH", &path, &json!({"category": null}))
        .await
        .expect(200)
        .data();
    assert_eq!(written["category"], json!(null));
    assert_eq!(written["name"], "Mug");
    let unchanged = api
        .json("PATCH", &path, &json!({"name": "Mug"}))
        .await
        .expect(200);
    assert_eq!(
        unchanged.data()["version"],
        written["version"],
        "nothing changed, so no version"
    );
    assert_eq!(unchanged.data()["updated_at"], written["updated_at"]);
}

#[tokio::test]
async fn delete_says_so_and_the_product_is_gone() {
    let api = Api::start().await;
    let product = api.create(&json!({"name": "Mug", "price": "1"})).await;
    let path = format!("/api/products/{}", product["id"]);
    let reply = api.delete(&path).await.expect(200);
    assert_eq!(reply.data()["id"], product["id"]);
    assert!(reply.json()["message"].is_string());
    assert_eq!(api.get(&path).await.expect(404).code(), "not_found");
    assert_eq!(api.delete(&path).await.expect(404).code(), "not_found");
    assert_eq!(
        api.json("PATCH", &path, &json!({"stock": 1}))
            .await
            .expect(404)
            .code(),
        "not_found"
    );
    let whole = json!({"name": "a", "description": "", "price": "1", "stock": 0});
    assert_eq!(
        api.json("PUT", &path, &whole).await.expect(404).code(),
        "not_found"
    );
}

#[tokio::test]
async fn a_sku_belongs_to_one_product_whatever_its_case() {
    let api = Api::start().await;
    api.create(&json!({"sku": "Mug-1", "name": "Mug", "price": "1"}))
        .await;
    let other = api
        .create(&json!({"sku": "MUG-2", "name": "Mug", "price": "1"}))
        .await;
    let reply = api
        .post(
            "/api/products",
            &json!({"sku": "MUG-1", "name": "x", "price": "1"}),
        )
        .await
        .expect(409);
    assert_eq!(reply.code(), "sku_taken");
    assert_eq!(reply.field("sku"), "taken");
    let path = format!("/api/products/{}", other["id"]);
    let reply = api
        .json("PATCH", &path, &json!({"sku": "mug-1"}))
        .await
        .expect(409);
    assert_eq!(reply.code(), "sku_taken");
}

#[tokio::test]
async fn a_page_without_parameters_is_bounded() {
    let api = Api::start().await;
    for number in 0..30 {
        api.create(&json!({"name": format!("p{number}"), "price": "1"}))
            .await;
    }
    let body = api.get("/api/products").await.expect(200).json();
    assert_eq!(body["data"].as_array().unwrap().len(), 25);
    assert_eq!(body["page"]["limit"], 25);
    assert_eq!(body["page"]["total"], 30);
    assert!(body["page"]["next"].is_string());
}

#[tokio::test]
async fn an_empty_catalogue_is_an_empty_list() {
    let api = Api::start().await;
    let body = api.get("/api/products").await.expect(200).json();
    assert_eq!(
        body,
        json!({"success": true, "data": [], "page": {"limit": 25, "next": null, "total": 0}})
    );
    assert_eq!(api.get("/api/categories").await.expect(200).data(), json!([]));
}

#[tokio::test]
async fn categories_are_counted() {
    let api = Api::start().await;
    for category in [Some("b"), Some("a"), Some("b"), None] {
        api.create(&json!({"name": "x", "price": "1", "category": category}))
            .await;
    }
    let categories = api.get("/api/categories").await.expect(200).data();
    assert_eq!(
        categories,
        json!([{"category": "a", "count": 1}, {"category": "b", "count": 2}])
    );
}

#[tokio::test]
async fn a_name_that_cannot_be_seen_or_turns_other_text_is_not_taken() {
    let api = Api::start().await;
    for (name, code) in [
        ("\u{200b}\u{200d}", "blank"),
        ("\u{feff}", "blank"),
        ("Mug \u{202e}gum", "control_character"),
        ("\u{2066}Mug", "control_character"),
    ] {
        let reply = api
            .post("/api/products", &json!({"name": name, "price": 1}))
            .await
            .expect(422);
        assert_eq!(reply.field("name"), code, "{name:?}");
    }
    // Joiners inside of a word are letters of Devanagari and of emoji.
    api.create(&json!({"name": "क्\u{200d}ष 👩\u{200d}🍳", "price": 1}))
        .await;
}

#[tokio::test]
async fn a_body_is_not_taken_for_another_than_it_is() {
    let api = Api::start().await;
    let post = async |headers: &[(&str, &str)], body: &str| {
        api.send("POST", "/api/products", headers, body.to_owned()).await
    };
    let json = ("content-type", "application/json");
    let twice = post(&[json], r#"{"name": "a", "price": 1, "name": "b"}"#)
        .await
        .expect(422);
    assert_eq!(twice.field("name"), "given_twice");
    let good = r#"{"name": "a", "price": 1}"#;
    let latin = [("content-type", "application/json; charset=iso-8859-1")];
    assert_eq!(post(&latin, good).await.expect(415).code(), "unsupported_type");
    let packed = [json, ("content-encoding", "gzip")];
    assert_eq!(
        post(&packed, good).await.expect(415).code(),
        "unsupported_encoding"
    );
    post(&[("content-type", "application/json; charset=UTF-8")], good)
        .await
        .expect(201);
    let merge = [("content-type", "application/merge-patch+json")];
    let patched = api
        .send("PATCH", "/api/products/1", &merge, r#"{"price": 2}"#)
        .await;
    assert_eq!(patched.expect(200).data()["price"], "2.00");
}

#[tokio::test]
async fn the_newest_products_need_no_other_order_than_that_of_ids() {
    let api = Api::start().await;
    for name in ["a", "b", "c"] {
        api.create(&json!({"name": name, "price": 1})).await;
    }
    let first = api.get("/api/products?sort=-id&limit=2").await.json();
    assert_eq!(
        (&first["data"][0]["id"], &first["data"][1]["id"]),
        (&json!(3), &json!(2))
    );
    let next = first["page"]["next"].as_str().unwrap();
    let rest = api
        .get(&format!("/api/products?sort=-id&limit=2&cursor={next}"))
        .await
        .json();
    assert_eq!(rest["data"][0]["id"], 1);
    api.get(&format!("/api/products?sort=id&cursor={next}"))
        .await
        .expect(422);
}
