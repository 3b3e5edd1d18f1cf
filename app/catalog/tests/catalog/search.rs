//! Search and order as people expect them, whatever the server's locale is.

use crate::harness::{Api, server};
use serde_json::json;

async fn found(api: &Api, text: &str) -> Vec<String> {
    let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let body = api
        .get(&format!("/api/products?q={query}&sort=name"))
        .await
        .expect(200)
        .json();
    let rows = body["data"].as_array().unwrap();
    rows.iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn words_are_not_missed_for_their_order_case_or_spaces() {
    let api = Api::start().await;
    for name in [
        "Enamel mug",
        "Mug of tin, enamel inside",
        "Enamel tray",
        "Tin mug",
    ] {
        // A SKU that is made up may have the letters of a word in it.
        let sku = format!("{}", 1000 + name.len());
        api.create(&json!({"name": name, "sku": sku, "price": 1})).await;
    }
    for text in [
        "enamel mug",
        "mug enamel",
        "Enamel  mug",
        " MUG  en ",
        "mug\u{a0}enamel",
        "mug enamel mug",
    ] {
        assert_eq!(
            found(&api, text).await,
            ["Enamel mug", "Mug of tin, enamel inside"],
            "{text:?}"
        );
    }
    assert_eq!(found(&api, "mug tray").await, [""; 0]);
}

#[tokio::test]
async fn words_are_not_missed_for_their_accents_or_normal_form() {
    let api = Api::start().await;
    let composed = "Café crème";
    let decomposed = "Cafe\u{301} cre\u{300}me noir";
    for name in [
        composed,
        decomposed,
        "Smørrebrød",
        "Straße",
        "Œuvre",
        "ŁÓDŹ",
        "शक्तिशाली दीपक",
        "İstanbul",
        "Kakao",
    ] {
        api.create(&json!({"name": name, "price": 1})).await;
    }
    for text in ["cafe", "café", "CAFE\u{301}", "CREME", "crème café", "caf\u{ad}e"] {
        assert_eq!(found(&api, text).await, [composed, decomposed], "{text:?}");
    }
    for (text, name) in [
        ("smorrebrod", "Smørrebrød"),
        ("SMØRREBRØD", "Smørrebrød"),
        ("strasse", "Straße"),
        ("straße", "Straße"),
        ("oeuvre", "Œuvre"),
        ("lodz", "ŁÓDŹ"),
        ("शक्तिशाली", "शक्तिशाली दीपक"),
        ("istanbul", "İstanbul"),
    ] {
        assert_eq!(found(&api, text).await, [name], "{text:?}");
    }
}

#[tokio::test]
async fn signs_in_a_search_are_never_patterns() {
    let api = Api::start().await;
    for name in ["100% wool", "50 wool", "snake_case", r"back\slash"] {
        api.create(&json!({"name": name, "price": 1})).await;
    }
    for (text, names) in [
        ("%", "100% wool"),
        ("\u{ff05}", "100% wool"),
        ("_", "snake_case"),
        ("\\", r"back\slash"),
    ] {
        assert_eq!(found(&api, text).await, [names], "{text:?}");
    }
    assert_eq!(found(&api, "0_w").await, [""; 0]);
}

#[tokio::test]
async fn names_are_never_sorted_by_their_bytes() {
    let api = Api::start().await;
    let order = [
        "2 pack", "10 pack", "apple", "Ärger", "äther", "Banana", "Éclair", "zebra", "Zoo",
    ];
    let mut shuffled = order;
    shuffled.sort_unstable();
    for name in shuffled {
        api.create(&json!({"name": name, "price": 1, "category": name}))
            .await;
    }
    assert_eq!(found(&api, "").await, order);
    let categories = api.get("/api/categories").await.data();
    let categories: Vec<&str> = categories
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["category"].as_str().unwrap())
        .collect();
    assert_eq!(categories, order);
}

#[tokio::test]
async fn what_is_low_is_not_the_same_in_every_shop() {
    let database = server::database().await;
    let few = Api::on(database.clone(), &[("LOW_STOCK", "3")]);
    let many = Api::on(database, &[("LOW_STOCK", "50")]);
    for stock in [0, 1, 3, 4, 10, 50, 51] {
        few.create(&json!({"name": format!("stock {stock}"), "price": 1, "stock": stock}))
            .await;
    }
    let low = async |api: &Api| {
        let page = api.get("/api/products?stock=low&sort=stock").await.data();
        let stocks = page
            .as_array()
            .unwrap()
            .iter()
            .map(|product| product["stock"].as_i64().unwrap());
        let stocks: Vec<i64> = stocks.collect();
        let file = api.get("/api/products/export?stock=low").await.text();
        assert_eq!(
            file.lines().count(),
            stocks.len() + 1,
            "the export has what the list has"
        );
        (stocks, api.get("/api/me").await.data()["low_stock"].clone())
    };
    assert_eq!(low(&few).await, (vec![1, 3], json!(3)));
    assert_eq!(low(&many).await, (vec![1, 3, 4, 10, 50], json!(50)));
}
