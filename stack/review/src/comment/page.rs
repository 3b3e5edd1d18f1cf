//! A page of a comment, at a level of detail.

use super::{EnvReview, Review};
use crate::policy::Finding;
use std::{fmt::Write as _, time::Duration};
use tenon_planner::{
    Action, Decision, Plan,
    render::{
        self, Look, clean, count,
        markup::{cell, code, fenced, html},
    },
    sandbox::Schedule,
};
use tenon_resources::declaration::Place;

/// The detail of a page. Losses, new reach, new power and findings are in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    Totals,
    Resources,
    Calls,
    Everything,
}

impl Detail {
    pub(super) const ALL: [Self; 4] = [Self::Everything, Self::Calls, Self::Resources, Self::Totals];
}

/// The longest text in a page that must fit, in bytes.
const LONGEST: usize = 120;

/// In the shortest form: how many lines of a kind, other than losses.
const MOST: usize = 25;

fn limit(detail: Detail) -> usize {
    if detail == Detail::Totals {
        MOST
    } else {
        usize::MAX
    }
}

fn short(text: &str, detail: Detail) -> String {
    if detail > Detail::Totals || text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST)
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0);
    format!("{}…", &text[..end])
}

/// Seconds in words: `1 min 40 s`.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64().round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rounded duration"
    )]
    let seconds = seconds as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

pub(super) fn page(review: &Review<'_>, detail: Detail, losses: &str) -> String {
    let mut out = format!(
        "{}\n## Tenon · {}",
        review.marker(1),
        code(&short(review.stack, detail))
    );
    let _ = write!(out, " · {}", count(review.envs.len(), "environment"));
    if let Some(head) = review.head {
        let _ = write!(
            out,
            " · head {}",
            code(&short(&head.chars().take(12).collect::<String>(), detail))
        );
    }
    out.push_str("\n\n");
    out.push_str(&table(review, detail));
    out.push_str(losses);
    for env in review.envs {
        words(&mut out, env, detail);
    }
    for env in review.envs.iter().filter(|e| !e.plan.is_empty()) {
        plan(&mut out, env, detail);
    }
    if detail < Detail::Everything {
        let what = match detail {
            Detail::Calls => "the parameters of the calls are",
            Detail::Resources => "the calls are",
            _ => "everything but totals, losses and findings is",
        };
        let _ = writeln!(
            out,
            "_A comment takes 65,536 characters, so {what} left out; the plan is an artifact of the run, and `tenon show` shows it._\n"
        );
    }
    if review.envs.iter().any(|e| !e.plan.is_empty()) {
        out.push_str("Whoever approves approves the digests above; a new push, or a state in which the calls are others, voids them.\n");
    }
    out
}

fn table(review: &Review<'_>, detail: Detail) -> String {
    let mut out = String::from(
        "| environment | create | change | replace | delete | calls | takes about | downtime | gate |\n|---|--:|--:|--:|--:|--:|--:|---|---|\n",
    );
    for env in review.envs {
        let (plan, counts) = (&env.plan, env.plan.counts());
        let gate = match env.findings.iter().filter(|f| f.forbids()).count() {
            _ if plan.is_empty() => "no change".to_owned(),
            0 => "✅".into(),
            n => format!("⛔ {}", count(n, "finding")),
        };
        let down = downtimes(plan, &env.schedule);
        let down = match down.iter().map(|(_, time)| *time).max() {
            None => "none".to_owned(),
            Some(longest) => format!("**{}**", time(longest)),
        };
        let name = cell(&short(&plan.env, detail));
        let takes = if plan.calls.is_empty() {
            "–".into()
        } else {
            time(env.schedule.total())
        };
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {} | {takes} | {down} | {gate} |",
            counts.create, counts.update, counts.replace, counts.delete, counts.calls
        );
    }
    out.push('\n');
    out
}

/// The account and region of a resource, behind its type, where those are not the environment's own.
fn in_place(place: &Place) -> String {
    if place.is_home() {
        return String::new();
    }
    format!(" in {}", cell(&place.to_string()))
}

/// The resources that do not exist for a while, with how long.
pub(super) fn downtimes<'a>(plan: &'a Plan, schedule: &Schedule) -> Vec<(&'a Decision, Duration)> {
    let replaced = plan
        .decisions
        .iter()
        .filter(|d| d.action == Action::ReplaceDeleteFirst);
    replaced
        .filter_map(|d| Some((d, schedule.downtime(plan, d)?)))
        .collect()
}

