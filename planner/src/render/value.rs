//! A value as people read it, in one line or in several.

use super::clean::{clean, quoted};
use crate::{Action, Decision, Plan};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use tenon_resources::{
    registry,
    value::{Ref, SecretSource},
};

/// Longer one-line lists and maps are written over several lines.
const INLINE: usize = 72;

/// Knows which resources a plan makes, and so what can be said of a reference.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    actions: HashMap<&'a str, Action>,
    /// The decisions to change in place, by address.
    updated: HashMap<&'a str, &'a Decision>,
    all: bool,
}

/// A value without a plan around it, over as many lines as it needs.
pub fn lines(value: &Value) -> Vec<String> {
    Values {
        all: true,
        ..Values::default()
    }
    .lines(value)
}

impl<'a> Values<'a> {
    /// The values of `plan`. With `all`, ownership tags are shown, too.
    pub(super) fn new(plan: &'a Plan, all: bool) -> Self {
        let actions = plan.decisions.iter().filter(|d| d.action != Action::Delete);
        let updated = plan.decisions.iter().filter(|d| d.action == Action::Update);
        Self {
            updated: updated.map(|d| (d.address.as_str(), d)).collect(),
            actions: actions.map(|d| (d.address.as_str(), d.action)).collect(),
            all,
        }
    }

    /// The same, with the ownership tags.
    pub(super) fn whole(plan: &'a Plan) -> Self {
        Self::new(plan, true)
    }

    /// On one line.
    pub(super) fn line(&self, value: &Value) -> String {
        match value {
            Value::Null => "(not set)".into(),
            Value::String(text) => quoted(text),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|v| self.line(v)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(map) => self.special(map).unwrap_or_else(|| {
                let members = self.members(map);
                let members: Vec<_> = members
                    .map(|(k, v)| format!("{}: {}", key(k), self.line(v)))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }),
            other => other.to_string(),
        }
    }

    /// Over as many lines as it needs: one member or item a line, nested ones indented.
    pub(super) fn lines(&self, value: &Value) -> Vec<String> {
        let mut out = vec![];
        self.write(&document(value), 0, "", &mut out);
        out
    }

    /// `true` if the value is short and flat enough for one line.
    pub(super) fn fits(&self, value: &Value) -> bool {
        match document(value) {
            Value::Object(map) if self.special(&map).is_some() => self.text_lines(&map).is_none(),
            Value::Object(map) => {
                self.members(&map).count() == 0
                    || (self.members(&map).all(|(_, v)| self.scalar(v))
                        && self.line(&Value::Object(map.clone())).len() <= INLINE)
            }
            Value::Array(items) => {
                items.iter().all(|v| self.scalar(v))
                    && self.line(&Value::Array(items.clone())).len() <= INLINE
            }
            Value::String(text) => !text.trim_end().contains('\n'),
            _ => true,
        }
    }

    fn scalar(&self, value: &Value) -> bool {
        match value {
            Value::Object(map) => {
                map.is_empty() || (self.special(map).is_some() && self.text_lines(map).is_none())
            }
            Value::Array(items) => items.is_empty(),
            _ => true,
        }
    }

