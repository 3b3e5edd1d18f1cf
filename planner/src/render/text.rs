//! The plan as a tree by scope, every field that changes below its resource, and what it comes to.

use super::{
    Look, Paint, Sigil,
    change::{self, Body, Row},
    clean, count, reason,
    value::Values,
};
use crate::{Action, Decision, FieldDiff, Plan, Reason};
use indexmap::IndexMap;
use std::collections::HashMap;

/// Names are padded up to this length; a longer one stands out.
const NAME_WIDTH: usize = 28;

/// A new document of more lines than this is cut to so many.
pub(super) const LONG: usize = 20;
pub(super) const SHORT: usize = 12;

/// The plan for people.
pub fn text(plan: &Plan, look: &Look) -> String {
    let mut page = Page {
        plan,
        look,
        paint: Paint::new(look),
        values: Values::new(plan, look.all),
        losses: losses(plan),
        follows: reason::follows(plan),
        out: String::new(),
    };
    page.head();
    let mut root = Scope::default();
    let mut hidden = 0;
    for decision in &plan.decisions {
        if look.all || worth_showing(decision) {
            root.insert(decision);
        } else {
            hidden += 1;
        }
    }
    page.scope(&root, 0);
    if !plan.is_empty() && hidden > 0 {
        let left_out = plan
            .decisions
            .iter()
            .filter(|d| d.reason == Some(Reason::Excluded))
            .count();
        let note = if left_out > 0 {
            format!(", {left_out} of them left out of this plan")
        } else {
            String::new()
        };
        page.line(&page.paint.dim(&format!(
            "  {} not shown{note}",
            count(hidden, "unchanged resource")
        )));
    }
    page.outputs();
    if !plan.is_empty() && !page.out.ends_with("\n\n") {
        page.out.push('\n');
    }
    page.out.push_str(&summary(plan, look));
    page.out
}

// Long: the lines of the summary, in the order in which they stand.
/// The summary of the plan: resources, calls, waits, the longest chain, and data that would be lost.
pub fn summary(plan: &Plan, look: &Look) -> String {
    let paint = Paint::new(look);
    let counts = plan.counts();
    let place = format!("{}/{}", clean(&plan.stack), clean(&plan.env));
    let mut out = String::new();
    if plan.is_empty() {
        let left_out = plan
            .decisions
            .iter()
            .filter(|d| d.reason == Some(Reason::Excluded))
            .count();
        let left = if left_out > 0 {
            format!(", {left_out} left out of this plan")
        } else {
            String::new()
        };
        let all = match counts.unchanged - left_out {
            0 if left_out == 0 => format!("{place} has no resources, and none are declared"),
            1 => format!("1 resource of {place} is as declared{left}"),
            n => format!("{n} resources of {place} are as declared{left}"),
        };
        putln!(out, "{} {all}.", paint.strong("No changes:"));
        if !plan.refreshed.is_empty() {
            let n = count(plan.refreshed.len(), "change");
            putln!(
                out,
                "The state lacks {n} that were found in the cloud; apply records them."
            );
        }
        return out;
    }
    let parts = [
        (counts.create, "to create", Sigil::Add),
        (counts.update, "to change", Sigil::Change),
        (counts.replace, "to replace", Sigil::Replace),
        (counts.delete, "to delete", Sigil::Remove),
        (counts.forget, "to forget", Sigil::Forget),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|p| p.0 > 0)
        .map(|(n, what, s)| paint.sigil(*s, &format!("{n} {what}")))
        .collect();
    let parts = if parts.is_empty() {
        "no resources".to_owned()
    } else {
        parts.join(", ")
    };
    let same = if counts.unchanged > 0 {
        format!("; {} unchanged", counts.unchanged)
    } else {
        String::new()
    };
    let calls = count(counts.calls, "API call");
    let waits = if counts.waits > 0 {
        format!(" and {}", count(counts.waits, "wait"))
    } else {
        String::new()
    };
    putln!(out, "{} {parts}{same}.", paint.strong("Plan:"));
    putln!(
        out,
        "      {calls}{waits}; the longest chain is {}.",
        plan.depth()
    );
    if !plan.digest.is_empty() {
        let digests = format!(
            "      digest {}\n      calls  {}",
            clean(&plan.digest),
            clean(&plan.calls_digest)
        );
        putln!(out, "{}", paint.dim(&digests));
    }
    let sources = plan.secret_sources();
    if !sources.is_empty() {
        putln!(
            out,
            "      reads {} when it is applied:",
            count(sources.len(), "secret")
        );
        for (source, addresses) in &sources {
            let addresses: Vec<&str> = addresses.iter().copied().collect();
            putln!(
                out,
                "        {}",
                clean(&format!("{source} for {}", addresses.join(", ")))
            );
        }
    }
    let lost: Vec<_> = plan.destroys().collect();
    if !lost.is_empty() {
        let verb = if lost.len() == 1 { "loses" } else { "lose" };
        let title = format!("!! DATA LOSS: {} {verb} data for good", count(lost.len(), "call"));
        putln!(out, "{}", paint.danger(&title));
        for (call, what) in lost {
            let line = format!("   {} of {}: {}", call.title(), call.address, what);
            putln!(out, "{}", paint.danger(&clean(&line)));
        }
    }
    out
}

