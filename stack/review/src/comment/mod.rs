//! The review of a pull request as a comment: what each environment's plan changes, loses, opens, allows and breaks.
//!
//! A comment takes 65,536 characters. It is written with less and less detail until it fits; losses are in every form, and where they alone
//! are too many for one comment, they go on in further ones.

mod before;
mod page;
mod power;
mod reach;

pub use power::{Power, new_power};
pub use reach::{Reach, new_reach};

use crate::policy::Finding;
use page::Detail;
use std::fmt::Write as _;
use tenon_planner::{
    Plan,
    permissions::{Purpose, StateAccess, needs, session},
    render::{
        count,
        markup::{code, fenced},
    },
    sandbox::{Schedule, schedule},
};

/// The most characters of a comment; counted in bytes here, which are never fewer.
pub const LIMIT: usize = 65_536;

/// Room that the losses may take in the first comment.
const LOSSES: usize = 40_000;

/// The review of one environment.
#[derive(Clone, Debug)]
pub struct EnvReview {
    /// The plan.
    pub plan: Plan,
    /// The rules that it breaks.
    pub findings: Vec<Finding>,
    /// Beginning and end of its calls.
    pub schedule: Schedule,
    /// New reach from the internet.
    pub reach: Vec<Reach>,
    /// New power of roles.
    pub power: Vec<Power>,
    /// The actions that the credentials of the apply are limited to.
    pub permissions: Vec<String>,
}

impl EnvReview {
    /// The review of `plan` with these findings.
    pub fn new(plan: Plan, findings: Vec<Finding>) -> Self {
        let session = session(&needs(&plan, Purpose::Apply, &StateAccess::default()));
        let permissions = session.map(|s| s.policy.statement.into_iter().flat_map(|s| s.action).collect());
        Self {
            schedule: schedule(&plan),
            reach: new_reach(&plan),
            power: new_power(&plan),
            permissions: permissions.unwrap_or_default(),
            findings,
            plan,
        }
    }
}

/// The review of a pull request.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    /// The stack.
    pub stack: &'a str,
    /// The commit that was planned.
    pub head: Option<&'a str>,
    /// The environments, in the order in which they are shown.
    pub envs: &'a [EnvReview],
}

/// The line by which a comment of `stack` is found again; `part` counts from 1.
pub fn marker(stack: &str, part: usize) -> String {
    // A stack's name has no character that would end an HTML comment.
    let safe: String = stack
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
        .collect();
    let safe = safe.replace("--", "- -");
    if part == 1 {
        format!("<!-- tenon:{safe} -->")
    } else {
        format!("<!-- tenon:{safe} part {part} -->")
    }
}

