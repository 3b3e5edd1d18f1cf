//! The plan as a comment on a pull request.
//!
//! Forges refuse a comment of more than 65,536 characters, and a plan can be of any size. So it is written with less
//! and less detail until it fits, down to a form whose size has a limit of its own; what was left out is said. Text
//! from the plan is never markup: it stands in code, where nothing is a link, a mention or HTML.

use super::{
    Look, Sigil,
    change::{self, Body},
    clean::clean,
    count,
    markup::{cell, code, fenced, html},
    reason, text,
    value::Values,
};
use crate::{Action, Decision, Note, Plan};
use std::collections::BTreeMap;

/// The number of characters that a comment on GitHub may have; the same holds for its step summaries' readers.
pub const LIMIT: usize = 65_536;

/// In the shortest form: how many data losses are listed, how many types, and how long a text may be.
const MOST_LOSSES: usize = 60;
const MOST_TYPES: usize = 150;
const LONGEST: usize = 160;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Counts,
    Resources,
    Calls,
    Diffs,
    Everything,
}

/// The plan in GitHub's Markdown, at most [`LIMIT`] bytes and so at most that many characters.
pub fn markdown(plan: &Plan) -> String {
    let details = [
        Detail::Everything,
        Detail::Diffs,
        Detail::Calls,
        Detail::Resources,
        Detail::Counts,
    ];
    details.into_iter().map(|detail| page(plan, detail)).find(|page| page.len() <= LIMIT).unwrap_or_else(|| {
        // The shortest form is bounded by its constants; this is for whoever changes them.
        let counts = plan.counts();
        format!("## Plan\n\n{} to create, {} to change, {} to replace, {} to delete. The plan is too long to show.\n", counts.create, counts.update, counts.replace, counts.delete)
    })
}

// Long: the page, top to bottom.
fn page(plan: &Plan, detail: Detail) -> String {
    let mut out = format!(
        "## Plan for {}\n\n",
        code(&short(&format!("{}/{}", plan.stack, plan.env), detail))
    );
    if plan.is_empty() {
        out.push_str("No changes: everything is as declared.\n");
        notes(&mut out, plan, detail);
        return out;
    }
    put!(
        out,
        "Account {}, {}.\n\n",
        code(&short(&plan.account, detail)),
        code(&short(&plan.region, detail))
    );
    if let Some(elsewhere) = plan.elsewhere() {
        let elsewhere = code(&short(&elsewhere, detail));
        put!(out, "> [!WARNING]\n> Calls go to {elsewhere} instead of AWS.\n\n");
    }
    totals(&mut out, plan);
    if !plan.digest.is_empty() {
        let (digest, calls) = (
            code(&short(&plan.digest, detail)),
            code(&short(&plan.calls_digest, detail)),
        );
        put!(out, "Digest {digest}, of the calls alone {calls}.\n\n");
    }
    lookups(&mut out, plan, detail);
    secrets(&mut out, plan, detail);
    losses(&mut out, plan, detail);
    notes(&mut out, plan, detail);
    match detail {
        Detail::Everything | Detail::Diffs => {
            out.push_str("### Resources\n\n");
            let values = Values::new(plan, false);
            let follows = reason::follows(plan);
            for decision in plan.decisions.iter().filter(|d| text::worth_showing(d)) {
                resource(&mut out, (plan, decision), &values, &follows);
            }
        }
        Detail::Calls | Detail::Resources => table(&mut out, plan),
        Detail::Counts => types(&mut out, plan),
    }
    if detail >= Detail::Calls {
        let (calls, waits) = (plan.counts().calls, plan.counts().waits);
        let list = super::calls::list(plan, &Look::default(), detail == Detail::Everything);
        let summary = format!(
            "{} and {}, in order",
            count(calls, "API call"),
            count(waits, "wait")
        );
        put!(
            out,
            "### API calls\n\n<details><summary>{summary}</summary>\n\n{}\n</details>\n\n",
            fenced("text", list.trim_end())
        );
    }
    let left_out = match detail {
        Detail::Everything => None,
        Detail::Diffs => Some("the parameters of the calls are"),
        Detail::Calls => Some("the fields of each resource and the parameters of the calls are"),
        Detail::Resources => Some("the fields of each resource and the calls are"),
        Detail::Counts => Some("everything but the counts is"),
    };
    if let Some(what) = left_out {
        putln!(
            out,
            "_A comment takes {LIMIT} characters, so {what} left out. `tenon show PLAN` shows the whole plan._"
        );
    }
    out
}