/// The losses at each address and generation.
fn losses(plan: &Plan) -> HashMap<&str, Vec<&str>> {
    let mut losses: HashMap<&str, Vec<&str>> = HashMap::new();
    for (call, what) in plan.destroys() {
        losses.entry(&call.address).or_default().push(what);
    }
    losses
}

pub(super) fn worth_showing(decision: &Decision) -> bool {
    decision.action != Action::None || decision.moved_from.is_some() || decision.note.is_some()
}

/// Ownership tags alone are not worth a line when a resource is made: every one of them has them.
pub(super) fn shown(decision: &Decision, change: &FieldDiff) -> bool {
    let ours = |v: &serde_json::Value| {
        v.as_object()
            .is_some_and(|m| m.keys().all(|k| k.starts_with("tenon:")))
    };
    decision.action != Action::Create || change.field != "tags" || !ours(&change.to)
}

#[derive(Default)]
struct Scope<'p> {
    scopes: IndexMap<&'p str, Scope<'p>>,
    resources: Vec<(&'p str, &'p Decision)>,
}

impl<'p> Scope<'p> {
    fn insert(&mut self, decision: &'p Decision) {
        let mut here = self;
        let mut parts = decision.address.split('/').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                here.resources.push((part, decision));
                return;
            }
            here = here.scopes.entry(part).or_default();
        }
    }
}

struct Page<'p> {
    plan: &'p Plan,
    look: &'p Look,
    paint: Paint,
    values: Values<'p>,
    losses: HashMap<&'p str, Vec<&'p str>>,
    follows: reason::Follows<'p>,
    out: String,
}

