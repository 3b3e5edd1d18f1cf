//! The file backend from its public side: what a run leaves behind is there for the next.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, sync::Arc};

use serde_json::json;
use tenon_state::{
    Change, Error, File, Holder, Identity, Intent, Key, Outcome, Phase, Record, Store, inspect, read,
};

fn identity() -> Identity {
    Identity {
        stack: "shop".into(),
        env: "test".into(),
    }
}

async fn open(folder: &Path) -> Result<Store, Error> {
    Store::open(
        Arc::new(File::new(folder)),
        Holder::here("test").unwrap(),
        identity(),
    )
    .await
}

fn intent(n: u32) -> Intent {
    Intent {
        op: format!("{n:032x}"),
        address: format!("network/subnet-{n}"),
        generation: 0,
        kind: "ec2.subnet".into(),
        service: "ec2".into(),
        operation: "CreateSubnet".into(),
        effect: "create".into(),
        digest: "0".repeat(64),
        key: None,
        at_ms: 1,
    }
}

fn record(n: u32) -> Record {
    Record {
        address: format!("network/subnet-{n}"),
        kind: "ec2.subnet".into(),
        generation: 0,
        id: Some(format!("subnet-{n:08x}")),
        inputs: json!({ "cidr_block": format!("10.0.{n}.0/24") }),
        outputs: json!({ "arn": "arn:aws:ec2:eu-west-1:111122223333:subnet/x" }),
        dependencies: vec!["network/vpc".into()],
        phase: Phase::Ready,
        declared: Some("main.rs:38".into()),
    }
}

#[tokio::test]
async fn what_was_written_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("state");
    assert!(read(&File::new(&folder)).await.unwrap().is_none());
    let store = open(&folder).await.unwrap();
    store.reserve(2).await.unwrap();
    store.begin(intent(1)).await.unwrap();
    store
        .end(&intent(1).op, Outcome::Done, vec![Change::Put(record(1))])
        .await
        .unwrap();
    store.begin(intent(2)).await.unwrap();
    // No close: this is a crash.
    drop(store);

    let store = open(&folder).await.unwrap();
    assert_eq!(store.open_intents(), [intent(2)]);
    assert_eq!(store.get(&Key::new("network/subnet-1", 0)), Some(record(1)));
    let unknown = Outcome::Unknown {
        reason: "connection reset".into(),
    };
    store.end(&intent(2).op, unknown, vec![]).await.unwrap();
    store.close().await.unwrap();

    let view = inspect(&File::new(&folder)).await.unwrap().unwrap();
    assert_eq!(view.state.serial, 1);
    assert_eq!(view.open_intents, [intent(2)]);
    assert_eq!(view.state.records.len(), 1);
    assert!(view.held.is_none());
}

#[tokio::test]
async fn a_second_store_is_refused_and_told_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).await.unwrap();
    let Err(Error::Locked { held, .. }) = open(folder.path()).await else {
        panic!("opened twice")
    };
    assert_eq!(held.holder.pid, std::process::id());
    first.close().await.unwrap();
    open(folder.path()).await.unwrap().close().await.unwrap();
}
