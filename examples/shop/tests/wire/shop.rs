//! One environment of the stack `ecommerce`, driven through the program as a person does.

use crate::{
    emulators::Emulator,
    gaps::Home,
    place::{Emulators, KEY, connect},
    proxy::{Proxy, Seen},
};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tenon_planner::Plan;
use tenon_resources::{
    aws::{Aws, sdk},
    cloud::Cloud,
    registry::{self, TYPES},
    value::Owner,
};

/// Where plans are kept, in the folder of the run.
pub(crate) const PLAN: &str = "plan.json";

/// An image's manifest; moto wants the media type in it, and nothing else.
const MANIFEST: &str = r#"{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "annotations": {"tag": "TAG"}}"#;

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The environment, its emulators and what it is told.
pub(crate) struct Shop {
    pub(crate) emulators: Arc<Emulators>,
    proxies: [Proxy; 2],
    pub(crate) folder: tempfile::TempDir,
    pub(crate) env: &'static str,
    pub(crate) variables: BTreeMap<&'static str, String>,
}

impl Shop {
    pub(crate) async fn new(env: &'static str) -> Self {
        // A service begins with one task, and its scaling does the rest.
        Self::within(Emulators::start(1), env).await
    }

    /// Another environment in the same account.
    pub(crate) async fn beside(&self, env: &'static str) -> Self {
        Self::within(Arc::clone(&self.emulators), env).await
    }

    async fn within(emulators: Arc<Emulators>, env: &'static str) -> Self {
        Self {
            proxies: emulators.proxies(Home::Moto).await,
            emulators,
            folder: tempfile::tempdir().unwrap(),
            env,
            variables: BTreeMap::new(),
        }
    }

