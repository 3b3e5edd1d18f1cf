//! Drift as a report: a document with a digest, Markdown for an issue, SARIF for code scanning.

use crate::sarif::{Level, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use tenon_planner::{
    drift::{Class, Drifted, Survey},
    render::{
        clean, count,
        markup::{cell, code, fenced},
        value_lines,
    },
};
use tenon_resources::cloud::Trace;

/// The version of the document.
pub const FORMAT: u64 = 1;

/// The most characters of an issue or of a comment on GitHub.
const LIMIT: usize = 65_536;

/// A report of drift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of the document.
    pub format: u64,
    /// The stack.
    pub stack: String,
    /// The environment.
    pub env: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The serial of the state that was compared.
    pub serial: u64,
    /// The survey.
    #[serde(flatten)]
    pub survey: Survey,
    /// SHA-256 of what was found and could not be read, in hex: the same for the same picture, whatever the serial.
    pub digest: String,
}

impl Report {
    /// The report of `survey`, of what `identity` names: stack, environment, account, region.
    pub fn new(identity: [&str; 4], serial: u64, survey: Survey) -> Self {
        let [stack, env, account, region] = identity.map(str::to_owned);
        // Whoever it was: an author may become known, or be forgotten, and the picture is the same.
        let mut drifted = survey.drifted.clone();
        drifted.iter_mut().for_each(|d| d.by = None);
        let picture = (&stack, &env, &account, &region, &drifted, &survey.unreadable);
        let picture = serde_json::to_vec(&picture).expect("a report is plain data");
        Self {
            format: FORMAT,
            digest: hex::encode(Sha256::digest(picture)),
            stack,
            env,
            account,
            region,
            serial,
            survey,
        }
    }

    /// The number of resources of each class that has any.
    pub fn counts(&self) -> Vec<(Class, usize)> {
        let counts = Class::ALL.map(|class| (class, self.survey.count(class)));
        counts.into_iter().filter(|(_, n)| *n > 0).collect()
    }

    /// A sentence with the number of each class.
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> = self
            .counts()
            .into_iter()
            .map(|(class, n)| format!("{n} {}", words(class)))
            .collect();
        if !self.survey.unreadable.is_empty() {
            parts.push(format!(
                "{} unreadable",
                count(self.survey.unreadable.len(), "type")
            ));
        }
        if self.survey.owned_elsewhere > 0 {
            parts.push(format!(
                "{} owned elsewhere",
                count(self.survey.owned_elsewhere, "field")
            ));
        }
        if self.survey.ignored > 0 {
            parts.push(format!("{} ignored", self.survey.ignored));
        }
        if parts.is_empty() {
            return format!(
                "no drift: {} as recorded",
                count(self.survey.resources, "resource")
            );
        }
        format!(
            "{}; {} recorded",
            parts.join(", "),
            count(self.survey.resources, "resource")
        )
    }

    /// The results for code scanning.
    pub fn results(&self) -> Vec<Result> {
        let mut results = vec![];
        for drifted in &self.survey.drifted {
            let rule = format!("drift/{}", drifted.class.name());
            let result = |field: Option<&str>, message| Result {
                rule: rule.clone(),
                level: Level::Warning,
                message,
                location: drifted.declared.clone().unwrap_or_default(),
                identity: [
                    self.stack.as_str(),
                    &self.env,
                    &drifted.address,
                    &drifted.kind,
                    field.unwrap_or_default(),
                    if drifted.declared.is_some() {
                        ""
                    } else {
                        drifted.id.as_deref().unwrap_or_default()
                    },
                ]
                .map(str::to_owned)
                .to_vec(),
            };
            if drifted.fields.is_empty() {
                results.push(result(None, format!("{}.", what(drifted))));
            }
            let by = drifted
                .by
                .as_ref()
                .map(|by| format!(" Last changed by {}.", author(by)))
                .unwrap_or_default();
            for field in &drifted.fields {
                let (from, to) = (
                    value_lines(&field.from).join(" "),
                    value_lines(&field.to).join(" "),
                );
                let name = clean(&field.field);
                let text = format!("{}: {name} is {to}, and {from} is recorded.{by}", what(drifted));
                results.push(result(Some(&field.field), text));
            }
        }
        for unreadable in &self.survey.unreadable {
            results.push(Result {
                rule: "drift/unreadable".into(),
                level: Level::Note,
                message: format!("{}.", unread(unreadable)),
                location: String::new(),
                identity: vec![self.stack.clone(), self.env.clone(), unreadable.kind.clone()],
            });
        }
        results
    }

    /// The report in GitHub's Markdown, at most 65,536 bytes: values are left out first, then lines beyond those that fit, which
    /// are counted.
    pub fn markdown(&self) -> String {
        let whole = self.page(true, usize::MAX);
        if whole.len() <= LIMIT {
            return whole;
        }
        let lines = self.page(false, usize::MAX);
        if lines.len() <= LIMIT {
            return lines;
        }
        let (mut fits, mut most) = (0, self.survey.drifted.len());
        while fits + 1 < most {
            let middle = usize::midpoint(fits, most);
            if self.page(false, middle).len() <= LIMIT {
                fits = middle;
            } else {
                most = middle;
            }
        }
        self.page(false, fits)
    }

    // Long: the page, top to bottom.
    fn page(&self, values: bool, most: usize) -> String {
        let title = code(&format!("{}/{}", self.stack, self.env));
        let authors = self.survey.drifted.iter().any(|d| d.by.is_some());
        let mut out = format!(
            "## Drift of {title}\n\n{} in account {}, {}.\n\n",
            self.sentence(),
            code(&self.account),
            code(&self.region)
        );
        if !self.survey.drifted.is_empty() {
            out.push_str("| | resource | type | id | declared |");
            out.push_str(if authors {
                " by |\n|---|---|---|---|---|---|\n"
            } else {
                "\n|---|---|---|---|---|\n"
            });
        }
        let cells = |text: Option<&str>| text.map(cell).unwrap_or_default();
        for d in self.survey.drifted.iter().take(most) {
            let (address, mut kind) = (cell(&d.address), cell(&d.kind));
            if !d.place.is_home() {
                let _ = write!(kind, " in {}", cell(&d.place.to_string()));
            }
            let (id, declared) = (cells(d.id.as_deref()), cells(d.declared.as_deref()));
            let by = d.by.as_ref().map(|by| cell(&author(by))).unwrap_or_default();
            let by = if authors {
                format!(" {by} |")
            } else {
                String::new()
            };
            let _ = writeln!(
                out,
                "| {} | {address} | {kind} | {id} | {declared} |{by}",
                words(d.class)
            );
        }
        if most < self.survey.drifted.len() {
            let _ = writeln!(out, "\nand {} more.", self.survey.drifted.len() - most);
        }
        out.push('\n');
        let shown = self
            .survey
            .drifted
            .iter()
            .filter(|d| values && !d.fields.is_empty());
        for d in shown {
            let mut lines = vec![];
            for field in &d.fields {
                let side = |sign: char, value| {
                    let text = value_lines(value).join("\n");
                    text.lines()
                        .map(|l| format!("{sign} {}: {l}", clean(&field.field)))
                        .collect::<Vec<_>>()
                };
                lines.extend(side('-', &field.from));
                lines.extend(side('+', &field.to));
            }
            let _ = writeln!(
                out,
                "{}\n\n{}",
                code(&d.address),
                fenced("diff", &lines.join("\n"))
            );
        }
        if !self.survey.unreadable.is_empty() {
            out.push_str("### Not read\n\n");
            for unreadable in self.survey.unreadable.iter().take(100) {
                let why: String = unread(unreadable).chars().take(300).collect();
                let _ = writeln!(out, "- {}", code(&why));
            }
            out.push('\n');
        }
        if !values && self.survey.drifted.iter().any(|d| !d.fields.is_empty()) {
            out.push_str(
                "_The values are left out: an issue takes 65,536 characters. `drift` shows them._\n\n",
            );
        }
        let _ = writeln!(out, "Digest of this picture {}.", code(&self.digest));
        out
    }
}

