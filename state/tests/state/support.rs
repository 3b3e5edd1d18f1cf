//! What the tests of this crate have in common: plausible records and calls.
use std::sync::Arc;

use serde_json::json;
use tenon_state::{Backend, Error, Holder, Identity, Intent, Outcome, Phase, Record, StateWrite, Store};

pub(crate) fn identity() -> Identity {
    Identity {
        stack: "shop".into(),
        env: "test".into(),
    }
}

pub(crate) fn holder() -> Holder {
    Holder::here("test").unwrap()
}

pub(crate) async fn open(backend: impl Backend) -> Result<Store, Error> {
    Store::open(Arc::new(backend), holder(), identity()).await
}

pub(crate) fn op(n: u32) -> String {
    format!("{n:032x}")
}

pub(crate) fn intent(n: u32) -> Intent {
    Intent {
        op: op(n),
        address: format!("network/subnet-{n}"),
        generation: 0,
        kind: "ec2.subnet".into(),
        service: "ec2".into(),
        operation: "CreateSubnet".into(),
        effect: "create".into(),
        digest: "0".repeat(64),
        key: None,
        at_ms: 1_790_000_000_000,
    }
}

pub(crate) fn record(n: u32) -> Record {
    Record {
        address: format!("network/subnet-{n}"),
        kind: "ec2.subnet".into(),
        generation: 0,
        id: Some(format!("subnet-{n:08x}")),
        inputs: json!({ "cidr_block": format!("10.0.{n}.0/24"), "share": 0.1, "tags": { "name": "ä\u{0}\n\"" } }),
        outputs: json!({ "arn": format!("arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-{n:08x}") }),
        dependencies: vec!["network/vpc".into()],
        phase: Phase::Ready,
        declared: Some("main.rs:38".into()),
        unmarked: false,
        options: serde_json::Value::Null,
        place: serde_json::Value::Null,
    }
}

/// One call as an executor makes it.
pub(crate) async fn call(store: &Store, n: u32) -> Result<(), Error> {
    store.begin(intent(n)).await?;
    store
        .end(&op(n), Outcome::Done, vec![StateWrite::Put(record(n))])
        .await
}
