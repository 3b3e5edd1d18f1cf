//! Previews that a sweep destroys: by what their states say, and by which pull requests are open.
//!
//! An event may hasten a sweep, and none is relied on: GitHub sends none for a pull request that conflicts with its base, and any may be
//! lost. A sweep that finds the same lists comes to the same end.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt::Write as _};
use tenon_planner::render::{
    clean,
    markup::{code, fenced},
};
use tenon_resources::value::EXPIRES;

/// A preview, as its state says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The environment.
    pub env: String,
    /// The number of the pull request, where the environment's name has one.
    pub pull: Option<u64>,
    /// The expiry in the state, in milliseconds since 1970. A state without one is of no preview.
    pub expires_ms: Option<u64>,
    /// The resources in the state.
    pub resources: usize,
    /// The holder of the state's lease.
    pub held_by: Option<String>,
}

/// The fate of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The preview stays, for this reason.
    Stays(String),
    /// The preview is destroyed, for this reason.
    Goes(String),
    /// The state does not call it disposable: nothing is done, and somebody is told.
    Refused(String),
}

/// The fate of `preview` at the time `now_ms`; `open` are the open pull requests, where they are known.
pub fn fate(preview: &Preview, open: Option<&BTreeSet<u64>>, now_ms: u64) -> Fate {
    let Some(expires) = preview.expires_ms else {
        return Fate::Refused("its state has no expiry, so nothing says that it may go".into());
    };
    let closed = closed(preview, open);
    if closed.is_none() && expires > now_ms {
        let hours = (expires - now_ms) / 3_600_000;
        return Fate::Stays(format!("it expires in {hours} h"));
    }
    if let Some(holder) = &preview.held_by {
        // Whoever holds it may be an apply that was late; the next sweep comes.
        return Fate::Stays(format!("{holder} is writing its state"));
    }
    match closed {
        Some(pull) => Fate::Goes(format!("pull request #{pull} is closed")),
        None => Fate::Goes("it has expired".into()),
    }
}

/// The pull request of a preview, where it is closed.
fn closed(preview: &Preview, open: Option<&BTreeSet<u64>>) -> Option<u64> {
    preview
        .pull
        .filter(|pull| open.is_some_and(|open| !open.contains(pull)))
}

/// The [fate] of a preview once the tags of its resources are read: `tags` has the time of expiry of each resource that can have tags, by
/// address, in milliseconds, and none where the tag is missing or is no time.
///
/// Only what its name, its state and its tags all call disposable goes, and the later of the two times counts.
pub fn confirmed(
    preview: &Preview,
    open: Option<&BTreeSet<u64>>,
    tags: &[(String, Option<u64>)],
    now_ms: u64,
) -> Fate {
    let why = match fate(preview, open, now_ms) {
        Fate::Goes(why) => why,
        other => return other,
    };
    let without: Vec<&str> = tags
        .iter()
        .filter(|(_, t)| t.is_none())
        .map(|(a, _)| a.as_str())
        .collect();
    if let [first, rest @ ..] = without.as_slice() {
        let more = if rest.is_empty() {
            String::new()
        } else {
            format!(" and {} more", rest.len())
        };
        return Fate::Refused(format!(
            "its state says that it may go ({why}), and the tags of {first}{more} do not: `{EXPIRES}` is missing"
        ));
    }
    let latest = tags.iter().filter_map(|(_, t)| *t).max();
    match latest.filter(|at| *at > now_ms && closed(preview, open).is_none()) {
        Some(at) => Fate::Stays(format!(
            "its tags say that it expires in {} h",
            (at - now_ms) / 3_600_000
        )),
        None => Fate::Goes(why),
    }
}

/// The time in a tag of expiry.
pub fn expiry_of(tag: &str) -> Option<u64> {
    let at: jiff::Timestamp = tag.parse().ok()?;
    u64::try_from(at.as_millisecond()).ok()
}

