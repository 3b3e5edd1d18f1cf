//! Retention: the visitors of a first week or month, and how many of them come back.

use super::bits::Bits;
use super::scope::Scope;
use super::traffic::distinct;

/// The visitors whose first time lies in one interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// The interval's begin, in seconds since 1970.
    pub from: i64,
    /// The number of visitors.
    pub visitors: u64,
    /// Of these, those seen in this interval and in each one after it.
    pub seen: Vec<u64>,
}

/// What counts as a visitor's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cohorts {
    /// The start of a session; a visitor's first event.
    Visits,
    /// An order; a visitor's first order.
    Orders,
}

/// The cohorts of the intervals between `borders`, in seconds. A cohort's visitors have their first time in it and a session
/// (or order) in it that passes the filters.
pub fn retention(scope: &Scope<'_>, borders: &[i64], by: Cohorts) -> Vec<Cohort> {
    let site = scope.site;
    let visitor = |session: u32| site.sessions.visitor[session as usize];
    let seen: Vec<Bits> = borders
        .windows(2)
        .map(|pair| {
            let (from, to) = (pair[0] * 1000, pair[1] * 1000);
            match by {
                Cohorts::Visits => distinct(scope, scope.started(from, to)),
                Cohorts::Orders => {
                    let orders = scope.orders(from, to).map(|order| order.session);
                    distinct(scope, orders.filter(|session| *session != super::orders::NOBODY))
                }
            }
        })
        .collect();
    let first_orders = || {
        let mut first = vec![u32::MAX; site.visitors.numbers.len()];
        for order in site.orders.between(i64::MIN / 2, i64::MAX / 2) {
            if order.session != super::orders::NOBODY {
                let first = &mut first[visitor(order.session) as usize];
                *first = (*first).min(u32::try_from(order.at.div_euclid(1000)).unwrap_or(0));
            }
        }
        first
    };
    let ordered;
    let first: &[u32] = match by {
        Cohorts::Visits => &site.visitors.first,
        Cohorts::Orders => {
            ordered = first_orders();
            &ordered
        }
    };
    let mut members = vec![Bits::none(first.len()); seen.len()];
    for (number, first) in (0..).zip(first) {
        let at = borders.partition_point(|border| *border <= i64::from(*first));
        if let Some(members) = at.checked_sub(1).and_then(|at| members.get_mut(at)) {
            members.add(number);
        }
    }
    let cohort = |(at, mut members): (usize, Bits)| {
        members.keep(&seen[at]);
        Cohort {
            from: borders[at],
            visitors: members.count(),
            seen: seen[at..].iter().map(|seen| members.common(seen)).collect(),
        }
    };
    members.into_iter().enumerate().map(cohort).collect()
}
