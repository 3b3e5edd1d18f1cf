//! GitHub: comments, checks and issues against a fake that refuses, pages, throttles and loses replies.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{World as Account, add};
use jiff::Timestamp;
use tenon_planner::{
    Declared, Options, Plan,
    drift::{Class, Drifted, Survey},
};
use tenon_resources::ec2::Vpc;
use tenon_review::{
    comment::marker,
    drift::Report,
    github::{Check, DriftIssue, GitHub, GitHubError, SweepIssue, drift_issue_body},
    policy::Finding,
    sarif::Level,
    sweep::{Failure, SweepReport},
};
use tenon_review_fake::{Access, Fake, Trouble};

const BOT: &str = "github-actions[bot]";

async fn fake() -> (Fake, GitHub) {
    let fake = Fake::start().await.unwrap();
    let all = [
        ("issues", Access::Write),
        ("pull-requests", Access::Write),
        ("checks", Access::Write),
        ("metadata", Access::Read),
    ];
    fake.world().token("t", BOT, &all);
    let mut github = GitHub::new(fake.url(), "shop/catalog", "t", BOT).unwrap();
    github.hurry = 1000;
    (fake, github)
}

fn now() -> Timestamp {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

fn plan() -> Plan {
    let mut d = Declared::new("shop", "prod", None);
    add(&mut d, "vpc", &Vpc::new("10.0.0.0/16"));
    // The sandbox has a runtime of its own.
    std::thread::spawn(move || Account::new().plan(&d, &Options::default()))
        .join()
        .unwrap()
}

fn report(addresses: &[&str], value: u32) -> Report {
    let one = |address: &&str| Drifted {
        class: Class::Changed,
        address: (*address).into(),
        kind: "ec2.vpc".into(),
        id: Some(format!("vpc-{address}")),
        declared: Some("main.rs:3".into()),
        fields: vec![tenon_planner::FieldDiff {
            field: "x".into(),
            from: 0.into(),
            to: value.into(),
            replaces: false,
        }],
        status: None,
        place: tenon_resources::declaration::Place::default(),
        by: None,
    };
    let survey = Survey {
        resources: 9,
        drifted: addresses.iter().map(one).collect(),
        ..Survey::default()
    };
    Report::new(["shop", "prod", "111111111111", "eu-west-1"], 3, survey)
}

/// Troubles, each by itself.
fn troubles() -> [Trouble; 4] {
    let none = Trouble::default();
    [
        none,
        Trouble {
            loses_every: Some(3),
            ..none
        },
        Trouble {
            throttles_every: Some(2),
            ..none
        },
        Trouble {
            page: Some(2),
            ..none
        },
    ]
}

#[tokio::test]
async fn there_is_one_comment_whatever_happens_and_it_is_written_only_when_it_changed() {
    for trouble in troubles() {
        let (fake, github) = fake().await;
        let pull = fake.world().open_pull("aaa", true);
        // What others write is not ours, whatever it says.
        let mark = marker("shop", 1);
        fake.world().say(pull, "eve", &format!("{mark}\nmine"));
        for n in 0..7 {
            fake.world().say(pull, "ada", &format!("nice {n}"));
        }
        fake.world().trouble = trouble;
        let bodies = |text: &str, parts: usize| {
            (1..=parts)
                .map(|n| format!("{}\n{text} {n}", marker("shop", n)))
                .collect::<Vec<_>>()
        };
        for (text, parts) in [("one", 1), ("two", 3), ("two", 3), ("three", 1)] {
            // A step that failed for good is run again, and comes to the same end.
            let mut tries = 0;
            while github.comment(pull, "shop", &bodies(text, parts)).await.is_err() {
                tries += 1;
                assert!(tries < 10, "{trouble:?}");
            }
            let ours: Vec<String> = fake
                .world()
                .comments_of(pull)
                .into_iter()
                .filter(|(who, _)| who == BOT)
                .map(|(_, b)| b)
                .collect();
            assert_eq!(ours, bodies(text, parts), "{trouble:?}");
        }
        fake.world().trouble = Trouble::default();
        assert!(!github.comment(pull, "shop", &bodies("three", 1)).await.unwrap());
        assert!(
            fake.world()
                .comments_of(pull)
                .contains(&("eve".into(), format!("{mark}\nmine")))
        );
    }
}

#[tokio::test]
async fn what_a_token_may_not_do_is_said_with_the_permission_and_the_token_stays_here() {
    let (fake, _) = fake().await;
    let pull = fake.world().open_pull("aaa", true);
    fake.world()
        .token("reads", BOT, &[("pull-requests", Access::Read)]);
    let github = GitHub::new(fake.url(), "shop/catalog", "reads", BOT).unwrap();
    let refused = github
        .comment(pull, "shop", &["<!-- tenon:shop -->".into()])
        .await
        .unwrap_err();
    assert!(
        matches!(
            &refused,
            GitHubError::Refused {
                status: 403,
                needs: "pull-requests: write",
                ..
            }
        ),
        "{refused}"
    );
    assert!(!format!("{github:?} {refused:?}").contains("reads\""));
    for (api, repository) in [
        ("http://api.example.com", "shop/catalog"),
        ("https://api.example.com", "catalog"),
        ("https://api.example.com", "shop/../x"),
    ] {
        assert!(
            GitHub::new(api, repository, "t", BOT).is_err(),
            "{api} {repository}"
        );
    }
    let longest = "x".repeat(70_000);
    let (fake, github) = self::fake().await;
    let pull = fake.world().open_pull("aaa", true);
    assert!(matches!(
        github.comment(pull, "shop", &[longest]).await,
        Err(GitHubError::Refused { status: 422, .. })
    ));
}

#[tokio::test]
// Long: the life of a check, under each trouble.
async fn a_check_has_the_plans_digests_and_is_stale_once_the_state_moved() {
    let plan = plan();
    for trouble in troubles() {
        let (fake, github) = fake().await;
        let one = fake.world().open_pull("aaa", true);
        fake.world().open_pull("bbb", false);
        fake.world().trouble = trouble;
        let finding = |n: usize| Finding {
            rule: "open-ports".into(),
            level: Level::Warning,
            address: format!("door-{n}"),
            kind: "ec2.ingress_rule".into(),
            location: format!("main.rs:{}", n + 1),
            says: "is open".into(),
            remedy: String::new(),
            call: None,
            waived: None,
            void: None,
        };
        let findings: Vec<Finding> = (0..120).map(finding).collect();
        let check = Check {
            head: "aaa",
            plan: &plan,
            findings: &findings,
            sources: "src",
            run: Some(77),
        };
        let again = async |what: &str| {
            let mut tries = 0;
            while github.check(&check).await.is_err() {
                tries += 1;
                assert!(tries < 10, "{what} {trouble:?}");
            }
        };
        again("first").await;
        fake.world().trouble = Trouble::default();
        let checks = fake.world().checks_of("aaa");
        let (name, conclusion, id, annotations) = &checks[0];
        assert_eq!(
            (name.as_str(), conclusion.as_str()),
            ("tenon: shop/prod", "success")
        );
        assert_eq!(
            *id,
            format!("{} {} {} 77", plan.serial, plan.digest, plan.calls_digest)
        );
        if trouble == Trouble::default() {
            assert_eq!((*annotations, checks.len()), (120, 1));
        }
        again("the same").await;
        assert_eq!(fake.world().checks_of("aaa").len(), checks.len());

        assert_eq!(
            github.mark_stale("shop", "prod", plan.serial).await.unwrap(),
            Vec::<u64>::new()
        );
        assert_eq!(
            github.mark_stale("shop", "dev", 99).await.unwrap(),
            Vec::<u64>::new()
        );
        assert_eq!(
            github.mark_stale("shop", "prod", plan.serial + 1).await.unwrap(),
            [one]
        );
        assert!(fake.world().checks_of("aaa").iter().all(|c| c.1 == "neutral"));
        assert_eq!(
            github.mark_stale("shop", "prod", plan.serial + 1).await.unwrap(),
            Vec::<u64>::new()
        );

        // After the merge, the plan that was reviewed is found by the commit.
        fake.world().merge_pull(one, "ccc");
        assert_eq!(
            github.merged_with("ccc").await.unwrap(),
            Some((one, "aaa".into()))
        );
        let reviewed = github.reviewed("aaa", "shop", "prod").await.unwrap().unwrap();
        assert_eq!((reviewed.digest, reviewed.run), (plan.digest.clone(), Some(77)));
        assert_eq!(github.reviewed("bbb", "shop", "prod").await.unwrap(), None);
        assert_eq!(github.merged_with("ddd").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_plan_that_a_rule_forbids_is_not_a_reviewed_one() {
    let (plan, (fake, github)) = (plan(), fake().await);
    fake.world().open_pull("aaa", false);
    let finding = Finding {
        rule: "data-loss".into(),
        level: Level::Error,
        address: "vpc".into(),
        kind: "ec2.vpc".into(),
        location: String::new(),
        says: "is lost".into(),
        remedy: String::new(),
        call: Some(1),
        waived: None,
        void: None,
    };
    let findings = [finding];
    let check = Check {
        head: "aaa",
        plan: &plan,
        findings: &findings,
        sources: "src",
        run: None,
    };
    github.check(&check).await.unwrap();
    assert_eq!(fake.world().checks_of("aaa")[0].1, "failure");
    assert_eq!(github.reviewed("aaa", "shop", "prod").await.unwrap(), None);
}

#[tokio::test]
async fn drift_has_one_issue_that_is_rewritten_only_when_the_picture_changes() {
    for trouble in troubles() {
        let (fake, github) = fake().await;
        for _ in 0..5 {
            let body = drift_issue_body(&report(&["a"], 1));
            // Another person's issue with our mark, as somebody who wants to be closed or rewritten would write it.
            let n = fake.world().open_pull("zzz", true);
            fake.world().say(n, "eve", &body);
        }
        fake.world().trouble = trouble;
        let step = async |report: &Report, at: Timestamp| {
            for _ in 0..10 {
                if let Ok(done) = github.drift_issue(report, at).await {
                    return done;
                }
            }
            panic!("{trouble:?}");
        };
        assert_eq!(step(&report(&[], 0), now()).await, DriftIssue::None);
        let DriftIssue::Opened(n) = step(&report(&["a"], 1), now()).await else {
            panic!("opened");
        };
        assert_eq!(step(&report(&["a"], 1), now()).await, DriftIssue::Same(n));
        let comments = |fake: &Fake| fake.world().comments_of(n).len();
        let before = comments(&fake);
        // Another value is another picture, and no news.
        assert_eq!(step(&report(&["a"], 2), now()).await, DriftIssue::Rewritten(n));
        assert_eq!(comments(&fake), before);
        assert_eq!(step(&report(&["b"], 2), now()).await, DriftIssue::Rewritten(n));
        let said = fake
            .world()
            .comments_of(n)
            .pop()
            .map(|(_, b)| b)
            .unwrap_or_default();
        assert!(said.contains("new:") && said.contains("healed: 1"), "{said}");
        assert_eq!(step(&report(&[], 0), now()).await, DriftIssue::Closed(n));
        assert_eq!(step(&report(&[], 0), now()).await, DriftIssue::None);
        // Again within 30 days the same issue, later a new one.
        assert_eq!(step(&report(&["a"], 1), now()).await, DriftIssue::Reopened(n));
        assert_eq!(step(&report(&[], 0), now()).await, DriftIssue::Closed(n));
        let later: Timestamp = "2027-02-01T12:00:00Z".parse().unwrap();
        assert!(matches!(step(&report(&["a"], 1), later).await, DriftIssue::Opened(m) if m != n));
        assert_eq!(fake.world().issue_numbers().len(), 2, "{trouble:?}");
    }
}

#[tokio::test]
async fn only_people_who_may_write_give_commands() {
    let (fake, github) = fake().await;
    for (who, permission) in [
        ("ada", "admin"),
        ("grace", "write"),
        ("eve", "read"),
        ("bob", "none"),
    ] {
        fake.world().collaborator(who, permission);
    }
    for (who, may) in [
        ("ada", true),
        ("grace", true),
        ("eve", false),
        ("bob", false),
        ("stranger", false),
        ("ada/../x", false),
        ("", false),
    ] {
        assert_eq!(github.may_write(who).await.unwrap(), may, "{who}");
    }
}

#[tokio::test]
// Long: each way in which a comment is no waiver.
async fn a_waiver_is_said_by_a_person_who_may_write_and_about_what_was_planned_by_then() {
    let plan = plan();
    let text = "/tenon waive open-ports door because it is a test";
    for trouble in troubles() {
        let (fake, github) = fake().await;
        let pull = fake.world().open_pull("aaa", true);
        fake.world().collaborator("ada", "write");
        fake.world().collaborator("grace", "admin");
        let at = |time: &str| time.parse::<Timestamp>().unwrap();
        fake.world().say(pull, "eve", text);
        fake.world().say(
            pull,
            "ada",
            "nice\n/tenon waive open-ports because the first line says nothing",
        );
        fake.world().say(pull, "ada", "/tenon keep 3d");
        let rewritten = fake.world().say(pull, "grace", "thank you");
        fake.world().now = "2026-11-28T12:30:00Z".into();
        // Whoever may write may rewrite what the owner of a rule once said.
        fake.world().rewrite(rewritten, text);
        fake.world().trouble = Trouble {
            throttles_every: None,
            ..trouble
        };
        let said = async || {
            for _ in 0..10 {
                if let Ok(said) = github.waivers(pull).await {
                    return said;
                }
            }
            panic!("{trouble:?}");
        };
        assert_eq!(said().await, []);
        let id = fake.world().say(pull, "ada", text);
        let waivers = said().await;
        let found: Vec<_> = waivers
            .iter()
            .map(|w| (w.by.as_str(), w.rule.as_str(), w.address.as_str()))
            .collect();
        assert_eq!(found, [("@ada", "open-ports", "door")], "{trouble:?}");
        assert_eq!(waivers[0].at, at("2026-11-28T12:30:00Z"));
        fake.world().trouble = Trouble::default();

        // It is for the calls that a check had shown: none yet, then these, and no others.
        assert_eq!(github.planned_since("aaa", &plan).await.unwrap(), None);
        fake.world().now = "2026-11-28T12:40:00Z".into();
        let check = Check {
            head: "aaa",
            plan: &plan,
            findings: &[],
            sources: "src",
            run: Some(77),
        };
        github.check(&check).await.unwrap();
        let since = github.planned_since("aaa", &plan).await.unwrap();
        assert_eq!(since, Some(at("2026-11-28T12:40:00Z")));
        assert!(since > Some(waivers[0].at), "said before the plan was there");
        let other = Plan {
            calls_digest: "0".repeat(64),
            ..plan.clone()
        };
        assert_eq!(github.planned_since("aaa", &other).await.unwrap(), None);
        assert_eq!(github.planned_since("bbb", &plan).await.unwrap(), None);

        // What became of it is shown, once, and the run that planned runs again.
        assert_eq!(
            github
                .runs_of("aaa")
                .await
                .unwrap()
                .into_iter()
                .collect::<Vec<_>>(),
            [77]
        );
        let all = [("actions", Access::Write), ("pull-requests", Access::Write)];
        fake.world().token("t", BOT, &all);
        fake.world().trouble = trouble;
        for _ in 0..3 {
            while github.react(id, true).await.is_err() {}
            while github.run_again(77).await.is_err() {}
        }
        assert_eq!(fake.world().reactions, [(id, "+1".to_owned())]);
        assert_eq!(fake.world().runs_again, [77]);
    }
}

#[tokio::test]
async fn a_sweep_that_fails_three_times_in_a_row_has_one_issue_that_is_closed_when_nothing_is_left() {
    let failed = |why: &str| SweepReport {
        stack: "shop".into(),
        destroyed: vec![],
        failed: vec![Failure {
            env: "pr-7".into(),
            why: why.into(),
        }],
    };
    let clean = SweepReport {
        stack: "shop".into(),
        ..SweepReport::default()
    };
    for trouble in troubles() {
        let (fake, github) = fake().await;
        let all = [("issues", Access::Write), ("actions", Access::Read)];
        fake.world().token("t", BOT, &all);
        fake.world().trouble = trouble;
        let step = async |report: &SweepReport, run: u64| {
            for _ in 0..20 {
                if let Ok(done) = github.sweep_issue(report, Some(run)).await {
                    return done;
                }
            }
            panic!("{trouble:?}");
        };
        fake.world().runs = vec![(1, "failure"), (2, "failure"), (3, "success")];
        assert_eq!(step(&failed("a"), 4).await, SweepIssue::NotYet(1));
        fake.world().runs.push((4, "failure"));
        assert_eq!(step(&failed("a"), 5).await, SweepIssue::NotYet(2));
        fake.world().runs.push((5, "failure"));
        let SweepIssue::Written(n) = step(&failed("a"), 6).await else {
            panic!("written")
        };
        assert_eq!(step(&failed("b"), 7).await, SweepIssue::Written(n));
        let body = fake.world().issue(n).unwrap().1;
        assert!(body.contains("pr-7") && body.contains("\nb\n"), "{body}");
        assert_eq!(step(&clean, 8).await, SweepIssue::Closed(n));
        assert_eq!(step(&clean, 9).await, SweepIssue::None);
        assert_eq!(fake.world().issue_numbers(), [n], "{trouble:?}");
        // A failure of nothing else than a text that is too long is none of the issue's.
        let long = "x".repeat(5000);
        let many = SweepReport {
            failed: (0..200)
                .map(|n| Failure {
                    env: format!("pr-{n}"),
                    why: long.clone(),
                })
                .collect(),
            ..clean.clone()
        };
        assert!(many.markdown().len() < 65_000);
    }
}

#[test]
fn the_issue_of_any_drift_fits() {
    let many: Vec<String> = (0..5000)
        .map(|n| format!("zone/{n}-{}", "x".repeat(150)))
        .collect();
    for take in [1, 100, 5000] {
        let some: Vec<&str> = many[..take].iter().map(String::as_str).collect();
        let body = drift_issue_body(&report(&some, 1));
        assert!(body.len() <= 65_536, "{}", body.len());
        assert!(body.contains("plan --only-drift"));
    }
}