impl Review<'_> {
    fn marker(&self, part: usize) -> String {
        marker(self.stack, part)
    }

    /// The comments: the review, and the rest of the losses where one does not hold them.
    pub fn comments(&self) -> Vec<String> {
        let lines = self.losses();
        let (first, rest) = self.first_losses(&lines);
        let pages = Detail::ALL.map(|detail| page::page(self, detail, &first));
        let fits = pages.into_iter().find(|page| page.len() <= LIMIT);
        let mut comments = vec![fits.unwrap_or_else(|| self.shortest(&first))];
        comments.extend(self.more_losses(rest));
        comments
    }

    /// A line for each call that loses data, and for each plan the point after which there is no way back.
    fn losses(&self) -> Vec<String> {
        let mut lines = vec![];
        for env in self.envs {
            let (plan, name) = (&env.plan, code(&env.plan.env));
            let calls = plan.calls.len();
            let number = |call: &tenon_planner::PlannedCall| {
                plan.calls.iter().position(|c| std::ptr::eq(c, call)).unwrap_or(0) + 1
            };
            for (n, (call, what)) in plan.destroys().enumerate() {
                let (title, address) = (code(&call.title()), code(&call.address));
                if n == 0 {
                    let at = number(call);
                    lines.push(format!(
                        "{name}: point of no return is call {at} of {calls}, {title} of {address}"
                    ));
                }
                let place = plan
                    .decisions
                    .iter()
                    .find(|d| d.address == call.address)
                    .and_then(|d| d.declared.as_deref());
                let place = place.map(|p| format!(" ({})", code(p))).unwrap_or_default();
                lines.push(format!(
                    "{name}: {address}{place} loses {} by {title}",
                    code(what)
                ));
            }
        }
        lines
    }

    /// The losses that stand in the first comment, as a block, and the others.
    fn first_losses<'a>(&self, lines: &'a [String]) -> (String, &'a [String]) {
        if lines.is_empty() {
            return (String::new(), &[]);
        }
        let mut out =
            String::from("> [!CAUTION]\n> **Data loss.** What these calls remove cannot be brought back:\n");
        let mut fit = 0;
        for line in lines {
            if out.len() + line.len() > LOSSES {
                break;
            }
            let _ = writeln!(out, "> - {line}");
            fit += 1;
        }
        if fit < lines.len() {
            let _ = writeln!(
                out,
                "> - and {} in the next comment",
                count(lines.len() - fit, "more line")
            );
        }
        out.push('\n');
        (out, &lines[fit..])
    }

    fn more_losses(&self, lines: &[String]) -> Vec<String> {
        let (mut comments, mut rest) = (vec![], lines);
        while !rest.is_empty() {
            let mut out = format!(
                "{}\n## Tenon · {}: further losses\n\n",
                self.marker(comments.len() + 2),
                code(self.stack)
            );
            let mut fit = 0;
            // A line is never longer than a comment: an address has 200 characters.
            for line in rest {
                if fit > 0 && out.len() + line.len() + 3 > LIMIT {
                    break;
                }
                let _ = writeln!(out, "- {line}");
                fit += 1;
            }
            comments.push(out);
            rest = &rest[fit..];
        }
        comments
    }

    /// For so many environments that not even their totals fit: those that lose or break something are in the losses and the checks.
    fn shortest(&self, losses: &str) -> String {
        let envs = count(self.envs.len(), "environment");
        let forbidden = self
            .envs
            .iter()
            .filter(|e| e.findings.iter().any(Finding::forbids))
            .count();
        format!(
            "{}\n## Tenon · {} · {envs}\n\n{losses}The gate forbids {} of them. There are too many to show; each has a check of its own.\n",
            self.marker(1),
            code(&self.stack.chars().take(100).collect::<String>()),
            forbidden
        )
    }
}

/// The page that says why a plan that was approved is not applied.
pub fn moved(before: &Plan, now: &Plan, difference: &str) -> String {
    let title = code(&format!("{}/{}", before.stack, before.env));
    let mut difference = difference.to_owned();
    let most = LIMIT - 4096;
    if difference.len() > most {
        let end = (0..=most)
            .rev()
            .find(|&i| difference.is_char_boundary(i))
            .unwrap_or(0);
        difference.truncate(end);
        difference.push_str("\n…");
    }
    format!(
        "{}\n## Not applied: the state of {title} moved\n\nThe plan that was approved is of serial {}, the state is at {}, and the calls of today are others.\n\n{}\nPlan of today {}, calls {}. Nothing was changed: review it, and apply it by its digest.\n",
        marker(&before.stack, 1).replace("-->", "moved -->"),
        before.serial,
        now.serial,
        fenced("diff", &difference),
        code(&now.digest),
        code(&now.calls_digest)
    )
}

/// Findings as commands of a workflow, which GitHub shows beside the lines; at most ten of a kind, which is all that it takes of a step.
///
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message>
pub fn annotations(findings: &[Finding], sources: &str) -> Vec<String> {
    use crate::sarif::{Level, place};
    let mut counts = [0usize; 3];
    let open = findings.iter().filter(|f| f.waived.is_none());
    let lines = open.filter_map(|f| {
        let (n, command) = match f.level {
            Level::Error => (0, "error"),
            Level::Warning => (1, "warning"),
            Level::Note => (2, "notice"),
        };
        counts[n] += 1;
        if counts[n] > 10 {
            return None;
        }
        let place =
            place(&f.location, sources).map(|(file, line)| format!("file={},line={line},", property(&file)));
        let title = property(&format!("policy {}", f.rule));
        Some(format!(
            "::{command} {}title={title}::{}",
            place.unwrap_or_default(),
            data(&f.sentence())
        ))
    });
    lines.collect()
}

/// Text after the `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
