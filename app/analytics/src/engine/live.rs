//! The last minutes.

use super::answers::ordered_by;
use super::bits::Bits;
use super::scope::Scope;
use crate::event::Kind;

/// The last minutes of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Distinct visitors with an event.
    pub visitors: u64,
    /// Events.
    pub events: u64,
    /// Events by minute, the oldest first.
    pub minutes: Vec<u64>,
    /// The pages with most page views, and their number.
    pub pages: Vec<(String, u64)>,
}

/// The scope's period by minutes.
pub fn live(scope: &Scope<'_>, limit: usize) -> Live {
    let site = scope.site;
    let mut visitors = Bits::none(site.visitors.numbers.len());
    let minutes = usize::try_from((scope.to - scope.from).max(0) / 60_000).unwrap_or(0);
    let mut answer = Live {
        minutes: vec![0; minutes],
        ..Live::default()
    };
    let mut pages = vec![0; site.pages.len()];
    for kind in Kind::ALL {
        for slice in scope.slices(kind, scope.from, scope.to) {
            for at in slice.rows {
                let session = slice.columns.session[at];
                if !scope.kept.has(session) {
                    continue;
                }
                answer.events += 1;
                visitors.add(site.sessions.visitor[session as usize]);
                let since = slice.base + i64::from(slice.columns.time[at]) - scope.from;
                let minute = usize::try_from(since / 60_000).unwrap_or(usize::MAX);
                if let Some(minute) = answer.minutes.get_mut(minute) {
                    *minute += 1;
                }
                if kind == Kind::PageView {
                    pages[slice.columns.page[at] as usize] += 1;
                }
            }
        }
    }
    answer.visitors = visitors.count();
    let top = ordered_by(&pages, |number| site.pages.text(number), limit);
    let named = |number: &u32| (site.pages.text(*number).to_string(), pages[*number as usize]);
    answer.pages = top.iter().map(named).collect();
    answer
}
