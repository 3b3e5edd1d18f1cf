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
    declaration::{
        Document, DocumentError, EnvironmentSpec, LookupDeclaration, ReplaceOrder, ResourceOptions,
    },
    ec2::{NatGateway, SecurityGroup, Subnet, SubnetId, Vpc},
    lookup, registry,
    value::Output,
};

fn document(declared: Declared) -> Document {
    Document {
        environment: EnvironmentSpec {
            expires_after_s: None,
            family: None,
            disposable: declared.disposable,
            ..EnvironmentSpec::sandbox(&declared.env)
        },
        declared,
    }
}

/// The stack with options and lookups that follow from `bits`.
// Long: one bit after the other.
fn decorated(mut declared: Declared, bits: &[u16]) -> Declared {
    let addresses: Vec<String> = declared.resources.keys().cloned().collect();
    for (at, bits) in bits.iter().enumerate() {
        let is = |bit: u16| bits >> bit & 1 == 1;
        let Some((address, d)) = declared.resources.get_index_mut(at) else {
            break;
        };
        let options = &mut d.options;
        options.protected = is(0) && is(1) && is(2);
        options.kept = is(3) && is(4);
        if is(5) {
            let fields = d.kind.fields();
            let field = &fields[usize::from(bits >> 8) % fields.len()];
            options
                .owned_elsewhere
                .extend((field.name != "tags").then(|| field.name.to_owned()));
        }
        if is(6) {
            options.tags_owned_elsewhere = ["tag".to_owned(), "cost:*".to_owned()].into();
        }
        options.replace_order = match (is(7), is(8)) {
            (true, true) => Some(ReplaceOrder::DeleteFirst),
            (true, false) => Some(ReplaceOrder::CreateFirst),
            _ => None,
        };
        options.time_limits.ready = is(9).then_some(u32::from(*bits) + 1);
        options.time_limits.gone = is(10).then_some(600);
        options.exclusive = is(11) && ResourceOptions::can_be_exclusive(d.kind);
        if is(12) && at > 0 {
            options.replaced_with = [addresses[usize::from(bits >> 3) % at].clone()].into();
        }
        if is(13) {
            let kind = d.kind;
            let output = kind.outputs()[0].name;
            let name = format!("of/{address}");
            declared
                .outputs
                .insert(name, json!({"$ref": format!("{}.{output}", addresses[at])}));
        }
        if is(14) {
            let query = if is(15) {
                serde_json::to_value(lookup::AvailabilityZones::available())
            } else {
                serde_json::to_value(lookup::Vpc::default_of_region())
            };
            let kind = if is(15) {
                "ec2.availability_zones"
            } else {
                "ec2.vpc"
            };
            let lookup = LookupDeclaration {
                kind: lookup::find(kind).unwrap(),
                query: query.unwrap(),
                location: format!("main.rs:{at}"),
                place: tenon_resources::declaration::Place::default(),
            };
            declared.look_up(&format!("found/{at}"), lookup);
            if !is(15) {
                let vpc = json!({"$ref": format!("@lookup/found/{at}.id")});
                declared.outputs.insert(format!("found/{at}"), vpc.clone());
                let d = &mut declared.resources[at];
                if d.kind.name() == "ec2.security_group" {
                    d.inputs.to_mut()["vpc"] = vpc;
                }
            }
        }
    }
    declared.forget("never/was", "main.rs:99");
    declared
}

/// The plan, or what is said instead of it.
async fn planned(fixture: &Fixture, declared: &Declared) -> Result<String, String> {
    let executor = fixture.executor(declared).await;
    let plan = fixture.plan(&executor, declared, &Options::default()).await;
    executor.store.close().await.unwrap();
    plan.map(|plan| plan.to_json()).map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_plan_of_a_declaration_is_the_plan_of_the_program(
        (before, after) in random::edited(10),
        bits in proptest::collection::vec(any::<u16>(), 20),
        more in proptest::collection::vec(any::<u16>(), 20),
    ) {
        let (before, after) = (decorated(before.declare(), &bits), decorated(after.declare(), &more));
        let document = document(after.clone());
        let text = document.to_json();
        let read = Document::from_json(&text).unwrap();
        prop_assert_eq!(&read, &document);
        prop_assert_eq!(read.to_json(), text);
        let (of_program, of_document) = block_on(async {
            let fixture = Fixture::new(SandboxConfig::instant());
            let first = [planned(&fixture, &after).await, planned(&fixture, &read.declared).await];
            let executor = fixture.executor(&before).await;
            if let Ok(plan) = fixture.plan(&executor, &before, &Options::default()).await {
                executor.apply(&plan).await.unwrap();
            }
            executor.store.close().await.unwrap();
            let [a, b] = [planned(&fixture, &after).await, planned(&fixture, &read.declared).await];
            let [c, d] = first;
            ([a, c], [b, d])
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
