//! Making up what AWS would decide: ids, ARNs, names of hosts.

use super::at::At;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A hash of `parts`, in hex.
pub(super) fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}

/// `shape` with its braces filled; see [`OutputField::shape`](tenon_resources::resource::OutputField::shape).
pub(super) fn fill(shape: &str, seed: &str, id: &str, inputs: &Value, at: &At) -> String {
    let mut out = String::new();
    let mut rest = shape;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        out.push_str(&part(name, seed, id, inputs, at));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// An input by its name, or a part of one by a path with dots.
fn input<'a>(inputs: &'a Value, path: &str) -> Option<&'a Value> {
    inputs.pointer(&format!("/{}", path.replace('.', "/")))
}

fn part(name: &str, seed: &str, id: &str, inputs: &Value, at: &At) -> String {
    match name {
        "region" => at.region.clone(),
        "account" => at.account.clone(),
        "id" => id.into(),
        "digits" => seed.bytes().take(12).map(|b| char::from(b'0' + b % 10)).collect(),
        "uuid" => format!(
            "{}-{}-{}-{}-{}",
            &seed[..8],
            &seed[8..12],
            &seed[12..16],
            &seed[16..20],
            &seed[20..32]
        ),
        _ => match name.strip_prefix("hex").and_then(|n| n.parse::<usize>().ok()) {
            Some(n) => seed.chars().cycle().take(n).collect(),
            None => match input(inputs, name) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            },
        },
    }
}

/// The value of an output of this shape: an input as it is where the shape is one input alone, a number where it is
/// digits alone, text otherwise.
pub(super) fn value(shape: &str, seed: &str, id: &str, inputs: &Value, at: &At) -> Value {
    let alone = shape
        .strip_prefix('{')
        .and_then(|s| s.strip_suffix('}'))
        .filter(|n| !n.contains('{'));
    if let Some(input) = alone.and_then(|name| input(inputs, name)) {
        return input.clone();
    }
    let text = fill(shape, seed, id, inputs, at);
    if !shape.contains('{')
        && let Ok(number) = text.parse::<i64>()
    {
        return number.into();
    }
    text.into()
}

/// The id of a task of a service that runs a definition with these members.
pub(in crate::sandbox) fn task_id(service: &str, definition: &Value, task: u64) -> String {
    let mut id = hash(&[service, &definition.to_string(), &task.to_string()]);
    id.truncate(32);
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shapes_are_filled() {
        let inputs = json!({"name": "web", "port": 443});
        let seed = hash(&["x"]);
        assert_eq!(
            fill(
                "arn:aws:ecs:{region}:{account}:cluster/{name}",
                &seed,
                "",
                &inputs,
                &At::default()
            ),
            "arn:aws:ecs:eu-west-1:000000000000:cluster/web"
        );
        assert_eq!(fill("vpc-{hex17}", &seed, "", &inputs, &At::default()).len(), 21);
        assert_eq!(value("{port}", &seed, "", &inputs, &At::default()), json!(443));
        let listener = json!({"action": {"to": [{"group": "tg-1"}]}});
        assert_eq!(
            value("{action.to.0.group}", &seed, "", &listener, &At::default()),
            json!("tg-1")
        );
        assert_eq!(value("5432", &seed, "", &inputs, &At::default()), json!(5432));
    }
}
