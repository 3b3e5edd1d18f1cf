//! Previews that a sweep destroys: by what their states say, and by which pull requests are open.
//!
//! An event may hasten a sweep, and none is relied on: GitHub sends none for a pull request that conflicts with its base, and any may be
//! lost. A sweep that finds the same lists comes to the same end.

use std::collections::BTreeSet;

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
    let closed = match (preview.pull, open) {
        (Some(pull), Some(open)) if !open.contains(&pull) => Some(pull),
        _ => None,
    };
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
        let held = Preview {
            held_by: Some("apply by ci".into()),
            ..preview(Some(8), Some(900))
        };
        assert!(matches!(of(&held, Some(&open)), Fate::Stays(why) if why.contains("apply by ci")));
    }
}
