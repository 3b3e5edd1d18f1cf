//! The checks of events, and their packing.

use analytics::event::{
    Currency, Frame, Id, Kind, LATEST, Line, Packer, Post, Reject, SeedEvent, read, seed_line, unpack,
};
use serde_json::{Value, json};
use std::borrow::Cow;

const RECEIVED: i64 = 1_795_780_671_000;

fn frame() -> Frame {
    Frame {
        site: "shop".into(),
        received: RECEIVED,
        sent: RECEIVED - 5_000,
        session: Some(Id::of_text("s")),
        visitor: Id::of_text("v"),
        user: None,
        context: analytics::event::Context::default(),
        currency: Currency::parse("EUR").unwrap(),
    }
}

fn id() -> String {
    Id::at(RECEIVED - 6_000, 7).to_string()
}

#[expect(clippy::needless_pass_by_value, reason = "the value is made at the call")]
fn with(kind: &str, props: Value) -> Value {
    json!({"id": id(), "t": RECEIVED - 6_000, "type": kind, "page": "/", "props": props})
}

// Long: a table.
#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn every_reject_has_a_code() {
    let cases = [
        (json!(1), "event.not_object"),
        (json!({"t": 1, "type": "page_view"}), "id.missing"),
        (json!({"id": "x", "t": 1, "type": "page_view"}), "id.not_uuid"),
        (
            json!({"id": id(), "t": "1", "type": "page_view"}),
            "t.not_milliseconds",
        ),
        (json!({"id": id(), "t": 1}), "type.missing"),
        (json!({"id": id(), "t": 1, "type": {"x": 1}}), "type.not_text"),
        (
            json!({"id": id(), "t": 1, "type": "page_view", "props": []}),
            "props.not_object",
        ),
        (
            json!({"id": id(), "t": 1, "type": "page_view", "page": 3}),
            "event.unreadable",
        ),
        (
            json!({"id": Id::at(RECEIVED - LATEST - 5_001, 1).to_string(), "t": 1, "type": "page_view"}),
            "id.too_old",
        ),
        (
            json!({"id": Id::named("x").to_string(), "t": 1, "type": "page_view"}),
            "id.not_from_server",
        ),
        (
            json!({"id": "00000000-0000-4000-8000-000000000000", "t": 1, "type": "page_view"}),
            "id.not_uuid7",
        ),
        (with("PAGE_VIEW", json!({})), "type.unknown"),
        (with("custom", json!({})), "name.missing"),
        (
            json!({"id": id(), "t": 1, "type": "custom", "name": "Sign Up"}),
            "name.not_plain",
        ),
        (
            json!({"id": id(), "t": 1, "type": "page_view", "page": "x".repeat(513)}),
            "page.too_long",
        ),
        (with("page_view", json!({"a": [1]})), "props.not_scalar"),
        (
            with("page_view", json!({"a": "x".repeat(3000)})),
            "props.too_large",
        ),
        (
            with(
                "page_view",
                (0..21)
                    .map(|n| (n.to_string(), n.into()))
                    .collect::<serde_json::Map<_, _>>()
                    .into(),
            ),
            "props.too_many",
        ),
        (with("product_view", json!({})), "product.missing"),
        (
            with("add_to_cart", json!({"product": "1", "price": "a"})),
            "price.not_decimal",
        ),
        (
            with("add_to_cart", json!({"product": "1", "price": "-1"})),
            "price.not_decimal",
        ),
        (
            with("add_to_cart", json!({"product": "1", "price": "1.999"})),
            "price.not_decimal",
        ),
        (
            with("add_to_cart", json!({"product": "1", "currency": "eur"})),
            "currency.unknown",
        ),
        (
            with("add_to_cart", json!({"product": "1", "quantity": 0})),
            "quantity.not_count",
        ),
        (
            with("add_to_cart", json!({"product": "1", "quantity": -1})),
            "quantity.not_count",
        ),
        (with("search", json!({"query": " "})), "query.missing"),
        (
            with("search", json!({"query": "x", "results": 1.5})),
            "results.not_count",
        ),
        (with("scroll_depth", json!({"depth": 30})), "depth.not_quarter"),
        (with("order_placed", json!({"amount": "1"})), "order.missing"),
        (with("order_placed", json!({"order": "1"})), "amount.missing"),
        (
            with("order_placed", json!({"order": "1", "amount": "1", "items": 1})),
            "items.not_list",
        ),
        (
            with("order_placed", json!({"order": "1", "amount": "1", "items": [1]})),
            "items.not_object",
        ),
        (
            with(
                "order_placed",
                json!({"order": "1", "amount": "1", "items": [{}]}),
            ),
            "items.product_missing",
        ),
    ];
    for (event, code) in cases {
        assert_eq!(
            read(&event.to_string(), &frame()).unwrap_err(),
            Reject(code),
            "{event}"
        );
    }
    let nobody = Frame {
        session: None,
        ..frame()
    };
    assert_eq!(
        read(&with("page_view", json!({})).to_string(), &nobody).unwrap_err(),
        Reject("session.missing")
    );
}