fn totals(out: &mut String, plan: &Plan) {
    let counts = plan.counts();
    out.push_str("| create | change | replace | delete | unchanged | API calls | waits | longest chain |\n");
    out.push_str("|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    let numbers = [
        counts.create,
        counts.update,
        counts.replace,
        counts.delete,
        counts.unchanged,
        counts.calls,
        counts.waits,
        plan.depth(),
    ];
    let cells: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    put!(out, "| {} |\n\n", cells.join(" | "));
    if counts.forget > 0 {
        let forgotten = count(counts.forget, "resource");
        put!(out, "{forgotten} forgotten, which stay in AWS.\n\n");
    }
}

fn losses(out: &mut String, plan: &Plan, detail: Detail) {
    let lost: Vec<_> = plan.destroys().collect();
    if lost.is_empty() {
        return;
    }
    out.push_str("> [!CAUTION]\n> **Data loss.** These calls lose data for good:\n");
    let most = if detail == Detail::Counts {
        MOST_LOSSES
    } else {
        usize::MAX
    };
    for (call, what) in lost.iter().take(most) {
        let (title, address, what) = (
            short(&call.title(), detail),
            short(&call.address, detail),
            short(what, detail),
        );
        putln!(out, "> - {} of {}: {}", code(&title), code(&address), code(&what));
    }
    if lost.len() > most {
        putln!(out, "> - and {} more", lost.len() - most);
    }
    out.push('\n');
}

/// The findings of the lookups.
fn lookups(out: &mut String, plan: &Plan, detail: Detail) {
    let all = &plan.basis.lookups;
    if all.is_empty() {
        return;
    }
    out.push_str("Lookups found:\n\n");
    let most = if detail == Detail::Counts {
        MOST_LOSSES
    } else {
        usize::MAX
    };
    for found in all.iter().take(most) {
        let (name, label) = (short(&found.name, detail), short(&found.label, detail));
        putln!(out, "- {} is {}", code(&name), code(&label));
    }
    if all.len() > most {
        putln!(out, "- and {} more", all.len() - most);
    }
    out.push('\n');
}

/// The secrets that are read when the plan is applied: whoever approves it approves that.
fn secrets(out: &mut String, plan: &Plan, detail: Detail) {
    let sources = plan.secret_sources();
    if sources.is_empty() {
        return;
    }
    out.push_str("> [!IMPORTANT]\n> Applying this plan reads secrets:\n");
    let most = if detail == Detail::Counts {
        MOST_LOSSES
    } else {
        usize::MAX
    };
    for (source, addresses) in sources.iter().take(most) {
        let addresses = addresses.iter().copied().collect::<Vec<_>>().join(", ");
        let (source, addresses) = (short(&source.to_string(), detail), short(&addresses, detail));
        putln!(out, "> - {} for {}", code(&source), code(&addresses));
    }
    if sources.len() > most {
        putln!(out, "> - and {} more", sources.len() - most);
    }
    out.push('\n');
}

/// The resources that are stopped, impaired or failed and stay as they are, and those that are away for a while.
fn notes(out: &mut String, plan: &Plan, detail: Detail) {
    let gap = |note: &Note| matches!(note, Note::Gap(_));
    let (gaps, statuses): (Vec<_>, Vec<_>) = plan.noted().partition(|(_, note)| gap(note));
    warn(out, plan, "These resources stay as they are:", &statuses, detail);
    warn(
        out,
        plan,
        "These resources do not exist for a while:",
        &gaps,
        detail,
    );
}

fn warn(out: &mut String, plan: &Plan, title: &str, noted: &[(&Decision, &Note)], detail: Detail) {
    if noted.is_empty() {
        return;
    }
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
    putln!(out, "> [!WARNING]\n> {title}");
    let most = if detail == Detail::Counts {
        MOST_LOSSES
    } else {
        usize::MAX
    };
    for (decision, note) in noted.iter().take(most) {
        let (address, said) = (
            short(&decision.address, detail),
            short(&reason::note(plan, decision, note), detail),
        );
        putln!(out, "> - {} {}", code(&address), code(&said));
    }
    if noted.len() > most {
        putln!(out, "> - and {} more", noted.len() - most);
    }
    out.push('\n');
}

