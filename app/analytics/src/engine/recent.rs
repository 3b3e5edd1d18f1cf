//! The newest sessions of a period, from which a journey begins.

use super::orders::NOBODY;
use super::scope::Scope;
use super::sessions::Dimension;
use crate::event::Id;
use hashbrown::HashSet;

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// The session.
    pub session: Id,
    /// The visitor.
    pub visitor: Id,
    /// The second since 1970 of the first event.
    pub start: i64,
    /// The seconds until the last event.
    pub seconds: u32,
    /// The first page.
    pub landing: String,
    /// The device, the browser, the country and the source.
    pub of: [String; 4],
    /// The page views.
    pub pages: u16,
    /// True with an order.
    pub ordered: bool,
}

/// The newest sessions that start in the scope's period, the newest first.
pub fn recent(scope: &Scope<'_>, limit: usize) -> Vec<Recent> {
    let site = scope.site;
    let ordered: HashSet<u32> = scope
        .orders(scope.from, i64::MAX)
        .map(|order| order.session)
        .filter(|session| *session != NOBODY)
        .collect();
    let started: Vec<u32> = scope.started(scope.from, scope.to).collect();
    let row = |session: &u32| {
        let at = *session as usize;
        let sessions = &site.sessions;
        let text = |dimension: Dimension| {
            let number = sessions.dimensions[at][dimension as usize];
            site.dictionary(dimension).text(u32::from(number)).to_string()
        };
        Recent {
            session: sessions.numbers.ids()[at],
            visitor: site.visitors.numbers.ids()[sessions.visitor[at] as usize],
            start: i64::from(sessions.start[at]),
            seconds: sessions.end[at] - sessions.start[at],
            landing: site.pages.text(sessions.landing[at]).to_string(),
            of: [
                Dimension::Device,
                Dimension::Browser,
                Dimension::Country,
                Dimension::Source,
            ]
            .map(text),
            pages: sessions.pages[at],
            ordered: ordered.contains(session),
        }
    };
    started.iter().rev().take(limit).map(row).collect()
}
