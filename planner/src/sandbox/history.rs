//! The event history: who called what, as `CloudTrail` keeps it.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html>: an event is there "within an average of about 5
//! minutes of an API call"; <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html>: management events of
//! the last 90 days, the newest first.

use super::{
    Sandbox,
    contents::{Contents, Key},
    object::{Called, LogEntry},
};
use crate::duration::millis;
use std::time::Duration;
use tenon_resources::cloud::Trace;

/// The time after which an event is there.
const DELAY: Duration = Duration::from_secs(300);

/// The time for which it is.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

impl Sandbox {
    /// The same sandbox for the changes of another person: the ARN of a user or of a role's session.
    #[must_use]
    pub fn acting_as(&self, who: &str) -> Self {
        let mut other = Self::of(self.worlds.clone(), self.config, self.started, self.at.clone())
            .unwrap_or_else(|_| unreachable!("the contents are open"));
        other.actor = Some(who.into());
        other
    }

    /// The ARN under which calls are made.
    pub(super) fn who(&self) -> String {
        let ours = || format!("arn:aws:iam::{}:user/sandbox", self.at.account);
        self.actor.clone().unwrap_or_else(ours)
    }

    /// Keeps a call that was made outside of the engine, by whoever this is: a person in a console, where nobody is named.
    pub(super) fn noted_outside(&self, contents: &mut Contents, key: Key, operation: &str) {
        let somebody = || format!("arn:aws:iam::{}:user/somebody", self.at.account);
        let who = self.actor.clone().unwrap_or_else(somebody);
        let at_ms = self.now_ms(contents);
        contents.note(key, at_ms, who, operation);
    }

    /// The events of a resource that can be seen, the newest first.
    pub(super) fn events_of(&self, contents: &Contents, key: &Key) -> Vec<Trace> {
        let now = self.now_ms(contents);
        let (late, kept) = (millis(self.config.takes(DELAY)), millis(KEPT));
        let all = contents.history.get(key).map_or(&[][..], Vec::as_slice);
        let all = all.iter().enumerate().rev();
        let shown = all.filter(|(_, c)| {
            let age = now.saturating_sub(c.at_ms);
            age >= late && age < kept
        });
        let trace = |(n, called): (usize, &Called)| Trace {
            at_ms: called.at_ms,
            who: called.who.clone(),
            operation: called.operation.clone(),
            source: None,
            event: format!("{}/{}#{n}", key.0, key.1),
        };
        shown.map(trace).collect()
    }
}

impl Contents {
    /// Keeps a call.
    pub(super) fn note(&mut self, (kind, id): Key, at_ms: u64, who: String, operation: &str) {
        let called = Called {
            at_ms,
            who,
            operation: operation.into(),
        };
        self.write(&LogEntry::Called {
            kind: kind.clone(),
            id: id.clone(),
            called: called.clone(),
        });
        self.history.entry((kind, id)).or_default().push(called);
    }
}
