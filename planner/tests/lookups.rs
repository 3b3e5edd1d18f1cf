//! Lookups: what exists already is found, shown, kept in the plan, and found again before anything is done.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use serde_json::{Value, json};
use tenon_planner::{
    Check, Declared, Error, Options, Plan, SavedPlan,
    permissions::{Purpose, StateAccess, policies},
    render,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    acm,
    cloud::Cloud as _,
    declaration::{Document, EnvironmentSpec, LookupDeclaration},
    ec2, ecr, elb, iam, kms,
    lookup::{self, Erased, Lookup},
    resource::Outputs,
    route53, secretsmanager, ssm,
    value::Secret,
};

fn stack() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    d
}

fn look_up<L: Lookup>(d: &mut Declared, name: &str, query: L) -> <L::Found as Outputs>::Refs {
    let lookup = LookupDeclaration {
        kind: &const { Erased::<L>::NEW },
        query: serde_json::to_value(query).unwrap(),
        location: format!("main.rs:{}", d.lookups.len() + 1),
        place: tenon_resources::declaration::Place::default(),
    };
    d.look_up(name, lookup);
    L::Found::refs(&lookup::resource(name))
}

fn outside(fixture: &Fixture, kind: &str, inputs: impl serde::Serialize) -> String {
    let inputs = serde_json::to_value(inputs).unwrap();
    fixture.cloud.create_outside(kind, &inputs).unwrap()
}

async fn planned(fixture: &Fixture, declared: &Declared) -> Result<Plan, Error> {
    let executor = fixture.executor(declared).await;
    let plan = fixture.plan(&executor, declared, &Options::default()).await;
    executor.store.close().await.unwrap();
    plan
}

fn network(d: &mut Declared) {
    let vpc = look_up(d, "vpc", lookup::Vpc::tagged([("Name", "shared")]));
    let private = look_up(d, "private", lookup::Subnets::of(&vpc.id));
    let group = add(d, "group", ec2::SecurityGroup::new(&vpc.id, "one")).id;
    let balancer = elb::LoadBalancer::new()
        .subnets([&private.id])
        .security_groups([&group]);
    add(d, "balancer", balancer);
}

fn shared(fixture: &Fixture) -> (String, Vec<String>) {
    let vpc = outside(
        fixture,
        "ec2.vpc",
        ec2::Vpc::new("10.0.0.0/16").tags([("Name", "shared")]),
    );
    let subnet = |range: &str, zone: &str| ec2::Subnet::new(vpc.as_str(), range, zone);
    let mut subnets = vec![
        outside(fixture, "ec2.subnet", subnet("10.0.0.0/20", "eu-west-1a")),
        outside(fixture, "ec2.subnet", subnet("10.0.16.0/20", "eu-west-1b")),
    ];
    subnets.sort();
    (vpc, subnets)
}

#[test]
fn what_was_found_is_used_shown_and_found_again() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (vpc, subnets) = shared(&fixture);
        let mut d = stack();
        network(&mut d);
        d.check().unwrap();
        let plan = planned(&fixture, &d).await.unwrap();
        let balancer = plan.decisions.iter().find(|d| d.address == "balancer").unwrap();
        assert_eq!(balancer.inputs["subnets"], json!(subnets));
        let text = render::text(&plan, &render::Look::default());
        assert!(text.contains(&format!("vpc = shared ({vpc})")), "{text}");
        assert!(render::markdown(&plan).contains(&vpc));
        let executor = fixture.executor(&d).await;
        let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
        let caller = fixture.cloud.caller().await.unwrap();
        assert_eq!(executor.verify(&saved, &caller).await.unwrap(), plan);
        assert!(executor.apply(&plan).await.unwrap().complete());
        executor.store.close().await.unwrap();
        assert!(fixture.next(&d).await.is_empty());
        let actions =
            serde_json::to_string(&policies(&plan, Purpose::Read, &StateAccess::default())).unwrap();
        assert!(
            actions.contains("ec2:DescribeVpcs") && actions.contains("ec2:DescribeSubnets"),
            "{actions}"
        );
        // A destroy looks nothing up: what it would find may be gone.
        for (kind, id) in fixture.cloud.inventory() {
            if kind == "ec2.vpc" {
                assert!(fixture.cloud.vanish(&kind, &id));
            }
        }
        let destroy = Options {
            destroy: true,
            ..Options::default()
        };
        let (_, summary) = fixture.apply(&d, &destroy).await;
        assert!(summary.complete(), "{:?}", summary.failed);
    });
}

