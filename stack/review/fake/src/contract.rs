//! GitHub's own description of its API, held against every request: `.ci/github-contract` writes the extract.

use axum::http::Method;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::LazyLock};

static CONTRACT: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("contract.json")).unwrap_or_default());

/// The operation of a path behind `/repos/OWNER/NAME`. Where a path fits two, the one with fewer braces is it.
fn operation(method: &Method, rest: &str) -> Option<&'static Value> {
    let parts: Vec<&str> = rest.split('/').collect();
    let fits = |template: &str| {
        let names: Vec<&str> = template.split('/').collect();
        let same = |(name, part): (&&str, &&str)| name.starts_with('{') || name == part;
        names.len() == parts.len() && names.iter().zip(&parts).all(same)
    };
    let all = CONTRACT
        .iter()
        .filter_map(|(key, of)| Some((key.split_once(' ')?, of)));
    let fitting = all.filter(|((verb, template), _)| *verb == method.as_str() && fits(template));
    fitting
        .min_by_key(|((_, template), _)| template.matches('{').count())
        .map(|(_, of)| of)
}

/// The fault of a request by the description; `rest` is its path behind `/repos/OWNER/NAME`, with the slash.
pub(crate) fn wrong(
    method: &Method,
    rest: &str,
    query: &BTreeMap<String, String>,
    body: &Value,
) -> Option<String> {
    let Some(operation) = operation(method, rest) else {
        return Some(format!("GitHub has no {method} {rest}"));
    };
    let known = operation["query"].as_array().into_iter().flatten();
    let known: Vec<&str> = known.filter_map(Value::as_str).collect();
    if let Some(name) = query.keys().find(|name| !known.contains(&name.as_str())) {
        return Some(format!("{method} {rest} takes no `{name}`"));
    }
    let schema = &operation["body"];
    if schema.is_null() {
        return (!body.is_null()).then(|| format!("{method} {rest} takes no body"));
    }
    // The description lets unknown members pass, and GitHub does not look at them: one is a mistake.
    let members = body.as_object().into_iter().flatten();
    if let Some((name, _)) = members
        .into_iter()
        .find(|(name, _)| schema["properties"].get(name.as_str()).is_none())
    {
        return Some(format!("the body of {method} {rest} has no `{name}`"));
    }
    let schema = jsonschema::draft7::new(schema).ok()?;
    let first = schema.iter_errors(body).next();
    first.map(|error| format!("the body of {method} {rest}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_of_the_api_is_named() {
        let of = |method: Method, rest: &str, query: &[&str], body: Value| {
            let query = query.iter().map(|q| ((*q).to_owned(), String::new())).collect();
            wrong(&method, rest, &query, &body).unwrap_or_default()
        };
        let comment = "/issues/7/comments";
        assert_eq!(of(Method::POST, comment, &[], json!({"body": "x"})), "");
        assert_eq!(of(Method::GET, comment, &["per_page", "page"], Value::Null), "");
        for (said, why) in [
            (
                of(Method::POST, comment, &[], json!({"text": "x"})),
                "has no `text`",
            ),
            (
                of(Method::POST, comment, &[], json!({"body": 7})),
                "is not of type",
            ),
            (of(Method::POST, comment, &[], json!({})), "required"),
            (
                of(Method::GET, comment, &["pages"], Value::Null),
                "takes no `pages`",
            ),
            (of(Method::GET, comment, &[], json!({})), "takes no body"),
            (of(Method::PUT, comment, &[], Value::Null), "has no PUT"),
            (
                of(
                    Method::POST,
                    "/issues/comments/7/reactions",
                    &[],
                    json!({"content": "thumbs"}),
                ),
                "thumbs",
            ),
            (
                of(Method::PATCH, "/issues/7", &[], json!({"state": "shut"})),
                "shut",
            ),
        ] {
            assert!(said.contains(why), "{why}: {said}");
        }
    }
}
