//! Reports of what others do to the same resources: AWS itself, a pipeline, a tagger; and of applies that end half way.

use crate::{add, applied, apply, block_on, common::Fixture, database, operations, stack, task};
use serde_json::json;
use std::sync::Arc;
use tenon_planner::{
    Check, Declaration, Declared, Options, SavedPlan,
    event::{Event, quiet},
    execute::Again,
    refresh::refresh,
    sandbox::SandboxConfig,
};
use tenon_resources::{cloud::Cloud, logs::LogGroup, registry::TYPES};

/// <https://github.com/hashicorp/terraform/issues/4513>, <https://github.com/hashicorp/terraform-provider-aws/issues/36974>,
/// <https://github.com/dtan4/terraforming/issues/343>, <https://github.com/hashicorp/terraform-provider-aws/issues/7323>
#[test]
fn a_tag_of_aws_is_never_drift_and_never_set_or_taken_off() {
    let mut tried = 0;
    for kind in TYPES.iter().filter(|kind| kind.taggable()) {
        block_on(async {
            let mut declared = stack();
            let [inputs, _] = kind.samples();
            declared.add("it", Declaration::new(*kind, inputs, "main.rs:1"));
            let fixture = applied(&declared).await;
            let plan = fixture.next(&declared).await;
            let id = plan.decisions[0].id.clone().unwrap();
            let mut tags = plan.decisions[0].inputs["tags"].clone();
            tags["aws:cloudformation:stack-name"] = json!("old");
            assert!(fixture.cloud.tamper(kind.name(), &id, "tags", tags.clone()));
            let executor = fixture.executor(&declared).await;
            let seen = refresh(&*fixture.cloud, &executor.store.state(), &quiet())
                .await
                .unwrap();
            assert!(seen.drift.is_empty(), "{}: {:?}", kind.name(), seen.drift);
            executor.store.close().await.unwrap();
            // Another tag goes on, and AWS's stays where it is: AWS refuses a call that names it.
            declared.tags = [("team", "shop")].into();
            let plan = fixture.next(&declared).await;
            let sent: String = plan.mutating().map(|c| c.step.params.to_string()).collect();
            let theirs = sent.contains("aws:cloudformation");
            // A call that sets them all takes it as it is: without it, S3 says `InvalidTag`.
            let whole = ["s3.bucket", "s3.object"].contains(&kind.name());
            assert_eq!(theirs, whole, "{}: {sent}", kind.name());
            assert!(sent.contains("team"), "{}: {sent}", kind.name());
            apply(&fixture, &declared).await;
        });
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
    let mut declared = stack();
    add(
        &mut declared,
        "logs",
        LogGroup::new().tags([("aws:team", "shop")]),
    );
    let text = declared.check().unwrap_err().to_string();
    assert!(
        text.contains("`aws:team`") && text.contains("AWS's own"),
        "{text}"
    );
}

fn with(
    mut declared: Declared,
    address: &str,
    set: impl FnOnce(&mut tenon_resources::declaration::ResourceOptions),
) -> Declared {
    set(&mut declared.resources[address].options);
    declared
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/632>, <https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/165>
#[test]
fn a_revision_that_a_pipeline_deployed_is_never_put_back() {
    block_on(async {
        let declared = || {
            with(task("web:1", ["A", "B"]), "web", |o| {
                assert!(o.owned_elsewhere.insert("task_definition".into()));
            })
        };
        let fixture = applied(&declared()).await;
        let id = fixture.next(&declared()).await.decisions[1].id.clone().unwrap();
        let deployed = json!("arn:aws:ecs:eu-west-1:000000000000:task-definition/web:7");
        assert!(
            fixture
                .cloud
                .tamper("ecs.service", &id, "task_definition", deployed.clone())
        );
        let next = fixture.next(&declared()).await;
        assert!(next.is_empty(), "{:#?}", next.decisions);
        // Another change of the service leaves it what the pipeline deployed.
        let mut more = declared();
        let web = more.resources["web"].clone();
        let mut inputs = (*web.inputs).clone();
        inputs["enable_execute_command"] = json!(true);
        let mut changed = Declaration::new(web.kind, inputs, "main.rs:1");
        changed.options = web.options;
        more.resources.insert("web".into(), changed);
        let plan = apply(&fixture, &more).await;
        assert_eq!(operations(&plan), ["UpdateService web"]);
        let sent = &plan.mutating().next().unwrap().step.params;
        assert!(
            sent["task_definition"].is_null() || sent["task_definition"] == deployed,
            "{sent}"
        );
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/8392>, <https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/188>
#[test]
fn the_tags_of_another_tool_are_never_taken_off_where_they_are_said_to_be_its_own() {
    let mut tried = 0;
    for kind in TYPES.iter().filter(|kind| kind.taggable()) {
        block_on(async {
            let declared = |said: bool| {
                let mut declared = stack();
                let [inputs, _] = kind.samples();
                declared.add("it", Declaration::new(*kind, inputs, "main.rs:1"));
                with(declared, "it", |o| {
                    if said {
                        assert!(o.tags_owned_elsewhere.insert("kubernetes.io/*".into()));
                    }
                })
            };
            let fixture = applied(&declared(true)).await;
            let plan = fixture.next(&declared(true)).await;
            let mut tags = plan.decisions[0].inputs["tags"].clone();
            tags["kubernetes.io/cluster/x"] = json!("shared");
            let id = plan.decisions[0].id.clone().unwrap();
            assert!(fixture.cloud.tamper(kind.name(), &id, "tags", tags));
            let next = fixture.next(&declared(true)).await;
            assert!(next.is_empty(), "{}: {:#?}", kind.name(), next.decisions);
            // Where nobody said so, it is a difference, and seen.
            assert!(
                !fixture.next(&declared(false)).await.is_empty(),
                "{}",
                kind.name()
            );
        });
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
}

/// <https://github.com/hashicorp/terraform/issues/21785>, <https://github.com/hashicorp/terraform/issues/8790>
#[test]
fn a_saved_plan_that_failed_half_way_never_has_to_be_approved_again_for_its_rest() {
    block_on(async {
        let declared = task("web:1", ["A", "B"]);
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut executor = fixture.executor(&declared).await;
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
        let caller = fixture.cloud.caller().await.unwrap();
        let verified = executor.verify(&saved, &caller).await.unwrap();
        let stop = executor.stop.clone();
        executor.sink = Arc::new(move |event| {
            if matches!(event, Event::Done { .. }) {
                stop.request();
            }
        });
        let summary = executor.apply(&verified).await.unwrap();
        assert!(!summary.complete() && !fixture.cloud.is_empty());
        executor.store.close().await.unwrap();
        // The same command again: what is left of the plan that was approved, and nothing else.
        let executor = fixture.executor(&declared).await;
        executor.settle().await.unwrap();
        let again = executor.plan_again(&saved, None, &caller).await.unwrap();
        let Again::Within(rest) = again else {
            panic!("{again:?}")
        };
        assert_eq!(operations(&rest), ["CreateService web"]);
        assert!(executor.apply(&rest).await.unwrap().complete());
        executor.store.close().await.unwrap();
        assert!(fixture.next(&declared).await.is_empty());
    });
}

/// <https://github.com/hashicorp/terraform/issues/4501>, <https://github.com/hashicorp/terraform/issues/19151>,
/// <https://github.com/hashicorp/terraform-provider-aws/issues/28271>
#[test]
fn a_setting_that_is_taken_out_is_never_left_without_a_word() {
    block_on(async {
        let fixture = applied(&database(|db| db.preferred_backup_window("03:00-04:00"))).await;
        let without = database(|db| db);
        let plan = apply(&fixture, &without).await;
        assert_eq!(operations(&plan), [""; 0]);
        let text = tenon_planner::render::text(&plan, &tenon_planner::render::Look::default());
        assert!(
            text.contains("`preferred_backup_window` stays as it is in AWS"),
            "{text}"
        );
        // From then on it is AWS's, and whatever it becomes is no difference.
        let id = plan.decisions[0].id.clone().unwrap();
        let other = json!("05:00-06:00");
        let field = "preferred_backup_window";
        assert!(fixture.cloud.tamper("rds.db_instance", &id, field, other));
        let next = fixture.next(&without).await;
        assert!(next.is_empty(), "{:#?}", next.decisions);
    });
}