/// Whatever changes between plan and apply, the apply stops before its first call.
#[test]
fn a_lookup_that_changes_stops_the_apply_before_its_first_call() {
    type Change = fn(&Fixture, &str);
    let changes: [(&str, Change); 3] = [
        ("gone", |fixture, vpc| {
            assert!(fixture.cloud.vanish("ec2.vpc", vpc));
        }),
        ("two", |fixture, _| {
            drop(outside(
                fixture,
                "ec2.vpc",
                ec2::Vpc::new("10.7.0.0/16").tags([("Name", "shared")]),
            ));
        }),
        ("more", |fixture, vpc| {
            drop(outside(
                fixture,
                "ec2.subnet",
                ec2::Subnet::new(vpc, "10.0.32.0/20", "eu-west-1c"),
            ));
        }),
    ];
    for (what, change) in changes {
        block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            let (vpc, _) = shared(&fixture);
            let mut d = stack();
            network(&mut d);
            let plan = planned(&fixture, &d).await.unwrap();
            change(&fixture, &vpc);
            let before = fixture.cloud.contents();
            let executor = fixture.executor(&d).await;
            let saved = SavedPlan::from_json(&plan.to_json()).unwrap();
            let caller = fixture.cloud.caller().await.unwrap();
            for error in [
                executor.verify(&saved, &caller).await.unwrap_err(),
                executor.apply(&plan).await.unwrap_err(),
            ] {
                assert!(
                    matches!(error, Error::LookupChanged { .. } | Error::Findings(_)),
                    "{what}: {error}"
                );
            }
            assert_eq!(fixture.cloud.contents(), before, "{what}");
            assert!(executor.store.state().records.is_empty(), "{what}");
        });
    }
}

/// A plan that says that it found something else is a stranger's.
#[test]
fn what_a_plan_says_was_found_is_not_believed() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        shared(&fixture);
        let neighbours = outside(&fixture, "ec2.vpc", ec2::Vpc::new("10.9.0.0/16"));
        let mut d = stack();
        network(&mut d);
        let plan = planned(&fixture, &d).await.unwrap();
        let executor = fixture.executor(&d).await;
        let caller = fixture.cloud.caller().await.unwrap();
        let verify = async |change: &dyn Fn(&mut Value)| {
            let mut value = serde_json::to_value(&plan).unwrap();
            change(&mut value);
            let plan: Plan = serde_json::from_value(value).unwrap();
            let saved = SavedPlan::from_json(&plan.with_digest().to_json())?;
            executor.verify(&saved, &caller).await
        };
        assert!(verify(&|_| {}).await.is_ok());
        let was = plan.basis.lookups[0].outputs["id"].as_str().unwrap().to_owned();
        for error in [
            verify(&|p| p["basis"]["lookups"][0]["outputs"]["id"] = json!(neighbours)).await,
            verify(&|p| p["basis"]["lookups"][0]["label"] = json!("shared (vpc-1)")).await,
            verify(&|p| p["basis"]["lookups"][0]["query"]["id"] = json!(neighbours)).await,
            verify(&|p| p["basis"]["lookups"] = json!([])).await,
            verify(&|p| p["basis"]["lookups"][1]["kind"] = json!("ec2.cloud")).await,
            // Everywhere at once, with a query that does find it.
            verify(&|p| {
                let text = p.to_string().replace(&was, &neighbours);
                *p = serde_json::from_str(&text).unwrap();
            })
            .await,
        ] {
            assert!(error.is_err(), "{error:?}");
        }
    });
}