    fn members<'m>(&self, map: &'m Map<String, Value>) -> impl Iterator<Item = (&'m String, &'m Value)> {
        let all = self.all;
        map.iter()
            .filter(move |(k, v)| all || !(v.is_null() || k.starts_with("tenon:")))
    }

    fn write(&self, value: &Value, depth: usize, lead: &str, out: &mut Vec<String>) {
        let pad = "  ".repeat(depth);
        if let Some(lines) = value.as_object().and_then(|map| self.text_lines(map)) {
            return out.extend(lines.iter().map(|line| format!("{pad}{lead}{line}")));
        }
        match value {
            Value::Object(map) if !self.scalar(value) && !self.fits_below(value) => {
                let mut first = lead.to_owned();
                for (k, v) in self.members(map) {
                    let inner = document(v);
                    if self.fits_below(&inner) {
                        out.push(format!("{pad}{first}{}: {}", key(k), self.line(v)));
                    } else {
                        out.push(format!("{pad}{first}{}:", key(k)));
                        self.write(&inner, depth + 1 + first.len() / 2, "", out);
                    }
                    first = " ".repeat(lead.len());
                }
            }
            Value::Array(items) if !self.fits_below(value) => {
                if !lead.is_empty() {
                    out.push(format!("{pad}{}", lead.trim_end()));
                }
                let depth = depth + lead.len() / 2;
                for item in items {
                    self.write(&document(item), depth, "- ", out);
                }
            }
            Value::String(text) if text.trim_end().contains('\n') => {
                out.extend(text.lines().map(|line| format!("{pad}{lead}{}", clean(line))));
            }
            other => out.push(format!("{pad}{lead}{}", self.line(other))),
        }
    }

    fn fits_below(&self, value: &Value) -> bool {
        match value {
            // A map is read member by member; only lists of plain values stay on their line.
            Value::Object(_) => self.scalar(value),
            _ => self.fits(value),
        }
    }

    /// `true` if the value is known only once this plan has been carried out.
    pub(super) fn is_open(&self, value: &Value) -> bool {
        let mut refs = BTreeSet::new();
        tenon_resources::value::refs(value, &mut refs);
        refs.iter().any(|r| self.verb(r).is_some())
    }

    fn special(&self, map: &Map<String, Value>) -> Option<String> {
        let (name, body) = map.iter().next().filter(|_| map.len() == 1)?;
        match (name.as_str(), body) {
            ("$ref", Value::String(text)) => Some(self.reference(text)),
            ("$join", Value::Array(parts)) => Some(self.joined(parts)),
            ("$secret", body) => Some(secret(body)),
            ("$plain", _) => Some("****".into()),
            ("$asset", body) => asset(body),
            ("$token", _) => Some("(idempotency token)".into()),
            ("$lookup", Value::String(what)) => Some(format!("({} when it is sent)", clean(what))),
            _ => None,
        }
    }

    fn reference(&self, text: &str) -> String {
        let Ok(r) = text.parse::<Ref>() else {
            return clean(text).into_owned();
        };
        if r.resource == "this" {
            return format!("(its {})", clean(&r.output));
        }
        let what = if r.output == "id" {
            String::new()
        } else {
            format!("{} ", clean(&r.output))
        };
        match self.verb(&r) {
            Some(verb) => format!("({what}known after {} {verb})", clean(&r.resource)),
            None => clean(text).into_owned(),
        }
    }

    fn verb(&self, r: &Ref) -> Option<&'static str> {
        match self.actions.get(r.resource.as_str())? {
            Action::Create => Some("is created"),
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => Some("is replaced"),
            Action::Update if self.follows(r) => Some("is changed"),
            Action::None | Action::Update | Action::Delete | Action::Forget => None,
        }
    }

    /// `true` for an output that is another one after a change in place.
    fn follows(&self, r: &Ref) -> bool {
        let decision = self.updated.get(r.resource.as_str());
        let kind = decision.and_then(|d| Some((d, registry::find(&d.kind)?)));
        kind.is_some_and(|(decision, kind)| {
            let outputs = kind.outputs().iter().filter(|o| o.name == r.output);
            let changes = &decision.changes;
            outputs
                .into_iter()
                .any(|o| changes.iter().any(|c| o.echoes(&c.field)))
        })
    }

    fn joined(&self, parts: &[Value]) -> String {
        let (text, after) = self.pieces(parts);
        let quoted = quoted(&text);
        if after.is_empty() {
            quoted
        } else {
            format!("{quoted} (known after {})", after.join(" and "))
        }
    }

    /// Joined text of several lines, as those; `None` for any other value.
    fn text_lines(&self, map: &Map<String, Value>) -> Option<Vec<String>> {
        let (text, after) = self.pieces(map.get("$join").filter(|_| map.len() == 1)?.as_array()?);
        let several = text.trim_end().contains('\n');
        let known = (!after.is_empty()).then(|| format!("(known after {})", after.join(" and ")));
        several.then(|| {
            text.lines()
                .map(|line| clean(line).into_owned())
                .chain(known)
                .collect()
        })
    }

    /// Joined text with references in braces, and what it waits for.
    fn pieces(&self, parts: &[Value]) -> (String, Vec<String>) {
        let mut text = String::new();
        let mut after: Vec<String> = vec![];
        for part in parts {
            match part.get("$ref").and_then(Value::as_str) {
                Some(r) => {
                    put!(text, "{{{r}}}");
                    let source = r.parse::<Ref>().ok();
                    if let Some((source, verb)) = source.and_then(|s| Some((s.clone(), self.verb(&s)?))) {
                        let known = format!("{} {verb}", clean(&source.resource));
                        if !after.contains(&known) {
                            after.push(known);
                        }
                    }
                }
                None => text.push_str(part.as_str().unwrap_or_default()),
            }
        }
        (text, after)
    }
}

