//! The stack `ecommerce`, whole, through the program itself: apply, plan, drift and destroy, with what goes over the wire
//! held against the plan.

use crate::{
    gaps::Home,
    place::{Emulators, KEY, connect},
    proxy::{Proxy, Seen},
};
use std::{
    collections::BTreeMap,
    fs::File,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tenon_planner::{Action, Plan};
use tenon_resources::{
    aws::{Aws, sdk},
    cloud::Cloud,
    registry::TYPES,
    value::Owner,
};

/// Where plans are kept, in the folder of the run.
const PLAN: &str = "plan.json";

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// One environment of the stack, driven as a person does.
struct Shop {
    emulators: Arc<Emulators>,
    proxies: [Proxy; 2],
    folder: tempfile::TempDir,
    env: &'static str,
    variables: BTreeMap<&'static str, String>,
}

impl Shop {
    async fn new(env: &'static str) -> Self {
        // A service begins with one task, and its scaling does the rest.
        let emulators = Emulators::start(1);
        Self {
            proxies: emulators.proxies(Home::Moto).await,
            emulators,
            folder: tempfile::tempdir().unwrap(),
            env,
            variables: BTreeMap::new(),
        }
    }

    /// Somebody else with the same credentials; what they do is not written down.
    async fn somebody(&self) -> Aws {
        connect(&self.emulators.moto.url, &self.emulators.ministack.url).await
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
        for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"] {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(&self.variables)
            .args([
                "--env",
                self.env,
                "--endpoint",
                &self.proxies[0].url,
                "--endpoint",
            ])
            .arg(format!("cloudwatch={}", self.proxies[1].url))
            .args(arguments);
        // The proxies go on while this one waits.
        tokio::task::block_in_place(|| self.wait(command))
    }

    /// Runs it to its end, or to that of our patience.
    fn wait(&self, mut command: Command) -> Output {
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| self.folder.path().join(name));
        command.stdin(Stdio::null());
        command.stdout(File::create(&stdout).unwrap());
        let mut child = command.stderr(File::create(&stderr).unwrap()).spawn().unwrap();
        let until = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > until {
                child.kill().unwrap();
                break child.wait().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        Output {
            status,
            stdout: std::fs::read(stdout).unwrap(),
            stderr: std::fs::read(stderr).unwrap(),
        }
    }

    /// Runs what must end with `code`; returns what it printed as data.
    fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let talk = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{}: tenon {arguments:?}\n{text}\n{talk}",
            self.env
        );
        text
    }

    /// The plan as a document.
    fn plan(&self, more: &[&str]) -> Plan {
        let file = self.folder.path().join(PLAN);
        let mut arguments = vec!["plan", "--out", PLAN];
        arguments.extend(more);
        self.expect(0, &arguments);
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap()
    }

    /// Does `verb`, which is to come to `plan`: the mutating calls on the wire are the plan's. One that AWS turned down for
    /// a while and that was repeated counts once.
    fn make(&self, verb: &[&str], plan: &Plan) {
        self.take();
        self.expect(0, verb);
        let (done, refused): (Vec<_>, Vec<_>) = self.take().into_iter().partition(|s| s.status < 400);
        let mut planned: Vec<String> = plan.mutating().map(tenon_planner::PlannedCall::title).collect();
        let mut seen: Vec<String> = done.iter().map(title).collect();
        planned.sort();
        seen.sort();
        assert_eq!(seen, planned, "{} {verb:?}", self.env);
        assert!(
            refused.iter().map(title).all(|call| planned.contains(&call)),
            "{refused:?}"
        );
    }

    fn take(&self) -> Vec<Seen> {
        let seen = self.proxies.iter().flat_map(Proxy::take);
        seen.filter(Seen::mutates).collect()
    }

    /// Nothing to do, and nothing out of place.
    fn at_rest(&self) {
        self.expect(0, &["plan", "--detailed-exitcode"]);
        self.expect(0, &["drift"]);
        assert_eq!(self.take(), [], "looking changes nothing");
    }

    /// Nothing of ours: neither by the account's own list of what is tagged, nor by asking for each type.
    async fn nothing_is_left(&self) {
        // What stays listed for a while, on AWS as in moto: a key that goes after a week, what ECS keeps as inactive, and
        // gateways that were deleted. That they are no longer there is the other list's to say.
        let late = [":kms:", ":ecs:", ":natgateway/"];
        let mut left = self.emulators.moto.tagged("tenon:stack");
        left.retain(|arn| !late.iter().any(|part| arn.contains(part)));
        assert_eq!(left, Vec::<String>::new());
        let (aws, owner) = (self.somebody().await, Owner::of_stack("ecommerce", self.env));
        for kind in TYPES {
            let found = aws.find(*kind, &owner).await.unwrap();
            assert!(found.is_empty(), "{}: {found:?}", kind.name());
        }
    }
}

fn title(seen: &Seen) -> String {
    format!("{}:{}", seen.service, seen.operation)
}

/// What a plan changes: address and action.
fn acts(plan: &Plan) -> Vec<(&str, Action)> {
    let acts = plan.decisions.iter().filter(|d| d.action != Action::None);
    acts.map(|d| (d.address.as_str(), d.action)).collect()
}