#[test]
fn none_and_many_are_errors_with_what_came_near() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (vpc, _) = shared(&fixture);
        for name in ["a", "b"] {
            let tags = [("Name", name), ("team", "shop")];
            outside(&fixture, "ec2.vpc", ec2::Vpc::new("10.8.0.0/16").tags(tags));
        }
        let mut d = stack();
        look_up(&mut d, "typo", lookup::Vpc::tagged([("Name", "sharde")]));
        look_up(&mut d, "two", lookup::Vpc::tagged([("team", "shop")]));
        look_up(&mut d, "image", lookup::Ami::newest("self", "golden-*"));
        look_up(
            &mut d,
            "cache",
            lookup::CloudFrontPolicy::cache("CachingOptimised"),
        );
        let error = planned(&fixture, &d).await.unwrap_err().to_string();
        for expected in [
            &format!(
                "main.rs:1: `lookup typo` finds no ec2.vpc with tags.Name = \"sharde\"; there are shared ({vpc})"
            ),
            "main.rs:2: `lookup two` finds 2 of ec2.vpc with tags.team = \"shop\": a (vpc-",
            "main.rs:3: `lookup image` finds no ec2.ami",
            "there is none at all in this account and region",
            "main.rs:4: `lookup cache` finds no cloudfront.policy",
            "there are CachingOptimized",
        ] {
            assert!(error.contains(expected), "{error}\nsays not\n{expected}");
        }
    });
}

#[test]
fn what_no_lookup_can_mean_is_a_finding() {
    let mut d = stack();
    let vpc = look_up(&mut d, "vpc", lookup::Vpc::id("vpc-1"));
    look_up(&mut d, "vpc", lookup::Vpc::id("vpc-2"));
    look_up(&mut d, "key", lookup::KmsAlias::named("shop"));
    let group = add(&mut d, "group", ec2::SecurityGroup::new(&vpc.id, "one"));
    let vpc: tenon_resources::value::Output<ec2::VpcId> =
        tenon_resources::value::Output::new(&group.id.source().resource, "id");
    look_up(&mut d, "after", lookup::Subnets::of(&vpc));
    d.outputs.insert("x".into(), json!({"$ref": "@lookup/vpc.color"}));
    d.outputs.insert("y".into(), json!({"$ref": "@lookup/none.id"}));
    let error = d.check().unwrap_err().to_string();
    for expected in [
        "`lookup vpc` is asked for twice: first at main.rs:1",
        "`name` is `shop`; write `alias/shop`",
        "a lookup refers to earlier lookups alone",
        "a ec2.vpc has no such output",
        "refers to lookup `none`, which is not asked for",
    ] {
        assert!(error.contains(expected), "{error}\nsays not\n{expected}");
    }
}

