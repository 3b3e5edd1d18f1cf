//! Reads that meet share a statement, and an answer is never older than its request, although nothing is kept.

use crate::harness::{Api, server};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

fn count(metrics: &str, line: &str) -> u64 {
    let found = metrics.lines().find_map(|one| one.strip_prefix(line));
    found.map_or(0, |number| number.trim().parse().unwrap())
}

async fn counts(api: &Api) -> (u64, u64, u64) {
    let metrics = api.get("/metrics").await.expect(200).text();
    let answers = |from: &str| count(&metrics, &format!("catalog_answers_total{{from=\"{from}\"}}"));
    (answers("cache"), answers("shared"), answers("database"))
}

/// Asks for the paths while the table is locked, so that all of them meet.
async fn meet(api: &Arc<Api>, paths: &[&str]) {
    let mut client = server::client(&api.database).await;
    let lock = client.transaction().await.unwrap();
    lock.batch_execute("lock table products in access exclusive mode")
        .await
        .unwrap();
    let mut calls = JoinSet::new();
    for number in 0..60 {
        let (api, path) = (Arc::clone(api), paths[number % paths.len()].to_owned());
        calls.spawn(async move { api.get(&path).await.expect(200).json() });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    lock.commit().await.unwrap();
    let answers = calls.join_all().await;
    assert!(answers.iter().all(|answer| answer["success"] == true));
}

#[tokio::test]
async fn sixty_reads_of_one_page_are_not_sixty_statements_with_nothing_kept() {
    let api = Arc::new(Api::with(&[("CACHE_MB", "0")]).await);
    api.create(&json!({"name": "mug", "price": 1})).await;
    meet(&api, &["/api/products"]).await;
    let (cache, shared, database) = counts(&api).await;
    // The first read begins before the others arrive; all others wait for the second.
    assert_eq!((cache, shared + database), (0, 60));
    assert!(database <= 3, "{database} reads");
}

#[tokio::test]
async fn reads_of_many_products_are_not_a_statement_each() {
    let api = Arc::new(Api::with(&[("CACHE_MB", "0")]).await);
    for number in 0..20 {
        api.create(&json!({"name": format!("mug {number}"), "price": 1}))
            .await;
    }
    let paths: Vec<String> = (1..=20).map(|id| format!("/api/products/{id}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    meet(&api, &paths).await;
    let metrics = api.get("/metrics").await.text();
    let statements = count(
        &metrics,
        "catalog_database_query_seconds_count{query=\"product\"}",
    );
    assert!((1..=8).contains(&statements), "{statements} statements");
}

#[tokio::test]
async fn a_failure_is_not_waited_for_in_turn() {
    let api = Arc::new(Api::with(&[("CACHE_MB", "0")]).await);
    let missing = api.get("/api/products/7").await.expect(404);
    assert_eq!(missing.code(), "not_found");
    let begun = std::time::Instant::now();
    let client = server::client(&api.database).await;
    client
        .batch_execute("alter table products rename to elsewhere")
        .await
        .unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..30 {
        let api = Arc::clone(&api);
        calls.spawn(async move { api.get("/api/products").await.status.as_u16() });
    }
    assert!(calls.join_all().await.iter().all(|status| *status == 500));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_answer_is_never_older_than_its_request_with_nothing_kept() {
    let api = Arc::new(Api::with(&[("CACHE_MB", "0")]).await);
    api.create(&json!({"name": "mug", "price": 1})).await;
    let written = Arc::new(AtomicI64::new(0));
    let stop = Arc::new(AtomicI64::new(0));
    let mut readers = JoinSet::new();
    for number in 0..8 {
        let (api, written, stop) = (Arc::clone(&api), Arc::clone(&written), Arc::clone(&stop));
        readers.spawn(async move {
            let mut reads = 0;
            while stop.load(Ordering::SeqCst) == 0 {
                let least = written.load(Ordering::SeqCst);
                let page = number % 2 == 0;
                let path = if page { "/api/products" } else { "/api/products/1" };
                let data = api.get(path).await.expect(200).data();
                let product = if page { &data[0] } else { &data };
                let stock = product["stock"].as_i64().unwrap();
                assert!(stock >= least, "{path}: {stock} after {least}");
                reads += 1;
            }
            reads
        });
    }
    for stock in 1..=60 {
        api.json("PATCH", "/api/products/1", &json!({"stock": stock}))
            .await
            .expect(200);
        written.store(stock, Ordering::SeqCst);
    }
    stop.store(1, Ordering::SeqCst);
    let reads: u32 = readers.join_all().await.iter().sum();
    assert!(reads > 60, "{reads} reads");
    let (cache, shared, _) = counts(&api).await;
    assert!(cache == 0 && shared > 0, "{shared} shared");
}
