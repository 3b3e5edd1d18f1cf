//! `console`: evaluates what the state has.

use super::session::Session;
use crate::error::{CliError, exit};
use serde_json::{Map, Value, json};
use std::io::{BufRead as _, IsTerminal as _};
use tenon_planner::{nearest, render::value_lines};
use tenon_state::{Record, State};

/// Evaluate expressions over the state: addresses, their fields and outputs, and the outputs of the stack
///
/// An expression is an address, such as `network/vpc`, with a path behind it: `network/vpc.id`, `web/service.tags.Name`,
/// `logs.inputs.retention_in_days`, `subnets/a.outputs.arn`; or `outputs.NAME`; or `*`, which lists addresses. Without one, each line of
/// standard input is evaluated. Example: `console network/vpc.id`.
#[derive(clap::Args, Debug)]
pub(super) struct Console {
    /// Expression to evaluate [default: the lines of standard input]
    expression: Option<String>,
    /// Print text without quotes
    #[arg(long, conflicts_with = "json")]
    raw: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Console) -> Result<u8, CliError> {
    let state = session.state().await?;
    if let Some(expression) = &args.expression {
        print(session, args, &evaluate(&state, expression)?)?;
        return Ok(exit::DONE);
    }
    let asks = std::io::stdin().is_terminal();
    if asks {
        session.ui.note(&format!(
            "expressions over {}; `*` lists addresses, an empty line ends",
            session.title()
        ));
    }
    let mut failed = false;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| CliError::failed("could not read standard input").because(e))?;
        match line.trim() {
            "" if asks => break,
            "" => {}
            expression => match evaluate(&state, expression) {
                Ok(value) => print(session, args, &value)?,
                Err(error) => {
                    session.ui.error(&error);
                    failed = true;
                }
            },
        }
    }
    // At a terminal a mistake was seen and corrected.
    Ok(if failed && !asks { exit::ERROR } else { exit::DONE })
}

fn print(session: &Session<'_>, args: &Console, value: &Value) -> Result<(), CliError> {
    match value {
        value if session.ui.json => session.ui.json_data(value),
        Value::String(text) if args.raw => session.ui.data(text),
        value => session.ui.data(&value_lines(value).join("\n")),
    }
}

/// The value of an expression.
fn evaluate(state: &State, expression: &str) -> Result<Value, CliError> {
    if expression == "*" {
        let addresses: Vec<&str> = state.records.keys().map(|key| key.address.as_str()).collect();
        return Ok(json!(addresses));
    }
    if let Some(path) = expression
        .strip_prefix("outputs")
        .filter(|p| p.is_empty() || p.starts_with('.'))
    {
        return descend(&json!(state.outputs), path.trim_start_matches('.'), "outputs");
    }
    // An address may have dots, so the longest that is recorded counts.
    let mut ends = std::iter::once(expression.len()).chain(expression.rmatch_indices('.').map(|(at, _)| at));
    let found = ends.find_map(|end| Some((state.current(&expression[..end])?, &expression[end..])));
    let Some((record, path)) = found else {
        let error = CliError::failed(format!("nothing is recorded at `{expression}`"));
        return Err(
            match nearest(expression, state.records.keys().map(|key| key.address.as_str())) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("`*` lists addresses, `outputs` the outputs of the stack"),
            },
        );
    };
    descend(&members(record), path.trim_start_matches('.'), &record.address)
}

/// Members of a record: what is recorded of it, its inputs, and over those its outputs.
fn members(record: &Record) -> Value {
    let mut members = Map::new();
    for part in [&record.inputs, &record.outputs] {
        members.extend(
            part.as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }
    members.insert("type".into(), json!(record.kind));
    members.insert("inputs".into(), record.inputs.clone());
    members.insert("outputs".into(), record.outputs.clone());
    if let Some(id) = &record.id {
        members.insert("id".into(), json!(id));
    }
    Value::Object(members)
}

/// The value at `path` in `value`: names and numbers of items, between dots.
fn descend(value: &Value, path: &str, about: &str) -> Result<Value, CliError> {
    let (mut value, mut about, mut rest) = (value, about.to_owned(), path);
    while !rest.is_empty() {
        let (value_of_part, part, left) = match value {
            Value::Object(map) => {
                // Names of tags have dots and colons: the longest that is there counts.
                let mut ends = std::iter::once(rest.len()).chain(rest.rmatch_indices('.').map(|(at, _)| at));
                let found = ends.find_map(|end| Some((map.get(&rest[..end])?, &rest[..end], &rest[end..])));
                found.ok_or_else(|| {
                    let part = rest.split('.').next().unwrap_or(rest);
                    let error = CliError::failed(format!("`{about}` has no `{part}`"));
                    match nearest(part, map.keys().map(String::as_str)) {
                        Some(near) => error.hint(format!("did you mean `{near}`?")),
                        None => error.hint(format!(
                            "it has `{}`",
                            map.keys().cloned().collect::<Vec<_>>().join("`, `")
                        )),
                    }
                })?
            }
            Value::Array(items) => {
                let (part, left) = rest
                    .split_once('.')
                    .map_or((rest, ""), |(part, left)| (part, left));
                let item = part.parse::<usize>().ok().and_then(|index| items.get(index));
                let item = item.ok_or_else(|| {
                    CliError::failed(format!(
                        "`{about}` has no item `{part}`: it has {}, from 0",
                        items.len()
                    ))
                })?;
                (item, part, left)
            }
            _ => {
                return Err(CliError::failed(format!(
                    "`{about}` is a single value, and has no `{rest}`"
                )));
            }
        };
        about = format!("{about}.{part}");
        value = value_of_part;
        rest = left.trim_start_matches('.');
    }
    Ok(value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_state::{Identity, Phase};

    #[test]
    fn the_longest_name_that_is_there_counts() {
        let (stack, env) = ("shop".into(), "test".into());
        let mut state = State::new(&Identity { stack, env }, String::new());
        state.insert(Record {
            address: "net/eu.a".into(),
            kind: "ec2.subnet".into(),
            generation: 0,
            id: Some("subnet-1".into()),
            inputs: json!({"tags": {"a.b": {"c": [1, {"d": 2}]}}}),
            outputs: json!({"arn": "arn:aws:ec2:…"}),
            dependencies: vec![],
            phase: Phase::Ready,
            declared: None,
            unmarked: false,
            options: serde_json::Value::Null,
            place: serde_json::Value::Null,
        });
        state.outputs.insert("url".into(), json!("https://example.com"));
        let is = |expression: &str| evaluate(&state, expression).map_err(|e| e.message());
        assert_eq!(is("net/eu.a.id"), Ok(json!("subnet-1")));
        assert_eq!(is("net/eu.a.tags.a.b.c.1.d"), Ok(json!(2)));
        assert_eq!(is("outputs.url"), Ok(json!("https://example.com")));
        assert_eq!(is("net/eu.a.type"), Ok(json!("ec2.subnet")));
        assert_eq!(
            is("net/eu.a.tags.a.b.c.9").unwrap_err(),
            "`net/eu.a.tags.a.b.c` has no item `9`: it has 2, from 0"
        );
        assert_eq!(is("net/eu.a.x").unwrap_err(), "`net/eu.a` has no `x`");
        assert!(is("net/eu").is_err());
    }
}
