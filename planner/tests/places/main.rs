//! Several accounts and regions in one stack: each call in its place, whatever happens meanwhile.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod apart;
#[path = "../common/mod.rs"]
mod common;
mod sweeps;

use common::{Fixture, block_on};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tenon_planner::{
    Action, Check, Declaration, Declared, Error, Options, Plan, Reason, SavedPlan, drift,
    event::quiet,
    permissions::{Purpose, StateAccess, needs, needs_of, roles},
    recover::recover,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    acm,
    cloud::{CallError, Cloud},
    declaration::{LookupDeclaration, Place},
    ec2,
    forward::Forward,
    iam, logs, lookup, registry,
    resource::{Lifecycle, Outputs},
    route53, s3, sns, ssm, text,
    value::here,
};

const ROLE: &str = "arn:aws:iam::222222222222:role/tenon";

fn here_() -> Place {
    Place::default()
}

fn virginia() -> Place {
    here_().in_region("us-east-1")
}

fn other() -> Place {
    here_().in_account(ROLE)
}

/// Declares a resource at an address in a place.
fn put<R: Lifecycle>(
    d: &mut Declared,
    place: &Place,
    address: &str,
    resource: &R,
) -> <R::Outputs as Outputs>::Refs {
    let location = format!("main.rs:{}", d.resources.len());
    let declaration = Declaration {
        place: place.clone(),
        ..Declaration::new(
            registry::find(R::TYPE).unwrap(),
            serde_json::to_value(resource).unwrap(),
            location,
        )
    };
    d.add(address, declaration);
    <R::Outputs as Outputs>::refs(address)
}

fn empty() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    d
}

/// A stack in two regions of two accounts, with the same names in all of them.
fn stack() -> Declared {
    let mut d = empty();
    let places = [
        ("home", here_()),
        ("virginia", virginia()),
        ("other", other()),
        ("far", other().in_region("us-east-1")),
    ];
    for (name, place) in &places {
        let vpc = put(
            &mut d,
            place,
            &format!("{name}/vpc"),
            &ec2::Vpc::new("10.0.0.0/16"),
        );
        put(
            &mut d,
            place,
            &format!("{name}/group"),
            &ec2::SecurityGroup::new(&vpc.id, "one").group_name("front"),
        );
        put(
            &mut d,
            place,
            &format!("{name}/lines"),
            &logs::LogGroup::new().log_group_name("/app"),
        );
        put(&mut d, place, &format!("{name}/news"), &sns::Topic::new());
    }
    // CloudFront takes certificates of this region alone.
    let certificate = put(
        &mut d,
        &virginia(),
        "certificate",
        &acm::Certificate::new("shop.example.com"),
    );
    let zone = put(&mut d, &other(), "zone", &route53::Zone::new("example.com"));
    put(
        &mut d,
        &here_(),
        "parameter",
        &ssm::Parameter::string(text!("{} in {}", &certificate.arn, &zone.id)),
    );
    d
}

/// What exists in each place, by type.
fn by_place(fixture: &Fixture) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (kind, id) in fixture.cloud.inventory() {
        let mut parts = id.splitn(3, '/');
        let place = match (parts.next(), parts.next(), parts.next()) {
            (Some(account), Some(region), Some(_)) if account.len() == 12 => format!("{account} {region}"),
            _ => "home".into(),
        };
        out.entry(place).or_default().insert(kind);
    }
    out
}

async fn drifted(fixture: &Fixture, d: &Declared) -> usize {
    let executor = fixture.executor(d).await;
    let state = executor.store.state();
    let survey = drift::survey(executor.cloud.as_ref(), &state, &[], &quiet()).await;
    executor.store.close().await.unwrap();
    let survey = survey.unwrap();
    assert!(survey.unreadable.is_empty(), "{:?}", survey.unreadable);
    survey.drifted.len()
}

