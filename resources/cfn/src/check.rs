//! The check of properties against a schema: everything that AWS would refuse for their form, said before anything is sent.
//!
//! A value that is not known yet (a reference, joined text, a secret) is an object with one key that begins with `$`, and is not
//! looked at. Where a schema says less than AWS does, the check says nothing: it misses mistakes, and invents none.

use crate::{Node, Schema, path};
use regex_lite::Regex;
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// Patterns that have been read: a type's page and its examples ask each of them hundreds of times.
static READ: LazyLock<Mutex<HashMap<String, Option<Arc<Regex>>>>> = LazyLock::new(Mutex::default);

/// The regular expression `pattern`; `None` for one that this crate cannot read.
pub(crate) fn regex(pattern: &str) -> Option<Arc<Regex>> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.get(pattern) {
        return known.clone();
    }
    let made = Regex::new(pattern).ok().map(Arc::new);
    read.insert(pattern.to_owned(), made.clone());
    made
}

/// Mistakes in `properties`, as sentences that name the property and what AWS takes.
pub fn findings(schema: &Schema, properties: &Value) -> Vec<String> {
    let mut check = Check {
        schema,
        findings: vec![],
        at: vec![],
    };
    check.node(&schema.root, properties);
    check.findings
}

/// True if a value is one that is not known yet.
pub fn is_open(value: &Value) -> bool {
    let Value::Object(map) = value else { return false };
    map.len() == 1
        && map
            .keys()
            .all(|key| matches!(key.as_str(), "$ref" | "$join" | "$secret" | "$plain" | "$token"))
}

struct Check<'s> {
    schema: &'s Schema,
    findings: Vec<String>,
    /// The path of the value that is looked at.
    at: Vec<String>,
}

