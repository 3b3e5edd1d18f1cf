//! An image that somebody pushes while an apply waits for it.

use crate::{
    gaps::Home,
    place::{Emulators, TestEnvironment},
};
use std::{sync::Arc, time::Duration};
use tenon_planner::{Declaration, Declared, Options};
use tenon_resources::{
    cloud::Cloud,
    ecr::{Image, Repository},
    registry,
    resource::{Lifecycle, Outputs, Resource},
};

const TAG: &str = "1.0.0";

/// moto wants the media type in it, and nothing else.
const MANIFEST: &str =
    r#"{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}"#;

fn add<R: Lifecycle>(declared: &mut Declared, address: &str, resource: &R) -> <R::Outputs as Outputs>::Refs {
    let kind = registry::find(R::TYPE).unwrap();
    let inputs = serde_json::to_value(resource).unwrap();
    declared.add(address, Declaration::new(kind, inputs, "image.rs:1"));
    <R::Outputs as Outputs>::refs(address)
}

/// Pushes the image as soon as there is a repository for it.
async fn push(environment: &TestEnvironment, declared: &Declared) {
    let (aws, kind) = (&environment.cloud, registry::find(Repository::TYPE).unwrap());
    let repository = loop {
        let found = aws.find(kind, &declared.owner()).await.unwrap();
        if let Some(one) = found.into_iter().next() {
            break one.id;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    // Long enough for the apply to have asked in vain.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let image = aws.ecr.put_image().repository_name(repository);
    image
        .image_tag(TAG)
        .image_manifest(MANIFEST)
        .send()
        .await
        .unwrap();
}

/// From nothing to nothing. No field of an image changes in place.
pub(crate) async fn is_waited_for(emulators: Arc<Emulators>) -> Result<usize, String> {
    let environment = TestEnvironment::new(&emulators, Home::Moto).await;
    let mut declared = Declared::new("images", "wire", None);
    declared.disposable = true;
    let repository = add(
        &mut declared,
        "repository",
        &Repository::new().empty_on_delete(true),
    );
    add(&mut declared, "image", &Image::new(&repository.id, TAG));
    let options = Options::default();
    let ((_, summary), ()) = tokio::join!(
        environment.apply(&declared, &options),
        push(&environment, &declared)
    );
    if !summary.complete() {
        return Err(format!("create: {:#?}", summary.failed));
    }
    if !environment.plan(&declared).await.is_empty() {
        return Err("the next plan is not empty".into());
    }
    let destroy = Options {
        destroy: true,
        consent: vec!["*".to_owned()],
        ..options
    };
    let (_, summary) = environment.apply(&declared, &destroy).await;
    if summary.complete() {
        Ok(0)
    } else {
        Err(format!("delete: {:#?}", summary.failed))
    }
}