#[test]
fn everything_is_made_read_and_removed_where_it_belongs() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let d = stack();
        d.check().unwrap();
        let (plan, summary) = fixture.apply(&d, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let place_of = |address: &str| {
            let call = plan.mutating().find(|c| c.address == address).unwrap();
            call.place.clone()
        };
        assert!(place_of("home/vpc").is_home());
        assert_eq!(place_of("virginia/vpc"), virginia());
        // Route 53 is in no region, and in an account all the same.
        assert_eq!(place_of("zone"), other());
        let network = ["ec2.security_group", "ec2.vpc", "logs.log_group", "sns.topic"];
        let with = |more: &[&str]| network.iter().chain(more).map(|k| (*k).to_owned()).collect();
        let expected: BTreeMap<String, BTreeSet<String>> = [
            ("home".into(), with(&["ssm.parameter"])),
            ("000000000000 us-east-1".into(), with(&["acm.certificate"])),
            ("222222222222 eu-west-1".into(), with(&["route53.zone"])),
            ("222222222222 us-east-1".into(), with(&[])),
        ]
        .into();
        assert_eq!(by_place(&fixture), expected);
        assert!(fixture.next(&d).await.is_empty());
        assert_eq!(drifted(&fixture, &d).await, 0);
        let text = tenon_planner::render::text(&plan, &tenon_planner::render::Look::default());
        assert!(
            text.contains("in us-east-1") && text.contains("in account 222222222222, us-east-1"),
            "{text}"
        );
        let destroy = Options {
            destroy: true,
            ..Options::default()
        };
        let (_, summary) = fixture.apply(&d, &destroy).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(fixture.cloud.is_empty(), "{:?}", fixture.cloud.inventory());
    });
}

#[test]
fn a_change_by_hand_in_another_place_is_drift_there_alone() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let d = stack();
        fixture.apply(&d, &Options::default()).await;
        let there = tenon_planner::sandbox::Sandbox::at_place(&fixture.cloud, &virginia());
        assert!(there.tamper("logs.log_group", "/app", "retention_in_days", json!(7)));
        let plan = fixture.next(&d).await;
        let changed: Vec<_> = plan
            .decisions
            .iter()
            .filter(|d| d.action != Action::None)
            .collect();
        assert_eq!(changed.len(), 1, "{changed:?}");
        assert_eq!(changed[0].address, "virginia/lines");
        assert_eq!(drifted(&fixture, &d).await, 1);
        fixture.apply(&d, &Options::default()).await;
        assert_eq!(drifted(&fixture, &d).await, 0);
    });
}

#[test]
fn what_moves_into_another_region_is_replaced() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut d = empty();
        put(
            &mut d,
            &here_(),
            "lines",
            &logs::LogGroup::new().log_group_name("/app"),
        );
        fixture.apply(&d, &Options::default()).await;
        let mut moved = empty();
        put(
            &mut moved,
            &virginia(),
            "lines",
            &logs::LogGroup::new().log_group_name("/app"),
        );
        let (plan, summary) = fixture.apply(&moved, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let decision = &plan.decisions[0];
        // The same name is free elsewhere, so there is no gap.
        assert_eq!(decision.action, Action::ReplaceCreateFirst);
        assert_eq!(decision.reason, Some(Reason::Immutable(vec!["region".into()])));
        assert_eq!(
            by_place(&fixture).into_keys().collect::<Vec<_>>(),
            ["000000000000 us-east-1"]
        );
        assert!(fixture.next(&moved).await.is_empty());
        // Another role of the same account is no other place: the record follows without a call.
        let mut by_role = empty();
        let role = here_()
            .in_account("arn:aws:iam::000000000000:role/other")
            .in_region("us-east-1");
        put(
            &mut by_role,
            &role,
            "lines",
            &logs::LogGroup::new().log_group_name("/app"),
        );
        let (plan, _) = fixture.apply(&by_role, &Options::default()).await;
        assert_eq!(plan.mutating().count(), 0);
        assert!(fixture.next(&by_role).await.is_empty());
    });
}

