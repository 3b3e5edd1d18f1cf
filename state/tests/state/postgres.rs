//! The backend suite on a real `PostgreSQL` server, which the test makes and starts itself; encrypted connections; a
//! server that goes away and comes back.

use std::sync::Arc;

use tenon_state::{Backend, Error, Postgres, Store};

use crate::{
    backends::{Location, suite},
    server::Server,
    support::{call, holder, identity, intent},
};

struct InDatabase(Server);

impl Location for InDatabase {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(Postgres::new(&self.0.url("127.0.0.1"), "shop/test", None).unwrap())
    }

    fn outlives(&self) -> bool {
        true
    }
}

async fn open(backend: Postgres) -> Result<Store, Error> {
    Store::open(Arc::new(backend), holder(), identity()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    suite(InDatabase(Server::start(false))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes_and_comes_back_loses_nothing() {
    let mut server = Server::start(false);
    let backend = || Postgres::new(&server.url("127.0.0.1"), "shop/test", None).unwrap();
    let (first, second) = (backend(), backend());
    let store = open(first).await.unwrap();
    call(&store, 1).await.unwrap();
    store.begin(intent(2)).await.unwrap();
    server.restart();
    call(&store, 3).await.unwrap();
    server.restart();
    store.checkpoint().await.unwrap();
    server.restart();
    store.close().await.unwrap();
    server.restart();
    let store = open(second).await.unwrap();
    assert_eq!(store.open_intents(), [intent(2)]);
    assert_eq!(store.state().records.len(), 2);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_stops_everything_and_is_named() {
    let mut server = Server::start(false);
    let store = open(Postgres::new(&server.url("127.0.0.1"), "shop/test", None).unwrap())
        .await
        .unwrap();
    let url = server.url("127.0.0.1");
    let (_, server_and_database) = url.rsplit_once('@').unwrap();
    let location = format!("shop/test in the PostgreSQL database {server_and_database}");
    server.stop();
    let error = store.begin(intent(1)).await.unwrap_err();
    assert!(matches!(error, Error::Stopped { .. }), "{error}");
    assert!(error.to_string().contains(&location), "{error}");
    assert!(matches!(store.begin(intent(2)).await, Err(Error::Stopped { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stacks_in_one_database_do_not_touch_each_other() {
    let server = Server::start(false);
    let one = open(Postgres::new(&server.url("127.0.0.1"), "shop/test", None).unwrap())
        .await
        .unwrap();
    let two = open(Postgres::new(&server.url("127.0.0.1"), "shop/other", None).unwrap())
        .await
        .unwrap();
    call(&one, 1).await.unwrap();
    two.begin(intent(1)).await.unwrap();
    one.close().await.unwrap();
    assert_eq!(two.open_intents(), [intent(1)]);
    two.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_certificate_is_checked() {
    let server = Server::start(true);
    let roots = server.folder.path().join("data/server.crt");
    let trusted = format!("{}?sslmode=require", server.url("localhost"));
    let store = open(Postgres::new(&trusted, "shop/test", Some(roots.clone())).unwrap())
        .await
        .unwrap();
    call(&store, 1).await.unwrap();
    store.close().await.unwrap();
    // Not signed by anyone that the system trusts.
    let stranger = open(Postgres::new(&trusted, "shop/test", None).unwrap()).await;
    assert!(matches!(stranger, Err(Error::Backend { .. })));
    // Signed, and for another name.
    let other = format!("{}?sslmode=require", server.url("127.0.0.1"));
    let other = open(Postgres::new(&other, "shop/test", Some(roots)).unwrap()).await;
    assert!(matches!(other, Err(Error::Backend { .. })));
}
