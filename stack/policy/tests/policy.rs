//! Rules over what is declared, done and called: each default rule catches what it is for and nothing of what is right.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

#[path = "../../review/tests/common/mod.rs"]
mod common;

use common::{World, add};
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use tenon_planner::{Declaration, Declared, Options, Plan};
use tenon_policy::Rules;
use tenon_resources::{
    declaration::Place,
    ec2::{IngressRule, NatGateway, SecurityGroup, Subnet, Traffic, Vpc},
    iam::{Policy, Role, RolePolicy},
    registry,
    s3::Bucket,
};
use tenon_review::{
    policy::{self, Finding, Settings},
    sarif::{self, Level},
};

const TODAY: Date = date(2026, 11, 28);

fn rules() -> Rules {
    Rules::new(&[]).unwrap()
}

fn check(plan: &Plan, settings: &Settings) -> Vec<Finding> {
    tenon_policy::check(plan, &rules(), settings, TODAY).unwrap()
}

fn said(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings
        .iter()
        .map(|f| (f.rule.as_str(), f.address.as_str()))
        .collect()
}

/// A stack of which nothing is to be said.
fn right() -> Declared {
    let mut d = Declared::new("shop", "prod", None);
    let vpc = add(&mut d, "vpc", &Vpc::new("10.0.0.0/16")).id;
    let subnet = add(&mut d, "subnet", &Subnet::new(&vpc, "10.0.1.0/24", "eu-west-1a")).id;
    add(&mut d, "nat", &NatGateway::new(&subnet, "eipalloc-1"));
    let door = add(&mut d, "door", &SecurityGroup::new(&vpc, "web")).id;
    add(
        &mut d,
        "https",
        &IngressRule::new(&door, "0.0.0.0/0", Traffic::tcp(443)),
    );
    add(
        &mut d,
        "ssh",
        &IngressRule::new(&door, "10.0.0.0/8", Traffic::tcp(22)),
    );
    let role = add(
        &mut d,
        "role",
        &Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")),
    )
    .id;
    let policy = Policy::from(Policy::allow(["s3:GetObject"]).on(["arn:aws:s3:::assets/*"]));
    add(&mut d, "power", &RolePolicy::new(&role, policy));
    add(&mut d, "bucket", &Bucket::new());
    d
}

/// Sets a member of what is declared at an address.
fn set(declared: &mut Declared, address: &str, member: &str, value: Value) {
    declared.resources[address].inputs.to_mut()[member] = value;
}

fn sample(declared: &mut Declared, address: &str, kind: &str) {
    let kind = registry::find(kind).unwrap();
    declared.add(
        address,
        Declaration::new(kind, kind.samples()[0].clone(), "data.rs:7"),
    );
}

