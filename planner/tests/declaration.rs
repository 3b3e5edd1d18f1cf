//! The declaration as a document: what is read from it is what the program declared, and what no program declares is refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on, cases, random};
use proptest::prelude::*;
use serde_json::{Value, json};
use tenon_planner::{Check, Declared, Options, sandbox::SandboxConfig};
use tenon_resources::{
    declaration::{Document, DocumentError, EnvironmentSpec},
    ec2::{NatGateway, SecurityGroup, Subnet, SubnetId, Vpc},
    registry,
    value::Output,
};

fn document(declared: Declared) -> Document {
    Document {
        environment: EnvironmentSpec {
            disposable: declared.disposable,
            ..EnvironmentSpec::sandbox(&declared.env)
        },
        declared,
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_plan_of_a_declaration_is_the_plan_of_the_program((before, after) in random::edited(10)) {
        let (before, after) = (before.declare(), after.declare());
        let document = document(after.clone());
        let text = document.to_json();
        let read = Document::from_json(&text).unwrap();
        prop_assert_eq!(&read, &document);
        prop_assert_eq!(read.to_json(), text);
        let (of_program, of_document) = block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            let first = [fixture.next(&after).await, fixture.next(&read.declared).await];
            fixture.apply(&before, &Options::default()).await;
            let then = [fixture.next(&after).await, fixture.next(&read.declared).await];
            (
                [first[0].to_json(), then[0].to_json()],
                [first[1].to_json(), then[1].to_json()],
            )
        });
        prop_assert_eq!(of_program, of_document);
    }
}

#[test]
fn every_type_is_read_as_it_was_written() {
    for kind in registry::TYPES {
        for inputs in kind.samples() {
            let mut declared = Declared::new("test", "local", None);
            let declaration = tenon_planner::Declaration::new(*kind, inputs, "main.rs:1");
            declared.add("it", declaration);
            let document = document(declared);
            let read = Document::from_json(&document.to_json());
            assert_eq!(read, Ok(document), "{}", kind.name());
        }
    }
}

/// A network of two resources.
fn network() -> Document {
    let mut declared = Declared::new("test", "local", None);
    let vpc = add(&mut declared, "network/vpc", Vpc::new("10.0.0.0/16"));
    add(
        &mut declared,
        "network/a",
        Subnet::new(&vpc.id, "10.0.0.0/20", "eu-west-1a"),
    );
    declared
        .outputs
        .insert("vpc".into(), json!({"$ref": "network/vpc.id"}));
    declared.check().unwrap();
    document(declared)
}

/// The network's document after a stranger has changed it, with a digest that fits.
fn forged(change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(&network().to_json()).unwrap();
    change(&mut value);
    value["digest"] = "".into();
    // The digest of what is there now is said nowhere, so it is computed as any stranger would.
    let mut bare = value.clone();
    bare.as_object_mut().unwrap().remove("digest");
    value["digest"] = sha256(&bare.to_string()).into();
    value.to_string()
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(text))
}

