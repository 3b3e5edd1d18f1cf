//! The difference of two plans: the calls that only one of them makes, and those that both make with other parameters.

use super::{Paint, Sigil, clean, count, value_lines};
use crate::{Plan, PlannedCall};
use similar::{ChangeTag, TextDiff};

/// The difference from `before` to `after`, a line for each call and each member that differs; empty when their calls are the same.
pub fn difference(before: &Plan, after: &Plan, paint: Paint) -> String {
    let mut gone: Vec<&PlannedCall> = before.mutating().collect();
    let mut come: Vec<&PlannedCall> = vec![];
    for call in after.mutating() {
        match gone.iter().position(|old| same(old, call)) {
            Some(at) => drop(gone.remove(at)),
            None => come.push(call),
        }
    }
    let mut lines = vec![];
    come.retain(|new| {
        let Some(at) = gone.iter().position(|old| alike(old, new)) else {
            return true;
        };
        lines.push(paint.sigil(Sigil::Change, &head(Sigil::Change, new)));
        lines.extend(members(gone.remove(at), new));
        false
    });
    let one = |sigil: Sigil| move |call: &&PlannedCall| paint.sigil(sigil, &head(sigil, call));
    let (removed, added): (Vec<_>, Vec<_>) = (
        gone.iter().map(one(Sigil::Remove)).collect(),
        come.iter().map(one(Sigil::Add)).collect(),
    );
    let changed = lines.iter().filter(|l| !l.starts_with("    ")).count();
    let total = removed.len() + added.len() + changed;
    lines.extend(removed);
    lines.extend(added);
    if total > 0 {
        let calls = count(total, "call");
        lines.push(format!(
            "{calls} differ: from serial {} to serial {}",
            before.serial, after.serial
        ));
    }
    lines.join("\n")
}

fn head(sigil: Sigil, call: &PlannedCall) -> String {
    let place = match &call.place {
        place if place.is_home() => String::new(),
        place => format!(" in {}", clean(&place.to_string())),
    };
    let (title, address) = (call.title(), clean(&call.address));
    format!("{} {} of {address}{place}", sigil.char(), clean(&title))
}

/// `true` for two calls that are about the same and of the same operation.
fn alike(a: &PlannedCall, b: &PlannedCall) -> bool {
    (&a.address, &a.step.service, &a.step.operation) == (&b.address, &b.step.service, &b.step.operation)
}

fn same(a: &PlannedCall, b: &PlannedCall) -> bool {
    alike(a, b) && a.place == b.place && a.generation == b.generation && a.step.params == b.step.params
}

fn members(before: &PlannedCall, after: &PlannedCall) -> Vec<String> {
    let text = |call: &PlannedCall| value_lines(&call.step.params).join("\n") + "\n";
    let (old, new) = (text(before), text(after));
    let diff = TextDiff::from_lines(&old, &new);
    let changes = diff.iter_all_changes().filter(|c| c.tag() != ChangeTag::Equal);
    changes
        .map(|change| {
            let sign = if change.tag() == ChangeTag::Delete {
                '-'
            } else {
                '+'
            };
            format!("    {sign} {}", clean(change.value().trim_end()))
        })
        .collect()
}
