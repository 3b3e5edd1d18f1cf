//! Drift that is accepted, as a patch to the program: where a value that was changed is a literal in the statement that declares its
//! resource, the literal becomes what is there. Everything else is named with the reason.

use serde_json::Value;
use similar::TextDiff;
use std::{collections::BTreeMap, fmt::Write as _, ops::Range};
use tenon_planner::{
    FieldDiff,
    drift::{Class, Survey},
};

/// The most lines of a statement.
const STATEMENT: usize = 200;

/// A patch, and what is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// The unified diff, for `git apply` in the root of the repository; empty where there is nothing to change.
    pub diff: String,
    /// The number of values that it changes.
    pub changed: usize,
    /// Values that cannot be written back, each with the reason.
    pub left: Vec<String>,
}

/// The patch that makes a program declare what is there; `sources` is the folder of the program, and `read` reads a file by its path from
/// the root of the repository.
// Long: each way in which drift cannot be written back, and then the diff.
pub fn patch(survey: &Survey, sources: &str, read: impl Fn(&str) -> Option<String>) -> Patch {
    let mut out = Patch::default();
    // The text of each file before, and with what was changed so far.
    let mut files: BTreeMap<String, (String, String)> = BTreeMap::new();
    for drifted in &survey.drifted {
        let whole = |why: &str| format!("{}: {why}", drifted.address);
        if drifted.class != Class::Changed {
            out.left.push(whole(match drifted.class {
                Class::Gone => {
                    "it is gone: take its declaration out of the program, or let the next apply make it again"
                }
                Class::Added | Class::Unrecorded => {
                    "the program does not declare it: declare it, and `import` it"
                }
                Class::Failed | Class::Changed => "it has failed: no value in the program is about that",
            }));
            continue;
        }
        let place = drifted
            .declared
            .as_deref()
            .and_then(|d| crate::sarif::place(d, sources));
        let Some((file, line)) = place else {
            out.left.push(whole(
                "where it is declared is not recorded: the next apply records it",
            ));
            continue;
        };
        if !files.contains_key(&file) {
            let Some(text) = read(&file) else {
                out.left.push(whole(&format!("{file} cannot be read")));
                continue;
            };
            files.insert(file.clone(), (text.clone(), text));
        }
        let Some((_, now)) = files.get_mut(&file) else {
            continue;
        };
        for field in &drifted.fields {
            for leaf in leaves(field) {
                match leaf
                    .and_then(|leaf| rewrite(now, usize::try_from(line).unwrap_or(0), &field.field, &leaf))
                {
                    Ok(()) => out.changed += 1,
                    Err(why) => out.left.push(format!(
                        "{}.{} ({file}:{line}): {why}",
                        drifted.address, field.field
                    )),
                }
            }
        }
    }
    for (file, (before, now)) in files.iter().filter(|(_, (before, now))| before != now) {
        let diff = TextDiff::from_lines(before, now);
        let diff = diff
            .unified_diff()
            .header(&format!("a/{file}"), &format!("b/{file}"))
            .to_string();
        let _ = write!(out.diff, "{diff}");
    }
    out
}

/// A value inside of a field: its key, where it is a member of a map, what is declared, and what is there.
struct Leaf {
    key: Option<String>,
    from: Value,
    to: Value,
}

/// The single values in which a field changed.
fn leaves(field: &FieldDiff) -> Vec<Result<Leaf, String>> {
    match (field.from.value(), field.to.value()) {
        (Value::Object(from), Value::Object(to)) => {
            let keys = from.keys().chain(to.keys().filter(|k| !from.contains_key(*k)));
            let differ = keys.filter(|k| from.get(*k) != to.get(*k));
            let leaf = |key: &String| match (from.get(key), to.get(key)) {
                (Some(from), Some(to)) => Ok(Leaf {
                    key: Some(key.clone()),
                    from: from.clone(),
                    to: to.clone(),
                }),
                (None, _) => Err(format!(
                    "`{key}` was added: there is no value in the program to change"
                )),
                (_, None) => Err(format!("`{key}` was removed: take it out of the program")),
            };
            differ.map(leaf).collect()
        }
        (from, to) => vec![Ok(Leaf { key: None, from, to })],
    }
}

