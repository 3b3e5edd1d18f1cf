//! Names that are ids: the rule by which the engine makes one.

use crate::value::NameRule;
use tenon_cfn::{Node, Schema};

/// The property that is the whole identifier and need not be given, with the rule for what the engine gives it: the id is known
/// before the resource is made, and a replacement has another.
pub(super) fn field(schema: &'static Schema) -> Option<(&'static str, NameRule)> {
    let [name] = schema.id.as_slice() else { return None };
    let named = ["Name", "Identifier"].iter().any(|end| name.ends_with(end)) && !name.contains('/');
    let required = schema.root.required.contains(name);
    if !named || required || !schema.has_natural_id() {
        return None;
    }
    Some((name, rule(schema.node(name)?)))
}

fn rule(node: &'static Node) -> NameRule {
    let pattern = node.pattern.as_ref().and_then(|p| regex_lite::Regex::new(p).ok());
    let fits = |text: &str| pattern.as_ref().is_none_or(|p| p.is_match(text));
    let also: String = ['-', '_']
        .into_iter()
        .filter(|c| fits(&format!("aaaa{c}aaaa{c}aaaaaaaaaaaa")))
        .collect();
    NameRule {
        also: String::leak(if pattern.is_none() { "-".into() } else { also }),
        lower: !fits("aaaaAaaaaaaaaaaaaaaa"),
        folds: true,
        // Where a schema does not say how long a name may be, the shortest limit that AWS has for a host's name holds.
        ..NameRule::new(node.max_length.unwrap_or(63).min(63))
    }
}
