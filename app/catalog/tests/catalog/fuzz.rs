//! Whatever a caller sends, the answer is never a fault of ours, and always in a form that the document describes.

use crate::harness::{Api, Reply};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use std::panic::AssertUnwindSafe;

/// Names and values that the API knows, so that random calls get past its first checks.
const WORDS: [&str; 34] = [
    "sku",
    "name",
    "description",
    "price",
    "stock",
    "category",
    "status",
    "id",
    "version",
    "ids",
    "action",
    "set",
    "percent",
    "delete",
    "update",
    "price_percent",
    "draft",
    "active",
    "true",
    "q",
    "sort",
    "-price",
    "limit",
    "cursor",
    "min_price",
    "in",
    "low",
    "NaN",
    "1e400",
    "-0",
    "\u{0}",
    "😀",
    "%",
    "\\",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[0-9]{1,12}(\\.[0-9]{0,3})?",
        1 => "[a-z]{250,260}",
    ]
}

fn json() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>()
            .prop_filter("JSON has finite numbers only", |n| n.is_finite())
            .prop_map(|n| n.to_string()),
        Just("1e999".to_owned()),
        Just("-0.0".to_owned()),
        Just("123456789012345678901234567890.12".to_owned()),
    ];
    let leaf = prop_oneof![
        3 => text().prop_map(|text| Value::from(text).to_string()),
        2 => number,
        1 => Just("null".to_owned()),
        1 => any::<bool>().prop_map(|b| b.to_string()),
        1 => Just("\"\\ud800\"".to_owned()),
    ];
    leaf.prop_recursive(3, 24, 8, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            3 => prop::collection::vec((text(), inner), 0..8).prop_map(|members| {
                let members: Vec<String> =
                    members.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let product = (text(), text(), json()).prop_map(|(name, price, stock)| {
        format!(
            "{{\"name\":{},\"price\":{},\"stock\":{stock}}}",
            Value::from(name),
            Value::from(price)
        )
    });
    let bulk = (prop::collection::vec(any::<i64>(), 0..5), json(), json()).prop_map(|(ids, set, percent)| {
        format!("{{\"ids\":{ids:?},\"action\":\"price_percent\",\"set\":{set},\"percent\":{percent}}}")
    });
    let csv = prop::collection::vec(prop::collection::vec(text(), 0..5), 0..6).prop_map(|rows| {
        let rows: Vec<String> = rows.into_iter().map(|row| row.join(",")).collect();
        format!("sku,name,price\n{}", rows.join("\n"))
    });
    prop_oneof![
        3 => json().prop_map(String::into_bytes),
        3 => product.prop_map(String::into_bytes),
        2 => bulk.prop_map(String::into_bytes),
        2 => csv.prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => Just(b"[".repeat(10_000)),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        Just("1".to_owned()),
        any::<i64>().prop_map(|id| id.to_string()),
        text().prop_map(|text| encode(&text)),
    ];
    let query = prop::collection::vec((text(), text()), 0..5).prop_map(|pairs| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs).finish()
    });
    let raw = "[ -~]{0,20}"
        .prop_map(|text| text.replace(['#', ' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}'], "%"));
    let route = prop_oneof![
        3 => id.prop_map(|id| format!("/api/products/{id}")),
        3 => Just("/api/products".to_owned()),
        1 => Just("/api/products/bulk".to_owned()),
        1 => Just("/api/products/import".to_owned()),
        1 => Just("/api/products/export".to_owned()),
        1 => Just("/api/products/1/history".to_owned()),
        1 => Just("/api/categories".to_owned()),
        1 => text().prop_map(|text| format!("/{}", encode(&text))),
    ];
    (route, prop_oneof![query, raw]).prop_map(|(route, query)| format!("{route}?{query}"))
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn header() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    let name = prop::sample::select(vec![
        "content-type",
        "if-match",
        "if-none-match",
        "authorization",
        "x-request-id",
        "x-forwarded-for",
        "accept",
        "accept-encoding",
        "origin",
        "range",
        "expect",
    ]);
    let value = prop_oneof![
        2 => prop::sample::select(vec!["application/json", "text/csv", "*", "\"1\"", "W/\"1\"", "\"1\", \"2\""])
            .prop_map(|value| value.as_bytes().to_vec()),
        1 => prop::collection::vec(32_u8..=255, 0..40),
    ];
    (name, value).prop_filter_map("a header's value", |(name, value)| {
        Some((
            HeaderName::from_static(name),
            HeaderValue::from_bytes(&value).ok()?,
        ))
    })
}

#[derive(Clone, Debug)]
struct Call {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
}

fn call() -> impl Strategy<Value = Call> {
    let method = prop::sample::select(vec![
        Method::GET,
        Method::POST,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
    ]);
    let kind = prop_oneof![
        6 => Just(Some("application/json")),
        2 => Just(Some("text/csv")),
        1 => Just(None),
    ];
    (
        method,
        path(),
        kind,
        prop::collection::vec(header(), 0..4),
        body(),
    )
        .prop_map(|(method, path, kind, mut headers, body)| {
            let kind = kind.map(|kind| (axum::http::header::CONTENT_TYPE, HeaderValue::from_static(kind)));
            headers.extend(kind);
            Call {
                method,
                path,
                headers,
                body,
            }
        })
}

/// Statuses that the API can answer, whatever it was asked.
const STATUSES: [u16; 15] = [
    200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429,
];

#[test]
fn no_body_query_or_header_makes_a_fault() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let api = runtime.block_on(Api::start());
    runtime.block_on(api.create(&serde_json::json!({"name": "Mug", "price": 1})));
    let api = AssertUnwindSafe(api);
    let config = Config {
        cases: 1500,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&call(), |call| {
        let Ok(uri) = call.path.parse::<Uri>() else {
            return Err(TestCaseError::reject("not an address"));
        };
        let mut request = Request::builder().method(call.method.clone()).uri(uri);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let reply: Reply = runtime.block_on(api.call(request.body(Body::from(call.body)).unwrap()));
        let status = reply.status.as_u16();
        prop_assert!(STATUSES.contains(&status), "{status}: {}", reply.text());
        prop_assert!(!reply.header("x-request-id").is_empty());
        if status >= 400 && call.method != Method::HEAD {
            prop_assert!(!reply.code().is_empty());
        }
        Ok(())
    });
    outcome.unwrap();
}