/// Reach, power, downtime and findings, in words.
fn words(out: &mut String, env: &EnvReview, detail: Detail) {
    let most = limit(detail);
    let mut lines = vec![];
    let s = |text: &str| code(&short(text, detail));
    for (decision, down) in downtimes(&env.plan, &env.schedule) {
        let users = env.plan.gap(decision).users;
        let users: Vec<String> = users.iter().take(5).map(|u| s(u)).collect();
        let used = if users.is_empty() {
            String::new()
        } else {
            format!(", and {} cannot use it meanwhile", users.join(", "))
        };
        lines.push(format!(
            "**Downtime** {} does not exist for about {}{used}",
            s(&decision.address),
            time(down)
        ));
    }
    for reach in &env.reach {
        lines.push(format!(
            "**New reach** the internet → {}: {}",
            s(&reach.address),
            s(&reach.how)
        ));
    }
    for power in &env.power {
        let what: Vec<String> = power.what.iter().take(20).map(|w| s(w)).collect();
        let more = power.what.len().saturating_sub(20);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let on = if power.on.is_empty() {
            String::new()
        } else {
            format!(" on {}", s(&power.on))
        };
        lines.push(format!(
            "**New power** role {} {} {}{more}{on}",
            s(&power.role),
            power.verb,
            what.join(", ")
        ));
    }
    lines.extend(env.findings.iter().map(|f| finding(f, detail)));
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "### {}\n", code(&short(&env.plan.env, detail)));
    for line in lines.iter().take(most) {
        let _ = writeln!(out, "- {line}");
    }
    if lines.len() > most {
        let _ = writeln!(out, "- and {} more", lines.len() - most);
    }
    out.push('\n');
}

fn finding(finding: &Finding, detail: Detail) -> String {
    let level = match (&finding.waived, finding.forbids()) {
        (Some(_), _) => "Waived",
        (None, true) => "Gate",
        (None, false) => "Advice",
    };
    let span = |text: &str| code(&short(text, detail));
    let mut out = format!("**{level}** {}: {}", span(&finding.rule), span(&finding.address));
    if !finding.location.is_empty() {
        let _ = write!(out, " ({})", span(&finding.location));
    }
    // What a rule says is the team's own text; why it could not be evaluated has data of the plan in it.
    let said = if finding.is_of_rule() {
        html(&short(&clean(&finding.says), detail))
    } else {
        span(&finding.says)
    };
    let _ = write!(out, " {said}");
    if !finding.remedy.is_empty() && detail > Detail::Totals {
        let _ = write!(out, "; {}", html(&clean(&finding.remedy)));
    }
    let notes = [finding.waiver(), finding.void.clone()];
    for note in notes.into_iter().flatten() {
        let _ = write!(out, "; {}", span(&note));
    }
    out
}

fn plan(out: &mut String, env: &EnvReview, detail: Detail) {
    let plan = &env.plan;
    let name = code(&short(&plan.env, detail));
    let _ = writeln!(
        out,
        "{name} at serial {} in account {}, {}: plan {}, calls {}\n",
        plan.serial,
        code(&short(&plan.account, detail)),
        code(&short(&plan.region, detail)),
        code(&plan.digest),
        code(&plan.calls_digest)
    );
    if detail == Detail::Totals {
        return;
    }
    let changed = plan.decisions.iter().filter(|d| d.action != Action::None);
    let mut rows = String::from("| | resource | type | fields | declared |\n|---|---|---|---|---|\n");
    for d in changed {
        let fields: Vec<&str> = d.changes.iter().map(|c| c.field.as_str()).take(8).collect();
        let fields = if d.action == Action::Update || d.action.replaces() {
            cell(&fields.join(", "))
        } else {
            String::new()
        };
        let declared = d.declared.as_deref().map(cell).unwrap_or_default();
        let _ = writeln!(
            rows,
            "| {} | {} | {}{} | {fields} | {declared} |",
            word(d.action),
            cell(&d.address),
            cell(&d.kind),
            in_place(&d.place)
        );
    }
    let summary = format!("{}: what changes", clean(&plan.env));
    details(out, &summary, &rows);
    if detail >= Detail::Calls {
        let list = render::calls_in_order(plan, &Look::default(), detail == Detail::Everything);
        let title = format!(
            "{}: {} in order",
            clean(&plan.env),
            count(plan.counts().calls, "call")
        );
        details(out, &title, &fenced("text", list.trim_end()));
        let actions = &env.permissions;
        let title = format!(
            "{}: permissions of this apply, {}",
            clean(&plan.env),
            count(actions.len(), "pattern")
        );
        details(out, &title, &fenced("text", &actions.join("\n")));
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::None => "",
        Action::Create => "create",
        Action::Update => "change",
        Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => "replace",
        Action::Delete => "delete",
        Action::Forget => "forget",
    }
}

fn details(out: &mut String, summary: &str, body: &str) {
    let summary = html(summary);
    let _ = write!(
        out,
        "<details><summary><code>{summary}</code></summary>\n\n{body}\n</details>\n\n"
    );
}