#[test]
fn a_bucket_that_moves_gives_its_name_up_first() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let bucket = || s3::Bucket::new().bucket_name("tenon-example");
        let mut d = empty();
        put(&mut d, &here_(), "bucket", &bucket());
        fixture.apply(&d, &Options::default()).await;
        let mut moved = empty();
        put(&mut moved, &virginia(), "bucket", &bucket());
        let (plan, summary) = fixture.apply(&moved, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(plan.decisions[0].action, Action::ReplaceDeleteFirst);
        put(&mut moved, &other(), "twin", &bucket());
        let error = moved.check().unwrap_err().to_string();
        assert!(error.contains("AWS lets only one hold it"), "{error}");
    });
}

#[test]
fn wiring_that_aws_does_not_allow_is_an_error_of_the_program() {
    let mut d = empty();
    let vpc = put(&mut d, &here_(), "vpc", &ec2::Vpc::new("10.0.0.0/16"));
    let role = put(
        &mut d,
        &here_(),
        "role",
        &iam::Role::new(iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com")),
    );
    put(
        &mut d,
        &virginia(),
        "subnet",
        &ec2::Subnet::new(&vpc.id, "10.0.0.0/20", "us-east-1a"),
    );
    // IAM is in every region of its account, and in no other account.
    put(
        &mut d,
        &virginia(),
        "near",
        &iam::RolePolicy::new(&role.id, iam::Policy::allow(["s3:GetObject"]).on(["*"])),
    );
    put(
        &mut d,
        &other(),
        "far",
        &iam::RolePolicy::new(&role.id, iam::Policy::allow(["s3:GetObject"]).on(["*"])),
    );
    put(
        &mut d,
        &here_().in_region("Ireland"),
        "nowhere",
        &sns::Topic::new(),
    );
    put(&mut d, &here_().in_account("tenon"), "nobody", &sns::Topic::new());
    let error = d.check().unwrap_err().to_string();
    let said = |text: &str| assert!(error.contains(text), "{text}: {error}");
    said(
        "`subnet` has `vpc.id` in `vpc`, which is in the environment's own account and region, and this is in us-east-1",
    );
    said("`far` has `role.");
    said("`Ireland`, which is not the name of a region");
    said("`tenon`, which is not the ARN of a role");
    assert!(!error.contains("`near`"), "{error}");
}

#[test]
fn account_and_region_in_texts_are_those_of_the_place() {
    let mut d = empty();
    let own = text!("{}/{}", &here::account(), &here::region());
    put(&mut d, &here_(), "home", &ssm::Parameter::string(own.clone()));
    put(
        &mut d,
        &other().in_region("us-east-1"),
        "far",
        &ssm::Parameter::string(own),
    );
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let plan = fixture.next(&d).await;
        let value = |address: &str| {
            let decision = plan.decisions.iter().find(|d| d.address == address).unwrap();
            decision.inputs["value"].clone()
        };
        assert_eq!(value("home"), "000000000000/eu-west-1");
        assert_eq!(value("far"), "222222222222/us-east-1");
    });
}

#[test]
fn a_lookup_is_made_where_it_is_asked_for() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut d = empty();
        for (name, place) in [("home", here_()), ("far", other().in_region("us-east-1"))] {
            let lookup = LookupDeclaration {
                kind: lookup::find("sts.caller").unwrap(),
                query: json!({}),
                location: "main.rs:1".into(),
                place,
            };
            d.look_up(name, lookup);
            d.outputs
                .insert(name.into(), json!({"$ref": format!("@lookup/{name}.region")}));
        }
        let (plan, summary) = fixture.apply(&d, &Options::default()).await;
        assert_eq!(
            (&summary.outputs["home"], &summary.outputs["far"]),
            (&json!("eu-west-1"), &json!("us-east-1"))
        );
        let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
        assert_eq!(saved.unverified(), &plan);
    });
}

