//! Reports of what was removed although it was protected, or although others used it.

use crate::{
    add, block_on,
    common::{Dying, Fixture},
    stack,
};
use std::sync::Arc;
use tenon_planner::{Declaration, Declared, Error, Options, Plan, sandbox::SandboxConfig};
use tenon_resources::{
    acm::{Certificate, Validation},
    rds::DbInstance,
    registry::TYPES,
    route53::Zone,
    value::Output,
};

fn destroy(consent: &[&str]) -> Options {
    Options {
        destroy: true,
        consent: consent.iter().map(ToString::to_string).collect(),
        ..Options::default()
    }
}

async fn planned(fixture: &Fixture, declared: &Declared, options: &Options) -> Result<Plan, Error> {
    let executor = fixture.executor(declared).await;
    let plan = fixture.plan(&executor, declared, options).await;
    executor.store.close().await.unwrap();
    plan
}

fn refusal(plan: Result<Plan, Error>) -> String {
    match plan {
        Err(error @ Error::NeedsConsent(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/6645>, <https://github.com/hashicorp/terraform/issues/18985>
#[test]
fn deletion_protection_is_never_turned_off_without_a_person_who_says_so() {
    let mut guarded = vec![];
    for kind in TYPES {
        let field = kind.field("deletion_protection");
        let Some(field) = field.or_else(|| kind.field("deletion_protection_enabled")) else {
            continue;
        };
        guarded.push(kind.name());
        block_on(async {
            let samples = kind.samples();
            let mut inputs = samples.into_iter().find(|s| s[field.name] == true).unwrap();
            let declared = |inputs: &serde_json::Value| {
                let mut declared = stack();
                declared.add("it", Declaration::new(*kind, inputs.clone(), "main.rs:1"));
                declared
            };
            let fixture = Fixture::new(SandboxConfig::instant());
            let on = declared(&inputs);
            let (_, summary) = fixture.apply(&on, &Options::default()).await;
            assert!(summary.complete(), "{:?}", summary.failed);
            // A disposable environment, too; and what is no longer declared.
            for (next, options) in [
                (&on, destroy(&[])),
                (&stack(), Options::default()),
                (
                    &on,
                    Options {
                        replace: vec!["it".into()],
                        ..Options::default()
                    },
                ),
            ] {
                let text = refusal(planned(&fixture, next, &options).await);
                assert!(text.contains("deletion protection"), "{}: {text}", kind.name());
            }
            // A line of the program turns it off, and the environment is disposable.
            inputs[field.name] = false.into();
            let off = declared(&inputs);
            let (_, summary) = fixture.apply(&off, &Options::default()).await;
            assert!(summary.complete(), "{:?}", summary.failed);
            planned(&fixture, &off, &destroy(&[])).await.unwrap();
            // Or a person says its address.
            fixture.apply(&on, &Options::default()).await;
            let (_, summary) = fixture.apply(&on, &destroy(&["it"])).await;
            assert!(summary.complete(), "{}: {:?}", kind.name(), summary.failed);
            assert!(fixture.cloud.is_empty(), "{}", kind.name());
        });
    }
    assert!(guarded.len() >= 3, "{guarded:?}");
}

/// What AWS has accepted to delete is waited for, and nobody is asked again.
#[test]
fn a_delete_that_was_cut_off_never_asks_for_its_consent_again() {
    block_on(async {
        let slow = SandboxConfig {
            speed: 1.0,
            ..SandboxConfig::default()
        };
        let fixture = Fixture::new(slow);
        let mut declared = stack();
        let database = DbInstance::new("postgres", "17", "db.t4g.micro")
            .vpc_security_groups(["sg-1"])
            .deletion_protection(true);
        add(&mut declared, "it", database);
        fixture.apply(&declared, &Options::default()).await;
        let mut executor = fixture.executor(&declared).await;
        let options = destroy(&["it"]);
        let plan = fixture.plan(&executor, &declared, &options).await.unwrap();
        // Its protection is turned off, then it is deleted.
        assert_eq!(plan.mutating().count(), 2);
        let cloud = Arc::new(Dying {
            cloud: fixture.cloud.clone(),
            left: 1.into(),
            after: true,
            dead: tokio::sync::Notify::new(),
        });
        executor.cloud = cloud.clone();
        tokio::select! {
            done = executor.apply(&plan) => panic!("{done:?}"),
            () = cloud.dead.notified() => {}
        }
        drop(executor);
        fixture.release().await;
        let rest = planned(&fixture, &declared, &destroy(&[])).await.unwrap();
        assert_eq!(rest.mutating().count(), 0);
        let (_, summary) = fixture.apply(&declared, &destroy(&[])).await;
        assert!(
            summary.complete() && fixture.cloud.is_empty(),
            "{:?}",
            summary.failed
        );
    });
}

fn validated(zone: bool, kept: bool) -> Declared {
    let mut declared = stack();
    let certificate = Certificate::new("shop.example");
    let certificate = add(&mut declared, "certificate", certificate);
    let records = &certificate.validation_records;
    let validation = if zone {
        let zone: Output<_> = add(&mut declared, "zone", Zone::new("shop.example")).id;
        Validation::new(&certificate.id, records, &zone)
    } else {
        Validation::new(&certificate.id, records, "Z1")
    };
    add(&mut declared, "validation", validation);
    declared.resources["validation"].options.kept = kept;
    declared
}

/// <https://github.com/aws/aws-cdk/issues/6309>, <https://github.com/dflook/cloudformation-dns-certificate/issues/7>
#[test]
fn the_record_that_other_certificates_renew_by_never_goes_without_a_word() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let declared = validated(false, false);
        fixture.apply(&declared, &Options::default()).await;
        for (next, options) in [(&declared, destroy(&[])), (&stack(), Options::default())] {
            let text = refusal(planned(&fixture, next, &options).await);
            assert!(
                text.contains("`validation` would be deleted") && text.contains("declare it `kept`"),
                "{text}"
            );
        }
        // It is replaced with its certificate by one that puts the same records there.
        let replace = Options {
            replace: vec!["certificate".into()],
            ..Options::default()
        };
        planned(&fixture, &declared, &replace).await.unwrap();
        // A person says so.
        planned(&fixture, &declared, &destroy(&["validation"]))
            .await
            .unwrap();
        // Or the program says that the records stay.
        let kept = validated(false, true);
        fixture.apply(&kept, &Options::default()).await;
        let (plan, summary) = fixture.apply(&kept, &destroy(&[])).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(crate::operations(&plan), ["DeleteCertificate certificate"]);
    });
    block_on(async {
        // Nothing is renewed by the records of a zone that goes as well.
        let fixture = Fixture::new(SandboxConfig::instant());
        let declared = validated(true, false);
        fixture.apply(&declared, &Options::default()).await;
        let (_, summary) = fixture.apply(&declared, &destroy(&[])).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(fixture.cloud.is_empty());
    });
}
