//! Authentication and roles.

use crate::harness::Api;
use serde_json::json;

const TOKENS: &str = "vic:viewer:vvvvvvvvvvvvvvvv1,ed:editor:eeeeeeeeeeeeeeee1,ada:admin:aaaaaaaaaaaaaaaa1";

// Long: a table.
#[tokio::test]
async fn each_role_may_do_its_own_and_no_more() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    let product = json!({"name": "x", "price": 1}).to_string();
    let update = json!({"ids": [1], "action": "update", "set": {"stock": 1}}).to_string();
    let delete = json!({"ids": [999], "action": "delete"}).to_string();
    let whole = json!({"name": "a", "description": "", "price": 1, "stock": 1}).to_string();
    let json = "application/json";
    let calls = [
        // Method, path, content type, body, then what viewer, editor and admin get.
        ("GET", "/api/products", json, "", [200, 200, 200]),
        ("GET", "/api/products/export", json, "", [200, 200, 200]),
        ("GET", "/api/categories", json, "", [200, 200, 200]),
        ("GET", "/api/me", json, "", [200, 200, 200]),
        ("GET", "/api/orders", json, "", [403, 200, 200]),
        (
            "POST",
            "/api/orders/erase",
            json,
            "{\"email\": \"a@b\"}",
            [403, 403, 200],
        ),
        ("POST", "/api/products", json, &product, [403, 201, 201]),
        ("GET", "/api/products/1/history", json, "", [200, 200, 200]),
        (
            "PATCH",
            "/api/products/1",
            json,
            "{\"stock\": 3}",
            [403, 200, 200],
        ),
        ("PUT", "/api/products/1", json, &whole, [403, 200, 200]),
        ("POST", "/api/products/bulk", json, &update, [403, 200, 200]),
        ("POST", "/api/products/bulk", json, &delete, [403, 403, 200]),
        (
            "POST",
            "/api/products/import",
            "text/csv",
            "sku\n",
            [403, 403, 200],
        ),
        ("DELETE", "/api/products/2", json, "", [403, 200, 404]),
    ];
    let bearers = ["vvvvvvvvvvvvvvvv1", "eeeeeeeeeeeeeeee1", "aaaaaaaaaaaaaaaa1"];
    for (method, path, kind, body, statuses) in calls {
        let nobody = api
            .send(method, path, &[("content-type", kind)], body.to_owned())
            .await
            .expect(401);
        assert_eq!(nobody.code(), "unauthorized", "{method} {path}");
        assert_eq!(nobody.header("www-authenticate"), "Bearer");
        for (bearer, status) in bearers.into_iter().zip(statuses) {
            let bearer = format!("Bearer {bearer}");
            let headers = [("content-type", kind), ("authorization", bearer.as_str())];
            let reply = api.send(method, path, &headers, body.to_owned()).await;
            assert_eq!(
                reply.status.as_u16(),
                status,
                "{method} {path} {bearer}: {}",
                reply.text()
            );
            if status == 403 {
                assert_eq!(reply.code(), "forbidden");
            }
        }
    }
}

#[tokio::test]
async fn a_token_must_be_the_whole_token() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer eeeeeeeeeeeeeeee",
        "Bearer eeeeeeeeeeeeeeee1x",
        "Basic eeeeeeeeeeeeeeee1",
        "eeeeeeeeeeeeeeee1",
    ] {
        let reply = api
            .send("GET", "/api/products", &[("authorization", header)], "")
            .await
            .expect(401);
        assert_eq!(reply.code(), "unauthorized", "{header:?}");
    }
    api.send(
        "GET",
        "/api/products",
        &[("authorization", "bearer  eeeeeeeeeeeeeeee1 ")],
        "",
    )
    .await
    .expect(200);
}

#[tokio::test]
async fn who_calls_is_told() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    let me = api
        .send(
            "GET",
            "/api/me",
            &[("authorization", "Bearer eeeeeeeeeeeeeeee1")],
            "",
        )
        .await
        .data();
    assert_eq!(
        me,
        json!({"role": "editor", "name": "ed", "open": false, "low_stock": 10})
    );
    let open = Api::start().await;
    assert_eq!(
        open.get("/api/me").await.data(),
        json!({"role": "admin", "name": "anyone", "open": true, "low_stock": 10})
    );
}

#[tokio::test]
async fn health_and_documentation_need_no_token() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    for path in ["/health", "/ready", "/api/openapi.json", "/api/docs"] {
        api.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn metrics_are_not_told_to_who_has_no_token() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    assert_eq!(api.get("/metrics").await.expect(401).code(), "unauthorized");
    let viewer = [("authorization", "Bearer vvvvvvvvvvvvvvvv1")];
    let metrics = api.send("GET", "/metrics", &viewer, "").await.expect(200);
    assert!(metrics.text().contains("catalog_http_requests_total"));
}
