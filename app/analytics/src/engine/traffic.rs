//! Traffic and revenue, in all and by interval.

use super::answers::Amounts;
use super::bits::Bits;
use super::scope::Scope;
use crate::event::Kind;

/// The traffic of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Distinct visitors of the sessions that start in the period.
    pub visitors: u64,
    /// Sessions that start in the period.
    pub sessions: u64,
    /// Page views in the period.
    pub page_views: u64,
    /// Sessions of one page view, nothing else but scrolls, and less than 10 seconds.
    pub bounces: u64,
    /// Sessions with an order.
    pub converted: u64,
    /// The seconds between first and last event, of all sessions together.
    pub seconds: u64,
}

/// The traffic of the whole period, and of each interval between `borders`.
pub fn traffic(scope: &Scope<'_>, borders: &[i64]) -> (Traffic, Vec<Traffic>) {
    let site = scope.site;
    let sessions = &site.sessions;
    let ordered = site.orders.sessions(sessions.len());
    let mut seen_in = vec![0_u32; site.visitors.numbers.len()];
    let mut total = Traffic::default();
    let mut steps = vec![Traffic::default(); borders.len().saturating_sub(1)];
    for (number, (pair, step)) in (1..).zip(borders.windows(2).zip(&mut steps)) {
        let (from, to) = scope.within(pair[0], pair[1]);
        for session in scope.started(from, to) {
            let at = session as usize;
            step.sessions += 1;
            step.bounces += u64::from(sessions.bounced(session));
            step.converted += u64::from(ordered.has(session));
            step.seconds += u64::from(sessions.end[at] - sessions.start[at]);
            let seen = &mut seen_in[sessions.visitor[at] as usize];
            total.visitors += u64::from(*seen == 0);
            step.visitors += u64::from(*seen != number);
            *seen = number;
        }
        for slice in scope.slices(Kind::PageView, from, to) {
            let rows = slice.columns.session[slice.rows].iter();
            step.page_views += rows
                .map(|session| u64::from(scope.kept.has(*session)))
                .sum::<u64>();
        }
        total.sessions += step.sessions;
        total.bounces += step.bounces;
        total.converted += step.converted;
        total.seconds += step.seconds;
        total.page_views += step.page_views;
    }
    (total, steps)
}

/// The revenue of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revenue {
    /// Orders.
    pub orders: u64,
    /// Pieces.
    pub quantity: u64,
    /// The sums of orders, by currency.
    pub amounts: Amounts,
    /// Orders by currency, for the average of each.
    pub orders_by_currency: Amounts,
}

/// The revenue of the whole period, and of each interval between `borders`.
pub fn revenue(scope: &Scope<'_>, borders: &[i64]) -> (Revenue, Vec<Revenue>) {
    let mut total = Revenue::default();
    let mut steps = Vec::with_capacity(borders.len().saturating_sub(1));
    for pair in borders.windows(2) {
        let (from, to) = scope.within(pair[0], pair[1]);
        let mut step = Revenue::default();
        let currencies = &scope.site.currencies;
        let mut sums = vec![None; currencies.len()];
        let mut counts = vec![None; currencies.len()];
        for order in scope.orders(from, to) {
            step.orders += 1;
            step.quantity += u64::from(order.quantity);
            let at = usize::from(order.currency);
            *sums[at].get_or_insert(0) += i128::from(order.amount);
            *counts[at].get_or_insert(0) += 1;
        }
        step.amounts = Amounts::of(scope.site, &sums);
        step.orders_by_currency = Amounts::of(scope.site, &counts);
        total.orders += step.orders;
        total.quantity += step.quantity;
        for (all, one) in [
            (&mut total.amounts, &step.amounts),
            (&mut total.orders_by_currency, &step.orders_by_currency),
        ] {
            for (currency, sum) in &one.0 {
                *all.0.entry(*currency).or_default() += sum;
            }
        }
        steps.push(step);
    }
    (total, steps)
}

/// The distinct visitors of a list of sessions.
pub(super) fn distinct(scope: &Scope<'_>, sessions: impl Iterator<Item = u32>) -> Bits {
    let mut bits = Bits::none(scope.site.visitors.numbers.len());
    for session in sessions {
        bits.add(scope.site.sessions.visitor[session as usize]);
    }
    bits
}