fn refusal(change: impl FnOnce(&mut Value)) -> String {
    match Document::from_json(&forged(change)) {
        Ok(read) => match read.declared.check() {
            Ok(()) => panic!("it was accepted"),
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_forged_document_with_its_digest_is_read_when_it_is_sound() {
    let read = Document::from_json(&forged(|_| {})).unwrap();
    assert_eq!(read, network());
}

#[test]
fn a_document_that_is_not_for_this_version_says_so() {
    let text = network().to_json();
    let read = |from: &str, to: &str| Document::from_json(&text.replace(from, to)).unwrap_err();
    assert_eq!(
        read("\"format\": 1", "\"format\": 2"),
        DocumentError::Format { found: 2 }
    );
    assert_eq!(
        read(
            &format!("\"engine\": \"{}\"", env!("CARGO_PKG_VERSION")),
            "\"engine\": \"99.0.0\""
        ),
        DocumentError::Engine {
            found: "99.0.0".into()
        }
    );
    assert_eq!(read("10.0.0.0/20", "10.0.16.0/20"), DocumentError::Changed);
    assert!(matches!(
        Document::from_json("{}").unwrap_err(),
        DocumentError::Unreadable(_)
    ));
    let unknown = Document::from_json(&forged(|d| d["resources"][0]["type"] = "ec2.cloud".into()));
    assert_eq!(
        unknown.unwrap_err().to_string(),
        format!(
            "main.rs:0: `network/vpc` is of type `ec2.cloud`, which version {} does not know",
            env!("CARGO_PKG_VERSION")
        )
    );
}

#[test]
fn a_stranger_cannot_declare_what_a_program_cannot() {
    let inputs = |at: usize, field: &'static str, value: Value| {
        refusal(move |d| d["resources"][at]["inputs"][field] = value)
    };
    for (refusal, expected) in [
        (
            inputs(0, "cidr_blocks", json!("10.0.0.0/8")),
            "main.rs:0: `network/vpc` has inputs of a `ec2.vpc` that do not fit: it has no `cidr_blocks`",
        ),
        (inputs(0, "cidr_block", json!("10.0.0.0/99")), "`network/vpc`"),
        (
            inputs(1, "vpc", json!({"$ref": "network/a.id"})),
            "main.rs:1: `network/a` refers to `network/a.id`, a `SubnetId`, where a `VpcId` belongs",
        ),
        (
            inputs(1, "vpc", json!({"$ref": "elsewhere.id"})),
            "`elsewhere` is not declared",
        ),
        (
            refusal(|d| d["stack"] = "../../etc".into()),
            "`stack` is named `../../etc`",
        ),
        (
            refusal(|d| d["environment"]["name"] = "a/b".into()),
            "`environment` is named `a/b`",
        ),
        (
            refusal(|d| d["resources"][0]["address"] = "a\u{1b}[2J".into()),
            "has `\\u{1b}`",
        ),
        (
            refusal(|d| d["resources"][0]["declared"] = "main.rs:1\n::set-output".into()),
            "has `\\n` in a text that is shown",
        ),
        (
            refusal(|d| d["outputs"]["vpc"] = json!({"deep": 1})),
            "`output vpc` is no text",
        ),
        (refusal(|d| d["more"] = 1.into()), "unknown field `more`"),
        (
            refusal(|d| {
                d["environment"]["target"] = json!({"account": {"account": "1", "region": "r", "role": "x"}});
            }),
            "unknown field `role`",
        ),
        (
            refusal(|d| d["resources"][1]["address"] = "network/vpc".into()),
            "is declared twice",
        ),
    ] {
        assert!(refusal.contains(expected), "{refusal:?} says not {expected:?}");
    }
}

#[test]
fn the_bytes_of_a_secret_are_refused_and_not_repeated() {
    let sample = registry::find("ssm.parameter").unwrap().samples();
    let mut declared = Declared::new("test", "local", None);
    let (kind, inputs) = (registry::find("ssm.parameter").unwrap(), sample[1].clone());
    declared.add(
        "it",
        tenon_planner::Declaration::new(kind, inputs.clone(), "main.rs:1"),
    );
    let secret = inputs
        .as_object()
        .unwrap()
        .iter()
        .find(|(_, v)| v.get("$secret").is_some());
    let Some((field, _)) = secret else {
        panic!("{inputs} has no secret")
    };
    for forged in [
        json!({"$plain": "canary"}),
        json!({"$secret": {"env": "A", "print": "canary"}}),
    ] {
        declared.resources[0].inputs.to_mut()[field] = forged;
        let error = Document::from_json(&document(declared.clone()).to_json())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`it` has inputs") && !error.contains("canary"),
            "{error}"
        );
    }
}

#[test]
fn a_reference_that_the_program_takes_for_another_type_is_refused() {
    let mut declared = Declared::new("test", "local", None);
    let vpc = add(&mut declared, "vpc", Vpc::new("10.0.0.0/16"));
    let wrong: Output<SubnetId> = Output::new("vpc", "id");
    let group = SecurityGroup::new(&vpc.id, "The front door");
    add(&mut declared, "group", group);
    add(&mut declared, "nat", NatGateway::new(&wrong, "eipalloc-1"));
    let error = Document::from_json(&document(declared).to_json())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`nat` refers to `vpc.id`, a `VpcId`, where a `SubnetId` belongs"),
        "{error}"
    );
}