impl Check<'_> {
    fn path(&self) -> String {
        self.at.join("/")
    }

    /// The path for people: `Rules[2].Name`.
    fn shown(&self) -> String {
        let mut text = String::new();
        for part in &self.at {
            if part.bytes().all(|b| b.is_ascii_digit()) {
                let _ = write!(text, "[{part}]");
            } else {
                let dot = if text.is_empty() { "" } else { "." };
                let _ = write!(text, "{dot}{part}");
            }
        }
        text
    }

    fn say(&mut self, why: &str) {
        let shown = self.shown();
        self.findings.push(if shown.is_empty() {
            why.to_owned()
        } else {
            format!("`{shown}` {why}")
        });
    }

    fn below(&mut self, part: &str, node: &Node, value: &Value) {
        self.at.push(part.to_owned());
        self.node(node, value);
        self.at.pop();
    }

    fn node(&mut self, node: &Node, value: &Value) {
        let path = self.path();
        if !self.at.is_empty() && self.schema.is_read_only(&path) && !self.partly_ours(&path) {
            return self.say("is AWS's to decide; leave it out, and refer to it as an output");
        }
        if self.schema.is_secret(&path) && !is_open(value) && !value.is_null() {
            return self.say("is a secret, and plain text would end up in the state; give `Secret::env(\"NAME\")`, or where else it is kept");
        }
        if is_open(value) {
            return;
        }
        let node = self.schema.resolve(node);
        if !self.takes(node, value) {
            return;
        }
        match value {
            Value::Object(map) => self.object(node, map),
            Value::Array(items) => self.array(node, items),
            Value::String(text) => self.text(node, text),
            Value::Number(number) => self.number(node, number.as_f64().unwrap_or_default()),
            Value::Bool(_) | Value::Null => {}
        }
        self.words(node, value);
        self.forms(node, value);
    }

    /// A read-only path that is also part of the identifier or required may be given all the same where the schema says both.
    fn partly_ours(&self, path: &str) -> bool {
        path::any_within(&self.schema.create_only, path) && path::any_within(&self.schema.write_only, path)
    }

    /// True if the type of JSON is right; says so where it is not.
    fn takes(&mut self, node: &Node, value: &Value) -> bool {
        let (found, name) = match value {
            Value::Null => return true,
            Value::Bool(_) => ("a Boolean", "boolean"),
            Value::Number(n) if n.is_i64() || n.is_u64() => ("a whole number", "integer"),
            Value::Number(_) => ("a number", "number"),
            Value::String(_) => ("text", "string"),
            Value::Array(_) => ("a list", "array"),
            Value::Object(_) => ("a structure", "object"),
        };
        let types = &node.types;
        if types.takes(name) || (name == "integer" && types.takes("number")) {
            return true;
        }
        let wanted: Vec<&str> = [
            ("boolean", "a Boolean (true or false)"),
            ("integer", "a whole number"),
            ("number", "a number"),
            ("string", "text"),
            ("array", "a list"),
            ("object", "a structure"),
        ]
        .into_iter()
        .filter(|(name, _)| types.takes(name))
        .map(|(_, said)| said)
        .collect();
        self.say(&format!("is {found}, and AWS takes {}", wanted.join(" or ")));
        false
    }

    fn object(&mut self, node: &Node, map: &Map<String, Value>) {
        self.members(node, map);
        let set = |name: &String| map.get(name).is_some_and(|v| !v.is_null());
        for name in node.required.iter().filter(|name| !set(name)) {
            let inside = if self.at.is_empty() {
                name.clone()
            } else {
                format!("{}/{name}", self.path())
            };
            if !self.schema.is_read_only(&inside) {
                self.missing(name);
            }
        }
        for (name, needs) in node.dependent_required.iter().filter(|(name, _)| set(name)) {
            for needed in needs.iter().filter(|needed| !set(needed)) {
                self.say(&format!("has `{name}`, and with it AWS wants `{needed}`"));
            }
        }
        for (name, excluded) in node.dependent_excluded.iter().filter(|(name, _)| set(name)) {
            // Said once for the two of them.
            for other in excluded
                .iter()
                .filter(|other| set(other) && (name < *other || !excludes(node, other, name)))
            {
                self.say(&format!("has `{name}` and `{other}`, of which AWS takes one"));
            }
        }
        let listed = |names: &[String]| {
            names
                .iter()
                .map(|n| format!("`{n}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let count = |names: &[String]| names.iter().filter(|n| set(n)).count();
        if !node.required_xor.is_empty() && count(&node.required_xor) != 1 {
            self.say(&format!(
                "has {} of {}, and AWS wants exactly one",
                count(&node.required_xor),
                listed(&node.required_xor)
            ));
        }
        if !node.required_or.is_empty() && count(&node.required_or) == 0 {
            self.say(&format!(
                "has none of {}, and AWS wants one",
                listed(&node.required_or)
            ));
        }
        self.count(map.len(), node.min_properties, node.max_properties, "keys");
    }

    fn missing(&mut self, name: &str) {
        if self.at.is_empty() {
            self.findings.push(format!("`{name}` is required"));
        } else {
            self.say(&format!("lacks `{name}`, which is required"));
        }
    }

    fn members(&mut self, node: &Node, map: &Map<String, Value>) {
        for (name, value) in map {
            if let Some(property) = node.properties.get(name) {
                self.below(name, property, value);
                continue;
            }
            let by_pattern = node
                .pattern_properties
                .iter()
                .find(|(pattern, _)| regex(pattern).is_some_and(|pattern| pattern.is_match(name)));
            match by_pattern.map(|(_, node)| node).or(node.additional.as_deref()) {
                Some(other) => self.below(name, other, value),
                // A pattern that cannot be read may have meant this key.
                None if node.closed && readable(&node.pattern_properties) => self.unknown(node, name),
                None => {}
            }
        }
    }

    fn unknown(&mut self, node: &Node, name: &str) {
        let folded = name.to_ascii_lowercase();
        let score = |known: &&String| strsim::jaro_winkler(&folded, &known.to_ascii_lowercase());
        let near = node
            .properties
            .keys()
            .max_by(|a, b| score(a).total_cmp(&score(b)));
        let hint = match near.filter(|near| score(near) > 0.75) {
            Some(near) => format!("; did you mean `{near}`?"),
            None if node.properties.is_empty() => String::new(),
            None => {
                let all: Vec<_> = node
                    .properties
                    .keys()
                    .take(12)
                    .map(|k| format!("`{k}`"))
                    .collect();
                let more = if node.properties.len() > all.len() {
                    " and others"
                } else {
                    ""
                };
                format!("; it has {}{more}", all.join(", "))
            }
        };
        let of = if self.at.is_empty() {
            self.schema.name.clone()
        } else {
            format!("`{}`", self.shown())
        };
        self.findings
            .push(format!("`{name}` is no property of {of}{hint}"));
    }

    fn array(&mut self, node: &Node, items: &[Value]) {
        self.count(items.len(), node.min_items, node.max_items, "elements");
        if node.unique_items {
            let twice = items
                .iter()
                .enumerate()
                .find(|(i, item)| !is_open(item) && items[..*i].contains(item));
            if let Some((_, item)) = twice {
                self.say(&format!("has {item} twice, and AWS takes each once"));
            }
        }
        if let Some(of) = &node.items {
            for (index, item) in items.iter().enumerate() {
                self.below(&index.to_string(), of, item);
            }
        }
    }

    fn count(&mut self, found: usize, least: Option<usize>, most: Option<usize>, what: &str) {
        if let Some(least) = least.filter(|least| found < *least) {
            self.say(&format!("has {found} {what}, and AWS takes at least {least}"));
        }
        if let Some(most) = most.filter(|most| found > *most) {
            self.say(&format!("has {found} {what}, and AWS takes at most {most}"));
        }
    }

    fn text(&mut self, node: &Node, text: &str) {
        self.count(
            text.chars().count(),
            node.min_length,
            node.max_length,
            "characters",
        );
        let Some(pattern) = &node.pattern else { return };
        if regex(pattern).is_some_and(|read| !read.is_match(text)) {
            self.say(&format!(
                "is \"{}\", and AWS takes what matches {pattern}",
                short(text)
            ));
        }
    }

    fn number(&mut self, node: &Node, number: f64) {
        let out = match (node.minimum, node.maximum) {
            (Some(low), Some(high)) if number < low || number > high => format!("{low} to {high}"),
            (Some(low), _) if number < low => format!("at least {low}"),
            (_, Some(high)) if number > high => format!("at most {high}"),
            _ => return,
        };
        self.say(&format!("is {number}, and AWS takes {out}"));
    }

    fn words(&mut self, node: &Node, value: &Value) {
        let folds = node.enum_case_insensitive;
        let same = |word: &Value| match (word, value) {
            (Value::String(word), Value::String(value)) if folds => word.eq_ignore_ascii_case(value),
            _ => word == value,
        };
        let constant = node.constant.iter();
        if value.is_null()
            || (node.words.is_empty() && node.constant.is_none())
            || node.words.iter().chain(constant).any(same)
        {
            return;
        }
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned)
        };
        let all: Vec<String> = node.words.iter().chain(&node.constant).map(text).collect();
        let near = all.iter().find(|word| word.eq_ignore_ascii_case(&text(value)));
        let all = near.map_or_else(
            || format!("one of {}", all.join(", ")),
            |near| format!("`{near}`"),
        );
        self.say(&format!("is {}, and AWS takes {all}", short(&value.to_string())));
    }

    /// Forms of which one must fit, or all.
    fn forms(&mut self, node: &Node, value: &Value) {
        for form in &node.all_of {
            self.node(form, value);
        }
        for forms in [&node.any_of, &node.one_of] {
            let tried: Vec<Vec<String>> = forms
                .iter()
                .map(|form| {
                    let mut check = Check {
                        schema: self.schema,
                        findings: vec![],
                        at: self.at.clone(),
                    };
                    check.node(form, value);
                    check.findings
                })
                .collect();
            // The form with the fewest mistakes is the one that was meant.
            if !tried.is_empty()
                && tried.iter().all(|findings| !findings.is_empty())
                && let Some(nearest) = tried.into_iter().min_by_key(Vec::len)
            {
                self.findings.extend(nearest);
            }
        }
    }
}

fn excludes(node: &Node, name: &str, other: &str) -> bool {
    node.dependent_excluded
        .get(name)
        .is_some_and(|all| all.iter().any(|one| one == other))
}

fn readable(patterns: &std::collections::BTreeMap<String, Node>) -> bool {
    patterns.keys().all(|pattern| regex(pattern).is_some())
}

fn short(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(59).chain(['…']).collect()
}
