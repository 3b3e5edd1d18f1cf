//! Imports and bulk calls that are taken back.

use crate::harness::{Api, Reply};
use serde_json::{Value, json};

async fn import(api: &Api, text: &str) -> Value {
    let headers = [("content-type", "text/csv")];
    let path = "/api/products/import?empty=erase";
    api.send("POST", path, &headers, text.to_owned())
        .await
        .expect(200)
        .data()
}

async fn undo(api: &Api, change_set: &Value) -> Reply {
    api.send("POST", &format!("/api/change-sets/{change_set}/undo"), &[], "")
        .await
}

/// The products without what every write changes.
async fn products(api: &Api) -> Vec<Value> {
    let body = api.get("/api/products?limit=200").await.json();
    let mut products = body["data"].as_array().unwrap().clone();
    for product in &mut products {
        for member in ["version", "updated_at"] {
            product.as_object_mut().unwrap().remove(member);
        }
    }
    products
}

#[tokio::test]
async fn nothing_of_an_import_is_left_when_it_is_undone() {
    let api = Api::start().await;
    let lamp = json!({"sku": "L-1", "name": "Lamp", "price": "1", "description": "Enamel", "category": "Light", "stock": 3});
    api.create(&lamp).await;
    api.create(&json!({"sku": "L-2", "name": "Shade", "price": "2"}))
        .await;
    let before = products(&api).await;
    let file = "sku,name,price,description,category\nl-1,Lantern,1.50,,\nL-2,Shade,2,,\nL-3,New,3,x,y\n";
    let report = import(&api, file).await;
    assert_ne!(products(&api).await, before);
    let outcome = undo(&api, &report["change_set"]).await.expect(200).data();
    assert_eq!((&outcome["restored"], &outcome["kept"]), (&json!(2), &json!([])));
    assert_eq!(products(&api).await, before);
    // Undoing is in the history, and can be undone in turn.
    let history = api.get("/api/products/1/history").await.json();
    assert_eq!(history["data"][0]["action"], "undo");
    undo(&api, &outcome["change_set"]).await.expect(200);
    assert_eq!(products(&api).await.len(), 3);
    assert_eq!(api.get("/api/products/1").await.data()["name"], "Lantern");
    assert_eq!(import(&api, file).await["unchanged"], 3);
}

#[tokio::test]
async fn what_others_changed_since_is_not_taken_back() {
    let api = Api::start().await;
    for sku in ["A", "B", "C"] {
        api.create(&json!({"sku": sku, "name": sku, "price": "10", "stock": 1}))
            .await;
    }
    let report = import(
        &api,
        "sku,name,price,stock\nA,A,11,2\nB,B,12,2\nC,C,13,2\nD,D,14,2\n",
    )
    .await;
    api.json("PATCH", "/api/products/1", &json!({"price": "99"}))
        .await
        .expect(200);
    api.delete("/api/products/2").await.expect(200);
    api.json("PATCH", "/api/products/4", &json!({"name": "D of mine"}))
        .await
        .expect(200);
    let outcome = undo(&api, &report["change_set"]).await.expect(200).data();
    assert_eq!(outcome["kept"], json!([1, 2, 4]));
    assert_eq!(outcome["restored"], 2);
    let fields = async |id: u32| {
        let product = api.get(&format!("/api/products/{id}")).await.expect(200).data();
        (product["price"].clone(), product["stock"].clone())
    };
    assert_eq!(
        fields(1).await,
        (json!("99.00"), json!(1)),
        "the price of another, the stock of before"
    );
    assert_eq!(fields(3).await, (json!("10.00"), json!(1)));
    assert_eq!(fields(4).await, (json!("14.00"), json!(2)));
    api.get("/api/products/2").await.expect(404);
}

#[tokio::test]
async fn a_bulk_change_is_undone_to_the_cent() {
    let api = Api::start().await;
    for price in ["0.05", "19.99", "33.33"] {
        api.create(&json!({"name": price, "price": price})).await;
    }
    let before = products(&api).await;
    let body = json!({"ids": [1, 2, 3, 4], "action": "price_percent", "percent": "-33.33"});
    let data = api.post("/api/products/bulk", &body).await.expect(200).data();
    undo(&api, &data["change_set"]).await.expect(200);
    assert_eq!(products(&api).await, before);
    assert_eq!(
        undo(&api, &data["change_set"]).await.expect(409).code(),
        "undone_already"
    );
    undo(&api, &json!(99)).await.expect(404);
    let reply = api
        .send("POST", "/api/change-sets/x/undo", &[], "")
        .await
        .expect(422);
    assert_eq!(reply.field("id"), "not_an_integer");
    // A call that changes nothing has nothing to undo.
    let body = json!({"ids": [1], "action": "price_percent", "percent": 0});
    assert_eq!(
        api.post("/api/products/bulk", &body).await.expect(200).data()["change_set"],
        json!(null)
    );
}

#[tokio::test]
async fn a_deleted_product_comes_back_with_its_id_unless_its_sku_is_given_away() {
    let api = Api::start().await;
    for sku in ["A", "B"] {
        api.create(&json!({"sku": sku, "name": sku, "price": "1", "category": "c"}))
            .await;
    }
    let before = products(&api).await;
    let body = json!({"ids": [1, 2], "action": "delete"});
    let data = api.post("/api/products/bulk", &body).await.expect(200).data();
    let outcome = undo(&api, &data["change_set"]).await.expect(200).data();
    assert_eq!(outcome["restored"], 2);
    assert_eq!(products(&api).await, before);
    assert_eq!(api.get("/api/products/1").await.data()["version"], 3);

    let data = api.post("/api/products/bulk", &body).await.expect(200).data();
    api.create(&json!({"sku": "b", "name": "another", "price": 1}))
        .await;
    let outcome = undo(&api, &data["change_set"]).await.expect(200).data();
    assert_eq!((&outcome["restored"], &outcome["kept"]), (&json!(1), &json!([2])));
}

#[tokio::test]
async fn an_editor_cannot_undo_what_an_editor_could_not_do() {
    let tokens =
        "ann:editor:ann-token-0123456789,ada:admin:ada-token-0123456789,vic:viewer:vic-token-0123456789";
    let api = Api::with(&[("API_TOKENS", tokens)]).await;
    let call = async |who: &str, path: &str, kind: &str, body: String| {
        let bearer = format!("Bearer {who}-token-0123456789");
        let headers = [("content-type", kind), ("authorization", &*bearer)];
        api.send("POST", path, &headers, body).await
    };
    let report = call(
        "ada",
        "/api/products/import",
        "text/csv",
        "sku,name,price\nA,A,1\n".into(),
    )
    .await;
    let imported = report.expect(200).data()["change_set"].clone();
    let stock = json!({"ids": [1], "action": "update", "set": {"stock": 4}}).to_string();
    let changed = call("ann", "/api/products/bulk", "application/json", stock).await;
    let changed = changed.expect(200).data()["change_set"].clone();
    let undo = async |who: &str, set: &Value| {
        call(
            who,
            &format!("/api/change-sets/{set}/undo"),
            "text/plain",
            String::new(),
        )
        .await
    };
    undo("vic", &changed).await.expect(403);
    undo("ann", &imported).await.expect(403);
    undo("ann", &changed).await.expect(200);
    undo("ada", &imported).await.expect(200);
}