#[test]
fn the_browsers_clock_cancels_out() {
    let event = read(&with("page_view", json!({})).to_string(), &frame()).unwrap();
    assert_eq!((event.at, event.skew), (RECEIVED - 1_000, 5_000));
    // A clock of another century: the event is as old as it says it is, within three days.
    let far = Frame {
        sent: 5_000,
        ..frame()
    };
    let raw = json!({"id": id(), "t": 0, "type": "page_view"}).to_string();
    assert_eq!(read(&raw, &far).unwrap().at, RECEIVED - 5_000);
    let raw = json!({"id": id(), "t": 9_000_000_000_000_i64, "type": "page_view"}).to_string();
    assert_eq!(read(&raw, &frame()).unwrap().at, RECEIVED);
    let raw = json!({"id": id(), "t": i64::MIN, "type": "page_view"}).to_string();
    assert_eq!(read(&raw, &frame()).unwrap().at, RECEIVED - LATEST);
}

#[test]
fn mutated_bodies_are_refused_or_read_and_never_panic() {
    let body = json!({"v": 1, "site": "shop", "at": RECEIVED, "who": {"s": "s", "c": {"source": "x"}}, "events": [
        with("add_to_cart", json!({"product": "12", "price": "49.90", "quantity": 1, "currency": "EUR"})),
        with("order_placed", json!({"order": "1", "amount": 12.5, "items": [{"product": "1", "price": "1.00"}]})),
    ]});
    let body = body.to_string().into_bytes();
    let mut random = fastrand::Rng::with_seed(12);
    for _ in 0..10_000 {
        let mut body = body.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..body.len());
            match random.u8(..3) {
                0 => body[at] = random.u8(..),
                1 => drop(body.remove(at)),
                _ => body.insert(at, b"{}[]\",:0\\"[random.usize(..9)]),
            }
        }
        if let Ok(post) = Post::read(&body) {
            for raw in post.events {
                let _ = read(raw.get(), &frame());
            }
        }
    }
}

#[test]
fn a_message_gives_back_its_lines() {
    let post = json!({"v": 1, "site": "shop", "at": RECEIVED, "who": {"s": "s", "u": "u1"}, "events": [with("page_view", json!({}))]}).to_string();
    let post = Post::read(post.as_bytes()).unwrap();
    let line = Line {
        received: RECEIVED,
        site: post.site.clone(),
        sent: post.at,
        country: Cow::Borrowed("DE"),
        agent: Cow::Borrowed("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
        device: None,
        browser: None,
        hash: Cow::Borrowed("00112233445566778899aabbccddeeff"),
        server: false,
        who: post.who.clone(),
        events: post.events.iter().map(|raw| Cow::Borrowed(*raw)).collect(),
        trace: None,
        rejected: vec![],
    };
    let mut text = serde_json::to_string(&line).unwrap();
    text.push('\n');
    let packed = Packer::new()
        .unwrap()
        .pack(text.repeat(500).as_bytes(), 500)
        .unwrap();
    assert!(
        packed.body.len() / 500 < 200,
        "{} bytes an event",
        packed.body.len() / 500
    );
    let lines = unpack(&packed.body).unwrap();
    assert_eq!(lines.lines().count(), 500);
    let line: Line<'_> = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let event = line
        .read(Currency::parse("EUR").unwrap())
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(
        (&*event.context.browser, &*event.context.country, event.kind),
        ("Firefox", "DE", Kind::PageView)
    );
    assert!(event.user.is_some() && !event.context.bot);
    assert!(unpack("%").is_err() && unpack("AAAA").is_err());
}

#[test]
fn the_replaced_systems_calls_become_events() {
    let call = |kind: &str, metadata: Value| SeedEvent {
        user_id: "u1001".to_owned(),
        session_id: "s1".to_owned(),
        event_type: kind.to_owned(),
        page: "/product".to_owned(),
        metadata: metadata.as_object().unwrap().clone(),
    };
    let euro = Currency::parse("EUR").unwrap();
    let event = |kind: &str, metadata: Value| {
        let line = seed_line(call(kind, metadata), "shop", Some("request-1"), RECEIVED);
        line.read(euro).next().unwrap().map_err(|(reject, _)| reject)
    };
    let cart = event(
        "ADD_TO_CART",
        json!({"productId": "p1", "productName": "Hat", "price": 49.9, "quantity": 2, "device": "mobile"}),
    )
    .unwrap();
    assert_eq!(
        (cart.kind, cart.amount, cart.quantity, &*cart.context.device),
        (Kind::AddToCart, Some(4990), Some(2), "mobile")
    );
    let again = event("ADD_TO_CART", json!({"productId": "p1"})).unwrap();
    assert_eq!(again.id, cart.id, "a repeated request is the same event");
    let wish = event("WISHLIST_ADD", json!({"x": true})).unwrap();
    assert_eq!(
        (wish.kind, wish.name.as_deref()),
        (Kind::Custom, Some("wishlist_add"))
    );
    assert_eq!(
        event("SCROLL_DEPTH", json!({"scrollPercent": 63.5}))
            .unwrap()
            .number,
        Some(50)
    );
    assert!(
        event("ORDER_PLACED", json!({"amount": 12, "quantity": 1}))
            .unwrap()
            .order
            .is_some()
    );
    assert_eq!(
        event("[object Object]", json!({})).unwrap_err(),
        Reject("name.not_plain")
    );
    assert_eq!(
        event("PAGE_VIEW", json!({"a": {"b": 1}})).unwrap_err(),
        Reject("props.not_scalar")
    );
}