/// The account and region of a resource, where those are not the environment's own; of one that moves, both.
pub(super) fn where_it_is(decision: &Decision) -> String {
    let now = &decision.place;
    match decision.removed.as_ref().map(|removed| &removed.place) {
        Some(before) if before != now => format!(
            "  from {} to {}",
            clean(&before.to_string()),
            clean(&now.to_string())
        ),
        _ if now.is_home() => String::new(),
        _ => format!("  in {}", clean(&now.to_string())),
    }
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn head(&mut self) {
        let plan = self.plan;
        if plan.is_empty() {
            self.settings();
            return;
        }
        let title = format!("{}/{}", plan.stack, plan.env);
        let mut place = format!(" in account {}, {}", plan.account, plan.region);
        if let Some(elsewhere) = plan.elsewhere() {
            put!(place, "; calls go to {elsewhere} instead of AWS");
        }
        let head = format!("{}{}", self.paint.strong(&clean(&title)), clean(&place));
        self.line(&head);
        self.settings();
        let used = |wanted: Sigil| plan.decisions.iter().any(|d| Sigil::of(d.action) == wanted);
        let legend = [
            (Sigil::Add, "create"),
            (Sigil::Change, "change in place"),
            (Sigil::Replace, "replace"),
            (Sigil::Remove, "delete"),
            (Sigil::Forget, "forget"),
        ];
        let legend: Vec<_> = legend
            .iter()
            .filter(|(s, _)| used(*s))
            .map(|(s, what)| self.paint.sigil(*s, &format!("{} {what}", s.char())))
            .collect();
        if !legend.is_empty() {
            self.line(&legend.join("   "));
        }
        self.out.push('\n');
        self.lookups();
    }

    /// The findings of the lookups.
    fn lookups(&mut self) {
        let all = &self.plan.basis.lookups;
        if all.is_empty() {
            return;
        }
        let title = self.paint.strong("Lookups");
        self.line(&title);
        for found in all {
            let asked = tenon_resources::lookup::text(&found.query);
            let asked = self.paint.dim(&clean(&format!("{} {asked}", found.kind)));
            let line = format!("  {} = {}  {asked}", clean(&found.name), clean(&found.label));
            self.line(&line);
        }
        self.out.push('\n');
    }

    /// The values that the program was given, and where each came from.
    fn settings(&mut self) {
        let settings = &self.plan.basis.settings;
        let rows: Vec<_> = settings
            .iter()
            .map(|s| {
                (
                    clean(&format!("{} = {}", s.name, s.value)).into_owned(),
                    clean(&s.source),
                )
            })
            .collect();
        let width = rows
            .iter()
            .map(|(what, _)| what.chars().count())
            .max()
            .unwrap_or(0);
        for (index, (what, source)) in rows.iter().enumerate() {
            let title = if index == 0 { "settings" } else { "" };
            let line = format!("{title:8}  {what:width$}  {}", self.paint.dim(source));
            self.line(&line);
        }
    }

    fn scope(&mut self, scope: &Scope<'_>, depth: usize) {
        for (name, decision) in &scope.resources {
            self.resource(name, decision, depth);
        }
        if depth == 0 && !scope.resources.is_empty() {
            self.out.push('\n');
        }
        for (name, inner) in &scope.scopes {
            let title = self.paint.strong(&clean(name));
            self.line(&format!("{}{title}", "  ".repeat(depth)));
            self.scope(inner, depth + 1);
            if depth == 0 {
                self.out.push('\n');
            }
        }
    }

    // Long: the lines of one resource, in the order in which they stand.
    fn resource(&mut self, name: &str, decision: &Decision, depth: usize) {
        let sigil = Sigil::of(decision.action);
        let pad = "  ".repeat(depth);
        let id = decision
            .id
            .as_deref()
            .filter(|_| decision.action != Action::Create);
        let plain = format!("{} {}", sigil.char(), clean(name));
        let rest = format!(
            "  {}{}",
            clean(&decision.kind),
            id.map(|id| format!("  {}", clean(id))).unwrap_or_default()
        ) + &where_it_is(decision);
        let place = decision.declared.as_deref().map(clean).unwrap_or_default();
        let used = pad.len() + plain.chars().count() + rest.chars().count() + place.chars().count();
        let gap = " ".repeat(self.look.width.saturating_sub(used).max(2));
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{gap}{}", self.paint.dim(&place))
        };
        self.line(&format!(
            "{pad}{}{}{place}",
            self.paint.sigil(sigil, &plain),
            self.paint.dim(&rest)
        ));
        let pad = format!("{pad}    ");
        if let Some(old) = &decision.moved_from {
            self.line(&format!("{pad}moved here from {}", clean(old)));
        }
        if let Some(note) = &decision.note {
            let line = format!("{pad}! {}", reason::note(self.plan, decision, note));
            self.line(&self.paint.sigil(Sigil::Change, &line));
        }
        if let Some(said) = reason::options(decision) {
            let line = format!("{pad}{said}");
            let line = match decision.options_before {
                Some(_) => self.paint.sigil(Sigil::Change, &line),
                None => self.paint.dim(&line),
            };
            self.line(&line);
        }
        if let Some(said) = reason::left_to_aws(decision) {
            self.line(&self.paint.sigil(Sigil::Change, &format!("{pad}! {said}")));
        }
        for said in reason::by_hand(self.plan, decision)
            .into_iter()
            .chain(reason::ineffective(decision))
            .chain(reason::only_when_empty(decision))
        {
            self.line(&self.paint.sigil(Sigil::Change, &format!("{pad}! {said}")));
        }
        // A destroy says so once, at the top.
        let asked = decision.action == Action::Delete && decision.reason == Some(Reason::Asked);
        let said = match (reason::what(decision), reason::why(decision)) {
            _ if asked => None,
            (Some(what), Some(why)) => Some(reason::joined(what, &why)),
            (Some(what), None) if decision.action.replaces() => Some(what.into()),
            _ => None,
        };
        if let Some(said) = said {
            self.line(&format!("{pad}{}", self.paint.sigil(sigil, &said)));
        }
        let follows = self.follows.get(decision.address.as_str());
        let follows: Vec<String> = follows
            .into_iter()
            .flatten()
            .map(|a| clean(a).into_owned())
            .collect();
        if !follows.is_empty() {
            self.line(&format!(
                "{pad}and so {} must change, too",
                reason::listed(&follows)
            ));
        }
        for what in self
            .losses
            .get(decision.address.as_str())
            .cloned()
            .unwrap_or_default()
        {
            let line = format!("{pad}!! DATA LOSS, for good: {}", clean(what));
            self.line(&self.paint.danger(&line));
        }
        let rows: Vec<Row> = decision
            .changes
            .iter()
            .filter(|c| self.look.all || shown(decision, c))
            .map(|c| change::row(&self.values, c))
            .collect();
        let width = rows
            .iter()
            .map(|r| r.name.chars().count())
            .filter(|w| *w <= NAME_WIDTH)
            .max()
            .unwrap_or(0);
        for row in rows {
            self.row(&row, decision.action == Action::Create, width, &pad);
        }
    }

    fn row(&mut self, row: &Row, creates: bool, width: usize, pad: &str) {
        let sigil = if creates { Sigil::Same } else { row.sigil };
        let lead = if creates {
            String::new()
        } else {
            format!("{} ", self.paint.sigil(sigil, &sigil.char().to_string()))
        };
        let name = format!("{:width$}", row.name);
        let note = if row.replaces {
            self.paint.sigil(Sigil::Replace, "  (replaces it)")
        } else {
            String::new()
        };
        let arrow = self.paint.dim("→");
        match &row.body {
            Body::One(value) => self.line(&format!(
                "{pad}{lead}{name} = {}{note}",
                self.paint.sigil(sigil, value)
            )),
            Body::Two(from, to) => {
                let (from, to) = (
                    self.paint.sigil(Sigil::Remove, from),
                    self.paint.sigil(Sigil::Add, to),
                );
                self.line(&format!("{pad}{lead}{name} = {from} {arrow} {to}{note}"));
            }
            Body::Lines(lines) => {
                self.line(&format!("{pad}{lead}{}:{note}", row.name));
                // What is all new can be read in the program, too; a change is shown whole.
                let most = if creates && !self.look.all && lines.len() > LONG {
                    SHORT
                } else {
                    lines.len()
                };
                for (sigil, line) in &lines[..most] {
                    let sigil = if creates { Sigil::Same } else { *sigil };
                    let text = format!("{} {line}", sigil.char());
                    let text = if creates {
                        format!("  {line}")
                    } else {
                        self.paint.sigil(sigil, &text)
                    };
                    self.line(&format!("{pad}  {text}"));
                }
                if most < lines.len() {
                    let rest = format!(
                        "{pad}    … {}; --verbose shows them",
                        count(lines.len() - most, "more line")
                    );
                    self.line(&self.paint.dim(&rest));
                }
            }
        }
    }

    fn outputs(&mut self) {
        let shown: Vec<_> = self
            .plan
            .outputs
            .iter()
            .filter(|(_, v)| self.values.is_open(v))
            .collect();
        if self.plan.is_empty() || shown.is_empty() {
            return;
        }
        let title = self.paint.strong("Outputs");
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        self.line(&title);
        let width = shown
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        for (name, value) in shown {
            self.line(&format!("  {:width$} = {}", clean(name), self.values.line(value)));
        }
        self.out.push('\n');
    }
}
