//! The backend suite on S3's own client and an S3 that the test starts. Moto keeps `If-Match` and `If-None-Match`; it does
//! not look at the expected bucket owner, so that the test looks at each request itself.

use std::sync::Arc;

use aws_sdk_s3::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use tenon_state::{Backend, Error, File, S3, Settings, StateHandle, Store, Transfer, read};

use crate::{
    backends::{Location, suite},
    moto::Moto,
    support::{call, holder, identity, intent},
};

const OWNER: &str = "123456789012";

/// Refuses a request that does not say whose the bucket must be.
#[derive(Debug)]
struct EveryRequestNamesTheOwner;

impl Intercept for EveryRequestNamesTheOwner {
    fn name(&self) -> &'static str {
        "EveryRequestNamesTheOwner"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.request().headers().get("x-amz-expected-bucket-owner") {
            Some(OWNER) => Ok(()),
            other => Err(format!("the request expects the owner {other:?}").into()),
        }
    }
}

impl Moto {
    /// A server with a bucket `states`.
    async fn with_bucket() -> Self {
        let moto = Self::start().await;
        let bucket = moto.config(false).create_bucket().bucket("states");
        bucket.send().await.unwrap();
        moto
    }

    fn config(&self, checked: bool) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(self.url())
            .force_path_style(true)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .retry_config(RetryConfig::standard())
            .http_client(aws_smithy_http_client::Builder::new().build_http());
        let config = if checked {
            config.interceptor(EveryRequestNamesTheOwner)
        } else {
            config
        };
        Client::from_conf(config.build())
    }

    fn backend(&self, prefix: &str) -> S3 {
        S3::new(self.config(true), "states", prefix, Some(OWNER.to_owned()))
    }
}

struct InBucket(Moto);

impl Location for InBucket {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(self.0.backend("shop/test"))
    }

    fn outlives(&self) -> bool {
        true
    }
}

async fn open(backend: S3) -> Result<Store, Error> {
    Store::open(Arc::new(backend), holder(), identity()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s3() {
    suite(InBucket(Moto::with_bucket().await)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there_is_an_error_and_not_an_empty_state() {
    let moto = Moto::with_bucket().await;
    let backend = S3::new(moto.config(true), "other", "shop/test", Some(OWNER.to_owned()));
    let error = read(&backend).await.unwrap_err();
    assert!(matches!(error, Error::Backend { .. }), "{error}");
    assert!(
        error.to_string().contains("s3://other/shop/test/state.json"),
        "{error}"
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("NoSuchBucket"), "{source}");
}

// Long: one state, and each loss of an object of it.
#[tokio::test(flavor = "multi_thread")]
async fn lost_and_swapped_objects_are_noticed() {
    let moto = Moto::with_bucket().await;
    let store = open(moto.backend("shop/test")).await.unwrap();
    for n in 0..3 {
        call(&store, n).await.unwrap();
    }
    store.checkpoint().await.unwrap();
    for n in 3..6 {
        call(&store, n).await.unwrap();
    }
    store.begin(intent(6)).await.unwrap();
    drop(store);
    let client = moto.config(false);
    let names = async || {
        let listed = client.list_objects_v2().bucket("states").send().await.unwrap();
        listed
            .contents()
            .iter()
            .map(|object| object.key().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = names().await;
    assert!(all.len() > 8, "{all:?}");
    for name in all.iter().filter(|name| !name.ends_with("/lock")) {
        let object = client
            .get_object()
            .bucket("states")
            .key(name)
            .send()
            .await
            .unwrap();
        let bytes = object.body.collect().await.unwrap().to_vec();
        client
            .delete_object()
            .bucket("states")
            .key(name)
            .send()
            .await
            .unwrap();
        let missing = read(&moto.backend("shop/test")).await;
        // The last frame leaves no gap; S3 does not lose objects, and who may delete them is the bucket's policy.
        assert!(
            missing.is_err() || Some(name) == all.iter().rfind(|name| name.contains("journal/0")),
            "{name}"
        );
        let cut = bytes[..bytes.len() / 2].to_vec();
        client
            .put_object()
            .bucket("states")
            .key(name)
            .body(cut.into())
            .send()
            .await
            .unwrap();
        read(&moto.backend("shop/test")).await.unwrap_err();
        client
            .put_object()
            .bucket("states")
            .key(name)
            .body(bytes.into())
            .send()
            .await
            .unwrap();
    }
    let state = read(&moto.backend("shop/test")).await.unwrap().unwrap();
    assert_eq!(state.records.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_many_pages_is_read_whole() {
    let moto = Moto::with_bucket().await;
    let store = open(moto.backend("")).await.unwrap();
    for n in 0..600 {
        call(&store, n).await.unwrap();
    }
    let state = read(&moto.backend("")).await.unwrap().unwrap();
    assert_eq!(state.records.len(), 600);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_moves_into_a_bucket_and_out_of_it() {
    let moto = Moto::with_bucket().await;
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = |folder: &tempfile::TempDir| StateHandle::unencrypted(Arc::new(File::new(folder.path())));
    let bucket = || StateHandle::unencrypted(Arc::new(moto.backend("shop/test")));
    let moved = async |from: StateHandle, to: StateHandle| {
        let transfer = Transfer::begin(from, to, holder(), identity(), Settings::default()).await?;
        transfer.finish().await
    };
    let store = Store::open(folder(&old).encrypted, holder(), identity())
        .await
        .unwrap();
    for n in 0..3 {
        call(&store, n).await.unwrap();
    }
    store.close().await.unwrap();
    moved(folder(&old), bucket()).await.unwrap();
    let error = read(&*folder(&old).encrypted).await.unwrap_err();
    assert!(
        matches!(&error, Error::Moved { to, .. } if to == "s3://states/shop/test/state.json"),
        "{error}"
    );
    let store = open(moto.backend("shop/test")).await.unwrap();
    call(&store, 3).await.unwrap();
    store.close().await.unwrap();
    let aside = moved(bucket(), folder(&new)).await.unwrap().backup;
    assert!(
        aside
            .locations
            .iter()
            .all(|location| location.starts_with("s3://states/shop/test/aside/")),
        "{aside:?}"
    );
    assert_eq!(
        read(&*folder(&new).encrypted)
            .await
            .unwrap()
            .unwrap()
            .records
            .len(),
        4
    );
    assert!(matches!(
        read(&*bucket().encrypted).await,
        Err(Error::Moved { .. })
    ));
    // And once more into the bucket, over the note, its lock, and what lies aside.
    moved(folder(&new), bucket()).await.unwrap();
    let store = open(moto.backend("shop/test")).await.unwrap();
    call(&store, 4).await.unwrap();
    assert_eq!(store.state().records.len(), 5);
    store.close().await.unwrap();
}
