//! Taking up what exists: a lost state that is rebuilt, and a resource that a person names.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared by value, as in a program"
)]

mod common;

use common::{Fixture, add, block_on, cases, random::blueprint};
use proptest::prelude::*;
use serde_json::json;
use tenon_planner::{
    Declared, Options,
    adopt::{ImportError, import},
    execute::Executor,
    recover::{Doubt, Recovered, recover},
    sandbox::SandboxConfig,
};
use tenon_resources::{cloud::Cloud as _, ec2, iam, logs, route53, ssm, value::Secret};
use tenon_state::{Phase, Record, State, StateWrite};

const VPC: &str = "ec2.vpc";
const GROUP: &str = "logs.log_group";

fn groups(names: &[&str]) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    for name in names {
        add(&mut declared, name, logs::LogGroup::new());
    }
    declared
}

async fn applied(declared: &Declared) -> Fixture {
    let fixture = Fixture::new(SandboxConfig::instant());
    let (_, summary) = fixture.apply(declared, &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    fixture
}

async fn found(fixture: &Fixture, declared: &Declared, state: &State) -> Recovered {
    let caller = fixture.cloud.caller().await.unwrap();
    recover(fixture.cloud.as_ref(), declared, &caller, state)
        .await
        .unwrap()
}

/// A state without records.
fn lost(executor: &Executor) -> State {
    State {
        records: [].into(),
        outputs: [].into(),
        ..State::clone(&executor.store.state())
    }
}

fn id_of(executor: &Executor, address: &str) -> String {
    let state = executor.store.state();
    state.current(address).and_then(|r| r.id.clone()).unwrap()
}

/// Records without where in the program they are declared.
fn bare<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Record> {
    let bare = |r: &Record| Record {
        declared: None,
        ..r.clone()
    };
    records.into_iter().map(bare).collect()
}

proptest! {
    #![proptest_config(cases())]

    /// What is rebuilt is what was recorded, to the last field; whatever of it is lost, that is found again.
    #[test]
    fn what_is_rebuilt_is_what_was_lost(blueprint in blueprint(12), lose in any::<u64>()) {
        block_on(async {
            let declared = blueprint.declare();
            let fixture = applied(&declared).await;
            let executor = fixture.executor(&declared).await;
            let whole = State::clone(&executor.store.state());
            let all = found(&fixture, &declared, &lost(&executor)).await;
            prop_assert_eq!(bare(&all.records), bare(whole.records.values().map(AsRef::as_ref)));
            prop_assert_eq!(&all.outputs, &whole.outputs);

            let mut part = whole.clone();
            let mut bit = 0;
            part.records.retain(|_, _| { bit += 1; lose >> (bit % 64) & 1 == 0 });
            let rest = found(&fixture, &declared, &part).await;
            part.records.extend(rest.records.into_iter().map(|r| (r.key(), r.into())));
            prop_assert_eq!(bare(part.records.values().map(AsRef::as_ref)), bare(whole.records.values().map(AsRef::as_ref)));
            executor.store.close().await.unwrap();
            Ok(())
        })?;
    }
}

#[test]
fn what_carries_the_tags_of_another_stack_or_none_is_left_alone() {
    block_on(async {
        let declared = groups(&["ours", "bare", "anothers"]);
        let fixture = applied(&declared).await;
        let executor = fixture.executor(&declared).await;
        let (bare, anothers) = (id_of(&executor, "bare"), id_of(&executor, "anothers"));
        let owner_tags =
            json!({"tenon:stack": "shop/prod", "tenon:address": "anothers", "tenon:generation": "0"});
        assert!(fixture.cloud.tamper(GROUP, &bare, "tags", json!({})));
        assert!(fixture.cloud.tamper(GROUP, &anothers, "tags", owner_tags));
        let found = found(&fixture, &declared, &lost(&executor)).await;
        let addresses: Vec<_> = found.records.iter().map(|r| r.address.as_str()).collect();
        assert_eq!(addresses, ["ours"]);
        let absent: Vec<_> = found.absent.iter().map(|a| a.address.as_str()).collect();
        assert_eq!(absent, ["bare", "anothers"]);
    });
}

#[test]
fn several_with_the_same_tags_are_nobodys() {
    block_on(async {
        let declared = groups(&["a", "b"]);
        let fixture = applied(&declared).await;
        let executor = fixture.executor(&declared).await;
        let [a, b] = ["a", "b"].map(|address| id_of(&executor, address));
        let owner_tags = |generation: &str| json!({"tenon:stack": "shop/test", "tenon:address": "a", "tenon:generation": generation});
        assert!(fixture.cloud.tamper(GROUP, &b, "tags", owner_tags("0")));
        let both = found(&fixture, &declared, &lost(&executor)).await;
        assert_eq!(both.records, []);
        assert_eq!(
            (both.doubtful[0].doubt, both.doubtful[0].ids.len()),
            (Doubt::SameTags, 2)
        );

        // Generations of one address are told apart: the older one waits for its deletion.
        assert!(fixture.cloud.tamper(GROUP, &b, "tags", owner_tags("3")));
        let told = found(&fixture, &declared, &lost(&executor)).await;
        let phases: Vec<_> = told
            .records
            .iter()
            .map(|r| (r.id.clone().unwrap(), r.generation, r.phase))
            .collect();
        assert_eq!(phases, [(a, 0, Phase::Deposed), (b, 3, Phase::Ready)]);
    });
}

#[test]
fn what_takes_no_tags_must_show_that_it_is_ours() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
        let role = add(&mut declared, "role", iam::Role::new(trust));
        // By a name that only we make, by what it belongs to, and by nothing.
        add(
            &mut declared,
            "policy",
            iam::RolePolicy::new(&role.id, iam::Policy::allow(["s3:ListAllMyBuckets"]).on(["*"])),
        );
        add(
            &mut declared,
            "attachment",
            iam::PolicyAttachment::new(&role.id, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        );
        add(
            &mut declared,
            "record",
            route53::Record::new("Z0123456789", "shop.example", route53::RecordType::A).values(["192.0.2.1"]),
        );
        let fixture = applied(&declared).await;
        let executor = fixture.executor(&declared).await;
        let found = found(&fixture, &declared, &lost(&executor)).await;
        let addresses: Vec<_> = found.records.iter().map(|r| r.address.as_str()).collect();
        assert_eq!(addresses, ["attachment", "policy", "role"]);
        let doubtful: Vec<_> = found
            .doubtful
            .iter()
            .map(|d| (d.address.as_str(), d.doubt))
            .collect();
        assert_eq!(doubtful, [("record", Doubt::Untagged)]);
        assert_eq!(found.absent, []);
    });
}

