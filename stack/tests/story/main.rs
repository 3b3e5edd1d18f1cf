//! A team's weeks as one story: a pull request from a fork, its review, its approval, a state that moves, an apply by digest, drift and its
//! cure, previews, and a deployment that is turned back. GitHub is a fake with a token for each job, AWS is the sandbox on disk, and every step is the tool itself.
//!
//! The review is left in `target/story`, as Markdown and as a page to look at.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod steps;
mod world;

use serde_json::json;
use steps::{Step, service, shop};
use tenon_review_fake::Access;
use world::Story;

#[test]
// Long: a story, in its order.
#[expect(clippy::too_many_lines, reason = "a story, in its order")]
fn a_change_is_reviewed_approved_applied_and_watched() {
    let story = Story::new();
    // Two jobs, two tokens: what a fork's workflow gets, and what the report gets.
    story
        .fake()
        .token("fork", "github-actions[bot]", &[("contents", Access::Read)]);
    let report = [
        ("actions", Access::Write),
        ("metadata", Access::Read),
        ("pull-requests", Access::Write),
        ("checks", Access::Write),
        ("issues", Access::Write),
    ];
    story.fake().token("report", "github-actions[bot]", &report);

    story.fake().collaborator("ada", "write");

    // The shop stands, in an environment that takes only what is approved, and in one that does not.
    for env in ["prod", "dev"] {
        story.declare(env, &shop(env, Step::First));
        let plan = story.plan(env);
        story.apply(env, &plan, true, 0);
    }

    // A pull request from a fork opens a port and lets a role write.
    let pull = story.fake().open_pull("aaa", true);
    story.declare("prod", &shop("prod", Step::Opened));
    let plan = story.plan("prod");
    let args = ["ci", "comment", plan.file(), "--head", "aaa", "--sources", "src"];
    let refused = story.run("fork", &args, 1);
    assert!(
        refused.contains("permissions: { pull-requests: read }"),
        "{refused}"
    );
    assert!(story.fake().comments_of(pull).is_empty());
    story.run("report", &args, 0);
    let (_, comment) = story.fake().comments_of(pull).pop().unwrap();
    for text in [
        "**New reach** the internet",
        "**New power** role",
        "**Gate** `open-ports`",
        plan.digest(),
    ] {
        assert!(comment.contains(text), "{text}: {comment}");
    }
    assert_eq!(story.fake().checks_of("aaa")[0].1, "failure");
    story.keep("review", &comment);

    // The owner of the rule may waive it, and a stranger may not; a waiver is for the calls that were shown, and for nothing pushed later.
    let waive = "/tenon waive open-ports because the partner has no fixed address";
    let said = story.command(pull, "eve", waive, 13);
    assert!(said.contains("`eve` may not write"), "{said}");
    story.run("report", &args, 0);
    assert_eq!(story.fake().checks_of("aaa").last().unwrap().1, "failure");
    story.command(pull, "ada", waive, 0);
    story.run("report", &args, 0);
    let (_, comment) = story
        .fake()
        .comments_of(pull)
        .into_iter()
        .find(|(who, _)| who != "eve" && who != "ada")
        .unwrap();
    assert!(
        comment.contains("waived") && comment.contains("@ada"),
        "{comment}"
    );
    assert_eq!(story.fake().checks_of("aaa").last().unwrap().1, "success");

    // The author narrows the port. The gate opens, and the one comment is rewritten.
    story.declare("prod", &shop("prod", Step::Https));
    let plan = story.plan("prod");
    let args = ["ci", "comment", plan.file(), "--head", "aaa", "--sources", "src"];
    story.run("report", &args, 0);
    let ours = |(who, _): &(String, String)| who == "github-actions[bot]";
    assert_eq!(
        story.fake().comments_of(pull).iter().filter(|c| ours(c)).count(),
        1
    );
    assert_eq!(story.fake().checks_of("aaa").last().unwrap().1, "success");

    // Nobody has approved it: neither a yes nor a digest is enough.
    story.apply("prod", &plan, false, 13);
    let approval = story.approve(&plan);

    // Meanwhile another pull request is applied: the state moves, and the approval was of that state.
    story.declare("prod", &shop("prod", Step::Tagged));
    let other = story.plan("prod");
    story.apply("prod", &other, true, 0);
    let stale = story.run("report", &["ci", "stale", other.file()], 0);
    assert!(stale.contains(&format!("#{pull}")), "{stale}");
    assert_eq!(story.fake().checks_of("aaa").last().unwrap().1, "neutral");
    let moved = story.apply_with("prod", &plan, Some(&approval), 8);
    assert!(moved.contains("the state moved"), "{moved}");

    // Planned again, approved again, applied; the same approval is worth nothing afterwards.
    story.declare("prod", &shop("prod", Step::TaggedHttps));
    let plan = story.plan("prod");
    let approval = story.approve(&plan);
    story.apply_with("prod", &plan, Some(&approval), 0);
    story.apply_with("prod", &plan, Some(&approval), 8);

    // Where no approval is asked for, the same calls go on from a moved state, and other calls do not.
    story.declare("dev", &shop("dev", Step::Https));
    let https = story.plan("dev");
    story.declare("dev", &shop("dev", Step::Opened));
    let opened = story.plan("dev");
    story.apply("dev", &https, false, 0);
    let difference = story.apply("dev", &opened, false, 8);
    assert!(
        difference.contains("calls differ") || difference.contains("call differ"),
        "{difference}"
    );
    let again = story.apply("dev", &https, false, 0);
    assert!(again.contains("planned again"), "{again}");

    // Somebody changes the VPC by hand. One issue, rewritten only when the picture changes, closed by the cure.
    story.tamper("prod", "ec2.vpc", "enable_dns_support", &json!(false));
    story.declare("prod", &shop("prod", Step::TaggedHttps));
    let drift = |code| {
        story.run_in(
            "prod",
            &["drift", "--who", "--out", "drift.json", "--sarif", "drift.sarif"],
            code,
        )
    };
    let said = drift(2);
    assert!(
        said.contains("network/vpc was changed") && said.contains("by arn:aws:iam::"),
        "{said}"
    );
    let issue = |said: &str| {
        let out = story.run("report", &["ci", "drift-issue", "drift.json"], 0);
        assert!(out.contains(said), "{out}");
    };
    issue("is opened");
    drift(2);
    issue("has this picture already");
    let cure = story.plan_with("prod", &["--only-drift"]);
    let approval = story.approve(&cure);
    story.apply_with("prod", &cure, Some(&approval), 0);
    drift(0);
    issue("is closed");

    // A preview stands for as long as its pull request is open. GitHub says nothing when one that conflicts is closed; the sweep sees it.
    let preview = story.fake().open_pull("bbb", false);
    let env = format!("pr-{preview}");
    let wanted = |code| {
        let file = format!("{env}.json");
        story.run(
            "report",
            &[
                "ci",
                "preview",
                "--head",
                "bbb",
                "--declaration",
                &file,
                "--stack",
                "shop",
            ],
            code,
        )
    };
    story.declare(&env, &shop("prod", Step::Https));
    assert!(wanted(0).contains("no label"));
    story.fake().label(preview, "preview");
    assert!(wanted(13).contains("is of the environment `prod`"));
    story.declare(&env, &shop(&env, Step::Https));
    assert!(wanted(0).contains(&env));
    let up = story.plan(&env);
    story.apply(&env, &up, false, 0);
    let sweep = || {
        story.run("report", &["ci", "open-pulls", "--out", "open.json"], 0);
        let args = [
            "sweep",
            "--stack",
            "shop",
            "--sandbox",
            "--open",
            "open.json",
            "--yes",
        ];
        story.run("none", &args, 0)
    };
    assert!(sweep().contains("0 previews destroyed"));
    // It is kept for longer by who may write, without a program and without a call.
    story.command(preview, "eve", "/tenon keep 20d", 13);
    let outputs = story.command(preview, "ada", "/tenon keep 20d", 0);
    assert!(
        outputs.contains("keep=480h") && outputs.contains(&format!("number={preview}")),
        "{outputs}"
    );
    let number = preview.to_string();
    let keep = [
        "keep",
        "--stack",
        "shop",
        "--sandbox",
        "--number",
        &number,
        "--for",
        "480h",
    ];
    assert!(story.run("none", &keep, 0).contains("expires in 20 d"));
    story.fake().events();
    story.fake().close_pull(preview, false, true);
    assert!(story.fake().events().is_empty());
    assert!(sweep().contains("1 preview destroyed"));
    assert_eq!(story.inventory(&env), []);
    assert!(sweep().contains("0 previews destroyed"));
    // What is no preview is never looked at.
    assert!(!story.inventory("prod").is_empty());

    deployments(&story);
}

