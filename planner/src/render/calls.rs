//! The plan as the numbered list of its API calls, in waves: the calls of a wave need only those of earlier ones.

use super::{Look, Paint, Sigil, clean, count, value::Values};
use crate::{Plan, PlannedCall};
use serde_json::Value;
use tenon_resources::call::Effect;

/// The wave of each call, from 0: one more than the latest that it needs.
pub fn waves(plan: &Plan) -> Vec<usize> {
    let mut waves = vec![0; plan.calls.len()];
    for (i, call) in plan.calls.iter().enumerate() {
        waves[i] = call.after.iter().map(|&a| waves[a] + 1).max().unwrap_or(0);
    }
    waves
}

/// The number of each call, from 1: wave by wave, and in the plan's order within one.
pub(super) fn numbers(waves: &[usize]) -> Vec<usize> {
    let mut numbers = vec![0; waves.len()];
    for (number, i) in in_waves(waves).into_iter().enumerate() {
        numbers[i] = number + 1;
    }
    numbers
}

fn in_waves(waves: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..waves.len()).collect();
    order.sort_by_key(|&i| (waves[i], i));
    order
}

/// Every call with its parameters, numbered wave by wave.
pub fn calls(plan: &Plan, look: &Look) -> String {
    list(plan, look, true) + &super::summary(plan, look)
}

/// The calls of `plan` in waves, with their parameters or without.
pub fn list(plan: &Plan, look: &Look, with_params: bool) -> String {
    let paint = Paint::new(look);
    let values = Values::whole(plan);
    let mut out = String::new();
    let waves = waves(plan);
    let numbers = numbers(&waves);
    for wave in in_waves(&waves).chunk_by(|&a, &b| waves[a] == waves[b]) {
        let mutating = wave
            .iter()
            .filter(|&&i| plan.calls[i].step.effect.mutates())
            .count();
        let (calls, waits) = (count(mutating, "call"), count(wave.len() - mutating, "wait"));
        let sizes = match (mutating, wave.len() - mutating) {
            (_, 0) => calls,
            (0, _) => waits,
            _ => format!("{calls}, {waits}"),
        };
        let title = format!("Wave {}", waves[wave[0]] + 1);
        putln!(out, "{}  {}", paint.strong(&title), paint.dim(&sizes));
        for &i in wave {
            write_call(&mut out, &numbers, i, &plan.calls[i], look);
            let pad = " ".repeat(NUMBER_WIDTH + 3);
            for line in params(&plan.calls[i].step.readable_request(), &values)
                .iter()
                .filter(|_| with_params)
            {
                putln!(out, "{pad}{line}");
            }
        }
        out.push('\n');
    }
    out
}

/// The digits that numbers are aligned to.
const NUMBER_WIDTH: usize = 5;

fn write_call(out: &mut String, numbers: &[usize], i: usize, call: &PlannedCall, look: &Look) {
    let paint = Paint::new(look);
    let number = format!("{:>NUMBER_WIDTH$}", numbers[i]);
    let title = clean(&call.title()).into_owned();
    let sigil = match call.step.effect {
        Effect::Create => Sigil::Add,
        Effect::Update => Sigil::Change,
        Effect::Delete => Sigil::Remove,
        Effect::Shown(_) | Effect::Ready(_) | Effect::Gone(_) => Sigil::Same,
    };
    let limit = match call.step.effect {
        Effect::Shown(s) | Effect::Ready(s) | Effect::Gone(s) => format!(" (at most {})", duration(s)),
        _ => String::new(),
    };
    let title = if sigil == Sigil::Same {
        paint.dim(&title)
    } else {
        paint.sigil(sigil, &title)
    };
    let mut after: Vec<usize> = call.after.iter().map(|&a| numbers[a]).collect();
    after.sort_unstable();
    let after: Vec<_> = after.iter().map(ToString::to_string).collect();
    let after = if after.is_empty() {
        String::new()
    } else {
        format!("  after {}", after.join(", "))
    };
    let place = if call.place.is_home() {
        String::new()
    } else {
        paint.dim(&format!("  in {}", clean(&call.place.to_string())))
    };
    let tail = paint.dim(&format!("{limit}{after}"));
    putln!(
        out,
        "{} {title}  {}{place}{tail}",
        paint.dim(&number),
        clean(&call.address)
    );
    if let Some(what) = &call.step.destroys {
        let line = format!("{:NUMBER_WIDTH$}   !! DATA LOSS, for good: {}", "", clean(what));
        putln!(out, "{}", paint.danger(&line));
    }
}

/// The parameters, one a line; nothing for a call without any.
fn params(params: &Value, values: &Values<'_>) -> Vec<String> {
    match params {
        Value::Null => vec![],
        Value::Object(map) if map.is_empty() => vec![],
        // Waits have none; everything else is an object of members.
        params => values.lines(params),
    }
}

/// `45 s`, `15 min`, `2 h`.
fn duration(seconds: u32) -> String {
    match seconds {
        s if s >= 7200 && s.is_multiple_of(3600) => format!("{} h", s / 3600),
        s if s >= 120 && s.is_multiple_of(60) => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}
