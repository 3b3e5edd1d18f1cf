//! Every embedded type: it reads, quickly, and its examples keep its own rules.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says its figures, and fails by panicking"
)]

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tenon_cfn::{Known, check, find, known, names, nearest, samples};

fn patterns(value: &tenon_cfn::Node, out: &mut Vec<String>) {
    out.extend(value.pattern.clone());
    let inside = value.properties.values().chain(value.pattern_properties.values());
    let more = value.items.iter().chain(&value.additional).map(AsRef::as_ref);
    let forms = value.any_of.iter().chain(&value.one_of).chain(&value.all_of);
    inside
        .chain(more)
        .chain(forms)
        .for_each(|node| patterns(node, out));
}

#[test]
fn every_type_reads_and_each_within_15_ms() {
    assert_eq!(known("AWS::SQS::Queue"), Known::Provisionable);
    let mut slowest = (Duration::ZERO, "");
    for name in names() {
        let begun = Instant::now();
        let schema = find(name).expect("a type with handlers");
        slowest = slowest.max((begun.elapsed(), name));
        assert_eq!(schema.name, name);
        assert!(
            !schema.id.is_empty() && !schema.root.properties.is_empty(),
            "{name}"
        );
        for path in schema
            .id
            .iter()
            .chain(schema.secrets.iter().filter(|p| !p.contains('*')))
        {
            assert!(schema.node(path).is_some(), "{name}: {path}");
        }
    }
    assert!(names().count() > 1_700, "{}", names().count());
    // A build that is not optimised reads them, too, and nobody promises how fast.
    let limit = if cfg!(debug_assertions) { 3_000 } else { 15 };
    assert!(slowest.0 < Duration::from_millis(limit), "{slowest:?}");
    println!("slowest: {slowest:?}");
}

#[test]
fn patterns_of_the_schemas_are_patterns_of_this_crate() {
    let (mut all, mut bad) = (0, vec![]);
    for name in names() {
        let schema = find(name).unwrap();
        let mut found = vec![];
        schema
            .definitions
            .values()
            .chain([&schema.root])
            .for_each(|node| patterns(node, &mut found));
        all += found.len();
        bad.extend(found.into_iter().filter(|p| regex_lite::Regex::new(p).is_err()));
    }
    assert!(
        bad.len() * 100 <= all,
        "{} of {all}: {:?}",
        bad.len(),
        &bad[..bad.len().min(20)]
    );
    println!("{} of {all} patterns cannot be read", bad.len());
}

#[test]
fn examples_keep_the_rules_of_their_type() {
    let (mut kept, mut broken) = (0, vec![]);
    for name in names() {
        let schema = find(name).unwrap();
        for sample in samples(schema) {
            match check::findings(schema, &sample).first() {
                None => kept += 1,
                Some(why) => broken.push(format!("{name}: {why}")),
            }
        }
    }
    assert!(
        broken.len() * 40 < kept,
        "{} broken, {kept} kept: {broken:#?}",
        broken.len()
    );
    println!("{kept} kept, {} broken", broken.len());
}

fn said(kind: &str, properties: &Value) -> Vec<String> {
    check::findings(find(kind).unwrap(), properties)
}

#[test]
fn a_mistake_is_said_with_its_path_and_what_aws_takes() {
    let queue = json!({ "DelaySecond": 5, "VisibilityTimeout": 99_999, "FifoQueue": "yes", "Arn": "x" });
    assert_eq!(
        said("AWS::SQS::Queue", &queue),
        [
            "`Arn` is AWS's to decide; leave it out, and refer to it as an output",
            "`DelaySecond` is no property of AWS::SQS::Queue; did you mean `DelaySeconds`?",
            "`FifoQueue` is text, and AWS takes a Boolean (true or false)",
            "`VisibilityTimeout` is 99999, and AWS takes 0 to 43200",
        ]
    );
    let table = json!({ "BillingMode": "FREE", "AttributeDefinitions": [{ "AttributeName": "id" }] });
    assert_eq!(
        said("AWS::DynamoDB::Table", &table),
        [
            "`AttributeDefinitions[0]` lacks `AttributeType`, which is required",
            "`BillingMode` is \"FREE\", and AWS takes one of PAY_PER_REQUEST, PROVISIONED",
            "`KeySchema` is required",
        ]
    );
}

#[test]
fn a_secret_is_taken_as_a_reference_only() {
    let plain = json!({ "MasterUserPassword": "hunter2-hunter2" });
    let found = said("AWS::RDS::DBInstance", &plain);
    assert!(
        found
            .iter()
            .any(|why| why.starts_with("`MasterUserPassword` is a secret")),
        "{found:?}"
    );
    assert!(!found.concat().contains("hunter2"), "{found:?}");
    let kept = json!({ "MasterUserPassword": { "$secret": { "env": "DB_PASSWORD" } } });
    assert_eq!(said("AWS::RDS::DBInstance", &kept), Vec::<String>::new());
}

#[test]
fn names_that_are_no_type_are_told_apart() {
    assert_eq!(known("AWS::SQS::Quue"), Known::Unknown);
    assert_eq!(nearest("AWS::SQS::Quue"), Some("AWS::SQS::Queue"));
    assert_eq!(known("AWS::WAF::WebACL"), Known::WithoutHandlers);
    assert!(find("AWS::WAF::WebACL").is_none());
}

#[test]
fn examples_written_by_hand_have_no_mistakes() {
    let all: serde_json::Map<String, Value> = serde_json::from_str(include_str!("examples.json")).unwrap();
    for (name, pair) in &all {
        for properties in pair.as_array().unwrap() {
            assert_eq!(said(name, properties), Vec::<String>::new(), "{name}");
        }
    }
    assert!(all.len() >= 30, "{}", all.len());
}
