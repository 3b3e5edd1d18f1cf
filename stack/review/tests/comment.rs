//! The comment of a pull request: what it says, that it fits, and that no loss is ever left out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{World, add};
use tenon_planner::{Declared, Options, Plan};
use tenon_resources::{
    ec2::{IngressRule, SecurityGroup, Subnet, Traffic, Vpc},
    iam::{Policy, Role, RolePolicy},
    s3::Bucket,
    value::Output,
};
use tenon_review::{
    comment::{EnvReview, LIMIT, Review, annotations, new_power, new_reach},
    policy::Finding,
    sarif::Level,
};

fn shop(buckets: usize) -> Declared {
    let mut d = Declared::new("shop", "prod", None);
    let vpc = add(&mut d, "network/vpc", &Vpc::new("10.0.0.0/16")).id;
    add(
        &mut d,
        "network/subnet",
        &Subnet::new(&vpc, "10.0.1.0/24", "eu-west-1a"),
    );
    add(&mut d, "door", &SecurityGroup::new(&vpc, "web"));
    let role = add(
        &mut d,
        "api/role",
        &Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")),
    )
    .id;
    let policy = Policy::from(Policy::allow(["s3:GetObject"]).on(["arn:aws:s3:::assets/*"]));
    add(&mut d, "api/power", &RolePolicy::new(&role, policy));
    for n in 0..buckets {
        add(
            &mut d,
            &format!("data/bucket-{n}"),
            &Bucket::new().empty_on_delete(true),
        );
    }
    d
}

/// The review of a plan, in which each rule that is open to SSH breaks a rule.
fn review(plan: Plan) -> EnvReview {
    let ssh = plan.decisions.iter().filter(|d| d.address == "ssh");
    let findings = ssh.map(|d| Finding {
        rule: "open-ports".into(),
        level: Level::Error,
        address: d.address.clone(),
        kind: d.kind.clone(),
        location: d.declared.clone().unwrap_or_default(),
        says: "lets any address on the internet reach a port of administration".into(),
        remedy: "allow the range that needs it".into(),
        call: None,
        waived: None,
        void: None,
    });
    let findings = findings.collect();
    EnvReview::new(plan, findings)
}

fn comments(envs: &[EnvReview]) -> Vec<String> {
    let review = Review {
        stack: "shop",
        head: Some("a1b2c3d4e5f6"),
        envs,
    };
    review.comments()
}

#[test]
// Long: one change, and each thing that is said of it.
fn a_change_is_told_in_words_with_its_gate_its_time_and_its_permissions() {
    let world = World::new();
    world.apply(&shop(1));
    let mut next = shop(0);
    let door: Output<tenon_resources::ec2::SecurityGroupId> = Output::new("door", "id");
    add(
        &mut next,
        "https",
        &IngressRule::new(&door, "0.0.0.0/0", Traffic::tcp(443)),
    );
    add(
        &mut next,
        "ssh",
        &IngressRule::new(&door, "0.0.0.0/0", Traffic::tcp(22)),
    );
    let more = Policy::from(Policy::allow(["s3:GetObject", "s3:PutObject"]).on(["arn:aws:s3:::assets/*"]));
    next.resources["api/power"].inputs.to_mut()["policy"] = serde_json::to_value(more).unwrap();
    let options = Options {
        consent: vec!["data/bucket-0".into()],
        ..Options::default()
    };
    let plan = world.plan(&next, &options);

    let reach: Vec<String> = new_reach(&plan)
        .iter()
        .map(|r| format!("{}: {}", r.address, r.how))
        .collect();
    assert_eq!(reach, ["door: tcp 22", "door: tcp 443"]);
    let power: Vec<String> = new_power(&plan)
        .iter()
        .map(|p| format!("{} {} {:?} {}", p.role, p.verb, p.what, p.on))
        .collect();
    assert_eq!(
        power,
        [r#"api/role may now {"s3:PutObject"} arn:aws:s3:::assets/*"#]
    );

    let env = review(plan.clone());
    let lines = annotations(&env.findings, "src");
    assert!(
        lines
            .iter()
            .any(|l| l.starts_with("::error file=src/main.rs,line=") && l.contains("open-ports")),
        "{lines:?}"
    );
    let all = comments(&[env]);
    assert_eq!(all.len(), 1);
    let page = &all[0];
    assert!(page.starts_with("<!-- tenon:shop -->\n"));
    for text in [
        "**New reach** the internet → `door`: `tcp 443`",
        "**New power** role `api/role` may now `s3:PutObject`",
        "**Gate** `open-ports`: `ssh` (`main.rs:16`)",
        "point of no return",
        &plan.digest,
        &plan.calls_digest,
        "permissions of this apply",
    ] {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
    insta::assert_snapshot!(
        page.replace(&plan.digest, "DIGEST")
            .replace(&plan.calls_digest, "CALLS")
    );

    // Nothing new in what is as it was.
    world.apply(&shop(1));
    let same = world.plan(&shop(1), &Options::default());
    assert!(new_reach(&same).is_empty() && new_power(&same).is_empty());
}

#[test]
fn a_review_of_any_size_fits_and_names_every_loss() {
    for (buckets, more) in [(0, 3), (30, 400), (700, 10)] {
        let world = World::new();
        let was = shop(buckets);
        world.apply(&was);
        let mut next = shop(0);
        for n in 0..more {
            add(
                &mut next,
                &format!("more/{}-{n}", "x".repeat(150)),
                &Bucket::new(),
            );
        }
        let options = Options {
            consent: vec!["*".into()],
            ..Options::default()
        };
        let options = if buckets == 0 { Options::default() } else { options };
        let plan = world.plan(&next, &options);
        let lost: Vec<String> = plan.destroys().map(|(call, _)| call.address.clone()).collect();
        assert_eq!(lost.len(), buckets);
        let all = comments(&[review(plan)]);
        for comment in &all {
            assert!(comment.len() <= LIMIT, "{}", comment.len());
        }
        let text = all.concat();
        for address in &lost {
            assert!(
                text.contains(&format!("`{address}`")),
                "{address} is lost and not named"
            );
        }
    }
}

#[test]
fn names_are_never_markup() {
    let mut d = Declared::new("shop", "prod", None);
    let evil = "x`@everyone <img src=x onerror=1> \u{202e} --> [a](b)";
    let vpc = add(&mut d, "vpc", &Vpc::new("10.0.0.0/16").tags([("Name", evil)])).id;
    add(&mut d, "door", &SecurityGroup::new(&vpc, "web").group_name("n"));
    d.resources["door"].location = format!("{evil}:3");
    let all = comments(&[review(World::new().plan(&d, &Options::default()))]);
    let page = all.concat();
    assert!(!page.contains('\u{202e}'));
    // Outside of fences and spans there is none of it: each stands between ticks or in a fence.
    let fenced = page.split("```").step_by(2).collect::<String>();
    for line in fenced.lines().filter(|l| l.contains("@everyone")) {
        assert!(line.contains("``"), "{line}");
    }
}
