//! What the application's processes are told and may do, fleet by fleet.
//!
//! A test compares the variables with the settings that the application reads.

use super::{
    Env, Settings,
    aws::secrets_manager_secret::{GenerateSecretString, Secret},
    documents::Documents,
    fleet::Role,
    host::{ARCHIVE, AUTHORITIES, COLLECT, CONSUME, QUERY},
    queue::Queue,
    storage::BucketRefs,
};
use tenon::{
    Scope,
    resources::{
        iam::{Policy, Statement},
        text,
        value::{Arn, Input, Output},
    },
};

/// Parts of the stack that processes are told about.
pub(super) struct Parts<'a> {
    /// Settings of the stack.
    pub(super) settings: &'a Settings,
    /// Queue of events.
    pub(super) queue: &'a Queue,
    /// Document store.
    pub(super) documents: &'a Documents,
    /// Archive.
    pub(super) archive: &'a BucketRefs,
}

/// Sites of the environment `local`, where nobody posts from anywhere.
const LOCAL_SITES: &str = "shop=https://shop.example";

impl Parts<'_> {
    fn sites(&self) -> Input<String> {
        text!("SITES={}", self.settings.sites.as_deref().unwrap_or(LOCAL_SITES))
    }

    fn queue(&self) -> Input<String> {
        text!("QUEUE_URL={}", &self.queue.url)
    }

    fn dead(&self) -> Input<String> {
        text!("QUEUE_DEAD_URL={}", &self.queue.dead.url)
    }

    fn archive(&self) -> Input<String> {
        text!("ARCHIVE=s3://{}/events", &self.archive.id)
    }

    fn documents(&self) -> [Input<String>; 2] {
        [self.documents.line.clone(), text!("MONGODB_CA={}", AUTHORITIES)]
    }

    /// A line for each secret that there is.
    fn secrets<const N: usize>(
        pairs: [(&str, Option<Input<Arn>>); N],
    ) -> (Vec<Input<String>>, Vec<Input<Arn>>) {
        let there = pairs.into_iter().filter_map(|(name, arn)| Some((name, arn?)));
        there
            .map(|(name, arn)| (text!("{}@secret={}", name, &arn), arn))
            .unzip()
    }

    /// The right to some of the archive's files, and to their list.
    fn files<const N: usize>(&self, actions: [&str; N]) -> [Statement; 2] {
        [
            Policy::allow(actions).on([text!("{}/events/*", &self.archive.arn)]),
            Policy::allow(["s3:ListBucket"]).on([&self.archive.arn]).when(
                "StringLike",
                "s3:prefix",
                ["events/*"],
            ),
        ]
    }
}

/// The load balancer appends the viewer's address to what CloudFront appends.
fn behind_the_edge() -> [Input<String>; 2] {
    ["HOST=0.0.0.0", "TRUSTED_PROXIES=2"].map(|line| Input::Known(line.into()))
}

/// Hosts that take events.
pub(super) fn ingest(s: &mut Scope<'_, Env>, parts: &Parts<'_>) -> Role {
    // Collectors hash visitors without consent with the same key. AWS makes it, and nobody reads it but they.
    let key = GenerateSecretString::new()
        .password_length(40)
        .exclude_punctuation(true);
    let key = Secret::new()
        .description("Key of the hash that tells visitors without consent apart within a day")
        .generate_secret_string(key);
    let key: Output<String> = s.add("visitor-key", key).id;
    let (secret_lines, secrets) = Parts::secrets([
        ("VISITOR_SECRET", Some(Input::of(&key).typed())),
        (
            "SITE_TOKENS",
            parts.settings.site_tokens.clone().map(Input::Known),
        ),
    ]);
    let lines = [parts.sites(), parts.queue()];
    Role {
        description: "Takes events",
        processes: &[COLLECT],
        lines: lines
            .into_iter()
            .chain(behind_the_edge())
            .chain(secret_lines)
            .collect(),
        secrets,
        may: vec![Policy::allow(["sqs:SendMessage"]).on([&parts.queue.arn])],
    }
}

/// Hosts that store and archive events.
pub(super) fn work(parts: &Parts<'_>) -> Role {
    let lines = [parts.sites(), parts.queue(), parts.dead(), parts.archive()];
    let consume = [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
    ];
    let mut may = vec![
        Policy::allow(consume).on([&parts.queue.arn]),
        Policy::allow(["sqs:SendMessage"]).on([&parts.queue.dead.arn]),
        // For `analytics replay`, which an operator runs on such a host.
        Policy::allow([
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ])
        .on([&parts.queue.dead.arn]),
    ];
    may.extend(parts.files(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]));
    Role {
        description: "Stores and archives events",
        processes: &[CONSUME, ARCHIVE],
        lines: lines.into_iter().chain(parts.documents()).collect(),
        secrets: vec![parts.documents.secret.clone()],
        may,
    }
}

/// Hosts that answer the figures.
pub(super) fn read(parts: &Parts<'_>) -> Role {
    let tokens = parts.settings.api_tokens.clone().map(Input::Known);
    let (secret_lines, mut secrets) = Parts::secrets([("API_TOKENS", tokens)]);
    secrets.push(parts.documents.secret.clone());
    let lines = [parts.sites(), parts.queue(), parts.dead(), parts.archive()];
    let mut may =
        vec![Policy::allow(["sqs:GetQueueAttributes"]).on([&parts.queue.arn, &parts.queue.dead.arn])];
    may.extend(parts.files(["s3:GetObject"]));
    Role {
        description: "Answers the figures",
        processes: &[QUERY],
        lines: lines
            .into_iter()
            .chain(parts.documents())
            .chain(behind_the_edge())
            .chain(secret_lines)
            .collect(),
        secrets,
        may,
    }
}
