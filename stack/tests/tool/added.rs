//! `tenon add`: the files that it writes for types of twenty services compile in the crate of a new stack.

use super::{new_stack, succeeds, texts};
use std::{collections::BTreeSet, fs, path::Path, process::Command};

/// One or two types of each of twenty services: with nested structures, enums, maps, JSON documents, secrets and references.
const TYPES: [&str; 26] = [
    "AWS::ApiGateway::RestApi",
    "AWS::AppSync::GraphQLApi",
    "AWS::Athena::WorkGroup",
    "AWS::Batch::ComputeEnvironment",
    "AWS::CloudFront::Distribution",
    "AWS::CodeBuild::Fleet",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::DynamoDB::Table",
    "AWS::EC2::TransitGateway",
    "AWS::EFS::FileSystem",
    "AWS::EKS::Cluster",
    "AWS::EKS::Nodegroup",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::Events::Rule",
    "AWS::Glue::Job",
    "AWS::IoT::TopicRule",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::MSK::Cluster",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::Scheduler::Schedule",
    "AWS::StepFunctions::StateMachine",
    "AWS::WAFv2::WebACL",
];

/// The modules that `add` made in a crate, by its `src/aws/mod.rs`.
fn modules(stack: &Path) -> Vec<String> {
    let list = fs::read_to_string(stack.join("src/aws/mod.rs")).unwrap();
    let module = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    list.lines().filter_map(module).collect()
}

#[test]
fn what_is_added_for_twenty_services_compiles() {
    let services: BTreeSet<&str> = TYPES.iter().filter_map(|kind| kind.split("::").nth(1)).collect();
    assert!(services.len() >= 20, "{services:?}");
    let folder = tempfile::tempdir().unwrap();
    let stack = new_stack(folder.path(), "added");
    let mut add = vec!["add"];
    add.extend(TYPES);
    succeeds(&stack, &add);
    assert_eq!(modules(&stack).len(), TYPES.len());
    // Written twice, it is the same.
    add.push("--check");
    succeeds(&stack, &add);
    let main = stack.join("src/main.rs");
    let source = fs::read_to_string(&main).unwrap();
    let source = source.replacen("\nuse tenon::", "\npub mod aws;\n\nuse tenon::", 1);
    assert!(source.contains("pub mod aws;"), "{source}");
    fs::write(&main, &source).unwrap();
    let check = || {
        Command::new(env!("CARGO"))
            .current_dir(&stack)
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates"),
            )
            .args(["check", "--quiet", "--bins"])
            .output()
            .unwrap()
    };
    let output = check();
    let (_, err) = texts(&output);
    assert!(output.status.success(), "{err}");
    // And the compiler has read them: a queue takes no text for a number.
    let queue = "pub fn wrong() { let _ = aws::sqs_queue::Queue::new().delay_seconds(\"seven\"); }\n";
    fs::write(&main, source + "\n" + queue).unwrap();
    let output = check();
    let (_, err) = texts(&output);
    assert!(!output.status.success(), "a text was taken for a number");
    assert!(err.contains("error[E0"), "{err}");
}