/// The literal that a value is in a program.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(format!("{text:?}")),
        _ => None,
    }
}

/// Changes the literal in the statement that begins at `line`, counted from 1.
fn rewrite(text: &mut String, line: usize, field: &str, leaf: &Leaf) -> Result<(), String> {
    let (Some(from), Some(to)) = (literal(&leaf.from), literal(&leaf.to)) else {
        return Err("it is no single text, number or truth value".into());
    };
    let statement = statement(text, line).ok_or("the program has no such line any more")?;
    // What comes before the value says which it is: the method of the field, the member of a struct, or the key of a map.
    let before = match &leaf.key {
        Some(key) => vec![format!("{key:?}, "), format!("{key:?} => ")],
        None => vec![format!(".{field}("), format!("{field}: ")],
    };
    let body = &text[statement.clone()];
    let named: Vec<Range<usize>> = before
        .iter()
        .flat_map(|before| occurrences(body, &format!("{before}{from}"), before.len()))
        .collect();
    let found = match named.as_slice() {
        // A text that stands there once can be nothing else; a number may be.
        [] if leaf.from.is_string() => occurrences(body, &from, 0),
        _ => named,
    };
    match found.as_slice() {
        [one] => {
            let at = statement.start + one.start..statement.start + one.end;
            text.replace_range(at, &to);
            Ok(())
        }
        [] => Err(format!(
            "{from} is no literal in its statement: the value is made elsewhere"
        )),
        _ => Err(format!("{from} stands in its statement more than once")),
    }
}

/// The places of `what` in a text, without the first `skip` bytes of each, where a whole literal ends.
fn occurrences(text: &str, what: &str, skip: usize) -> Vec<Range<usize>> {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let found = text.match_indices(what).filter(|(at, _)| {
        let (before, behind) = (
            text[..*at].chars().next_back(),
            text[at + what.len()..].chars().next(),
        );
        let quoted = what.starts_with(['"', '.']);
        (quoted || !word(before)) && (what.ends_with('"') || !word(behind))
    });
    found.map(|(at, _)| at + skip..at + what.len()).collect()
}