#[test]
fn a_saved_plan_is_refused_when_a_call_is_moved_elsewhere() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let mut plan: Plan = fixture.next(&stack()).await;
        plan.calls
            .iter_mut()
            .find(|c| c.address == "home/news")
            .unwrap()
            .place = virginia();
        let error = SavedPlan::from_json(&plan.with_digest().to_json()).unwrap_err();
        assert!(
            matches!(&error, Error::PlanForged { why } if why.contains("another account or region")),
            "{error}"
        );
    });
}

#[test]
fn permissions_are_those_of_each_account() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let plan = fixture.next(&stack()).await;
        assert_eq!(roles(&plan).into_iter().collect::<Vec<_>>(), [ROLE]);
        let own = needs(&plan, Purpose::Apply, &StateAccess::default());
        let has = |needs: &BTreeSet<_>, action: &str, resource: &str| {
            needs
                .iter()
                .any(|n: &tenon_planner::permissions::Need| n.action == action && n.resource == resource)
        };
        assert!(has(&own, "sts:AssumeRole", ROLE));
        assert!(has(
            &own,
            "logs:CreateLogGroup",
            "arn:aws:logs:eu-west-1:000000000000:log-group:/app"
        ));
        assert!(has(
            &own,
            "logs:CreateLogGroup",
            "arn:aws:logs:us-east-1:000000000000:log-group:/app"
        ));
        assert!(
            own.iter()
                .all(|n| n.action != "route53:CreateHostedZone" && !n.resource.contains(":222222222222:log"))
        );
        let theirs = needs_of(&plan, Purpose::Apply, ROLE);
        assert!(has(
            &theirs,
            "logs:CreateLogGroup",
            "arn:aws:logs:us-east-1:222222222222:log-group:/app"
        ));
        assert!(theirs.iter().any(|n| n.action == "route53:CreateHostedZone"));
        assert!(
            theirs
                .iter()
                .all(|n| !n.resource.contains("000000000000") && n.action != "sts:AssumeRole")
        );
    });
}

#[test]
fn a_lost_state_is_found_again_in_every_place() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let d = stack();
        fixture.apply(&d, &Options::default()).await;
        let lost = Fixture {
            cloud: fixture.cloud.clone(),
            ..Fixture::new(SandboxConfig::instant())
        };
        let executor = lost.executor(&d).await;
        let caller = executor.cloud.caller().await.unwrap();
        let state = executor.store.state();
        let found = recover(executor.cloud.as_ref(), &d, &caller, &state)
            .await
            .unwrap();
        assert!(found.absent.is_empty() && found.doubtful.is_empty(), "{found:?}");
        assert_eq!(found.records.len(), d.resources.len());
        executor.store.record(found.changes(&state)).await.unwrap();
        executor.store.close().await.unwrap();
        assert!(lost.next(&d).await.is_empty());
    });
}

/// A cloud of one place.
struct Alone(Arc<dyn Cloud>);

#[async_trait::async_trait]
impl Forward for Alone {
    fn to(&self) -> &dyn Cloud {
        self.0.as_ref()
    }
    async fn at(&self, _: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        Err(CallError::refused(
            "sts",
            "AssumeRole",
            "AccessDenied",
            "not authorized to perform: sts:AssumeRole",
        ))
    }
}

#[test]
fn nothing_is_read_or_made_where_one_place_cannot_be_reached() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let d = stack();
        let mut executor = fixture.executor(&d).await;
        executor.cloud = Arc::new(Alone(fixture.cloud.clone()));
        let error = fixture
            .plan(&executor, &d, &Options::default())
            .await
            .unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(
            error.to_string().contains("could not be reached") && source.contains("AssumeRole"),
            "{error}: {source}"
        );
        assert!(fixture.cloud.is_empty());
    });
}
