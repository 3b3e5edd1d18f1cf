//! `blame`: the run that last changed each field of a resource.

use super::{history, session::Session};
use crate::error::{CliError, exit};
use serde_json::{Value, json};
use tenon_planner::{
    nearest,
    render::{Paint, clean, value_lines},
};
use tenon_state::{Record, State};

/// Show which run last changed a resource, or one field of it: when, by whom, from which commit
///
/// Example: `blame web/service`, or `blame web/service.desired_count`.
#[derive(clap::Args, Debug)]
pub(super) struct Blame {
    /// Address of a resource, with `.` and a field behind it for one field
    #[arg(value_name = "ADDRESS[.FIELD]")]
    what: String,
}

pub(super) async fn run(session: &Session<'_>, args: &Blame) -> Result<u8, CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let (record, field) = find(&state, &args.what)?;
    let fields: Vec<&str> = match field {
        Some(field) => vec![field],
        None => record
            .inputs
            .as_object()
            .into_iter()
            .flat_map(|m| m.keys())
            .map(String::as_str)
            .collect(),
    };
    if ui.json {
        let rows: Vec<_> = fields
            .iter()
            .map(|field| {
                let run = state
                    .last_change(&record.address, Some(field))
                    .map(|(run, _)| history::data(run));
                json!({"address": record.address, "field": field, "value": record.inputs[field], "run": run})
            })
            .collect();
        ui.json_data(&rows)?;
        return Ok(exit::DONE);
    }
    let paint = Paint::new(&ui.out());
    let id = record.id.as_deref().map(clean).unwrap_or_default();
    let mut lines = vec![format!(
        "{}  {}  {id}",
        paint.strong(&clean(&record.address)),
        clean(&record.kind)
    )];
    let width = fields.iter().map(|f| f.len()).max().unwrap_or(0);
    for field in fields {
        let run = state.last_change(&record.address, Some(field));
        let run = run.map_or_else(
            || "before the history begins".into(),
            |(run, _)| history::title(run, paint),
        );
        lines.push(format!("  {field:width$}  {run}"));
        lines.extend(
            value_lines(&record.inputs[field])
                .into_iter()
                .map(|line| format!("  {:width$}    {line}", "")),
        );
    }
    ui.data(&lines.join("\n"))?;
    Ok(exit::DONE)
}

/// The resource at an address, with the field behind it; addresses may have dots, too.
fn find<'s, 'a>(state: &'s State, what: &'a str) -> Result<(&'s Record, Option<&'a str>), CliError> {
    if let Some(record) = state.current(what) {
        return Ok((record, None));
    }
    let mut dots = what
        .rmatch_indices('.')
        .map(|(at, _)| (&what[..at], &what[at + 1..]));
    let Some((record, field)) = dots.find_map(|(address, field)| Some((state.current(address)?, field)))
    else {
        let error = CliError::failed(format!("nothing is recorded at `{what}`"));
        return Err(
            match nearest(what, state.records.keys().map(|key| key.address.as_str())) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("`state list` shows what is recorded"),
            },
        );
    };
    if record.inputs.get(field).is_none_or(Value::is_null) {
        let names: Vec<&str> = record
            .inputs
            .as_object()
            .into_iter()
            .flat_map(|m| m.keys())
            .map(String::as_str)
            .collect();
        let error = CliError::failed(format!("`{}` has no field `{field}`", record.address));
        return Err(match nearest(field, names.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("it has `{}`", names.join("`, `"))),
        });
    }
    Ok((record, Some(field)))
}