/// Every kind finds what there is of it in the sandbox, and a document of it is read as it was written.
// Long: one line for each kind.
#[test]
#[expect(clippy::too_many_lines, reason = "an entry for each kind")]
fn every_kind_finds_what_there_is() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let (_, subnets) = shared(&fixture);
        let group = ec2::SecurityGroup::new("vpc-1", "one").group_name("front");
        outside(&fixture, "ec2.security_group", group);
        outside(&fixture, "route53.zone", route53::Zone::new("Example.com"));
        outside(
            &fixture,
            "acm.certificate",
            acm::Certificate::new("*.example.com"),
        );
        let key = outside(&fixture, "kms.key", kms::Key::new());
        outside(&fixture, "kms.alias", kms::Alias::new(key.as_str()).name("shop"));
        let trust = iam::Policy::assumed_by_service("ec2.amazonaws.com");
        outside(&fixture, "iam.role", iam::Role::new(trust).role_name("deploy"));
        let secret = secretsmanager::Secret::new().name("shop/token");
        outside(&fixture, "secretsmanager.secret", secret);
        outside(
            &fixture,
            "ssm.parameter",
            ssm::Parameter::string("blue").name("/shop/color"),
        );
        outside(
            &fixture,
            "ecr.repository",
            ecr::Repository::new().repository_name("shop/api"),
        );
        let mut d = stack();
        look_up(&mut d, "a", lookup::CallerIdentity::default());
        look_up(&mut d, "b", lookup::AvailabilityZones::available());
        look_up(
            &mut d,
            "c",
            lookup::Ami::newest("amazon", "al2023-ami-2023.*-x86_64"),
        );
        look_up(
            &mut d,
            "d",
            lookup::Parameter::named("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"),
        );
        look_up(&mut d, "e", lookup::Parameter::named("/shop/color"));
        look_up(&mut d, "f", lookup::Vpc::default_of_region());
        look_up(&mut d, "g", lookup::Subnet::id(&subnets[0]));
        look_up(&mut d, "h", lookup::SecurityGroup::named("front"));
        look_up(&mut d, "i", lookup::PrefixList::cloudfront_origin_facing());
        look_up(&mut d, "j", lookup::HostedZone::public("example.com."));
        look_up(&mut d, "k", lookup::Certificate::of_domain("*.example.com"));
        look_up(&mut d, "l", lookup::KmsAlias::named("alias/shop"));
        look_up(&mut d, "m", lookup::KmsAlias::named("alias/aws/s3"));
        look_up(&mut d, "n", lookup::Image::tagged("shop/api", "v1"));
        look_up(&mut d, "o", lookup::Secret::named("shop/token"));
        look_up(&mut d, "p", lookup::IamRole::named("deploy"));
        look_up(
            &mut d,
            "q",
            lookup::IamPolicy::of_aws("AmazonSSMManagedInstanceCore"),
        );
        look_up(&mut d, "r", lookup::ElbAccount::default());
        look_up(
            &mut d,
            "s",
            lookup::CloudFrontPolicy::response_headers("SecurityHeadersPolicy"),
        );
        look_up(&mut d, "t", lookup::SecurityGroup::named("front").vpc("vpc-1"));
        for (name, l) in d.lookups.clone() {
            for output in l.kind.outputs() {
                let value = json!({"$ref": format!("@lookup/{name}.{}", output.name)});
                if !l.kind.many() {
                    d.outputs.insert(format!("{name}.{}", output.name), value);
                }
            }
        }
        d.check().unwrap();
        let document = Document {
            environment: EnvironmentSpec::sandbox(&d.env),
            declared: d.clone(),
        };
        assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
        let plan = planned(&fixture, &d).await.unwrap();
        let of = |name: &str| {
            &plan
                .basis
                .lookups
                .iter()
                .find(|f| f.name == name)
                .unwrap()
                .outputs
        };
        assert_eq!(of("b")["name"], json!(["eu-west-1a", "eu-west-1b", "eu-west-1c"]));
        assert_eq!(of("e")["value"], "blue");
        assert_eq!(of("l")["key"], json!(key));
        assert_eq!(of("r")["account"], "156460612806");
        assert_eq!(of("s")["id"], "67f7725c-6f97-4210-82d7-5512b31e9d03");
        assert!(of("n")["uri"].as_str().unwrap().contains("@sha256:"));
        for found in &plan.basis.lookups {
            let outputs = found.outputs.as_object().unwrap();
            assert!(outputs.values().all(|v| !v.is_null()), "{found:?}");
        }
        let (_, summary) = fixture.apply(&d, &Options::default()).await;
        assert!(summary.complete());
        assert_eq!(summary.outputs["a.account"], "000000000000");
    });
}

#[test]
fn an_encrypted_parameter_is_no_lookup() {
    block_on(async {
        let fixture = Fixture::new(SandboxConfig::instant());
        let secret = ssm::Parameter::secure(Secret::env("TOKEN")).name("/shop/token");
        outside(&fixture, "ssm.parameter", secret);
        let mut d = stack();
        look_up(&mut d, "token", lookup::Parameter::named("/shop/token"));
        let error = planned(&fixture, &d).await.unwrap_err().to_string();
        assert!(error.contains("there are /shop/token (encrypted)"), "{error}");
    });
}

/// The type that stands behind a lookup is the one that fields take.
#[test]
fn a_document_whose_lookup_is_of_another_type_is_refused() {
    let mut d = stack();
    network(&mut d);
    let mut document = Document {
        environment: EnvironmentSpec::sandbox(&d.env),
        declared: d,
    };
    let group = &mut document.declared.resources["group"];
    group.inputs.to_mut()["vpc"] = json!({"$ref": "@lookup/private.id"});
    let error = Document::from_json(&document.to_json()).unwrap_err().to_string();
    assert!(error.contains("a `SubnetId`, where a `VpcId` belongs"), "{error}");
}
