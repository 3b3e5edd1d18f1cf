//! The log survives what a crash can do to it, and messages come again as SQS has them come.

use super::actions::{Actions, now};
use super::log::Log;
use super::record::Record;
use serde_json::json;
use std::collections::BTreeMap;

fn send(id: u64, queue: u64, body: &str) -> Record {
    Record::Send {
        id,
        queue,
        sent: now(),
        delay: 0,
        attributes: "{}".to_owned(),
        body: body.to_owned(),
    }
}

fn queue(id: u64, name: &str, attributes: &[(&str, &str)]) -> Record {
    let attributes = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Record::Queue {
        id,
        name: name.to_owned(),
        attributes: attributes.collect::<BTreeMap<_, _>>(),
    }
}

/// Opens a log that was just closed: its thread ends a moment later.
fn reopened(folder: &std::path::Path) -> Log {
    for _ in 0..500 {
        if let Ok(log) = Log::open(folder) {
            return log;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the log stays locked");
}

fn bodies(log: &Log, queue: u64) -> Vec<String> {
    let (taken, _) = log.state().receive(queue, 100, now(), Some(0));
    let mut bodies: Vec<String> = taken.iter().map(|taken| taken.body().expect("a body")).collect();
    bodies.sort();
    bodies
}

#[tokio::test]
async fn a_log_cut_off_anywhere_keeps_every_whole_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = Log::open(folder.path()).expect("a log");
    log.append(vec![queue(1, "q", &[])]).await.expect("written");
    for id in 2..6 {
        log.append(vec![send(id, 1, &format!("body {id}"))])
            .await
            .expect("written");
    }
    log.append(vec![Record::Delete { id: 3 }]).await.expect("written");
    drop(log);
    let path = folder.path().join("queue.log");
    let whole = std::fs::read(&path).expect("the log");
    let mut source = whole.as_slice();
    let mut ends = vec![0];
    while let Some((_, length)) = Record::read(&mut source).expect("readable") {
        ends.push(ends[ends.len() - 1] + length);
    }
    assert_eq!((ends.len(), ends[6]), (7, whole.len()));
    for cut in 0..=whole.len() {
        let other = tempfile::tempdir().expect("a folder");
        std::fs::write(other.path().join("queue.log"), &whole[..cut]).expect("written");
        let log = Log::open(other.path()).expect("a log that was cut off");
        let records = ends.iter().filter(|end| **end <= cut).count() - 1;
        let expected: Vec<String> = (2..6)
            .filter(|id| *id <= records && !(*id == 3 && records == 6))
            .map(|id| format!("body {id}"))
            .collect();
        assert_eq!(bodies(&log, 1), expected, "cut at {cut}");
    }
    for flipped in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[flipped] ^= 1;
        let other = tempfile::tempdir().expect("a folder");
        std::fs::write(other.path().join("queue.log"), &bytes).expect("written");
        let log = Log::open(other.path()).expect("a log with a flipped bit");
        log.append(vec![queue(90, "later", &[]), send(91, 90, "new")])
            .await
            .expect("written");
        drop(log);
        let log = reopened(other.path());
        assert_eq!(bodies(&log, 90), ["new"], "flipped {flipped}");
    }
}

#[tokio::test]
async fn a_message_comes_again_until_it_is_dead() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = Log::open(folder.path()).expect("a log");
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:local:000000000000:dead","maxReceiveCount":"2"}"#;
    let records = vec![
        queue(1, "q", &[("RedrivePolicy", policy)]),
        queue(2, "dead", &[]),
        send(3, 1, "poison"),
    ];
    log.append(records).await.expect("written");
    let begin = now();
    let receive = |at: i64, queue: u64| log.state().receive(queue, 10, at, Some(30)).0;
    let first = receive(begin, 1);
    assert_eq!(first[0].message.count, 1);
    assert!(receive(begin + 29_999, 1).is_empty(), "hidden for 30 seconds");
    let second = receive(begin + 30_001, 1);
    assert_eq!(second[0].message.count, 2);
    assert!(
        !log.state().holds(1, 3, first[0].receipt),
        "the first receipt is outdated"
    );
    log.state().extend(3, second[0].receipt, begin + 30_001, 60);
    assert!(receive(begin + 85_000, 1).is_empty(), "the time was extended");
    assert!(
        receive(begin + 90_002, 1).is_empty(),
        "a third time it goes to the dead letters"
    );
    assert_eq!(receive(begin + 90_003, 2)[0].body().expect("a body"), "poison");
}

#[tokio::test]
async fn compaction_keeps_every_message_and_its_count() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = Log::open(folder.path()).expect("a log");
    log.append(vec![queue(1, "q", &[])]).await.expect("written");
    let large = "x".repeat(1024 * 1024 - 100);
    log.append(
        (1000..1010)
            .map(|id| send(id, 1, &format!("kept {id}")))
            .collect(),
    )
    .await
    .expect("written");
    let (taken, records) = log.state().receive(1, 1, now(), Some(0));
    log.note(records);
    for id in 2000..2080 {
        log.append(vec![send(id, 1, &large)]).await.expect("written");
        log.append(vec![Record::Delete { id }]).await.expect("written");
    }
    let size = std::fs::metadata(folder.path().join("queue.log"))
        .expect("the log")
        .len();
    assert!(size < 40 * 1024 * 1024, "{size} bytes are left");
    drop(log);
    let log = reopened(folder.path());
    assert_eq!(log.state().messages[&taken[0].id].count, 1);
    assert_eq!(bodies(&log, 1).len(), 10);
}

#[tokio::test]
async fn a_trace_is_with_its_message_after_a_restart_and_among_no_attribute_of_the_senders() {
    let folder = tempfile::tempdir().expect("a folder");
    let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    let call = async |actions: &Actions, action: &str, request: serde_json::Value| {
        let request = serde_json::from_value(request).expect("a request");
        actions.call(action, request).await
    };
    let text = |value: &str| json!({ "DataType": "String", "StringValue": value });
    let actions = |log| Actions {
        log,
        url: String::new(),
    };
    let before = actions(Log::open(folder.path()).expect("a log"));
    call(&before, "CreateQueue", json!({ "QueueName": "q" }))
        .await
        .expect("a queue");
    let message = json!({
        "QueueUrl": "/q", "MessageBody": "body", "MessageAttributes": { "n": text("1") },
        "MessageSystemAttributes": { "AWSTraceHeader": text(header) },
    });
    call(&before, "SendMessage", message).await.expect("sent");
    let forged = json!({
        "QueueUrl": "/q", "MessageBody": "body", "MessageAttributes": { "AWS.TraceHeader": text("x") },
    });
    assert!(call(&before, "SendMessage", forged).await.is_err());
    drop(before);
    let after = actions(reopened(folder.path()));
    let answer = call(&after, "ReceiveMessage", json!({ "QueueUrl": "/q" }))
        .await
        .expect("received");
    let message = &answer["Messages"][0];
    assert_eq!(message["Attributes"]["AWSTraceHeader"], header);
    assert_eq!(message["MessageAttributes"], json!({ "n": text("1") }));
}
