//! `policy`: holds a plan against the rules.

use super::{
    output,
    select::Select,
    session::{Session, saved_plan},
};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tenon_planner::{Plan, render::clean};
use tenon_review::{
    policy::{self, Answer, DEFAULT, Finding, Question, Settings, Waiver, ask},
    sarif::{self, Level},
};

/// Hold a plan against rules on what it declares, does and calls; exit code 12 if a rule forbids it
///
/// The rules are a default set and the files `*.cedar` in the folder of the policies; `settings.toml` there has bounds, the owners of
/// rules, and waivers. A rule with the `@id` of another takes its place. Example: `policy my.plan --sarif policy.sarif`.
#[derive(clap::Args, Debug)]
pub(super) struct Policy {
    /// Saved plan, from `plan --out FILE` [default: plan now]
    pub(super) plan: Option<PathBuf>,
    #[command(flatten)]
    folder: Folder,
    /// Write the findings to this file, as SARIF for code scanning
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// Folder of the program's sources, from the root of the repository, for places in SARIF
    #[arg(long, value_name = "FOLDER", default_value = "src")]
    sources: String,
    /// Print the default rules
    #[arg(long, conflicts_with_all = ["plan", "sarif"])]
    pub(super) defaults: bool,
    #[command(flatten)]
    select: Select,
}

/// The folder of rules and settings.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Folder {
    /// Folder of the policies
    #[arg(
        long,
        value_name = "FOLDER",
        env = "TENON_POLICIES",
        default_value = "policies"
    )]
    policies: PathBuf,
}

impl Folder {
    /// Holds `plan` against the rules; waivers count until today.
    pub(super) fn check(&self, plan: &Plan) -> Result<Answer, CliError> {
        self.check_waived(plan, vec![])
    }

    /// As [`check`](Self::check), with more waivers than those of the settings; whether they count, the settings say all the same.
    pub(super) fn check_waived(&self, plan: &Plan, waivers: Vec<Waiver>) -> Result<Answer, CliError> {
        let program = program().ok_or_else(|| {
            let what = format!("rules are evaluated by `{PROGRAM}`, which is not there");
            CliError::usage(what).hint(format!(
                "install it: `cargo install --locked {PROGRAM}`; or name it in {PROGRAM_VARIABLE}"
            ))
        })?;
        let (files, mut settings) = self.read()?;
        settings.waivers.extend(waivers);
        let question = Question {
            plan: plan.clone(),
            files,
            settings,
            today: jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(),
        };
        ask(&program, &question).map_err(CliError::usage)
    }

    fn read(&self) -> Result<(Vec<(String, String)>, Settings), CliError> {
        let mut files = vec![];
        let mut paths: Vec<PathBuf> = match fs::read_dir(&self.policies) {
            Ok(entries) => entries.flatten().map(|e| e.path()).collect(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => vec![],
            Err(e) => return Err(CliError::file("read the policies in", &self.policies, e)),
        };
        paths.retain(|p| p.extension().is_some_and(|e| e == "cedar"));
        paths.sort();
        for path in paths {
            files.push((path.display().to_string(), text(&path)?.unwrap_or_default()));
        }
        let path = self.policies.join("settings.toml");
        let settings = match text(&path)? {
            Some(text) => Settings::from_toml(&text)
                .map_err(|why| CliError::usage(format!("{}: {why}", path.display())))?,
            None => Settings::default(),
        };
        Ok((files, settings))
    }
}

/// The program that evaluates rules.
const PROGRAM: &str = "tenon-policy";

/// The variable that names it, where it is not beside this one or on the path.
const PROGRAM_VARIABLE: &str = "TENON_POLICY_PROGRAM";

/// The program that evaluates rules: the one that is named, the one beside this one, or the one on the path.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM_VARIABLE) {
        return Some(named.into());
    }
    let beside = std::env::current_exe()
        .ok()
        .map(|exe| exe.with_file_name(PROGRAM));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(PROGRAM));
    beside.into_iter().chain(on_path).find(|p| p.is_file())
}

fn text(path: &Path) -> Result<Option<String>, CliError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(CliError::file("read", path, e)),
    }
}

/// A saved plan needs no environment.
pub(super) fn saved(ui: &Ui, args: &Policy) -> Result<u8, CliError> {
    if args.defaults {
        ui.data(DEFAULT)?;
        return Ok(exit::DONE);
    }
    let path = args
        .plan
        .as_deref()
        .ok_or_else(|| CliError::usage("which plan?"))?;
    report(ui, saved_plan(path)?.unverified(), args)
}

pub(super) async fn run(session: &Session<'_>, args: &Policy) -> Result<u8, CliError> {
    let plan = session.plan(&args.select, false).await?;
    report(&session.ui, &plan, args)
}

fn report(ui: &Ui, plan: &Plan, args: &Policy) -> Result<u8, CliError> {
    let Answer { findings, rules } = args.folder.check(plan)?;
    if let Some(path) = &args.sarif {
        let rules: Vec<(&str, &str)> = rules
            .iter()
            .map(|(id, text)| (id.as_str(), text.as_str()))
            .collect();
        let document = sarif::document(&rules, &policy::results(plan, &findings), &args.sources);
        output::file(path, &format!("{document:#}\n"))
            .map_err(|e| CliError::file("write the findings to", path, e))?;
    }
    if ui.json {
        ui.json_data(&findings)?;
    } else if findings.is_empty() {
        ui.note("no rule is broken");
    } else {
        let lines: Vec<String> = findings.iter().map(line).collect();
        ui.data(&lines.join("\n"))?;
    }
    Ok(if findings.iter().any(Finding::forbids) {
        exit::FORBIDDEN
    } else {
        exit::DONE
    })
}

/// A finding on one line: severity, rule, place, sentence.
pub(super) fn line(finding: &Finding) -> String {
    let level = match (&finding.waived, finding.level) {
        (Some(_), _) => "waived",
        (None, level) => level.name(),
    };
    format!("{level}{}", without_level(finding))
}

/// The rule, the place and the sentence of a finding, behind a word that says how bad it is.
fn without_level(finding: &Finding) -> String {
    let place = if finding.location.is_empty() {
        String::new()
    } else {
        format!("{}: ", clean(&finding.location))
    };
    format!("[{}]: {place}{}", finding.rule, clean(&finding.sentence()))
}

/// Says after a plan which rules it breaks; waived ones only with `--verbose`. Without the program that evaluates rules, nothing is said
/// unless there are rules of the team's own.
pub(super) fn say(ui: &Ui, folder: &Folder, plan: &Plan) -> Result<(), CliError> {
    if program().is_none() {
        if folder.policies.exists() {
            ui.warn(&format!(
                "the rules in {} are not evaluated: `{PROGRAM}` is not there",
                folder.policies.display()
            ));
        }
        return Ok(());
    }
    for finding in folder.check(plan)?.findings {
        match (finding.waived.is_some(), finding.level) {
            (true, _) if !ui.verbose() => {}
            (false, Level::Error) => ui.warn(&format!("apply refuses this: rule{}", without_level(&finding))),
            (false, Level::Warning) => ui.warn(&format!("rule{}", without_level(&finding))),
            _ => ui.note(&line(&finding)),
        }
    }
    Ok(())
}
