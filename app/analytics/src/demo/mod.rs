//! Synthetic shoppers: what they do on a day is a function of the day and of their number, so that telling it twice stores
//! nothing twice.

mod person;
mod visit;

pub use visit::{Visit, visits};

use crate::event::{Currency, Event, Line, Who};
use serde_json::value::RawValue;
use std::borrow::Cow;

impl Visit {
    /// The events of the visit that happened before `now` (milliseconds), as the consumer reads them.
    pub fn events(&self, site: &str, currency: Currency, now: i64) -> Vec<Event> {
        let mut events = Vec::new();
        for step in &self.steps {
            let at = self.start + step.after;
            if at >= now {
                break;
            }
            let line = self.line(site, at, &[step.wire(at, self.number)]);
            for mut event in line.read(currency).flatten() {
                event.stored = at + 1_000;
                events.push(event);
            }
        }
        events
    }

    /// The body of a post with the events of the milliseconds from `from` to before `to`; `None` without one.
    pub fn post(&self, site: &str, from: i64, to: i64) -> Option<String> {
        let due = |step: &&visit::Step| (from..to).contains(&(self.start + step.after));
        let events: Vec<serde_json::Value> = self
            .steps
            .iter()
            .filter(due)
            .map(|step| step.wire(self.start + step.after, self.number))
            .collect();
        if events.is_empty() {
            return None;
        }
        let post = serde_json::json!({ "v": 1, "site": site, "at": to, "who": self.who(), "events": events });
        Some(post.to_string())
    }

    fn line(&self, site: &str, received: i64, events: &[serde_json::Value]) -> Line<'static> {
        // Values that serde_json has made itself are JSON.
        let raw = |event: &serde_json::Value| RawValue::from_string(event.to_string()).ok().map(Cow::Owned);
        Line {
            received,
            site: Cow::Owned(site.to_owned()),
            sent: received,
            country: Cow::Borrowed(self.country),
            agent: Cow::Borrowed(self.agent),
            device: None,
            browser: None,
            hash: Cow::Borrowed("-"),
            server: false,
            who: serde_json::from_value::<Owned>(self.who())
                .map(Into::into)
                .unwrap_or_default(),
            events: events.iter().filter_map(raw).collect(),
            trace: None,
            rejected: Vec::new(),
        }
    }
}

/// A sender whose texts are its own.
#[derive(serde::Deserialize)]
struct Owned {
    v: Option<String>,
    s: Option<String>,
    u: Option<String>,
    #[serde(default)]
    c: OwnedCampaign,
}

#[derive(Default, serde::Deserialize)]
struct OwnedCampaign {
    source: Option<String>,
    medium: Option<String>,
    campaign: Option<String>,
    #[serde(rename = "ref")]
    referrer: Option<String>,
}

impl From<Owned> for Who<'static> {
    fn from(who: Owned) -> Self {
        let text = |text: Option<String>| text.map(Cow::Owned);
        let mut sender = Who {
            v: text(who.v),
            s: text(who.s),
            u: text(who.u),
            ..Who::default()
        };
        sender.c.source = text(who.c.source);
        sender.c.medium = text(who.c.medium);
        sender.c.name = text(who.c.campaign);
        sender.c.referrer = text(who.c.referrer);
        sender
    }
}

#[cfg(test)]
mod tests {
    use super::visits;
    use crate::event::{Currency, Id, Kind};
    use std::collections::HashSet;

    #[test]
    fn a_day_is_told_twice_the_same_and_every_event_is_accepted() {
        let currency = Currency::parse("EUR").expect("a currency");
        let tell = || -> Vec<_> {
            visits(20_000, 100)
                .iter()
                .flat_map(|visit| visit.events("shop", currency, i64::MAX))
                .collect()
        };
        let events = tell();
        assert_eq!(events, tell());
        let steps: usize = visits(20_000, 100).iter().map(|visit| visit.steps.len()).sum();
        assert_eq!(events.len(), steps, "no event is refused");
        let ids: HashSet<Id> = events.iter().map(|event| event.id).collect();
        assert_eq!(ids.len(), events.len());
        for kind in [Kind::PageView, Kind::Search, Kind::AddToCart, Kind::OrderPlaced] {
            assert!(events.iter().any(|event| event.kind == kind), "{kind:?}");
        }
        // Posts of an afternoon are the same events.
        let visit = &visits(20_000, 100)[0];
        assert!(visit.post("shop", visit.start, visit.start + 1).is_some());
        assert!(visit.post("shop", 0, visit.start).is_none());
    }
}