/// The bytes of the statement that has the line: from the statement's beginning to the `;` or the closing bracket that ends it. Brackets and
/// semicolons in texts and in comments are not looked at.
fn statement(text: &str, line: usize) -> Option<Range<usize>> {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
    let (mut depth, mut lines, mut quoted, mut comment, mut escaped) = (0_i32, 0, false, false, false);
    let mut last = ' ';
    for (at, c) in rest.char_indices() {
        if c == '\n' {
            lines += 1;
            comment = false;
            if lines > STATEMENT {
                return None;
            }
        }
        match c {
            _ if comment => {}
            '"' if !escaped => quoted = !quoted,
            _ if quoted => escaped = c == '\\' && !escaped,
            '/' if last == '/' => comment = true,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return Some(start..start + at),
            ')' | ']' | '}' => depth -= 1,
            ';' if depth == 0 => return Some(start..start + at),
            _ => {}
        }
        if !quoted {
            escaped = false;
        }
        last = c;
    }
    Some(start..text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tenon_planner::drift::Drifted;

    const PROGRAM: &str = r#"fn network(s: &mut Scope) {
    let vpc = s.add("vpc", ec2::Vpc::new("10.0.0.0/16") // "10.9.0.0/16";
        .enable_dns_support(true)
        .enable_dns_hostnames(true)
        .tags([("team", "shop"), ("cost", "1")]));
    s.add("queue", sqs::Queue::new().visibility_timeout(30).message_retention_period(30));
    s.add("topic", sns::Topic::new().display_name(name));
}
"#;

    fn drifted(address: &str, line: u32, field: &str, from: Value, to: Value) -> Drifted {
        Drifted {
            class: Class::Changed,
            address: address.into(),
            kind: "ec2.vpc".into(),
            id: None,
            declared: Some(format!("main.rs:{line}")),
            fields: vec![FieldDiff {
                field: field.into(),
                from: from.into(),
                to: to.into(),
                replaces: false,
            }],
            status: None,
            place: tenon_resources::declaration::Place::default(),
            by: None,
        }
    }

    fn patched(drifted: Vec<Drifted>) -> Patch {
        let survey = Survey {
            drifted,
            ..Survey::default()
        };
        patch(&survey, "src", |file| {
            (file == "src/main.rs").then(|| PROGRAM.into())
        })
    }

    fn lines(patch: &Patch) -> Vec<&str> {
        let changed = patch
            .diff
            .lines()
            .filter(|l| l.starts_with(['+', '-']) && !l.starts_with("+++") && !l.starts_with("---"));
        changed.map(str::trim_end).collect()
    }

    #[test]
    fn a_literal_in_the_statement_becomes_what_is_there() {
        let dns = patched(vec![drifted(
            "vpc",
            2,
            "enable_dns_support",
            json!(true),
            json!(false),
        )]);
        assert_eq!((dns.changed, dns.left.len()), (1, 0));
        assert_eq!(
            lines(&dns),
            [
                "-        .enable_dns_support(true)",
                "+        .enable_dns_support(false)"
            ]
        );
        assert!(
            dns.diff.starts_with("--- a/src/main.rs\n+++ b/src/main.rs\n@@ "),
            "{}",
            dns.diff
        );
        let tag = patched(vec![drifted(
            "vpc",
            2,
            "tags",
            json!({"team": "shop", "cost": "1"}),
            json!({"team": "web \"2\"", "cost": "1"}),
        )]);
        assert!(lines(&tag)[1].contains(r#"("team", "web \"2\"")"#), "{tag:?}");
        // Two of one value in a statement, told apart by their methods; and two changes of one file in one patch.
        let both = patched(vec![
            drifted("queue", 6, "visibility_timeout", json!(30), json!(60)),
            drifted("vpc", 2, "cidr_block", json!("10.0.0.0/16"), json!("10.1.0.0/16")),
        ]);
        assert_eq!(both.changed, 2);
        assert!(
            both.diff
                .contains("visibility_timeout(60).message_retention_period(30)"),
            "{}",
            both.diff
        );
        assert!(
            both.diff.contains(r#"Vpc::new("10.1.0.0/16") // "10.9.0.0/16";"#),
            "{}",
            both.diff
        );
    }

    #[test]
    fn what_is_no_literal_of_its_own_is_named_and_left() {
        let gone = Drifted {
            class: Class::Gone,
            ..drifted("vpc", 2, "x", json!(1), json!(2))
        };
        for (left, why) in [
            (
                drifted("topic", 7, "display_name", json!("shop"), json!("web")),
                "made elsewhere",
            ),
            (
                drifted("queue", 6, "delay_seconds", json!(30), json!(60)),
                "made elsewhere",
            ),
            (
                drifted("vpc", 2, "tags", json!({"team": "shop"}), json!({})),
                "was removed",
            ),
            (
                drifted("vpc", 2, "tags", json!({}), json!({"scan": "1"})),
                "was added",
            ),
            (drifted("vpc", 2, "list", json!([1]), json!([2])), "no single"),
            (drifted("vpc", 99, "x", json!(true), json!(false)), "no such line"),
            (gone, "it is gone"),
        ] {
            let patch = patched(vec![left]);
            assert_eq!((patch.diff.as_str(), patch.changed), ("", 0), "{why}");
            assert!(
                patch.left.iter().any(|l| l.contains(why)),
                "{why}: {:?}",
                patch.left
            );
        }
        let elsewhere = Drifted {
            declared: Some("../other.rs:1".into()),
            ..drifted("vpc", 2, "x", json!(true), json!(false))
        };
        assert_eq!(patched(vec![elsewhere]).left.len(), 1);
    }
}
