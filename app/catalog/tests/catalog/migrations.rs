//! Bringing the schema up to date.

use crate::harness::{process, server};
use catalog::command::{self, Failure};
use catalog::database::MigrateError;

const TABLES: &str = "select count(*) from information_schema.tables where table_schema = 'public'";

#[tokio::test]
async fn processes_that_start_at_once_apply_each_migration_once() {
    let database = server::empty_database().await;
    let environment = server::environment(&database);
    let started: Vec<_> = (0..6)
        .map(|_| {
            let environment = environment.clone();
            std::thread::spawn(move || process::run(&["migrate"], &environment))
        })
        .collect();
    let mut applied = Vec::new();
    for process in started {
        let (code, out, err) = process.join().unwrap();
        assert_eq!(code, Some(0), "{err}");
        applied.push(out.lines().last().unwrap().to_owned());
    }
    applied.sort();
    assert_eq!(applied[..5], ["0 migrations applied"; 5], "{applied:?}");
    assert_ne!(applied[5], "0 migrations applied");
}

#[tokio::test]
async fn a_second_run_has_nothing_to_do() {
    let database = server::empty_database().await;
    assert!(command::migrate(&database).await.unwrap() > 0);
    assert_eq!(command::migrate(&database).await.unwrap(), 0);
}

#[tokio::test]
async fn a_migration_that_was_edited_afterwards_is_refused() {
    let database = server::database().await;
    let client = server::client(&database).await;
    client
        .batch_execute("update schema_migrations set checksum = 'x' where number = 1")
        .await
        .unwrap();
    let failure = command::migrate(&database).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Migrate(MigrateError::Edited { number: 1, .. })),
        "{failure}"
    );
    assert!(failure.to_string().contains("001_products"), "{failure}");
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    let database = server::empty_database().await;
    let client = server::client(&database).await;
    client
        .batch_execute("create table product_history (x int)")
        .await
        .unwrap();
    let failure = command::migrate(&database).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Migrate(MigrateError::Failed { number: 1, .. })),
        "{failure}"
    );
    let tables: i64 = client.query_one(TABLES, &[]).await.unwrap().get(0);
    assert_eq!(tables, 2, "product_history and schema_migrations");
    client.batch_execute("drop table product_history").await.unwrap();
    command::migrate(&database).await.unwrap();
}

#[tokio::test]
async fn a_schema_that_is_ahead_is_accepted() {
    let database = server::database().await;
    let client = server::client(&database).await;
    client
        .batch_execute("insert into schema_migrations (number, name, checksum) values (9999, 'later', 'x')")
        .await
        .unwrap();
    assert_eq!(command::migrate(&database).await.unwrap(), 0);
}

#[tokio::test]
async fn the_seed_is_written_once() {
    let database = server::empty_database().await;
    let environment = server::environment(&database);
    let (code, out, _) = process::run(&["seed", "--products", "30"], &environment);
    assert_eq!((code, out.lines().last()), (Some(0), Some("30 products written")));
    let (code, out, _) = process::run(&["seed"], &environment);
    assert_eq!((code, out.as_str()), (Some(0), "0 products written\n"));
    let client = server::client(&database).await;
    let count: i64 = client
        .query_one("select count(*) from product_history", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(count, 30);
}
