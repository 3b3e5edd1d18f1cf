//! Files, folders and texts that a stack puts into buckets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use serde_json::json;
use std::fs;
use tempfile::TempDir;
use tenon_planner::{
    Action, Check, Declaration, Declared, Error, Options, PlannedCall, SavedPlan,
    permissions::{self, Purpose, StateAccess},
    render::{Look, calls, text},
    sandbox::SandboxConfig,
};
use tenon_resources::{
    asset::{self, AssetError, Shelf},
    cfn,
    resource::Declare,
    s3::{Bucket, Object},
    text as joined,
};

fn empty() -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    declared
}

fn options() -> Options {
    Options::default()
}

const CANARY: &str = "console.log('canary-5d1f')";

fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lambda")).unwrap();
    fs::write(folder.path().join("lambda/index.js"), CANARY).unwrap();
    fs::write(folder.path().join("index.html"), "<h1>canary-5d1f</h1>").unwrap();
    folder
}

/// A bucket with a page, a text and the zip that a function is made of.
fn declared(folder: &TempDir) -> Declared {
    let mut d = empty();
    let bucket = add(
        &mut d,
        "site",
        Bucket::new().bucket_name("shop-site").empty_on_delete(true),
    );
    let page = asset::file(folder.path().join("index.html"));
    add(
        &mut d,
        "page",
        Object::new(&bucket.id, "index.html", page).content_type("text/html"),
    );
    let code = asset::zip(folder.path().join("lambda"));
    let key = joined!("lambda/{}.zip", code.sha256());
    let code = add(&mut d, "code", Object::new(&bucket.id, key, code));
    let function = cfn::Resource::new(
        "AWS::Lambda::Function",
        json!({
            "Code": { "S3Bucket": code.bucket, "S3Key": code.key },
            "Handler": "index.handler",
            "Role": "arn:aws:iam::111111111111:role/shop",
            "Runtime": "nodejs22.x",
        }),
    );
    let (kind, inputs) = function.declare().unwrap();
    d.add("function", Declaration::new(kind, inputs, "main.rs:9"));
    d
}

#[test]
fn a_folder_becomes_a_function_and_a_file_a_page() {
    block_on(async {
        let folder = site();
        let fixture = Fixture::new(SandboxConfig {
            speed: 1.0,
            ..SandboxConfig::default()
        });
        let d = declared(&folder);
        d.check().unwrap();
        let (plan, summary) = fixture.apply(&d, &options()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(fixture.next(&d).await.is_empty());
        let body = fixture
            .cloud
            .kept("s3.object", "shop-site/index.html", "body")
            .unwrap();
        let page = asset::file(folder.path().join("index.html"));
        assert_eq!(body, json!({"$asset": {"sha256": page.sha256(), "size": 20}}));
        // The bytes are in AWS alone, and a path of this machine only where the asset is found again.
        let state = format!("{:?}", fixture.executor(&d).await.store.state());
        let shown = text(&plan, &Look::default()) + &calls(&plan, &Look::default());
        for told in [plan.to_json(), shown.clone(), state.clone()] {
            assert!(!told.contains("canary-5d1f"), "{told}");
        }
        let path = folder.path().to_str().unwrap();
        assert!(!state.contains(path) && !shown.contains(path), "{shown}");
        assert!(shown.contains(&page.sha256()[..12]), "{shown}");

        let needs = permissions::needs(&plan, Purpose::Apply, &StateAccess::default());
        let put: Vec<_> = needs.iter().filter(|n| n.action == "s3:PutObject").collect();
        assert!(
            put.iter()
                .any(|n| n.resource == "arn:aws:s3:::shop-site/index.html"),
            "{put:?}"
        );
    });
}

#[test]
fn other_bytes_are_another_object_or_another_version_of_one() {
    block_on(async {
        let folder = site();
        let fixture = Fixture::new(SandboxConfig::default());
        fixture.apply(&declared(&folder), &options()).await;
        fs::write(folder.path().join("index.html"), "<h1>new</h1>").unwrap();
        fs::write(folder.path().join("lambda/index.js"), "new").unwrap();
        let d = declared(&folder);
        let (plan, summary) = fixture.apply(&d, &options()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let action = |address: &str| {
            plan.decisions
                .iter()
                .find(|d| d.address == address)
                .unwrap()
                .action
        };
        assert_eq!(action("page"), Action::Update);
        assert_eq!(action("code"), Action::ReplaceCreateFirst);
        assert_eq!(action("function"), Action::Update);
        let own = plan.mutating().filter(|c| c.address == "page");
        assert_eq!(own.map(PlannedCall::title).collect::<Vec<_>>(), ["s3:PutObject"]);
        assert!(fixture.next(&d).await.is_empty());
        let options = Options {
            destroy: true,
            consent: vec!["site".into()],
            ..options()
        };
        let (_, summary) = fixture.apply(&d, &options).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(fixture.cloud.is_empty(), "{:?}", fixture.cloud.inventory());
    });
}

#[test]
fn what_changed_after_it_was_planned_is_not_sent_and_nothing_else_is() {
    block_on(async {
        let folder = site();
        let fixture = Fixture::new(SandboxConfig::default());
        let d = declared(&folder);
        let executor = fixture.executor(&d).await;
        let plan = fixture.plan(&executor, &d, &options()).await.unwrap();
        fs::write(folder.path().join("index.html"), "<h1>late</h1>").unwrap();
        let error = executor.apply(&plan).await.unwrap_err();
        let Error::Asset { address, source } = error else {
            panic!("{error}")
        };
        assert_eq!(address, "page");
        assert!(matches!(source, AssetError::Changed { .. }), "{source}");
        let text = source.to_string();
        assert!(text.contains("index.html changed after it was planned"), "{text}");
        assert!(fixture.cloud.is_empty() && executor.store.open_intents().is_empty());
        fs::remove_file(folder.path().join("index.html")).unwrap();
        let error = executor.apply(&plan).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Asset {
                    source: AssetError::Missing { .. },
                    ..
                }
            ),
            "{error}"
        );
        assert!(fixture.cloud.is_empty());
    });
}

#[test]
fn a_saved_plan_is_applied_with_the_assets_that_go_with_it() {
    block_on(async {
        let folder = site();
        let fixture = Fixture::new(SandboxConfig::default());
        let d = declared(&folder);
        let exported = folder.path().join(asset::EXPORTED);
        Shelf::default().export(&d.assets, &exported).unwrap();
        let plan = fixture.next(&d).await;
        let elsewhere = tempfile::tempdir().unwrap();
        let moved = elsewhere.path().join(asset::EXPORTED);
        fs::rename(&exported, &moved).unwrap();
        drop(folder);

        let mut executor = fixture.executor(&d).await;
        let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
        let caller = executor.cloud.caller().await.unwrap();
        let plan = executor.verify(&saved, &caller).await.unwrap();
        assert!(matches!(executor.apply(&plan).await, Err(Error::Asset { .. })));
        executor.settings.assets.folders.push(moved);
        let summary = executor.apply(&plan).await.unwrap();
        assert!(summary.complete(), "{:?}", summary.failed);
    });
}

#[test]
fn what_cannot_be_read_is_a_finding_with_its_line() {
    let mut d = empty();
    let gone = asset::file("no/such/file");
    add(&mut d, "page", Object::new("shop-site", "index.html", gone));
    let error = d.check().unwrap_err().to_string();
    assert!(
        error.contains("`page` has an asset that cannot be read: no/such/file"),
        "{error}"
    );
    assert!(error.contains("main.rs:0"), "{error}");
}
