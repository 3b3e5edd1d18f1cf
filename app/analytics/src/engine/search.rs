//! Searches: what was searched for, found, clicked and bought.

use super::answers::ordered_by;
use super::columns::NONE;
use super::scope::Scope;
use super::timeline::timeline;
use crate::event::Kind;

/// The counts of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRow {
    /// The words, in small letters.
    pub query: String,
    /// Searches.
    pub searches: u64,
    /// Searches without a result.
    pub without_results: u64,
    /// Searches that a product view of the session followed, before its next search.
    pub clicked: u64,
    /// Searches of sessions that have an order.
    pub converted: u64,
    /// The sum of the results of those searches that say how many there were.
    pub results: u64,
}

/// The searches of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searches {
    /// All searches together; its query is empty.
    pub total: SearchRow,
    /// The most frequent queries.
    pub top: Vec<SearchRow>,
    /// The most frequent queries among the searches without a result.
    pub zero: Vec<SearchRow>,
}

const NOTHING: u32 = u32::MAX;

/// The searches of a period, the most frequent ones first.
pub fn searches(scope: &Scope<'_>, limit: usize) -> Searches {
    let site = scope.site;
    let ordered = site.orders.sessions(site.sessions.len());
    let mut rows = vec![SearchRow::default(); site.queries.len()];
    // The query that each session waits to click a result of.
    let mut pending = vec![NOTHING; site.sessions.len()];
    let kinds = [Kind::Search, Kind::ProductView];
    timeline(scope, &kinds, false, (scope.from, scope.to), |moment| {
        let waiting = &mut pending[moment.session as usize];
        let Some((columns, at)) = moment.cell else { return };
        if moment.stream == 1 {
            if *waiting != NOTHING {
                rows[*waiting as usize].clicked += 1;
                *waiting = NOTHING;
            }
            return;
        }
        if !scope.kept.has(moment.session) {
            return;
        }
        *waiting = columns.key[at];
        let row = &mut rows[*waiting as usize];
        row.searches += 1;
        row.converted += u64::from(ordered.has(moment.session));
        let results = columns.number[at];
        row.without_results += u64::from(results == 0);
        row.results += if results == NONE { 0 } else { u64::from(results) };
    });
    let mut total = SearchRow::default();
    for row in &rows {
        total.searches += row.searches;
        total.without_results += row.without_results;
        total.clicked += row.clicked;
        total.converted += row.converted;
        total.results += row.results;
    }
    let largest = |count: &dyn Fn(&SearchRow) -> u64| {
        let counts: Vec<u64> = rows.iter().map(count).collect();
        let top = ordered_by(&counts, |number| site.queries.text(number), limit);
        let named = |number: &u32| SearchRow {
            query: site.queries.text(*number).to_string(),
            ..rows[*number as usize].clone()
        };
        top.iter().map(named).collect()
    };
    Searches {
        top: largest(&|row| row.searches),
        zero: largest(&|row| row.without_results),
        total,
    }
}
