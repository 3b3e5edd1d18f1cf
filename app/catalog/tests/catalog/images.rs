//! The images of products.

use crate::harness::{Api, Reply};
use serde_json::{Value, json};

/// The beginning of a PNG, which is what tells one.
fn png(rest: &str) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n", rest.as_bytes()].concat()
}

async fn upload(api: &Api, kind: &str, bytes: Vec<u8>) -> Reply {
    api.send("POST", "/api/images", &[("content-type", kind)], bytes)
        .await
}

async fn address(api: &Api, rest: &str) -> String {
    let reply = upload(api, "image/png", png(rest)).await.expect(201);
    let address = reply.data()["image"].as_str().unwrap().to_owned();
    assert_eq!(reply.header("location"), address);
    address
}

#[tokio::test]
async fn an_image_is_not_changed_on_its_way_and_not_asked_for_twice() {
    let api = Api::start().await;
    let image = address(&api, "one").await;
    let reply = api.get(&image).await.expect(200);
    assert_eq!(reply.bytes, png("one"));
    assert_eq!(reply.header("content-type"), "image/png");
    assert_eq!(
        reply.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    // The same contents are one image; others have another address.
    assert_eq!(address(&api, "one").await, image);
    assert_ne!(address(&api, "two").await, image);
    for (kind, bytes) in [
        ("image/jpeg", b"\xff\xd8\xff\xe0 jpeg".to_vec()),
        ("image/webp", b"RIFF\0\0\0\0WEBP".to_vec()),
    ] {
        // What it is, its bytes say.
        let reply = upload(&api, "application/octet-stream", bytes.clone())
            .await
            .expect(201);
        let read = api.get(reply.data()["image"].as_str().unwrap()).await.expect(200);
        assert_eq!((read.header("content-type"), &read.bytes), (kind, &bytes));
    }
}

#[tokio::test]
async fn what_is_no_image_is_not_served_as_one() {
    let api = Api::with(&[("IMAGE_LIMIT", "1000")]).await;
    for bytes in [
        "",
        "<svg onload=alert(1)>",
        "<html>",
        "GIF89a",
        "RIFF",
        "\u{89}PNG",
    ] {
        let reply = upload(&api, "image/png", bytes.as_bytes().to_vec())
            .await
            .expect(422);
        assert_eq!(reply.field("file"), "not_an_image", "{bytes}");
    }
    let large = upload(&api, "image/png", png(&"x".repeat(1000)))
        .await
        .expect(413);
    assert_eq!(large.code(), "too_large");
    for kind in ["image/svg+xml", "text/html", ""] {
        let reply = upload(&api, kind, png("")).await.expect(415);
        assert_eq!(reply.code(), "unsupported_type");
    }
    for name in [
        "",
        "nope.png",
        "..%2f..%2fhealth",
        &format!("{}.svg", "0".repeat(32)),
        &format!("{}.png", "0".repeat(32)),
    ] {
        api.get(&format!("/api/images/{name}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_viewer_uploads_nothing_and_an_image_needs_no_token() {
    let tokens = "vic:viewer:vvvvvvvvvvvvvvvv1,ed:editor:eeeeeeeeeeeeeeee1";
    let api = Api::with(&[("API_TOKENS", tokens)]).await;
    let with = async |token: &str| {
        let headers = [("content-type", "image/png"), ("authorization", token)];
        api.send("POST", "/api/images", &headers, png("")).await
    };
    with("").await.expect(401);
    with("Bearer vvvvvvvvvvvvvvvv1").await.expect(403);
    let image = with("Bearer eeeeeeeeeeeeeeee1").await.expect(201).data();
    // An <img> sends no token.
    api.get(image["image"].as_str().unwrap()).await.expect(200);
}

#[tokio::test]
async fn a_product_never_shows_an_image_that_is_not_there() {
    let api = Api::start().await;
    let image = address(&api, "mug").await;
    let mug = api
        .create(&json!({"name": "Mug", "price": 1, "sku": "MUG", "image": image}))
        .await;
    assert_eq!(mug["image"], image);
    let plain = api.create(&json!({"name": "Lamp", "price": 1})).await;
    assert_eq!(plain["image"], Value::Null);
    let path = format!("/api/products/{}", mug["id"]);
    let gone = format!("/api/images/{}.png", "0".repeat(32));
    for wrong in [
        json!(gone),
        json!("https://example.com/a.png"),
        json!("/api/images/../health"),
        json!(1),
    ] {
        let reply = api
            .json("PATCH", &path, &json!({"image": wrong}))
            .await
            .expect(422);
        assert!(
            ["bad_image", "not_text"].contains(&reply.field("image").as_str()),
            "{wrong}"
        );
    }
    let csv = [("content-type", "text/csv")];
    let file = format!("sku,name,price,image\nA,One,1,{image}\nB,Two,1,{gone}\n");
    let reply = api
        .send("POST", "/api/products/import", &csv, file)
        .await
        .expect(422);
    let error = &reply.json()["report"]["errors"][0];
    assert_eq!(
        (&error["row"], &error["sku"], &error["value"], &error["code"]),
        (&json!(3), &json!("B"), &json!(gone), &json!("bad_image"))
    );
    assert_eq!(api.get("/api/products").await.json()["page"]["total"], 2);
}

#[tokio::test]
async fn an_image_that_was_taken_away_is_not_lost() {
    let api = Api::start().await;
    let image = address(&api, "mug").await;
    let mug = api
        .create(&json!({"name": "Mug", "price": 1, "sku": "MUG", "image": image}))
        .await;
    let path = format!("/api/products/{}", mug["id"]);
    // Neither a change of other fields nor an empty cell takes it away.
    api.json(
        "PUT",
        &path,
        &json!({"name": "Mug", "description": "", "price": 2, "stock": 1}),
    )
    .await
    .expect(200);
    let csv = [("content-type", "text/csv")];
    api.send(
        "POST",
        "/api/products/import?empty=erase",
        &csv,
        "sku,image\nMUG,\n",
    )
    .await
    .expect(200);
    assert_eq!(api.get(&path).await.data()["image"], image);
    let taken = api
        .json("PATCH", &path, &json!({"image": null}))
        .await
        .expect(200);
    assert_eq!(taken.data()["image"], Value::Null);
    let history = api.get(&format!("{path}/history")).await.data();
    assert_eq!(history[0]["changes"], json!({"image": [image, null]}));
    api.json("PATCH", &path, &json!({"image": image}))
        .await
        .expect(200);
    // Deleted and brought back, it has its image again, and so has the file of an export.
    let bulk = api
        .post(
            "/api/products/bulk",
            &json!({"ids": [mug["id"]], "action": "delete"}),
        )
        .await
        .data();
    let undo = format!("/api/change-sets/{}/undo", bulk["change_set"]);
    api.post(&undo, &json!({})).await.expect(200);
    assert_eq!(api.get(&path).await.data()["image"], image);
    let file = api.get("/api/products/export").await.text();
    assert!(file.contains(&image));
    let report = api
        .send("POST", "/api/products/import?dry_run=true", &csv, file)
        .await
        .data();
    assert_eq!((&report["unchanged"], &report["errors"]), (&json!(1), &json!([])));
}
