//! Answers that are kept are never out of date: not for the writer, not for others, not in another process.

use crate::harness::{Api, server};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const PATHS: [&str; 3] = [
    "/api/products/1",
    "/api/products?limit=5",
    "/api/products?sort=-stock&q=mug",
];

fn stock(path: &str, body: &Value) -> i64 {
    let data = &body["data"];
    let product = if path.contains('?') { &data[0] } else { data };
    product["stock"].as_i64().unwrap()
}

#[tokio::test]
async fn another_process_sees_a_write_at_once() {
    let one = Api::start().await;
    let two = Api::on(one.database.clone(), &[]);
    one.create(&json!({"name": "mug", "price": 1})).await;
    for number in 1..60 {
        for path in PATHS {
            // Both keep the answer before the write.
            one.get(path).await.expect(200);
            two.get(path).await.expect(200);
        }
        let (writer, reader) = if number % 2 == 0 {
            (&one, &two)
        } else {
            (&two, &one)
        };
        writer
            .json("PATCH", "/api/products/1", &json!({"stock": number}))
            .await
            .expect(200);
        for path in PATHS {
            assert_eq!(
                stock(path, &reader.get(path).await.json()),
                number,
                "{path}, the other process"
            );
            assert_eq!(
                stock(path, &writer.get(path).await.json()),
                number,
                "{path}, the writer"
            );
        }
    }
}

#[tokio::test]
async fn a_write_by_hand_is_seen_at_once() {
    let api = Api::start().await;
    api.create(&json!({"name": "mug", "price": 1})).await;
    let client = server::client(&api.database).await;
    for number in 1..40 {
        for path in PATHS {
            api.get(path).await.expect(200);
        }
        client
            .execute("update products set stock = $1 where id = 1", &[&number])
            .await
            .unwrap();
        for path in PATHS {
            assert_eq!(
                stock(path, &api.get(path).await.json()),
                i64::from(number),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_rolled_back_or_not_yet_committed_is_never_seen() {
    let api = Api::start().await;
    api.create(&json!({"name": "mug", "price": 1, "stock": 5})).await;
    let client = server::client(&api.database).await;
    for path in PATHS {
        api.get(path).await.expect(200);
        client
            .batch_execute("begin; update products set stock = 99 where id = 1")
            .await
            .unwrap();
        assert_eq!(stock(path, &api.get(path).await.json()), 5);
        assert_eq!(stock(path, &api.get(path).await.json()), 5);
        client.batch_execute("rollback").await.unwrap();
        assert_eq!(stock(path, &api.get(path).await.json()), 5);
    }
}

/// A counter goes up, through either of two processes, while many read. A read must not show less than what was
/// acknowledged before the read began.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_read_is_older_than_an_acknowledged_write() {
    let one = Arc::new(Api::start().await);
    let two = Arc::new(Api::on(one.database.clone(), &[]));
    one.create(&json!({"name": "mug", "price": 1})).await;
    let acknowledged = Arc::new(AtomicI64::new(0));
    let mut readers = tokio::task::JoinSet::new();
    for number in 0..12 {
        let api = Arc::clone(if number % 2 == 0 { &one } else { &two });
        let acknowledged = Arc::clone(&acknowledged);
        let path = PATHS[number % PATHS.len()];
        readers.spawn(async move {
            let mut reads = 0;
            loop {
                let least = acknowledged.load(Ordering::SeqCst);
                let seen = stock(path, &api.get(path).await.expect(200).json());
                assert!(
                    seen >= least,
                    "{path} shows {seen} after {least} was acknowledged"
                );
                reads += 1;
                if least == 150 {
                    return reads;
                }
            }
        });
    }
    for number in 1..=150 {
        let api = if number % 2 == 0 { &one } else { &two };
        api.json("PATCH", "/api/products/1", &json!({"stock": number}))
            .await
            .expect(200);
        acknowledged.store(number, Ordering::SeqCst);
    }
    let mut reads = 0;
    while let Some(count) = readers.join_next().await {
        reads += count.unwrap();
    }
    assert!(reads > 150, "only {reads} reads ran beside the writes");
}

#[tokio::test]
async fn without_room_for_answers_everything_is_read() {
    let api = Api::with(&[("CACHE_MB", "0")]).await;
    api.create(&json!({"name": "mug", "price": 1, "stock": 5})).await;
    for path in PATHS {
        let tag = api.get(path).await.expect(200).header("etag").to_owned();
        api.send("GET", path, &[("if-none-match", &tag)], "")
            .await
            .expect(304);
    }
}