#[test]
// Long: a mutant for each rule.
fn nothing_is_said_of_what_is_right_and_each_mutant_is_caught_by_its_rule() {
    let first = World::new();
    assert_eq!(
        said(&check(
            &first.plan(&right(), &Options::default()),
            &Settings::default()
        )),
        []
    );
    let (mut caught, mut missed) = (0, vec![]);
    let mut mutant = |rule: &str, address: &str, change: &dyn Fn(&mut Declared)| {
        let mut declared = right();
        change(&mut declared);
        let plan = World::new().plan(&declared, &Options::default());
        let findings = check(&plan, &Settings::default());
        if findings
            .iter()
            .any(|f| f.rule == rule && f.address == address && !f.location.is_empty())
        {
            caught += 1;
        } else {
            missed.push(format!("{rule} {address}: {:?}", said(&findings)));
        }
    };
    let open = |cidr: &'static str, traffic: Traffic| {
        move |d: &mut Declared| {
            let group = tenon_resources::value::Output::new("door", "id");
            add(d, "open", &IngressRule::new(&group, cidr, traffic));
        }
    };
    for port in [22, 23, 445, 1433, 3306, 3389, 5432, 6379, 9200, 27017] {
        mutant("open-ports", "open", &open("0.0.0.0/0", Traffic::tcp(port)));
        mutant("open-ports", "open", &open("::/0", Traffic::tcp(port..=port)));
    }
    mutant("open-ports", "open", &open("0.0.0.0/0", Traffic::All));
    mutant("open-ports", "open", &open("0.0.0.0/1", Traffic::tcp(0..=65535)));
    for document in [Policy::allow(["*"]).on(["*"]), Policy::allow(["iam:*"]).on(["*"])] {
        let document = serde_json::to_value(Policy::from(document)).unwrap();
        mutant("iam-admin", "power", &|d| {
            set(d, "power", "policy", document.clone())
        });
    }
    let wild = serde_json::to_value(Policy::from(Policy::allow(["s3:Get*"]).on(["*"]))).unwrap();
    mutant("iam-wildcard", "power", &|d| {
        set(d, "power", "policy", wild.clone())
    });
    let anyone = serde_json::to_value(Policy::from(Policy::allow(["sts:AssumeRole"]).anyone())).unwrap();
    mutant("public-data", "role", &|d| {
        set(d, "role", "assume_role_policy", anyone.clone())
    });
    mutant("public-data", "bucket", &|d| {
        d.resources["bucket"].inputs.to_mut()["public_access_block"]["block_public_policy"] = json!(false)
    });
    for (rule, member, value) in [
        ("unencrypted", "storage_encrypted", json!(false)),
        ("public-database", "publicly_accessible", json!(true)),
        ("cost", "db_instance_class", json!("db.r6g.16xlarge")),
    ] {
        mutant(rule, "db", &|d| {
            sample(d, "db", "rds.db_instance");
            set(d, "db", member, value.clone());
            if rule == "unencrypted" {
                set(d, "db", "kms_key", Value::Null);
            }
        });
    }
    println!(
        "{caught} mutants caught, {} missed, 0 findings of the right stack",
        missed.len()
    );
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn loss_is_consented_to_by_address_alone_and_protection_is_removed_first() {
    let world = World::new();
    let mut declared = right();
    declared.disposable = false;
    world.apply(&declared);
    let mut without = right();
    without.resources.shift_remove("bucket");
    let removed = |consent: &str| {
        let options = Options {
            consent: vec![consent.into()],
            ..Options::default()
        };
        check(&world.plan(&without, &options), &Settings::default())
    };
    let loses = |findings: &[Finding]| findings.iter().any(|f| f.rule == "data-loss" && f.call.is_some());
    assert!(!loses(&removed("bucket")), "by its address");
    // A pattern names whatever is there.
    let by_pattern = removed("*");
    assert!(
        loses(&by_pattern)
            || world
                .plan(
                    &without,
                    &Options {
                        consent: vec!["*".into()],
                        ..Options::default()
                    }
                )
                .destroys()
                .next()
                .is_none()
    );
    let mut protected = right();
    protected.tags.0.insert("tenon:protected".into(), "true".into());
    world.apply(&protected);
    assert!(
        removed("bucket")
            .iter()
            .any(|f| f.rule == "protected" && f.address == "bucket")
    );
}

