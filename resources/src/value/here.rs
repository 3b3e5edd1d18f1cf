//! Account and region as values: a program may speak of its account and its region before either is known.
//!
//! They are references to a resource that nobody can declare. The planner replaces them with the caller's before it
//! looks at anything else, so no plan and no state ever holds one.

use super::{Output, Ref, Region, simplify};
use serde_json::{Value, json};

/// The address that stands for the place of the stack; `@` cannot be in an address.
const HERE: &str = "@here";

/// The account that the stack is applied to, 12 digits.
///
/// ```
/// use tenon_resources::{text, value::here};
/// let root = text!("arn:aws:iam::{}:root", &here::account());
/// assert_eq!(serde_json::to_string(&root).unwrap(), r#"{"$join":["arn:aws:iam::",{"$ref":"@here.account"},":root"]}"#);
/// ```
pub fn account() -> Output<String> {
    Output::new(HERE, "account")
}

/// The region that the stack is applied to.
pub fn region() -> Output<Region> {
    Output::new(HERE, "region")
}

/// `true` if `r` is one of the two.
pub fn is(r: &Ref) -> bool {
    r.resource == HERE && matches!(r.output.as_str(), "account" | "region")
}

/// Replaces both in `value`.
pub fn fill(value: &mut Value, account: &str, region: &str) {
    simplify(value, &|r| match r.output.as_str() {
        "account" if is(r) => Some(json!(account)),
        "region" if is(r) => Some(json!(region)),
        _ => None,
    });
}

/// `true` if the account or the region is mentioned anywhere in `value`.
pub fn is_in(value: &Value) -> bool {
    let mut mentioned = std::collections::BTreeSet::new();
    super::refs(value, &mut mentioned);
    mentioned.iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn filled_and_joined_where_nothing_else_is_open() {
        let arn = text!("arn:aws:logs:{}:{}:*", &region(), &account());
        let half = text!("{}/{}", &Output::<String>::new("bucket", "arn"), &account());
        let mut value = json!([arn, half]);
        fill(&mut value, "111111111111", "eu-west-1");
        assert_eq!(
            value,
            json!(["arn:aws:logs:eu-west-1:111111111111:*", {"$join": [{"$ref": "bucket.arn"}, "/", "111111111111"]}])
        );
    }
}