/// The rules of drift, for a SARIF document.
pub const RULES: &[(&str, &str)] = &[
    (
        "drift/added",
        "Something was put into a resource of the stack by somebody else.",
    ),
    (
        "drift/changed",
        "A field of a resource has another value than the one recorded.",
    ),
    ("drift/failed", "A resource is stopped, impaired or has failed."),
    ("drift/gone", "A recorded resource does not exist."),
    (
        "drift/unreadable",
        "A type could not be read, so that nothing is known of its resources.",
    ),
    (
        "drift/unrecorded",
        "A resource has the stack's ownership tags and is in no state.",
    ),
];

fn words(class: Class) -> &'static str {
    match class {
        Class::Changed => "changed",
        Class::Gone => "gone",
        Class::Failed => "failed",
        Class::Added => "added",
        Class::Unrecorded => "in no state",
    }
}

/// The drift of a resource, as a clause.
pub fn what(drifted: &Drifted) -> String {
    let (address, kind) = (clean(&drifted.address), clean(&drifted.kind));
    let mut id = drifted.id.as_deref().map(clean).unwrap_or_default().into_owned();
    if !drifted.place.is_home() {
        let _ = write!(id, " in {}", clean(&drifted.place.to_string()));
    }
    match drifted.class {
        Class::Changed => format!("{address} ({kind} {id}) was changed"),
        Class::Gone => format!("{address} ({kind} {id}) is gone"),
        Class::Failed => {
            let status = drifted.status.as_deref().map(clean).unwrap_or_default();
            format!("{address} ({kind} {id}) is {status}")
        }
        Class::Added => format!("{kind} {id} was put into {address}"),
        Class::Unrecorded => {
            format!("{kind} {id} has the ownership tags of {address} and is in no state")
        }
    }
}

/// The author of a drift, with the call and its time.
pub fn author(by: &Trace) -> String {
    let at = i64::try_from(by.at_ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    // A sandbox has a clock of its own, which begins at nothing.
    let at = at.filter(|at| at.as_second() > 1_000_000_000);
    let at = at
        .map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M UTC")))
        .unwrap_or_default();
    let from = by
        .source
        .as_deref()
        .map(|s| format!(" from {s}"))
        .unwrap_or_default();
    clean(&format!("{} ({}{from}{at})", by.who, by.operation)).into_owned()
}

/// A type that could not be read, as a clause.
pub fn unread(unreadable: &tenon_planner::drift::Unreadable) -> String {
    let kind = clean(&unreadable.kind);
    if unreadable.lacks.is_empty() {
        return format!("{kind} could not be read: {}", clean(&unreadable.why));
    }
    format!(
        "{kind} could not be read: the credentials lack {}",
        clean(&unreadable.lacks.join(", "))
    )
}
