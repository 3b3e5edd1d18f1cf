//! Sessions of browsers: who has one, and what no other site can do with it.

use crate::harness::{Api, Reply};

const TOKENS: &str = "vic:viewer:vvvvvvvvvvvvvvvv1,ed:editor:eeeeeeeeeeeeeeee1";
const ED: (&str, &str) = ("authorization", "Bearer eeeeeeeeeeeeeeee1");
const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");
const PRODUCT: &str = r#"{"name":"x","price":1}"#;

async fn sign_in(api: &Api, headers: &[(&str, &str)]) -> Reply {
    let headers: Vec<_> = [ED].iter().chain(headers).copied().collect();
    api.send("POST", "/api/session", &headers, "").await.expect(200)
}

/// The pair that a browser sends back.
fn pair(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}

async fn create(api: &Api, cookie: &str, headers: &[(&str, &str)]) -> Reply {
    let own = [("cookie", cookie), ("content-type", "application/json")];
    let headers: Vec<_> = own.iter().chain(headers).copied().collect();
    api.send("POST", "/api/products", &headers, PRODUCT).await
}

#[tokio::test]
async fn a_session_is_its_caller_with_his_role_until_it_is_closed() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    let opened = sign_in(&api, &[]).await;
    let cookie = opened.header("set-cookie");
    assert!(cookie.starts_with("catalog_session="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(opened.header("cache-control"), "no-store");
    let cookie = pair(&opened);
    let me = api.send("GET", "/api/me", &[("cookie", &cookie)], "").await;
    assert_eq!(me.data()["name"], "ed");
    create(&api, &cookie, &[OWN]).await.expect(201);
    let other = format!("theme=dark; {cookie}; last=1");
    api.send("GET", "/api/me", &[("cookie", &other)], "")
        .await
        .expect(200);

    let closed = api
        .send("DELETE", "/api/session", &[("cookie", &cookie), OWN], "")
        .await
        .expect(200);
    assert!(closed.header("set-cookie").contains("Max-Age=0"));
    let empty = pair(&closed);
    api.send("GET", "/api/me", &[("cookie", &empty)], "")
        .await
        .expect(401);
}

#[tokio::test]
async fn no_other_sites_page_changes_anything_by_a_session() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    let cookie = pair(&sign_in(&api, &[]).await);
    let host = ("host", "shop.example:8080");
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://shop.example:8080"),
            host,
        ],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://evil.example"), host],
        &[("origin", "http://shop.example"), host],
        &[("origin", "null"), host],
        &[host],
        &[],
    ] {
        let refused = create(&api, &cookie, headers).await.expect(403);
        assert_eq!(refused.code(), "cross_site", "{headers:?}");
        let headers: Vec<_> = [("cookie", cookie.as_str())]
            .iter()
            .chain(headers)
            .copied()
            .collect();
        api.send("DELETE", "/api/session", &headers, "").await.expect(403);
    }
    // A browser that says no more than its origin.
    let own = [("origin", "http://shop.example:8080"), host];
    create(&api, &cookie, &own).await.expect(201);
    // A program with a token needs no origin.
    create(&api, "", &[ED]).await.expect(201);
}

#[tokio::test]
async fn no_session_is_forged_prolonged_or_lent_to_another_caller() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    let cookie = pair(&sign_in(&api, &[]).await);
    let (name, value) = cookie.split_once('=').unwrap();
    let parts: Vec<&str> = value.split('.').collect();
    let later = (parts[1].parse::<u64>().unwrap() + 1).to_string();
    let vic = api
        .send(
            "POST",
            "/api/session",
            &[("authorization", "Bearer vvvvvvvvvvvvvvvv1")],
            "",
        )
        .await;
    let vic = pair(&vic);
    let vic: Vec<&str> = vic.split_once('=').unwrap().1.split('.').collect();
    for forged in [
        format!("{}.{later}.{}", parts[0], parts[2]),
        format!("{}.{}.{}", vic[0], parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], vic[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        "..".to_owned(),
        String::new(),
    ] {
        let cookie = format!("{name}={forged}");
        api.send("GET", "/api/me", &[("cookie", &cookie)], "")
            .await
            .expect(401);
    }
    // A wrong token is not made good by a session, and a session opens no other.
    let wrong = [("cookie", cookie.as_str()), ("authorization", "Bearer x")];
    api.send("GET", "/api/me", &wrong, "").await.expect(401);
    let again = [("cookie", cookie.as_str()), OWN];
    api.send("POST", "/api/session", &again, "").await.expect(401);
}

#[tokio::test]
async fn a_session_holds_at_every_process_and_ends_with_its_token() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    let cookie = pair(&sign_in(&api, &[]).await);
    let cookie = [("cookie", cookie.as_str())];
    let other = Api::on(api.database.clone(), &[("API_TOKENS", TOKENS)]);
    other.send("GET", "/api/me", &cookie, "").await.expect(200);
    let lowered = "ed:viewer:eeeeeeeeeeeeeeee1";
    let lowered = Api::on(api.database.clone(), &[("API_TOKENS", lowered)]);
    let me = lowered.send("GET", "/api/me", &cookie, "").await.expect(200);
    assert_eq!(me.data()["role"], "viewer");
    let renewed = "ed:editor:eeeeeeeeeeeeeeee2";
    let renewed = Api::on(api.database.clone(), &[("API_TOKENS", renewed)]);
    renewed.send("GET", "/api/me", &cookie, "").await.expect(401);
}

#[tokio::test]
async fn over_tls_no_cookie_of_a_neighbouring_host_or_a_plain_connection_counts() {
    let api = Api::with(&[("API_TOKENS", TOKENS)]).await;
    for tls in [("origin", "https://shop.example"), ("x-forwarded-proto", "https")] {
        let opened = sign_in(&api, &[tls]).await;
        let cookie = opened.header("set-cookie");
        assert!(cookie.starts_with("__Host-catalog_session="), "{cookie}");
        assert!(cookie.contains("; Secure"), "{cookie}");
        let cookie = pair(&opened);
        // Browsers name no origin when they read.
        api.send("GET", "/api/me", &[("cookie", &cookie)], "")
            .await
            .expect(200);
    }
    let plain = pair(&sign_in(&api, &[]).await);
    let tls = [("cookie", plain.as_str()), ("x-forwarded-proto", "https")];
    api.send("GET", "/api/me", &tls, "").await.expect(401);
}

#[tokio::test]
async fn without_tokens_there_is_no_session_to_open() {
    let api = Api::start().await;
    let opened = api.send("POST", "/api/session", &[], "").await.expect(200);
    assert_eq!(opened.data()["seconds"], 0);
    assert_eq!(opened.header("set-cookie"), "");
}