/// `sha256:9f86d081884c… (2048 bytes)`; `None` for what is no asset.
fn asset(body: &Value) -> Option<String> {
    let (sha256, size) = (body["sha256"].as_str()?, body["size"].as_u64()?);
    let start: String = sha256.chars().take(12).collect();
    Some(format!(
        "sha256:{}… ({})",
        clean(&start),
        super::count(usize::try_from(size).ok()?, "byte")
    ))
}

fn secret(body: &Value) -> String {
    let mut body = body.clone();
    if let Value::Object(map) = &mut body {
        map.remove("print");
    }
    match serde_json::from_value::<SecretSource>(body) {
        Ok(source) if source.is_generated() => format!("**** ({})", clean(&source.to_string())),
        Ok(source) => format!("**** (from {})", clean(&source.to_string()).replace('`', "")),
        Err(_) => "****".into(),
    }
}

fn key(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-:./".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        clean(text).into_owned()
    } else {
        quoted(text)
    }
}

/// A document inside a string, as what it is.
fn document(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        Value::String(text) => encoded(text).map_or_else(|| value.clone(), Value::String),
        other => other.clone(),
    }
}

/// A text of several lines that is encoded as base64, such as the user data of a host, as what it is.
fn encoded(text: &str) -> Option<String> {
    let bytes = (text.len() >= 64).then(|| STANDARD.decode(text).ok())??;
    let plain = String::from_utf8(bytes).ok()?;
    let readable = plain.contains('\n') && plain.chars().all(|c| !c.is_control() || "\n\r\t".contains(c));
    readable.then(|| format!("(base64 of this text)\n{plain}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_are_one_member_a_line() {
        let policy = json!({"version": "2012-10-17", "statement": [
            {"action": ["s3:GetObject"], "resource": {"$ref": "assets.arn"}},
            {"action": ["logs:PutLogEvents"], "condition": {"StringEquals": {"aws:SourceAccount": "1"}}},
        ]});
        insta::assert_snapshot!(lines(&policy).join("\n"), @r#"
        statement:
          - action: ["s3:GetObject"]
            resource: assets.arn
          - action: ["logs:PutLogEvents"]
            condition:
              StringEquals:
                aws:SourceAccount: "1"
        version: "2012-10-17"
        "#);
        let text = Value::String(policy.to_string());
        assert_eq!(
            lines(&text),
            lines(&policy),
            "JSON in a string reads as the same document"
        );
    }

    #[test]
    fn a_text_in_base64_reads_as_the_text() {
        let script = "#!/bin/sh\nset -eu\necho 'a line that makes it long enough'\n";
        let value = json!({ "UserData": STANDARD.encode(script), "Other": STANDARD.encode([7u8; 60]) });
        let shown = lines(&value);
        assert_eq!(
            shown[1..],
            [
                "UserData:",
                "  (base64 of this text)",
                "  #!/bin/sh",
                "  set -eu",
                "  echo 'a line that makes it long enough'"
            ]
        );
        assert!(shown[0].starts_with("Other: \"BwcH"), "{shown:?}");
    }

    #[test]
    fn joined_lines_stay_lines() {
        let mut values = Values::default();
        values.actions.insert("queue", Action::Create);
        let value = json!({"$join": ["HOST=0.0.0.0\nQUEUE=", {"$ref": "queue.id"}]});
        assert!(!values.fits(&value));
        assert_eq!(
            values.lines(&value),
            [
                "HOST=0.0.0.0",
                "QUEUE={queue.id}",
                "(known after queue is created)"
            ]
        );
    }

    #[test]
    fn secrets_are_never_written_out() {
        let value = json!({"a": {"$secret": {"env": "TOKEN", "print": "ab12"}}, "b": {"$plain": "canary"}});
        let shown = Values::default().line(&value);
        assert_eq!(shown, "{a: **** (from environment variable TOKEN), b: ****}");
    }

    #[test]
    fn joins_say_what_they_wait_for() {
        let mut values = Values::default();
        values.actions.insert("db", Action::Create);
        let value = json!({"$join": ["postgres://", {"$ref": "db.endpoint"}, ":5432/shop"]});
        assert_eq!(
            values.line(&value),
            r#""postgres://{db.endpoint}:5432/shop" (known after db is created)"#
        );
    }
}