#[test]
fn what_is_not_declared_goes_before_what_it_uses() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        let vpc = add(&mut declared, "vpc", ec2::Vpc::new("10.0.0.0/16"));
        add(
            &mut declared,
            "door",
            ec2::SecurityGroup::new(&vpc.id, "The front door"),
        );
        let fixture = applied(&declared).await;
        let executor = fixture.executor(&declared).await;
        let nothing = Declared::new("shop", "test", None);
        let found = found(&fixture, &nothing, &lost(&executor)).await;
        let door = found.records.iter().find(|r| r.address == "door").unwrap();
        assert_eq!(
            (&door.dependencies, &door.declared),
            (&vec!["vpc".to_owned()], &None)
        );
    });
}

#[test]
fn a_secret_that_nobody_can_read_is_set_again() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        add(
            &mut declared,
            "token",
            ssm::Parameter::secure(Secret::ssm_parameter("/elsewhere")),
        );
        let fixture = applied(&declared).await;
        let executor = fixture.executor(&declared).await;
        let found = found(&fixture, &declared, &lost(&executor)).await;
        assert_eq!(found.records[0].inputs["secret"], json!(null));
    });
}

/// Forgets everything, so that it can be imported.
async fn forgotten(declared: &Declared) -> (Fixture, Executor, String) {
    let fixture = applied(declared).await;
    let executor = fixture.executor(declared).await;
    let id = id_of(&executor, "vpc");
    let state = executor.store.state();
    let gone = state.records.values().map(|r| StateWrite::Remove {
        address: r.address.clone(),
        generation: r.generation,
    });
    executor.store.record(gone.collect()).await.unwrap();
    (fixture, executor, id)
}

async fn imported(
    fixture: &Fixture,
    declared: &Declared,
    state: &State,
    address: &str,
    id: &str,
) -> Result<Record, ImportError> {
    let caller = fixture.cloud.caller().await.unwrap();
    import(
        fixture.cloud.as_ref(),
        declared,
        &caller,
        state,
        address,
        id,
        true,
    )
    .await
}