/// The outcome of a sweep, as a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepReport {
    /// The stack.
    pub stack: String,
    /// The environments that were destroyed.
    pub destroyed: Vec<String>,
    /// The environments that could not be destroyed or were left alone, and what has the tags of one that has no state.
    pub failed: Vec<Failure>,
}

/// An environment that a sweep could not destroy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The environment.
    pub env: String,
    /// The reason.
    pub why: String,
}

impl SweepReport {
    /// The report in GitHub's Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "## Previews of {} that a sweep cannot destroy\n\n",
            code(&self.stack)
        );
        for failure in self.failed.iter().take(100) {
            let why: String = failure.why.chars().take(2000).collect();
            let _ = writeln!(out, "{}\n\n{}", code(&failure.env), fenced("", &clean(&why)));
        }
        if self.failed.len() > 100 {
            let _ = writeln!(out, "and {} more.", self.failed.len() - 100);
        }
        // A reason may be long, and there may be many.
        let end = out
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= 60_000)
            .last()
            .unwrap_or(0);
        if out.len() > 60_000 {
            out.truncate(end);
            out.push_str("\n```\n\n_More is left out._\n");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_or_expired_goes_and_nothing_that_its_state_does_not_call_disposable() {
        let preview = |pull, expires_ms| Preview {
            env: "pr-7".into(),
            pull,
            expires_ms,
            resources: 5,
            held_by: None,
        };
        let open = BTreeSet::from([7]);
        let of = |p: &Preview, open| fate(p, open, 1000);
        let goes = |p: &Preview, open| matches!(of(p, open), Fate::Goes(_));
        assert!(!goes(&preview(Some(7), Some(2000)), Some(&open)));
        assert!(goes(&preview(Some(7), Some(1000)), Some(&open)), "expired");
        assert!(goes(&preview(Some(8), Some(2000)), Some(&open)), "closed");
        // Where the pull requests are not known, only the expiry counts; so it does for what belongs to none.
        assert!(!goes(&preview(Some(8), Some(2000)), None) && goes(&preview(Some(8), Some(900)), None));
        assert!(
            !goes(&preview(None, Some(2000)), Some(&open)) && goes(&preview(None, Some(900)), Some(&open))
        );
        let none = BTreeSet::new();
        for open in [None, Some(&open), Some(&none)] {
            assert!(matches!(of(&preview(Some(8), None), open), Fate::Refused(_)));
        }
        // The later of the two times counts; what is closed goes whatever they say; and every resource has to have the tag.
        let gone = |p: &Preview, tags: &[(String, Option<u64>)]| confirmed(p, Some(&open), tags, 1000);
        let is_gone = |p: &Preview, tags: &[_]| matches!(gone(p, tags), Fate::Goes(_));
        let at = |time| ("vpc".to_owned(), time);
        let expired = preview(None, Some(900));
        assert!(is_gone(&expired, &[at(Some(900)), at(Some(1000))]));
        assert!(matches!(
            gone(&expired, &[at(Some(900)), at(Some(2000))]),
            Fate::Stays(_)
        ));
        assert!(is_gone(&preview(Some(8), Some(2000)), &[at(Some(2000))]));
        assert!(
            is_gone(&preview(Some(8), Some(900)), &[at(Some(2000))]),
            "closed, and expired in the state"
        );
        assert!(
            matches!(gone(&expired, &[at(Some(900)), at(None)]), Fate::Refused(why) if why.contains("vpc"))
        );
        assert_eq!(expiry_of("2026-11-28T12:00:00Z"), Some(1_795_867_200_000));
        assert_eq!(expiry_of("never"), None);
        let held = Preview {
            held_by: Some("apply by ci".into()),
            ..preview(Some(8), Some(900))
        };
        assert!(matches!(of(&held, Some(&open)), Fate::Stays(why) if why.contains("apply by ci")));
    }
}
