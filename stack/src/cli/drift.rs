//! `drift`: changes that were made to resources outside of this program. Reads, and changes nothing.

use super::{connect::Connected, output, session::Session};
use crate::{
    error::{CliError, exit},
    ui::Progress,
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tenon_planner::{
    additions::additions,
    drift::{Class, Drifted, Ignore, Survey, survey, with_authors},
    event::{Sink, quiet},
    render::{Paint, Sigil, clean, count, field_change},
};
use tenon_review::{
    drift::{RULES, Report, author, unread},
    patch::patch,
    sarif,
};
use tenon_state::{State, StateWrite};

/// Show resources that were changed outside of this program; exit code 2 if there are any
///
/// Every recorded resource is read from AWS and compared with the state, and so is what somebody put into one (a rule into a security
/// group, an inline policy into a role) and what carries the stack's ownership tags and is in no state. Nothing is changed, and the
/// state is not locked. `plan --only-drift` plans what restores it. Example: `drift --confirm 60s --markdown drift.md`.
#[derive(clap::Args, Debug)]
pub(super) struct Drift {
    /// Record what was put into the stack's resources, so that the next apply removes what is not declared by then
    #[arg(long)]
    record: bool,
    /// Leave this out: `ADDRESS`, `ADDRESS.FIELD` or `ADDRESS.FIELD.KEY`; the address may end in `*`; may be repeated
    ///
    /// Differences that are left out are counted. Example: `--ignore api/service.desired_count --ignore '*.tags.last-scan'`.
    #[arg(long, value_name = "PATTERN")]
    ignore: Vec<Ignore>,
    /// Read twice, so long apart, and report what both readings say
    ///
    /// A read may be behind a change that was made a moment ago. Example: `--confirm 60s`.
    #[arg(long, value_name = "TIME", value_parser = pause)]
    confirm: Option<Duration>,
    /// Write the report to this file, as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the report to this file, as SARIF for code scanning
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// Write the report to this file, as Markdown within the limit of an issue on GitHub
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Say who made the last call on each resource that differs
    ///
    /// AWS's event history knows of 90 days. It takes the permission `cloudtrail:LookupEvents`.
    #[arg(long)]
    who: bool,
    /// Accept what is there: with `--patch`, as a change to the program
    #[arg(long, requires = "patch")]
    accept: bool,
    /// Write a unified diff to this file that makes the program declare what is there, for `git apply`
    ///
    /// A value is changed where it is a literal in the statement that declares its resource; what else drifted is named, with the reason.
    /// The program's files are read from the current folder, the root of the repository. Example: `drift --accept --patch drift.patch`.
    #[arg(long, value_name = "FILE", requires = "accept")]
    patch: Option<PathBuf>,
    /// Folder of the program's sources, from the root of the repository, for places in SARIF and for the patch
    #[arg(long, value_name = "FOLDER", default_value = "src")]
    sources: String,
}

fn pause(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().ok();
    let pause = parsed.and_then(|d| Duration::try_from(d).ok());
    pause
        .filter(|d| *d <= Duration::from_secs(3600))
        .ok_or_else(|| "expected a time of at most an hour, such as `60s` or `2min`".into())
}

pub(super) async fn run(session: &Session<'_>, args: &Drift) -> Result<u8, CliError> {
    let (mut state, mut found, connected) = look(session, None).await?;
    if let Some(pause) = args
        .confirm
        .filter(|_| !found.is_clean() || !found.unreadable.is_empty())
    {
        session.ui.note(&format!(
            "{} differ; reading again in {} s",
            count(found.drifted.len(), "resource"),
            pause.as_secs()
        ));
        tokio::time::sleep(pause).await;
        let (later_state, later, _) = look(session, Some(&connected)).await?;
        (state, found) = (later_state, found.confirmed_by(later));
    }
    let mut found = found.without(&args.ignore);
    if args.who {
        let (with, refused) = with_authors(&*connected.cloud, &state, found).await;
        found = with;
        if let Some(error) = refused {
            session.ui.warn(&format!(
                "who changed it could not be read: {}",
                clean(&error.to_string())
            ));
        }
    }
    let identity = [
        &state.stack,
        &state.env,
        &connected.caller.account,
        &connected.caller.region,
    ];
    let report = Report::new(identity.map(String::as_str), state.serial, found);
    write(args, &report)?;
    say(session, args, &report)?;
    if let Some(path) = &args.patch {
        accept(session, args, path, &report)?;
    }
    if args.record {
        record(session, &connected, &state).await?;
    }
    Ok(match &report.survey {
        found if !found.is_clean() => exit::CHANGES,
        found if !found.unreadable.is_empty() => exit::UNREADABLE,
        _ => exit::DONE,
    })
}

/// Reads the state, which somebody may be writing, and surveys what it records.
async fn look(
    session: &Session<'_>,
    connected: Option<&Connected>,
) -> Result<(State, Survey, Connected), CliError> {
    let view = session.view().await?;
    let open = view.as_ref().map(|v| v.open_intents.clone()).unwrap_or_default();
    let state = match view {
        Some(view) => view.state,
        None => session.state().await?,
    };
    let connected = match connected {
        Some(Connected { cloud, caller }) => Connected {
            cloud: cloud.clone(),
            caller: caller.clone(),
        },
        None => session.connect(&state).await?,
    };
    let (progress, _showing) = Progress::start(&session.ui, None);
    let sink: Sink = if session.ui.json { quiet() } else { progress.sink() };
    let found = survey(&*connected.cloud, &state, &open, &sink).await?;
    Ok((state, found, connected))
}

fn write(args: &Drift, report: &Report) -> Result<(), CliError> {
    let file = |path: &Path, text: &str| {
        output::file(path, text).map_err(|e| CliError::file("write the report to", path, e))
    };
    if let Some(path) = &args.out {
        file(
            path,
            &serde_json::to_string_pretty(report).expect("a report is plain data"),
        )?;
    }
    if let Some(path) = &args.sarif {
        let document = sarif::document(RULES, &report.results(), &args.sources);
        file(path, &format!("{document:#}\n"))?;
    }
    if let Some(path) = &args.markdown {
        file(path, &report.markdown())?;
    }
    Ok(())
}

/// Writes the patch to the program.
fn accept(session: &Session<'_>, args: &Drift, path: &Path, report: &Report) -> Result<(), CliError> {
    let made = patch(&report.survey, &args.sources, |file| {
        std::fs::read_to_string(file).ok()
    });
    output::file(path, &made.diff).map_err(|e| CliError::file("write the patch to", path, e))?;
    for left in &made.left {
        session.ui.warn(&format!("not in the patch: {}", clean(left)));
    }
    session.ui.note(&match made.changed {
        0 => "no value in the program is to be changed".to_owned(),
        n => format!(
            "{} in {}: `git apply` changes the program, and the next plan says what is left",
            count(n, "value"),
            path.display()
        ),
    });
    Ok(())
}

fn say(session: &Session<'_>, args: &Drift, report: &Report) -> Result<(), CliError> {
    let (ui, found) = (&session.ui, &report.survey);
    if ui.json {
        return ui.json_data(report);
    }
    if !found.is_clean() {
        let paint = Paint::new(&ui.out());
        let parts: Vec<_> = found.drifted.iter().map(|d| one(paint, d)).collect();
        ui.data(&parts.join("\n"))?;
    }
    for unreadable in &found.unreadable {
        ui.warn(&unread(unreadable));
    }
    if ui.verbose() && !found.unsearched.is_empty() {
        ui.note(&format!(
            "not searched by tags, and nothing of them is recorded: {}",
            found.unsearched.join(", ")
        ));
    }
    if found.is_clean() && found.unreadable.is_empty() {
        ui.note(&format!(
            "no drift: {} of {} are as recorded{}{}",
            count(found.resources, "resource"),
            session.title(),
            if found.owned_elsewhere > 0 {
                format!(
                    ", and {} owned elsewhere",
                    count(found.owned_elsewhere, "changed field")
                )
            } else {
                String::new()
            },
            if found.ignored > 0 {
                format!(", but for {} ignored", count(found.ignored, "difference"))
            } else {
                String::new()
            }
        ));
        return Ok(());
    }
    if found.is_clean() {
        ui.note(&format!(
            "of what could be read, nothing drifted: {}",
            report.sentence()
        ));
        return Ok(());
    }
    ui.note(&format!(
        "{} drifted; `apply` restores what is declared, `plan --only-drift` plans that alone",
        count(found.drifted.len(), "resource")
    ));
    if found.count(Class::Added) > 0 && !args.record {
        ui.note("what was put into a resource stays; declare it and `import` it to keep it, or `drift --record` for the next apply to remove it");
    }
    if found.count(Class::Unrecorded) > 0 {
        ui.note("what is in no state stays; `recover` records what the program declares, and what nothing needs is to be removed by hand");
    }
    Ok(())
}

/// Records what was put into the stack's resources.
async fn record(session: &Session<'_>, connected: &Connected, state: &State) -> Result<(), CliError> {
    let added = additions(&*connected.cloud, state).await?;
    if added.is_empty() {
        return Ok(());
    }
    let mut with = State::clone(state);
    let mut writes = vec![];
    for addition in &added {
        let record = addition.record(&with);
        session.ui.note(&format!(
            "{} is now recorded at {}",
            clean(&addition.observed.id),
            clean(&record.address)
        ));
        with.insert(record.clone());
        writes.push(StateWrite::Put(record));
    }
    let store = session.open("drift").await?;
    store.record(writes).await?;
    store.close().await?;
    Ok(())
}

/// A resource that drifted, with the fields that did.
pub(super) fn one(paint: Paint, drifted: &Drifted) -> String {
    let status = drifted.status.as_deref().map(clean).unwrap_or_default();
    let (sigil, what) = match drifted.class {
        Class::Added => (Sigil::Add, "has something put into it".to_owned()),
        Class::Unrecorded => (Sigil::Add, "is in no state".to_owned()),
        Class::Gone => (Sigil::Remove, "is gone".to_owned()),
        Class::Failed => (Sigil::Replace, format!("is {status}")),
        Class::Changed => (Sigil::Change, "was changed".to_owned()),
    };
    let part = |text: Option<&str>| text.map(|t| format!("  {}", clean(t))).unwrap_or_default();
    let (id, location) = (part(drifted.id.as_deref()), part(drifted.declared.as_deref()));
    let place = if drifted.place.is_home() {
        String::new()
    } else {
        format!("  in {}", clean(&drifted.place.to_string()))
    };
    let head = paint.sigil(
        sigil,
        &format!("{} {} {what}", sigil.char(), clean(&drifted.address)),
    );
    let head = format!(
        "{head}{}",
        paint.dim(&format!("  {}{id}{place}{location}", clean(&drifted.kind)))
    );
    let lines = drifted.fields.iter().flat_map(field_change);
    let by = drifted
        .by
        .as_ref()
        .map(|by| paint.dim(&format!("    by {}", author(by))));
    std::iter::once(head)
        .chain(lines.map(|line| format!("    {line}")))
        .chain(by)
        .collect::<Vec<_>>()
        .join("\n")
}