#[test]
fn after_an_import_only_the_ownership_tags_are_missing() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        add(&mut declared, "vpc", ec2::Vpc::new("10.0.0.0/16"));
        let (fixture, executor, id) = forgotten(&declared).await;
        assert!(fixture.cloud.tamper(VPC, &id, "tags", json!({"team": "shop"})));
        let record = imported(&fixture, &declared, &executor.store.state(), "vpc", &id)
            .await
            .unwrap();
        executor
            .store
            .record(vec![StateWrite::Put(record)])
            .await
            .unwrap();
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        let fields: Vec<_> = plan
            .decisions
            .iter()
            .flat_map(|d| &d.changes)
            .map(|c| c.field.as_str())
            .collect();
        assert_eq!(fields, ["tags"]);
        executor.apply(&plan).await.unwrap();
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        assert!(plan.is_empty(), "{:?}", plan.decisions);
    });
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/36974>: an import changes nothing, neither now nor with the next apply.
#[test]
fn nothing_is_changed_after_an_import_without_marks() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        declared.tags = [("cost-centre", "42")].into();
        add(&mut declared, "vpc", ec2::Vpc::new("10.0.0.0/16"));
        let (fixture, executor, id) = forgotten(&declared).await;
        let tags = json!({"team": "shop", "aws:cloudformation:stack-name": "old"});
        assert!(fixture.cloud.tamper(VPC, &id, "tags", tags));
        let before = fixture.cloud.contents();
        let caller = fixture.cloud.caller().await.unwrap();
        let state = executor.store.state();
        let record = import(
            fixture.cloud.as_ref(),
            &declared,
            &caller,
            &state,
            "vpc",
            &id,
            false,
        )
        .await;
        drop(state);
        executor
            .store
            .record(vec![StateWrite::Put(record.unwrap())])
            .await
            .unwrap();
        for _ in 0..2 {
            let plan = fixture
                .plan(&executor, &declared, &Options::default())
                .await
                .unwrap();
            assert!(plan.is_empty(), "{:?}", plan.decisions);
            executor.apply(&plan).await.unwrap();
        }
        assert_eq!(fixture.cloud.contents(), before);
        // What the program says of it alone is done, and what it has besides stays.
        let mut declared = Declared::new("shop", "test", None);
        add(
            &mut declared,
            "vpc",
            ec2::Vpc::new("10.0.0.0/16").tags([("Name", "main")]),
        );
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        let titles: Vec<_> = plan
            .mutating()
            .map(|c| (c.title(), c.step.params.to_string()))
            .collect();
        assert_eq!(titles.len(), 1);
        assert!(
            titles[0].0 == "ec2:CreateTags" && !titles[0].1.contains("tenon:"),
            "{titles:?}"
        );
    });
}

#[test]
fn what_is_anothers_or_recorded_is_not_imported() {
    block_on(async {
        let mut declared = Declared::new("shop", "test", None);
        for address in ["vpc", "other"] {
            add(&mut declared, address, ec2::Vpc::new("10.0.0.0/16"));
        }
        let fixture = applied(&declared).await;
        let executor = fixture.executor(&declared).await;
        let (vpc, other) = (id_of(&executor, "vpc"), id_of(&executor, "other"));
        let (whole, none) = (State::clone(&executor.store.state()), lost(&executor));
        let mut half = whole.clone();
        half.records.retain(|k, _| k.address == "vpc");
        let said = async |state: &State, address: &str, id: &str| {
            imported(&fixture, &declared, state, address, id)
                .await
                .unwrap_err()
        };
        assert!(matches!(
            said(&none, "vpx", &vpc).await,
            ImportError::NotDeclared { .. }
        ));
        assert!(matches!(
            said(&whole, "vpc", &vpc).await,
            ImportError::Recorded { .. }
        ));
        assert!(matches!(
            said(&half, "other", &vpc).await,
            ImportError::RecordedElsewhere { .. }
        ));
        assert!(matches!(
            said(&none, "vpc", "vpc-0").await,
            ImportError::Absent { .. }
        ));
        assert!(
            matches!(said(&none, "vpc", &other).await, ImportError::Anothers { owner, .. } if owner == "`other` of shop/test")
        );
        let owner_tags = json!({"tenon:stack": "shop/prod", "tenon:address": "vpc", "tenon:generation": "0"});
        assert!(fixture.cloud.tamper(VPC, &vpc, "tags", owner_tags));
        assert!(
            matches!(said(&none, "vpc", &vpc).await, ImportError::Anothers { owner, .. } if owner == "shop/prod")
        );
    });
}
