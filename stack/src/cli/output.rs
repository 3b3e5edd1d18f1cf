//! `output`: values of the stack for other programs.

use super::session::Session;
use crate::error::{CliError, exit};
use serde_json::Value;
use std::collections::BTreeMap;
use tenon_planner::render::{clean, value_lines};

/// Print the outputs of the last apply
///
/// Example: `output --raw vpc_id` prints one value without quotes, for use in a shell.
#[derive(clap::Args, Debug)]
pub(super) struct Output {
    /// Output to print [default: all outputs]
    name: Option<String>,
    /// Print the text without quotes
    #[arg(long, requires = "name", conflicts_with = "json")]
    raw: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Output) -> Result<u8, CliError> {
    let ui = &session.ui;
    let outputs = session.state().await?.outputs;
    let Some(name) = &args.name else {
        if ui.json {
            ui.json_data(&outputs)?;
        } else if outputs.is_empty() {
            ui.note(&format!(
                "{} has no outputs; they are made by `apply`",
                session.title()
            ));
        } else {
            ui.data(&table(&outputs))?;
        }
        return Ok(exit::DONE);
    };
    let value = outputs.get(name).ok_or_else(|| {
        let names: Vec<_> = outputs.keys().map(|n| format!("`{n}`")).collect();
        let has = if names.is_empty() {
            "none at all; they are made by `apply`".into()
        } else {
            names.join(", ")
        };
        CliError::failed(format!(
            "{} has no output `{name}`; it has {has}",
            session.title()
        ))
    })?;
    match value {
        value if ui.json => ui.json_data(value)?,
        Value::String(text) if args.raw => ui.data(text)?,
        value => ui.data(&value_lines(value).join("\n"))?,
    }
    Ok(exit::DONE)
}

/// `name = value`, aligned.
pub(super) fn table(outputs: &BTreeMap<String, Value>) -> String {
    let width = outputs.keys().map(|n| n.chars().count()).max().unwrap_or(0);
    let lines = outputs
        .iter()
        .map(|(name, value)| format!("{:width$} = {}", clean(name), value_lines(value).join("\n  ")));
    lines.collect::<Vec<_>>().join("\n")
}
