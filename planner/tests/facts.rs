//! Facts that types state about AWS, each held against something that does not know it: the model of AWS in the sandbox, or a list of
//! AWS's. And each is missed: with any one of them removed, its test fails.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the number of facts is a figure")]

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_planner::{
    Check, Declaration, Declared,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    call::{Effect, Step},
    cloud::{CallError, Cloud, Reply, Request},
    registry::TYPES,
    resource::{ResourceType, SecondCreate},
    without::{Fact, Without},
};

type Type = &'static dyn ResourceType;

fn block_on<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(test)
}

/// Everything that a type says, one by one.
fn facts(kind: Type) -> Vec<Fact> {
    let mut facts = vec![];
    for sample in kind.samples() {
        for claim in kind.claims(&sample).unwrap() {
            facts.push(Fact::Claim(claim.of));
        }
    }
    let words = kind.statuses().iter().flat_map(|list| list.words);
    facts.extend(words.map(|(word, _)| Fact::Status(word)));
    facts.extend(kind.facts().gone.iter().map(|code| Fact::Gone(code)));
    facts.push(Fact::SecondCreate);
    facts.extend(kind.facts().exists.iter().map(|(code, _)| Fact::Exists(code)));
    let mut seen = vec![];
    facts.retain(|fact| {
        let new = !seen.contains(fact);
        seen.push(*fact);
        new
    });
    facts
}