// Long: the parts of one block, in the order in which they stand.
fn resource(
    out: &mut String,
    (plan, decision): (&Plan, &Decision),
    values: &Values<'_>,
    follows: &reason::Follows<'_>,
) {
    let sigil = Sigil::of(decision.action).char();
    let said = sentence(decision);
    let said = if said.is_empty() {
        String::new()
    } else {
        // A forge looks for mentions and issues in what the entities stand for, and leaves code alone.
        format!(": <code>{}</code>", html(&said))
    };
    put!(
        out,
        "<details><summary>{sigil} <code>{}</code> <code>{}</code>{said}</summary>\n\n",
        html(&clean(&decision.address)),
        html(&clean(&decision.kind))
    );
    let mut lines = vec![];
    for change in decision.changes.iter().filter(|c| text::shown(decision, c)) {
        let row = change::row(values, change);
        let note = if row.replaces { "  (replaces it)" } else { "" };
        let name = &row.name;
        match row.body {
            Body::One(value) => lines.push(format!(
                "{} {name} = {value}{note}",
                if row.sigil == Sigil::Remove { '-' } else { '+' }
            )),
            Body::Two(from, to) => {
                lines.extend([format!("- {name} = {from}"), format!("+ {name} = {to}{note}")]);
            }
            Body::Lines(body) => {
                lines.push(format!("  {name}:{note}"));
                let most = if decision.action == Action::Create && body.len() > text::LONG {
                    text::SHORT
                } else {
                    body.len()
                };
                lines.extend(
                    body[..most]
                        .iter()
                        .map(|(sigil, line)| format!("{}   {line}", sigil.char())),
                );
                if most < body.len() {
                    lines.push(format!("    … {}", count(body.len() - most, "more line")));
                }
            }
        }
    }
    if !lines.is_empty() {
        out.push_str(&fenced("diff", &lines.join("\n")));
        out.push('\n');
    }
    let mut notes: Vec<String> = reason::options(decision)
        .into_iter()
        .map(|said| code(&said))
        .collect();
    notes.extend(reason::left_to_aws(decision).map(|said| code(&said)));
    notes.extend(reason::by_hand(plan, decision).map(|said| code(&said)));
    notes.extend(reason::ineffective(decision).iter().map(|said| code(said)));
    notes.extend(reason::only_when_empty(decision).map(|said| code(&said)));
    let follows = follows.get(decision.address.as_str());
    let follows: Vec<String> = follows.into_iter().flatten().map(|a| code(a)).collect();
    if !follows.is_empty() {
        notes.push(format!("so {} must change, too", reason::listed(&follows)));
    }
    if let Some(id) = &decision.id {
        notes.push(format!("id {}", code(id)));
    }
    if let Some(place) = &decision.declared {
        notes.push(format!("declared at {}", code(place)));
    }
    let place = text::where_it_is(decision);
    if !place.is_empty() {
        notes.push(code(place.trim()));
    }
    if !notes.is_empty() {
        put!(out, "{}\n\n", notes.join("; "));
    }
    out.push_str("</details>\n\n");
}

fn sentence(decision: &Decision) -> String {
    let moved = decision
        .moved_from
        .as_ref()
        .map(|old| format!("moved from {}", clean(old)));
    let what = reason::what(decision).map(str::to_owned);
    let done = match (what, reason::why(decision)) {
        (Some(what), Some(why)) => Some(reason::joined(&what, &why)),
        (what, None) => what,
        (None, why) => why,
    };
    moved.into_iter().chain(done).collect::<Vec<_>>().join(", ")
}

fn table(out: &mut String, plan: &Plan) {
    out.push_str("### Resources\n\n| | resource | type | declared |\n|---|---|---|---|\n");
    for d in plan.decisions.iter().filter(|d| text::worth_showing(d)) {
        let declared = d.declared.as_deref().map(cell).unwrap_or_default();
        let place = match text::where_it_is(d) {
            place if place.is_empty() => place,
            place => format!(" {}", cell(place.trim())),
        };
        putln!(
            out,
            "| {} | {} | {}{place} | {declared} |",
            Sigil::of(d.action).char(),
            cell(&d.address),
            cell(&d.kind)
        );
    }
    out.push('\n');
}

fn types(out: &mut String, plan: &Plan) {
    let mut types: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for d in &plan.decisions {
        let column = match d.action {
            Action::None => continue,
            Action::Create => 0,
            Action::Update => 1,
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => 2,
            Action::Delete => 3,
            Action::Forget => 4,
        };
        types.entry(&d.kind).or_default()[column] += 1;
    }
    out.push_str(
        "### Resources by type\n\n| type | create | change | replace | delete | forget |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for (kind, [create, change, replace, delete, forget]) in types.iter().take(MOST_TYPES) {
        putln!(
            out,
            "| {} | {create} | {change} | {replace} | {delete} | {forget} |",
            cell(&short(kind, Detail::Counts))
        );
    }
    if types.len() > MOST_TYPES {
        putln!(out, "| and {} more types | | | | | |", types.len() - MOST_TYPES);
    }
    out.push('\n');
}

/// In the shortest form no text may be long; elsewhere it stays as it is.
fn short(text: &str, detail: Detail) -> String {
    let text = clean(text);
    if detail > Detail::Counts || text.len() <= LONGEST {
        return text.into_owned();
    }
    let end = (0..=LONGEST)
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0);
    format!("{}…", &text[..end])
}
