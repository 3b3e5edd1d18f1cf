//! Identifiers that AWS decides and that follow from names all the same: an ARN in which each part is given.

use crate::claim::Claim;
use serde_json::Value;
use tenon_cfn::Schema;

/// The claim of the ARN that `inputs` lead to, where the identifier is one and every part of it is a property that is given: no
/// second resource has it. `None` for all other types.
pub(super) fn claim(schema: &'static Schema, inputs: &Value) -> Option<Claim> {
    let [id] = schema.id.as_slice() else { return None };
    if !id.to_ascii_lowercase().ends_with("arn") || !schema.is_read_only(id) {
        return None;
    }
    let names: Vec<&str> = parts(schema.arn.as_deref()?)
        .filter(|part| !["Partition", "Region", "Account"].contains(part))
        .collect();
    // What tells versions of one name apart is part of the ARN, although the form does not show it.
    let versions = schema.create_only.iter().map(String::as_str);
    let versions = versions.filter(|path| path.ends_with("VersionName") && !path.contains('/'));
    let given = |name: &&str| inputs.get(*name).filter(|value| !value.is_null()).cloned();
    let mut key: Vec<Value> = names.iter().map(given).collect::<Option<_>>()?;
    key.extend(versions.filter_map(|name| given(&name)));
    match key.as_slice() {
        [] => None,
        [name] => Some(Claim::of(&schema.name, name)),
        _ => Some(Claim::of(&schema.name, key)),
    }
}

/// The names of the parts of an ARN's form: `arn:${Partition}:sns:${Region}:${Account}:${TopicName}`.
fn parts(form: &str) -> impl Iterator<Item = &str> {
    let after = form.split("${").skip(1);
    after.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(kind: &str, inputs: &Value) -> Option<Claim> {
        claim(tenon_cfn::find(kind)?, inputs)
    }

    #[test]
    fn an_arn_is_claimed_where_each_part_of_it_is_given() {
        let topic = |name: Value| of("AWS::SNS::Topic", &json!({ "TopicName": name }));
        assert!(topic(json!("a")).unwrap().clashes(&topic(json!("a")).unwrap()));
        assert!(!topic(json!("a")).unwrap().clashes(&topic(json!("b")).unwrap()));
        // AWS makes up a name that is not given, and adds characters of its own to the ARN of a secret.
        assert!(topic(Value::Null).is_none());
        assert!(of("AWS::SecretsManager::Secret", &json!({ "Name": "a" })).is_none());
    }

    #[test]
    fn versions_of_one_name_stand_side_by_side() {
        let kind = "AWS::Comprehend::DocumentClassifier";
        let version = |version: &str| {
            let inputs = json!({ "DocumentClassifierName": "a", "VersionName": version });
            of(kind, &inputs).unwrap()
        };
        assert!(!version("1").clashes(&version("2")) && version("1").clashes(&version("1")));
    }
}