#[test]
fn a_region_that_is_not_listed_is_found_wherever_a_stack_goes_there() {
    let settings = r#"
        regions = ["eu-west-1"]
        accounts = ["000000000000"]
    "#;
    let settings = Settings::from_toml(settings).unwrap();
    let mut declared = Declared::new("shop", "prod", None);
    add(&mut declared, "here", &Vpc::new("10.0.0.0/16"));
    add(&mut declared, "region", &Vpc::new("10.1.0.0/16"));
    add(&mut declared, "account", &Vpc::new("10.2.0.0/16"));
    let at = |address: &str, place: Place, declared: &mut Declared| {
        declared.resources.get_mut(address).unwrap().place = place;
    };
    at("region", Place::default().in_region("us-east-1"), &mut declared);
    let role = "arn:aws:iam::222222222222:role/tenon";
    at("account", Place::default().in_account(role), &mut declared);
    let findings = check(&World::new().plan(&declared, &Options::default()), &settings);
    let of = |rule: &str| {
        let all = findings.iter().filter(|f| f.rule == rule);
        all.map(|f| f.address.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("other-region"), ["region"]);
    assert_eq!(of("other-account"), ["account"]);
}

#[test]
// Long: the settings, and what each of them does.
fn bounds_waivers_and_what_stands_already() {
    let settings = r#"
        regions = ["us-east-1"]
        accounts = ["111111111111"]
        required_tags = ["team"]
        [owners]
        "*" = ["@ada"]
        [[waiver]]
        rule = "other-region"
        address = "*"
        by = "@ada"
        until = "2026-12-01"
        reason = "moves in December"
        [[waiver]]
        rule = "other-account"
        address = "vpc"
        by = "@eve"
        until = "2026-12-01"
        reason = "please"
    "#;
    let settings = Settings::from_toml(settings).unwrap();
    let world = World::new();
    let plan = world.plan(&right(), &Options::default());
    let findings = check(&plan, &settings);
    let of = |rule: &str| findings.iter().filter(|f| f.rule == rule).collect::<Vec<_>>();
    assert!(
        of("other-region")
            .iter()
            .all(|f| f.waived.is_some() && !f.forbids())
    );
    let account = of("other-account");
    assert_eq!(account.len(), plan.decisions.len());
    assert!(account.iter().all(|f| f.forbids()));
    let void = account.iter().find(|f| f.address == "vpc").unwrap();
    assert!(
        void.sentence().contains("@eve may not waive it"),
        "{}",
        void.sentence()
    );
    assert!(
        of("untagged")
            .iter()
            .any(|f| f.address == "vpc" && f.level == Level::Warning)
    );
    // Rules and routes take no tags.
    assert!(of("untagged").iter().all(|f| f.address != "power"));

    // What stands already and stays as it is stops nobody who changes something else.
    world.apply(&right());
    let again = check(&world.plan(&right(), &Options::default()), &settings);
    assert!(!again.is_empty() && again.iter().all(|f| !f.forbids()));

    // As published, the pattern of languages is no regular expression.
    let schema = include_str!("../../review/tests/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::draft7::new(&schema).unwrap();
    let described = rules().described();
    let described: Vec<(&str, &str)> = described.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let document = sarif::document(&described, &policy::results(&plan, &findings), "src");
    assert!(schema.is_valid(&document));
    assert!(document.to_string().contains("src/main.rs"));
}

#[test]
fn a_teams_rules_replace_and_add_and_one_that_cannot_be_evaluated_is_a_finding() {
    let plan = World::new().plan(&right(), &Options::default());
    let with = |text: &str| Rules::new(&[("team.cedar".into(), text.into())]);
    let found =
        |text: &str| tenon_policy::check(&plan, &with(text).unwrap(), &Settings::default(), TODAY).unwrap();
    let calls = found(
        r#"@id("no-nat") @says("costs money") forbid (principal, action == Action::"ec2:CreateNatGateway", resource);"#,
    );
    assert_eq!(said(&calls), [("no-nat", "nat")]);
    assert!(calls[0].call.is_some() && calls[0].location.starts_with("main.rs:"));
    let group =
        found(r#"@id("no-iam") @level("warning") forbid (principal, action in Action::"iam", resource);"#);
    assert_eq!(
        group.iter().map(|f| f.address.as_str()).collect::<Vec<_>>(),
        ["power", "role"]
    );
    let params = found(
        r#"@id("small") forbid (principal, action == Action::"ec2:CreateVpc", resource) when { context.params.CidrBlock like "10.*" };"#,
    );
    assert_eq!(
        said(&params),
        [("small", "vpc")],
        "{:?}",
        plan.calls[0].step.params
    );
    let broken = found(
        r#"@id("broken") forbid (principal, action == Action::"create", resource) when { resource.inputs.colour == "red" };"#,
    );
    assert!(
        broken.len() == plan.decisions.len()
            && broken
                .iter()
                .all(|f| f.says.contains("could not be held against")),
        "{broken:#?}"
    );
    for (text, why) in [
        ("permit (principal, action, resource);", "no `@id`"),
        (r#"@id("x") permit (principal, action, resource);"#, "permits"),
        (
            r#"@id("x") @level("grave") forbid (principal, action, resource);"#,
            "level `grave`",
        ),
        ("forbid (", "team.cedar"),
    ] {
        let error = with(text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let off = with(r#"@id("open-ports") @level("off") forbid (principal, action, resource);"#).unwrap();
    assert!(off.described().iter().all(|(id, _)| id != "policy/open-ports"));
}
