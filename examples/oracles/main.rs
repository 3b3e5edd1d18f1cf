//! Everything that Tenon says about AWS, as JSON, for oracles that others wrote: `cargo verify oracles`.
//!
//! Every call of every type's samples; names that the engine makes; and of the whole platform and of each type alone the plans of
//! apply, change and destroy with the policies that `permissions` prints for them, and what the sandbox had before and after. With
//! `types`, each type and its samples; with `refusals FILE`, what a plan says of each of the stacks in the file.

mod preflight;
mod world;

use serde_json::{Value, json};
use std::{collections::BTreeSet, error::Error};
use tenon_planner::Declared;
use tenon_resources::{
    call::Step,
    registry::TYPES,
    resource::ResourceType,
    value::{NameOf, physical_name},
};
use world::World;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let out = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["types"] => preflight::types(),
        ["refusals", stacks] => preflight::answers(stacks)?,
        _ => dump(&runtime.block_on(plans())?)?,
    };
    #[expect(clippy::print_stdout, reason = "the dump is its output")]
    {
        println!("{out}");
    }
    Ok(())
}

/// Everything that Tenon says about AWS.
fn dump(plans: &[Value]) -> Result<Value, Box<dyn Error>> {
    Ok(json!({
        "actions": actions(),
        "calls": TYPES.iter().flat_map(|kind| kind.calls()).map(|c| (c.service, c.operation)).collect::<BTreeSet<_>>(),
        "samples": samples()?,
        "names": names(),
        "plans": plans,
    }))
}

/// Every IAM action that a type or the engine itself may need.
fn actions() -> BTreeSet<String> {
    let of = |kind: &&dyn ResourceType| {
        let calls = kind
            .calls()
            .into_iter()
            .flat_map(|call| call.actions.iter().copied());
        calls
            .chain(kind.read().actions.iter().copied())
            .collect::<Vec<_>>()
    };
    let own = [
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "secretsmanager:BatchGetSecretValue",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameterHistory",
        "sts:GetCallerIdentity",
    ];
    TYPES
        .iter()
        .flat_map(of)
        .chain(own)
        .map(ToOwned::to_owned)
        .collect()
}

/// The calls that create each sample, change each of its fields both ways, and delete it.
fn samples() -> Result<Vec<Value>, Box<dyn Error>> {
    let mut out = vec![];
    for kind in TYPES {
        let [a, b] = kind.samples();
        let mut add = |what: String, steps: Vec<Step>| {
            for step in steps.into_iter().filter(|s| s.effect.mutates()) {
                out.push(call(kind.name(), &what, &step));
            }
        };
        for (name, sample) in [("a", &a), ("b", &b)] {
            add(format!("create {name}"), kind.create(sample)?);
            add(format!("delete {name}"), kind.delete(sample)?);
        }
        for field in kind.fields() {
            for (from, to) in [(&a, &b), (&b, &a)] {
                let mut next = from.clone();
                next[field.name] = to[field.name].clone();
                // What is refused before it is planned is not sent.
                if !kind.check(&next)?.is_empty() {
                    continue;
                }
                add(
                    format!("set {}", field.name),
                    kind.set(&next, from, &[field.name])?,
                );
            }
        }
    }
    Ok(out)
}

fn call(kind: &str, what: &str, step: &Step) -> Value {
    json!({
        "kind": kind, "what": what, "service": step.service, "operation": step.operation,
        "effect": step.effect, "params": step.params, "aws": step.request(),
    })
}

/// Names that the engine makes, for each type that has them.
fn names() -> Vec<Value> {
    let mut out = vec![];
    for kind in TYPES {
        let Some((field, rule)) = kind.name_field().and_then(|f| Some((f.name, f.named?))) else {
            continue;
        };
        let suffixed = rule.suffix.map(|(_, field)| json!({ field: true }));
        let inputs = [Some(json!({})), suffixed];
        for inputs in inputs.into_iter().flatten() {
            for stack in ["shop", "ecommerce-platform", "a", &"s".repeat(40)] {
                for address in [
                    "a",
                    "Web/LB",
                    "x--y/z..w",
                    "a_b",
                    "9/8",
                    "-",
                    "Internal",
                    &"long/".repeat(39),
                ] {
                    for region in ["eu-west-1", "ap-southeast-2", "us-gov-west-1"] {
                        let of = NameOf {
                            stack,
                            env: "prod",
                            address,
                            generation: 3,
                            account: "111111111111",
                            region,
                            serial: 7,
                        };
                        let name = physical_name(&of, rule.of(&inputs));
                        out.push(
                            json!({"kind": kind.name(), "field": field, "name": name, "inputs": inputs}),
                        );
                    }
                }
            }
        }
    }
    out
}

/// Plans of the platform in each environment, and of each type alone.
async fn plans() -> Result<Vec<Value>, Box<dyn Error>> {
    let mut out = vec![];
    for (env, settings) in world::platforms() {
        let declare =
            |settings: &shop::Settings| tenon::declare("ecommerce", env, |s| shop::with(s, settings));
        let before = declare(&settings[0]);
        let after = declare(&settings[1]);
        out.extend(
            World::default()
                .life(&format!("{env:?}"), &before, &after)
                .await?,
        );
    }
    for kind in TYPES {
        let [a, b] = [0, 1].map(|sample| world::alone(*kind, sample));
        out.extend(World::default().life(kind.name(), &a, &b).await?);
    }
    Ok(out)
}

/// The stack and environment of a declaration, as its tags have them.
fn owner(declared: &Declared) -> String {
    format!("{}/{}", declared.stack, declared.env)
}
