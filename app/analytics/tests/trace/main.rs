//! An order's trace through both systems: from the browser over catalogue, outbox, collector, queue and consumer to mongod,
//! as an OpenTelemetry collector sees it that others wrote.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod collector;
mod systems;

use collector::{Collector, Span};
use std::time::Duration;
use systems::{Analytics, Catalogue};

const TOKEN: &str = "tttttttttttttttt1";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const BROWSER: &str = "00f067aa0ba902b7";

/// The names of the spans from `span` up, each with its service and kind, up to the one whose parent nobody sent.
fn path(spans: &[Span], span: &Span) -> (Vec<String>, String) {
    let mut path = Vec::new();
    let mut at = span;
    loop {
        path.insert(0, format!("{} {} {}", at.service, at.kind, at.name));
        match spans.iter().find(|other| other.id == at.parent) {
            Some(parent) => {
                assert!(
                    parent.start <= at.start,
                    "{} begins before its parent {}",
                    at.name,
                    parent.name
                );
                at = parent;
            }
            None => return (path, at.parent.clone()),
        }
    }
}

const STORED: [&str; 3] = [
    "analytics-collect PRODUCER send events",
    "analytics-consume CONSUMER process events",
    "analytics-consume CLIENT insert events",
];

// Long: the way of one order, and what is asked of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_one_trace_from_the_browser_to_the_store() {
    let collector = Collector::start();
    let analytics = Analytics::start(&collector.address());
    let catalogue = Catalogue::start(&collector.address(), &analytics.url()).await;

    let traceparent = format!("00-{TRACE}-{BROWSER}-01");
    let number = catalogue.order(&traceparent).await;
    let spans = collector.wait(TRACE, |spans| {
        spans.iter().any(|span| span.name == "insert events")
    });
    let stored = spans.iter().find(|span| span.name == "insert events").unwrap();
    let (way, origin) = path(&spans, stored);
    let till = [
        "catalog-api SERVER POST /api/orders",
        "catalog-api CLIENT POST /e",
        "analytics-collect SERVER POST /e",
    ];
    assert_eq!(way, [&till[..], &STORED[..]].concat());
    assert_eq!(origin, BROWSER, "the trace begins in the browser");
    let placed = spans.iter().find(|span| span.name == "place order").unwrap();
    assert_eq!(
        path(&spans, placed).0,
        [till[0], "catalog-api CLIENT place order"]
    );
    assert_eq!(spans.len(), 7, "{spans:#?}");
    assert!(
        spans
            .iter()
            .all(|span| span.trace == TRACE && span.status == "UNSET"),
        "{spans:#?}"
    );
    let events = analytics.stored().await;
    assert_eq!(
        events,
        [catalog::database::outbox::event_id(&number).simple().to_string()]
    );
    let consumers = analytics.log("consume-1") + &analytics.log("consume-2");
    for log in [analytics.log("collect"), consumers] {
        assert!(
            log.contains(&format!(r#""trace":"{TRACE}""#)),
            "the logs have the trace's id: {log}"
        );
    }

    // A page that closes has no headers for what it sends, and a load balancer names a trace of its own.
    let page = "0af7651916cd43dd8448eb211c80319c";
    let balancer = "5759e988bd862e3fe1be46a994272793";
    let root = [("x-amzn-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793")];
    analytics.post(&root, Some(&format!("00-{page}-b7ad6b7169203331-01")));
    analytics.post(&root, None);
    for (trace, parent) in [(page, "b7ad6b7169203331"), (balancer, "")] {
        let spans = collector.wait(trace, |spans| spans.len() == 4);
        let last = spans.iter().find(|span| span.name == "insert events").unwrap();
        let (way, origin) = path(&spans, last);
        assert_eq!(way, [&["analytics-collect SERVER POST /e"], &STORED[..]].concat());
        assert_eq!(origin, parent, "{trace}");
    }
    // A trace whose sender does not record it is not recorded.
    let silent = "11111111111111111111111111111111";
    analytics.post(
        &[("traceparent", &format!("00-{silent}-b7ad6b7169203331-00"))],
        None,
    );
    collector.settle(Duration::from_secs(7));
    assert!(collector.spans(silent).is_empty());
    catalogue.stop().await;
    assert_eq!(analytics.stored().await.len(), 4);
}
