//! Counts by a value: of a session's dimension, of pages, of custom events.

use super::answers::{Amounts, Row, ordered_by};
use super::bits::Bits;
use super::dictionary::Dictionary;
use super::orders::NOBODY;
use super::scope::Scope;
use super::sessions::Dimension;
use crate::event::Kind;

/// What is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// A dimension of the session.
    Session(Dimension),
    /// The session's first page.
    Landing,
    /// The page of page views.
    Page,
    /// The name of custom events.
    Name,
}

/// The counts of the largest values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// The rows.
    pub rows: Vec<Row>,
    /// The number of values.
    pub values: u64,
}

/// Counts by a value. Sessions are counted where they start; shares of sessions add up to 1.
pub fn breakdown(scope: &Scope<'_>, by: By, limit: usize) -> Breakdown {
    match by {
        By::Session(dimension) => {
            let dimensions = &scope.site.sessions.dimensions;
            let key = |session: u32| u32::from(dimensions[session as usize][dimension as usize]);
            by_session(scope, scope.site.dictionary(dimension), limit, key)
        }
        By::Landing => {
            let landing = &scope.site.sessions.landing;
            by_session(scope, &scope.site.pages, limit, |session| {
                landing[session as usize]
            })
        }
        By::Page => by_event(scope, Kind::PageView, &scope.site.pages, limit),
        By::Name => by_event(scope, Kind::Custom, &scope.site.names, limit),
    }
}

/// The place of each of `top` in it, by number; [`NOBODY`] for the others.
fn places(top: &[u32], bound: usize) -> Vec<u32> {
    let mut places = vec![NOBODY; bound];
    for (place, number) in (0..).zip(top) {
        places[*number as usize] = place;
    }
    places
}

fn by_session(
    scope: &Scope<'_>,
    dictionary: &Dictionary,
    limit: usize,
    key: impl Fn(u32) -> u32,
) -> Breakdown {
    let site = scope.site;
    let mut counts = vec![0; dictionary.len()];
    for session in scope.started(scope.from, scope.to) {
        counts[key(session) as usize] += 1;
    }
    let top = ordered_by(&counts, |number| dictionary.text(number), limit);
    let places = places(&top, dictionary.len());
    let ordered = site.orders.sessions(site.sessions.len());
    let mut visitors = vec![Bits::none(site.visitors.numbers.len()); top.len()];
    let named = |number: &u32| Row {
        key: dictionary.text(*number).to_string(),
        sessions: counts[*number as usize],
        ..Row::default()
    };
    let mut rows: Vec<Row> = top.iter().map(named).collect();
    for session in scope.started(scope.from, scope.to) {
        let place = places[key(session) as usize] as usize;
        if let Some(row) = rows.get_mut(place) {
            let new = visitors[place].add(site.sessions.visitor[session as usize]);
            row.visitors += u64::from(new);
            row.converted += u64::from(ordered.has(session));
        }
    }
    for slice in scope.slices(Kind::PageView, scope.from, scope.to) {
        for session in &slice.columns.session[slice.rows] {
            if scope.kept.has(*session)
                && let Some(row) = rows.get_mut(places[key(*session) as usize] as usize)
            {
                row.events += 1;
            }
        }
    }
    let mut sums = vec![vec![None; site.currencies.len()]; rows.len()];
    for order in scope
        .orders(scope.from, scope.to)
        .filter(|order| order.session != NOBODY)
    {
        let place = places[key(order.session) as usize] as usize;
        if let Some(row) = rows.get_mut(place) {
            row.orders += 1;
            *sums[place][usize::from(order.currency)].get_or_insert(0) += i128::from(order.amount);
        }
    }
    for (row, sums) in rows.iter_mut().zip(sums) {
        row.revenue = Amounts::of(site, &sums);
    }
    let values = counts.iter().filter(|count| **count > 0).count();
    Breakdown {
        rows,
        values: u64::try_from(values).unwrap_or(u64::MAX),
    }
}

fn by_event(scope: &Scope<'_>, kind: Kind, dictionary: &Dictionary, limit: usize) -> Breakdown {
    let site = scope.site;
    let mut counts = vec![0; dictionary.len()];
    for slice in scope.slices(kind, scope.from, scope.to) {
        let columns = slice.columns;
        let keys = if kind == Kind::PageView {
            &columns.page
        } else {
            &columns.key
        };
        for (key, session) in keys[slice.rows.clone()].iter().zip(&columns.session[slice.rows]) {
            counts[*key as usize] += u64::from(scope.kept.has(*session));
        }
    }
    let top = ordered_by(&counts, |number| dictionary.text(number), limit);
    let places = places(&top, dictionary.len());
    let mut visitors = vec![Bits::none(site.visitors.numbers.len()); top.len()];
    for slice in scope.slices(kind, scope.from, scope.to) {
        let columns = slice.columns;
        let keys = if kind == Kind::PageView {
            &columns.page
        } else {
            &columns.key
        };
        for (key, session) in keys[slice.rows.clone()].iter().zip(&columns.session[slice.rows]) {
            let place = places[*key as usize] as usize;
            if place < top.len() && scope.kept.has(*session) {
                visitors[place].add(site.sessions.visitor[*session as usize]);
            }
        }
    }
    let mut entries = vec![0; dictionary.len()];
    if kind == Kind::PageView {
        for session in scope.started(scope.from, scope.to) {
            entries[site.sessions.landing[session as usize] as usize] += 1;
        }
    }
    let row = |(number, visitors): (&u32, &Bits)| Row {
        key: dictionary.text(*number).to_string(),
        visitors: visitors.count(),
        sessions: entries[*number as usize],
        events: counts[*number as usize],
        ..Row::default()
    };
    let values = counts.iter().filter(|count| **count > 0).count();
    Breakdown {
        rows: top.iter().zip(&visitors).map(row).collect(),
        values: u64::try_from(values).unwrap_or(u64::MAX),
    }
}