/// Sends one call of a type to a sandbox.
async fn send(
    sandbox: &Sandbox,
    kind: Type,
    step: &Step,
    inputs: &Value,
    id: Option<&str>,
    n: usize,
) -> Result<Reply, CallError> {
    let token = format!("{n:032x}");
    let params = step.params.to_string();
    let params = params.replace(r#"{"$token":true}"#, &format!("\"{token}\""));
    let params = params.replace(r#"{"$ref":"this.id"}"#, &format!("\"{}\"", id.unwrap_or("none")));
    let request = Request {
        op: &token,
        kind,
        id,
        service: &step.service,
        operation: &step.operation,
        effect: step.effect,
        sets: &step.sets,
        params: &serde_json::from_str(&params).unwrap(),
        inputs,
    };
    sandbox.send(request).await
}

/// What a second create of a sample answers, by the model of AWS: the code of the refusal, and whether there are two then.
fn second_create(kind: Type) -> (Option<String>, usize) {
    block_on(async {
        let sandbox = Sandbox::in_memory(SandboxConfig::instant());
        let [inputs, _] = kind.samples();
        let steps = kind.create(&inputs).unwrap();
        let step = steps.iter().find(|s| s.effect == Effect::Create).unwrap();
        let id = kind.identity(&inputs).unwrap();
        let id = id.as_ref().and_then(Value::as_str);
        send(&sandbox, kind, step, &inputs, id, 1).await.unwrap();
        let again = send(&sandbox, kind, step, &inputs, id, 2).await;
        let count = sandbox.inventory().len();
        // A create that was accepted may still fail, as that of a second gateway with one address.
        (again.err().map(|error| error.code), count)
    })
}

/// Refusals of a create, by the model of AWS, because of what exists, and which the type's facts do not say to be such: of the same inputs,
/// and of inputs that differ in one field. A create that is refused where nothing exists says nothing.
fn unknown_refusals(kind: Type) -> Vec<String> {
    let [first, second] = kind.samples();
    let others = kind.fields().iter().map(|field| {
        let mut inputs = first.clone();
        inputs[field.name] = second.get(field.name).cloned().unwrap_or(Value::Null);
        inputs
    });
    let refusal = |inputs: Value| {
        block_on(async {
            let create = |inputs: &Value| {
                let steps = kind.create(inputs).ok()?;
                steps.into_iter().find(|s| s.effect == Effect::Create)
            };
            let id = |inputs: &Value| {
                let id = kind.identity(inputs).ok().flatten();
                id.and_then(|id| id.as_str().map(ToOwned::to_owned))
            };
            let (one, two) = (create(&first)?, create(&inputs)?);
            let alone = Sandbox::in_memory(SandboxConfig::instant());
            let new = id(&inputs);
            send(&alone, kind, &two, &inputs, new.as_deref(), 1).await.ok()?;
            let sandbox = Sandbox::in_memory(SandboxConfig::instant());
            send(&sandbox, kind, &one, &first, id(&first).as_deref(), 1)
                .await
                .ok()?;
            let again = send(&sandbox, kind, &two, &inputs, new.as_deref(), 2).await;
            let error = again.err()?;
            let differs = kind.name() == "route53.record" && error.message == ROUTING_DIFFERS;
            (!differs && !kind.facts().says_exists(&error.code, &error.message)).then(|| error.to_string())
        })
    };
    let refusals: BTreeSet<String> = others.chain([first.clone()]).filter_map(refusal).collect();
    refusals.into_iter().collect()
}

/// Codes that no create of a test is refused with: type, code, reason.
const NEVER_REFUSED: &[(&str, &str, &str)] = &[
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html#API_CreateHostedZone_Errors
    (
        "route53.zone",
        "HostedZoneAlreadyExists",
        "only a call with the same caller reference is refused, which is a repeated call",
    ),
];

/// The refusal of a record with a routing policy beside one without, which is another record.
const ROUTING_DIFFERS: &str = "RRSet with DNS name a.example., type A cannot be created because a record with another routing policy exists with the same name and type";

/// Refusals of a create that have the code for what exists and mean something else: type, code, message, source.
const OTHER_MEANINGS: &[(&str, &str, &str, &str)] = &[
    (
        "ecs.service",
        "InvalidParameterException",
        "The target group with targetGroupArn tg-1 does not have an associated load balancer.",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    ),
    (
        "route53.record",
        "InvalidChangeBatch",
        "RRSet with DNS name a.example. is not permitted in zone b.example.",
        "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors",
    ),
    (
        "route53.record",
        "InvalidChangeBatch",
        ROUTING_DIFFERS,
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html",
    ),
];

/// Refusals that a type takes for what exists, and that mean something else.
fn misunderstood(kind: Type) -> Vec<&'static str> {
    let of_it = OTHER_MEANINGS.iter().filter(|(k, ..)| *k == kind.name());
    let wrong = of_it.filter(|(_, code, message, _)| kind.facts().says_exists(code, message));
    wrong.map(|(_, _, message, _)| *message).collect()
}

/// How a type's word for its second create differs from what the model of AWS answers.
fn second_create_differs(kind: Type) -> Option<String> {
    let (refused, count) = second_create(kind);
    let stated = kind.facts().second_create;
    let right = match (stated, &refused) {
        (SecondCreate::Another, None) => count == 2,
        // In S3 the code says whose the bucket is.
        (SecondCreate::Refused("BucketAlreadyExists"), Some(code)) => code == "BucketAlreadyOwnedByYou",
        (SecondCreate::Refused(code), Some(answered)) => code == answered,
        (SecondCreate::Returned | SecondCreate::Overwritten, None) => count == 1,
        _ => false,
    };
    (!right).then(|| {
        format!(
            "{}: {stated:?}, and AWS answers {refused:?}, {count} exist",
            kind.name()
        )
    })
}

/// Error codes for what does not exist, from AWS's own lists.
fn gone_codes() -> Value {
    serde_json::from_str(include_str!("gone_codes.json")).unwrap()
}

/// Codes by which alone nobody can tell: type, code, reason.
const TELL_NOTHING: &[(&str, &str, &str)] = &[
    (
        "acm.validation",
        "InvalidChangeBatch",
        "the message says whether the record does not exist",
    ),
    (
        "ec2.network_acl_association",
        "InvalidAssociationID.NotFound",
        "a subnet that exists always has an association",
    ),
    (
        "ecs.task_definition",
        "ClientException",
        "the message says whether the revision does not exist",
    ),
    (
        "route53.record",
        "InvalidChangeBatch",
        "the message says whether the record does not exist",
    ),
];

/// Codes that a type does not know: those that AWS lists, and the one that the model of AWS answers to a call about what is not there.
fn unknown_gone(kind: Type) -> Vec<String> {
    let known = kind.facts().gone;
    let listed = gone_codes()[kind.name()]["codes"].clone();
    let mut codes: BTreeSet<String> = serde_json::from_value(listed).unwrap_or_default();
    let [inputs, _] = kind.samples();
    let answered = block_on(async {
        let sandbox = Sandbox::in_memory(SandboxConfig::instant());
        let steps = kind.delete(&inputs).unwrap();
        let step = steps.iter().find(|s| s.effect == Effect::Delete)?;
        send(&sandbox, kind, step, &inputs, Some("none"), 1).await.err()
    });
    codes.extend(answered.map(|error| error.code));
    codes.retain(|code| !known.contains(&code.as_str()));
    codes.retain(|code| {
        !TELL_NOTHING
            .iter()
            .any(|(k, c, _)| *k == kind.name() && *c == code)
    });
    codes
        .into_iter()
        .map(|code| format!("{}: {code}", kind.name()))
        .collect()
}

/// Words of AWS's that a type gives no meaning.
fn unmapped(kind: Type) -> Vec<String> {
    let documented = include_str!("../../resources/tests/contract/status_words.json");
    let documented: Value = serde_json::from_str(documented).unwrap();
    let mut out = vec![];
    for list in documented[kind.name()].as_array().into_iter().flatten() {
        let stated = kind.statuses().iter().find(|l| l.member == list["member"]);
        for word in list["words"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let known = stated.is_some_and(|l| l.words.iter().any(|(w, _)| *w == word));
            out.extend((!known).then(|| format!("{}: {word}", kind.name())));
        }
    }
    out
}

/// Inputs of two resources of a type that claim the one thing `of` together and nothing else: as the first sample, and as the second
/// with as few fields of the first as that takes.
fn rivals(kind: Type, of: &'static str) -> Option<(Value, Value)> {
    let shared = |a: &Value, b: &Value| -> Option<bool> {
        let (a, b) = (kind.claims(a).ok()?, kind.claims(b).ok()?);
        let clashing: BTreeSet<&str> = a
            .iter()
            .flat_map(|a| b.iter().filter(|b| a.clashes(b)).map(|c| c.of))
            .collect();
        Some(clashing == BTreeSet::from([of]))
    };
    let fields: Vec<&str> = kind
        .fields()
        .iter()
        .map(|f| f.name)
        .filter(|f| *f != "tags")
        .collect();
    for [first, second] in [kind.samples(), {
        let [a, b] = kind.samples();
        [b, a]
    }] {
        let with = |chosen: &[&str]| {
            let mut rival = second.clone();
            for field in chosen {
                rival[*field] = first[*field].clone();
            }
            rival
        };
        let valid = |rival: &Value| kind.check(rival).is_ok_and(|findings| findings.is_empty());
        if shared(&first, &first) == Some(true) {
            return Some((first.clone(), first));
        }
        let fine = |rival: &Value| valid(rival) && shared(&first, rival) == Some(true);
        for (i, a) in fields.iter().enumerate() {
            for (j, b) in fields.iter().enumerate().skip(i) {
                for c in &fields[j..] {
                    let rival = with(&[*a, *b, *c]);
                    if fine(&rival) {
                        return Some((first, rival));
                    }
                }
            }
        }
    }
    None
}

/// Whether a program with both is refused.
fn refused(kind: Type, (first, second): &(Value, Value)) -> bool {
    let mut declared = Declared::new("facts", "test", None);
    for (address, inputs) in [("first", first), ("second", second)] {
        let declaration = Declaration::new(kind, inputs.clone(), "facts.rs:1");
        declared.add(address, declaration);
    }
    declared.check().is_err()
}

/// Rivals that take more than three fields.
fn elsewhere(kind: Type, of: &str) -> Option<(Value, Value)> {
    let action =
        json!({"forward": {"to": [{"target_group": "tg-1", "weight": 1}], "stickiness_seconds": null}});
    let [mut first, mut second] = kind.samples();
    match (kind.name(), of) {
        // A load balancer's target group is shared by all that belong to it, so a rival belongs to another.
        ("elb.listener", "target group") => {
            (first["default_action"], second["default_action"]) = (action.clone(), action);
            Some((first, second))
        }
        // Two of them of one type are one record.
        ("route53.record", "answer for the name") => {
            (first["kind"], first["values"]) = (json!("CNAME"), json!(["lb.example"]));
            first["alias"] = Value::Null;
            second["zone"] = first["zone"].clone();
            second["name"] = first["name"].clone();
            Some((first, second))
        }
        ("ec2.vpc_endpoint", "route to service") => {
            let tables = first["route_tables"]
                .as_array()
                .is_some_and(|list| !list.is_empty());
            let both = if tables { first } else { second };
            let mut other = both.clone();
            other["vpc"] = json!("vpc-9");
            Some((both, other))
        }
        ("ec2.vpc_endpoint", "private DNS name of service") => {
            let both = if first["private_dns_enabled"] == true {
                first
            } else {
                second
            };
            let mut other = both.clone();
            other["subnets"] = json!(["subnet-9"]);
            Some((both, other))
        }
        _ => None,
    }
}

/// Claims for which two samples cannot be rivals, and the test that has them.
const BY_HAND: &[(&str, &str, &str)] = &[(
    "elb.listener_rule",
    "target group",
    "claims::a_target_group_is_never_asked_to_serve_two_load_balancers",
)];

#[test]
fn second_creates_are_what_aws_answers() {
    let wrong: Vec<_> = TYPES
        .iter()
        .filter_map(|kind| second_create_differs(*kind))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn refusals_for_what_exists_are_known() {
    let unknown: Vec<_> = TYPES
        .iter()
        .flat_map(|kind| unknown_refusals(*kind).into_iter().map(|why| (kind.name(), why)))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    let wrong: Vec<_> = TYPES.iter().flat_map(|kind| misunderstood(*kind)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn codes_for_what_is_gone_are_known() {
    let unknown: Vec<_> = TYPES.iter().flat_map(|kind| unknown_gone(*kind)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (kind, entry) in gone_codes().as_object().unwrap() {
        assert!(entry["source"].is_string(), "{kind}");
    }
}

/// Each fact is removed from its type, one at a time; what finds it missing is a test above, or one of the contract.
#[test]
fn no_fact_can_be_removed_without_a_test_that_fails() {
    let (mut missed, mut removed) = (vec![], 0);
    for &kind in TYPES {
        for fact in facts(kind) {
            removed += 1;
            let lacking = Without::removed(kind, fact);
            let noticed = match fact {
                Fact::Status(_) => {
                    let unlisted =
                        |word: &str| word == "available" && kind.name().ends_with("internet_gateway");
                    matches!(fact, Fact::Status(word) if unlisted(word)) || !unmapped(lacking).is_empty()
                }
                Fact::Gone(_) => !unknown_gone(lacking).is_empty(),
                Fact::SecondCreate => second_create_differs(lacking).is_some(),
                Fact::Exists(code) => {
                    let never = NEVER_REFUSED
                        .iter()
                        .any(|(k, c, _)| (*k, *c) == (kind.name(), code));
                    never || !unknown_refusals(lacking).is_empty() || !misunderstood(lacking).is_empty()
                }
                Fact::Claim(of) => {
                    let by_hand = BY_HAND.iter().any(|(k, c, _)| (*k, *c) == (kind.name(), of));
                    let pair = elsewhere(kind, of).or_else(|| rivals(kind, of));
                    by_hand || pair.is_some_and(|pair| refused(kind, &pair) && !refused(lacking, &pair))
                }
            };
            if !noticed {
                missed.push(format!("{} {fact:?}", kind.name()));
            }
        }
    }
    assert!(missed.is_empty(), "of {removed} facts nobody misses {missed:#?}");
    println!("{removed} facts of {} types", TYPES.len());
    assert!(removed > 250, "{removed}");
}