    /// Somebody else with the same credentials; what they do is not written down.
    pub(crate) async fn somebody(&self) -> Aws {
        connect(&self.emulators.moto.url, &self.emulators.ministack.url).await
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"] {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("XDG_STATE_HOME", self.folder.path().join("seen"))
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
    pub(crate) fn expect(&self, code: i32, arguments: &[&str]) -> String {
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

    /// Makes the two repositories, and pushes an image with this tag to each, as a pipeline does. Somebody else's calls: they
    /// are not written down.
    pub(crate) async fn push(&self, tag: &str) {
        let repositories = ["--target", "images/api", "--target", "images/web"];
        self.expect(0, &[&["apply", "--yes"], &repositories[..]].concat());
        self.take();
        let aws = self.connected().await;
        for name in self.repositories(&aws).await {
            // Another image for another tag.
            let manifest = MANIFEST.replace("TAG", tag);
            let image = aws.ecr.put_image().repository_name(name).image_tag(tag);
            image.image_manifest(manifest).send().await.unwrap();
        }
        self.take();
    }

    /// Takes the images with this tag out of the two repositories, which are then empty.
    pub(crate) async fn unpush(&self, tag: &str) {
        let aws = self.connected().await;
        for name in self.repositories(&aws).await {
            let image = sdk::ecr::types::ImageIdentifier::builder().image_tag(tag).build();
            let gone = aws
                .ecr
                .batch_delete_image()
                .repository_name(name)
                .image_ids(image);
            gone.send().await.unwrap();
        }
        self.take();
    }

    async fn repositories(&self, aws: &Aws) -> Vec<String> {
        let (kind, owner) = (
            registry::find("ecr.repository").unwrap(),
            Owner::of_stack("ecommerce", self.env),
        );
        let found = aws.find(kind, &owner).await.unwrap();
        found.into_iter().map(|repository| repository.id).collect()
    }

    /// Through the proxies: what ministack says of others' dashboards cannot be read as it is.
    async fn connected(&self) -> Aws {
        let [everything, cloudwatch] = &self.proxies;
        connect(&everything.url, &cloudwatch.url).await
    }

    /// The plan as a document.
    pub(crate) fn plan(&self, more: &[&str]) -> Plan {
        let file = self.folder.path().join(PLAN);
        let mut arguments = vec!["plan", "--out", PLAN];
        arguments.extend(more);
        self.expect(0, &arguments);
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap()
    }

    /// Does `verb`, which is to come to `plan`: the mutating calls on the wire are the plan's. One that AWS turned down for
    /// a while and that was repeated counts once.
    pub(crate) fn make(&self, verb: &[&str], plan: &Plan) {
        self.take();
        self.expect(0, verb);
        let (done, refused): (Vec<_>, Vec<_>) = self.take().into_iter().partition(|s| s.status < 400);
        // An image is waited for by a read, which a proxy sees whenever somebody asks.
        let mut planned: Vec<String> = plan
            .mutating()
            .map(tenon_planner::PlannedCall::title)
            .filter(|call| call != "ecr:DescribeImages")
            .collect();
        let mut seen: Vec<String> = done.iter().map(title).collect();
        planned.sort();
        seen.sort();
        assert_eq!(seen, planned, "{} {verb:?}", self.env);
        assert!(
            refused.iter().map(title).all(|call| planned.contains(&call)),
            "{refused:?}"
        );
    }

    pub(crate) fn take(&self) -> Vec<Seen> {
        let seen = self.proxies.iter().flat_map(Proxy::take);
        seen.filter(Seen::mutates).collect()
    }

    /// Nothing to do, and nothing out of place.
    pub(crate) fn at_rest(&self) {
        self.expect(0, &["plan", "--detailed-exitcode"]);
        self.expect(0, &["drift"]);
        assert_eq!(self.take(), [], "looking changes nothing");
    }

    /// What must be agreed to before it is destroyed, as flags, by the refusal's own words.
    pub(crate) fn to_agree_to(&self) -> Vec<String> {
        let refused = self.run(&["destroy", "--yes"]);
        let why = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success(), "{why}");
        assert_eq!(self.take(), [], "nothing is deleted");
        let mut words = why.split_whitespace();
        let mut flags = vec![];
        while words.any(|word| word == "--consent") {
            flags.push("--consent".to_owned());
            flags.extend(words.next().map(ToOwned::to_owned));
        }
        flags
    }

    /// Destroys it, with these flags; nothing of it is left.
    pub(crate) async fn ends(&self, agreed: &[String]) {
        let agreed: Vec<&str> = agreed.iter().map(String::as_str).collect();
        let plan = self.plan(&[&["--destroy"], &agreed[..]].concat());
        self.make(&[&["destroy", "--yes"], &agreed[..]].concat(), &plan);
        println!("{}: {} calls took it down", self.env, plan.mutating().count());
        let aws = self.connected().await;
        let owner = Owner::of_stack("ecommerce", self.env);
        for kind in TYPES {
            let found = aws.find(*kind, &owner).await.unwrap();
            assert!(found.is_empty(), "{}: {found:?}", kind.name());
        }
    }

    /// What carries the stack's tag in the whole account.
    pub(crate) fn tagged(&self) -> Vec<String> {
        tagged(&self.emulators.moto, "tenon:stack")
    }

    /// What is ours in the whole account, by its own list of what is tagged.
    pub(crate) fn left(&self) -> Vec<String> {
        // What stays listed for a while, on AWS as in moto: a key that goes after a week, what ECS keeps as inactive, and
        // gateways that were deleted. That they are no longer there is for the reads of each type to say.
        let late = [":kms:", ":ecs:", ":natgateway/"];
        let mut left = self.tagged();
        left.retain(|arn| !late.iter().any(|part| arn.contains(part)));
        left
    }
}

/// The ARNs of what carries a tag `key` in moto, a page of them, by its Resource Groups Tagging API, which is not ours.
fn tagged(moto: &Emulator, key: &str) -> Vec<String> {
    let host = moto.url.trim_start_matches("http://");
    let body = format!(r#"{{"TagFilters":[{{"Key":"{key}"}}],"ResourcesPerPage":100}}"#);
    let request = format!(
        "POST / HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: ResourceGroupsTaggingAPI_20170126.GetResources\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/tagging/aws4_request, \
         SignedHeaders=host, Signature=0\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{reply}");
    let answer: serde_json::Value = serde_json::from_str(body).unwrap();
    let list = answer["ResourceTagMappingList"].as_array().unwrap();
    list.iter()
        .filter_map(|r| Some(r["ResourceARN"].as_str()?.to_owned()))
        .collect()
}

fn title(seen: &Seen) -> String {
    format!("{}:{}", seen.service, seen.operation)
}