/// A bad image is turned back, with a verdict; the next plan is right; and a version that runs and is no good is put back.
fn deployments(story: &Story) {
    let deploy = |image: &str, code| {
        story.declare("live", &service("live", image));
        let plan = story.plan("live");
        story.apply("live", &plan, false, code)
    };
    let nothing_to_do = |image: &str| {
        story.declare("live", &service("live", image));
        story.run_in("live", &["plan", "--detailed-exitcode"], 0);
    };
    deploy("shop:1", 0);
    story.break_image("live", "shop:2", "Task failed container health checks");
    let said = deploy("shop:2", 10);
    for text in [
        "stopped: Task failed container health checks",
        "api: the sandbox runs no container: this line stands for the log of shop:2",
        "what ran before runs, and the state says so",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    // The state says what runs: with the image of before, what was turned back is removed and nothing is deployed.
    story.declare("live", &service("live", "shop:1"));
    let said = story.run_in("live", &["plan", "--calls"], 0);
    assert!(
        said.contains("1 API call") && said.contains("ecs:DeregisterTaskDefinition"),
        "{said}"
    );
    deploy("shop:3", 0);
    nothing_to_do("shop:3");
    // It runs, and it is no good. What was turned back never ran, and is no way back.
    let said = story.run_in("live", &["rollback", "api", "--out", "back.plan"], 0);
    let digest = said
        .split_once("--digest ")
        .unwrap()
        .1
        .split('`')
        .next()
        .unwrap()
        .to_owned();
    assert!(said.contains("shop:1") && !said.contains("shop:2"), "{said}");
    story.run_in(
        "live",
        &["rollback", "api", "--digest", &digest.replace(['0', '1'], "2")],
        1,
    );
    nothing_to_do("shop:3");
    story.run_in("live", &["rollback", "api", "--digest", &digest], 0);
    nothing_to_do("shop:1");
    let said = story.run_in("live", &["rollback", "api", "--yes"], 3);
    assert!(said.contains("nothing else is known to have run"), "{said}");
}