/// An input of what a plan decides on.
fn input(plan: &Plan, address: &str, field: &str) -> String {
    let decision = plan.decisions.iter().find(|d| d.address == address).unwrap();
    decision.inputs[field].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dev_stands_up_changes_is_put_right_and_comes_down() {
    let mut shop = Shop::new("dev").await;
    let made = shop.plan(&[]);
    shop.make(&["apply", "--yes"], &made);
    shop.at_rest();
    println!("dev: {} calls made it", made.mutating().count());
    assert!(!shop.emulators.moto.tagged("tenon:stack").is_empty());

    // Another setting is its own calls and no other.
    shop.variables
        .insert("TENON_ALARM_EMAIL", "oncall@example.com".into());
    let plan = shop.plan(&[]);
    assert_eq!(acts(&plan), [("observability/mail", Action::Create)]);
    shop.make(&["apply", "--yes"], &plan);
    shop.at_rest();

    // A new version of the images: new definitions, and the services follow. This time the plan itself is applied.
    shop.variables.insert("TENON_IMAGE_TAG", "9.9.9".into());
    let plan = shop.plan(&[]);
    let expected = [
        ("api/task", Action::ReplaceCreateFirst),
        ("api/service", Action::Update),
        ("web/task", Action::ReplaceCreateFirst),
        ("web/service", Action::Update),
    ];
    assert_eq!(acts(&plan), expected);
    shop.make(&["apply", PLAN], &plan);
    shop.at_rest();

    // What somebody else does shows as drift, and is put right.
    let aws = shop.somebody().await;
    let group = input(&made, "api/log", "log_group_name");
    let shorter = aws
        .logs
        .put_retention_policy()
        .log_group_name(&group)
        .retention_in_days(1);
    shorter.send().await.unwrap();
    let (role, policy) = ("api/starter", "api/starter-may");
    let gone = aws
        .iam
        .delete_role_policy()
        .role_name(input(&made, role, "role_name"))
        .policy_name(input(&made, policy, "policy_name"));
    gone.send().await.unwrap();
    let drift = shop.expect(2, &["drift"]);
    assert!(
        drift.contains("retention_in_days") && drift.contains(policy),
        "{drift}"
    );
    let plan = shop.plan(&[]);
    assert_eq!(
        acts(&plan),
        [("api/log", Action::Update), (policy, Action::Create)]
    );
    shop.make(&["apply", "--yes"], &plan);
    shop.at_rest();

    // The trail has written, and what it wrote was replaced and deleted: a bucket of versions and markers.
    // moto takes the policy to refuse everyone, since it does not look at conditions: it is away in the meantime.
    let bucket = input(&made, "audit/bucket", "bucket_name");
    let policy = aws
        .s3
        .get_bucket_policy()
        .bucket(&bucket)
        .send()
        .await
        .unwrap()
        .policy;
    aws.s3
        .delete_bucket_policy()
        .bucket(&bucket)
        .send()
        .await
        .unwrap();
    for body in ["one", "two"] {
        let body = sdk::s3::primitives::ByteStream::from_static(body.as_bytes());
        let put = aws
            .s3
            .put_object()
            .bucket(&bucket)
            .key("AWSLogs/digest")
            .body(body);
        put.send().await.unwrap();
    }
    let gone = aws.s3.delete_object().bucket(&bucket).key("AWSLogs/digest");
    gone.send().await.unwrap();
    let policy = aws.s3.put_bucket_policy().bucket(&bucket).set_policy(policy);
    policy.send().await.unwrap();

    let plan = shop.plan(&["--destroy"]);
    shop.make(&["destroy", "--yes"], &plan);
    println!("dev: {} calls took it down", plan.mutating().count());
    shop.nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn production_stands_up_and_refuses_to_come_down() {
    let mut shop = Shop::new("prod").await;
    // It may not be open to everyone.
    let open = shop.run(&["plan"]);
    assert!(!open.status.success() && String::from_utf8_lossy(&open.stderr).contains("TENON_API_TOKENS_ARN"));
    let tokens = format!("arn:aws:secretsmanager:eu-west-1:{KEY}:secret:catalog/tokens-AbCdEf");
    shop.variables.insert("TENON_API_TOKENS_ARN", tokens);
    for (name, image) in [
        ("TENON_API_IMAGE", "shop/api:1.4.2"),
        ("TENON_WEB_IMAGE", "shop/web:1.4.2"),
    ] {
        shop.variables.insert(name, image.into());
    }
    let plan = shop.plan(&[]);
    shop.make(&["apply", "--yes"], &plan);
    shop.at_rest();
    println!("prod: {} calls made it", plan.mutating().count());

    // Its data goes only when it is named: nothing is deleted.
    let refused = shop.run(&["destroy", "--yes"]);
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && why.contains("--consent"), "{why}");
    assert_eq!(shop.take(), []);
    shop.at_rest();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_is_kept_in_a_bucket() {
    let shop = Shop::new("dev").await;
    shop.expect(0, &["--state", "s3://shop-states/all", "bootstrap", "--yes"]);
    shop.take();
    shop.expect(0, &["--state", "s3://shop-states/all", "bootstrap", "--yes"]);
    assert_eq!(shop.take(), [], "what is as it should be is left alone");

    // Not that one: moto forgets that its policy denies only what comes without TLS, and denies everything.
    let eu = sdk::s3::types::BucketLocationConstraint::EuWest1;
    let eu = sdk::s3::types::CreateBucketConfiguration::builder().location_constraint(eu);
    let made = shop.somebody().await.s3.create_bucket().bucket("states");
    made.create_bucket_configuration(eu.build()).send().await.unwrap();
    let run = |code, arguments: &[&str]| {
        let state = ["--state", "s3://states/all"];
        shop.expect(code, &[&state, arguments].concat())
    };
    let some = ["--target", "network/vpc"];
    run(0, &[&["apply", "--yes"], &some[..]].concat());
    run(0, &[&["plan", "--detailed-exitcode"], &some[..]].concat());
    assert!(run(0, &["state", "list"]).contains("network/vpc"));
    let here = shop.folder.path().join(".tenon");
    assert!(!here.exists(), "{} is there", here.display());
    run(0, &["destroy", "--yes"]);
    assert!(!run(0, &["state", "list"]).contains("network/vpc"));
}
