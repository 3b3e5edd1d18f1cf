//! The figures that follow visitors: searches, funnels, retention and carts.

use super::{World, number};
use analytics::engine::{Carts, Cohort, Cohorts, Funnel, FunnelOrder, FunnelStep, SearchRow, Searches, Step};
use analytics::event::{Currency, Event, Id, Kind, Text};
use std::collections::{BTreeMap, BTreeSet};

impl World<'_> {
    pub(crate) fn searches(&self, limit: usize) -> Searches {
        let mut rows: BTreeMap<Text, SearchRow> = BTreeMap::new();
        for id in &self.kept {
            let mut events: Vec<&Event> = self.sessions[id]
                .events
                .iter()
                .copied()
                .filter(|e| self.within(e.at))
                .collect();
            events.retain(|e| matches!(e.kind, Kind::Search | Kind::ProductView));
            events.sort_by_key(|e| (e.at, e.kind == Kind::ProductView));
            // The last search of a millisecond is the one clicked; which one that is has no meaning, so ties are left out.
            for (at, event) in events.iter().enumerate().filter(|(_, e)| e.kind == Kind::Search) {
                let row = rows.entry(event.query.clone().unwrap()).or_default();
                row.searches += 1;
                row.converted += u64::from(self.ordered(*id));
                row.without_results += u64::from(event.number == Some(0));
                row.results += u64::from(event.number.unwrap_or(0));
                row.clicked += u64::from(
                    events
                        .get(at + 1)
                        .is_some_and(|next| next.kind == Kind::ProductView),
                );
            }
        }
        let mut total = SearchRow::default();
        for row in rows.values() {
            total.searches += row.searches;
            total.without_results += row.without_results;
            total.clicked += row.clicked;
            total.converted += row.converted;
            total.results += row.results;
        }
        let largest = |count: fn(&SearchRow) -> u64| {
            let named = |(query, row): (&Text, &SearchRow)| SearchRow {
                query: query.to_string(),
                ..row.clone()
            };
            let mut rows: Vec<SearchRow> = rows.iter().map(named).filter(|row| count(row) > 0).collect();
            rows.sort_by_key(|row| (std::cmp::Reverse(count(row)), row.query.clone()));
            rows.truncate(limit);
            rows
        };
        Searches {
            total,
            top: largest(|row| row.searches),
            zero: largest(|row| row.without_results),
        }
    }

    pub(crate) fn funnel(&self, steps: &[Step], window: i64, order: FunnelOrder) -> Funnel {
        // The times at which each visitor makes each step.
        let mut made: BTreeMap<Id, Vec<(i64, usize)>> = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            if step.kind == Kind::OrderPlaced {
                for order in self.orders.iter().filter(|o| self.within(o.at)) {
                    if let Some(session) = order.session.filter(|s| self.kept.contains(s)) {
                        made.entry(self.visitor(session))
                            .or_default()
                            .push((order.at, at));
                    }
                }
                continue;
            }
            for event in self.seen(step.kind) {
                let text = match step.kind {
                    Kind::ProductView | Kind::AddToCart | Kind::RemoveFromCart => {
                        event.product.clone().unwrap()
                    }
                    Kind::Search => event.query.clone().unwrap(),
                    Kind::Custom => event.name.clone().unwrap(),
                    _ => event.page.clone(),
                };
                if step.accepts(&text) {
                    made.entry(self.visitor(event.session))
                        .or_default()
                        .push((event.at, at));
                }
            }
        }
        let mut waits: Vec<Vec<u64>> = vec![vec![]; steps.len()];
        for times in made.values_mut() {
            times.sort_unstable();
            for (at, waits) in waits.iter_mut().enumerate() {
                if let Some(wait) = first_wait(times, at, window * 1000, order) {
                    waits.push(wait);
                }
            }
        }
        let step = |(at, mut waits): (usize, Vec<u64>)| {
            waits.sort_unstable();
            let wanted = at > 0 && order == FunnelOrder::Strict;
            let median_seconds = waits.get(waits.len() / 2).copied().filter(|_| wanted);
            FunnelStep {
                visitors: number(waits.len()),
                median_seconds,
            }
        };
        Funnel(waits.into_iter().enumerate().map(step).collect())
    }

    // Long: the plain way, in one place.
    pub(crate) fn retention(&self, borders: &[i64], by: Cohorts) -> Vec<Cohort> {
        let mut first: BTreeMap<Id, i64> = BTreeMap::new();
        let mut observe = |visitor: Id, second: i64| {
            let first = first.entry(visitor).or_insert(second);
            *first = second.min(*first);
        };
        match by {
            Cohorts::Visits => {
                for event in self.events.iter().filter(|e| e.session != Id::default()) {
                    observe(event.visitor, event.at.div_euclid(1000));
                }
            }
            Cohorts::Orders => {
                for order in &self.orders {
                    order
                        .session
                        .into_iter()
                        .for_each(|s| observe(self.visitor(s), order.at.div_euclid(1000)));
                }
            }
        }
        let unclipped = |from: i64, to: i64| -> BTreeSet<Id> {
            let starts = self
                .sessions
                .iter()
                .filter(|(id, s)| self.kept.contains(id) && (from..to).contains(&s.start()));
            let orders = self
                .orders
                .iter()
                .filter(|o| (from * 1000..to * 1000).contains(&o.at))
                .filter_map(|o| o.session);
            match by {
                Cohorts::Visits => starts.map(|(id, _)| self.visitor(*id)).collect(),
                Cohorts::Orders => orders
                    .filter(|s| self.kept.contains(s))
                    .map(|s| self.visitor(s))
                    .collect(),
            }
        };
        let seen: Vec<BTreeSet<Id>> = borders
            .windows(2)
            .map(|pair| unclipped(pair[0], pair[1]))
            .collect();
        let cohort = |at: usize| {
            let range = borders[at]..borders[at + 1];
            let members: BTreeSet<Id> = seen[at]
                .iter()
                .copied()
                .filter(|v| range.contains(&first[v]))
                .collect();
            Cohort {
                from: borders[at],
                visitors: number(members.len()),
                seen: seen[at..]
                    .iter()
                    .map(|seen| number(seen.intersection(&members).count()))
                    .collect(),
            }
        };
        (0..seen.len()).map(cohort).collect()
    }

    pub(crate) fn carts(&self, now: i64, patience: i64) -> Carts {
        let mut by_visitor: BTreeMap<Id, Vec<(i64, u8, Option<&Event>)>> = BTreeMap::new();
        for event in self.events {
            let rank = match event.kind {
                Kind::AddToCart => 0,
                Kind::RemoveFromCart => 1,
                _ => continue,
            };
            by_visitor
                .entry(self.visitor(event.session))
                .or_default()
                .push((event.at, rank, Some(event)));
        }
        for order in &self.orders {
            if let Some(session) = order.session {
                by_visitor
                    .entry(self.visitor(session))
                    .or_default()
                    .push((order.at, 2, None));
            }
        }
        let mut answer = Carts::default();
        for events in by_visitor.values_mut() {
            events.retain(|(at, ..)| *at < now);
            events.sort_by_key(|(at, rank, _)| (*at, *rank));
            self.walk(events, &mut answer, now, patience);
        }
        answer
    }

    fn walk(&self, events: &[(i64, u8, Option<&Event>)], answer: &mut Carts, now: i64, patience: i64) {
        const WEEK: i64 = 7 * 86_400_000;
        // Whether it counts, when it was changed, pieces, amount and currency.
        let mut cart: Option<(bool, i64, i64, i64, Option<Currency>)> = None;
        let abandon = |answer: &mut Carts, cart: (bool, i64, i64, i64, Option<Currency>)| {
            if cart.0 {
                answer.abandoned += 1;
                cart.4
                    .into_iter()
                    .for_each(|currency| answer.value.add(currency, cart.3));
            }
        };
        for (at, rank, event) in events {
            if let Some(old) = cart.take_if(|cart| at - cart.1 > WEEK) {
                abandon(answer, old);
            }
            let Some(event) = event else {
                if let Some((true, changed, ..)) = cart.take() {
                    answer.bought += 1;
                    answer.recovered += u64::from(at - changed > patience);
                }
                continue;
            };
            if cart.is_none() && *rank == 1 {
                continue;
            }
            let counts = self.within(*at) && self.kept.contains(&event.session);
            if cart.is_none() {
                answer.opened += u64::from(counts);
            }
            let cart_now = cart.get_or_insert((counts, *at, 0, 0, None));
            let pieces = i64::from(event.quantity.unwrap()) * if *rank == 0 { 1 } else { -1 };
            cart_now.1 = *at;
            cart_now.2 += pieces;
            if let (Some(price), Some(currency)) = (event.amount, event.currency)
                && *cart_now.4.get_or_insert(currency) == currency
            {
                cart_now.3 = (cart_now.3 + price * pieces).max(0);
            }
            if cart_now.2 <= 0 {
                answer.emptied += u64::from(cart_now.0);
                cart = None;
            }
        }
        if let Some(cart) = cart {
            if now - cart.1 > patience {
                abandon(answer, cart);
            } else {
                answer.open += u64::from(cart.0);
            }
        }
    }
}

/// The seconds from the step before to the first time that step `at` is reached: every way there is tried.
fn first_wait(times: &[(i64, usize)], at: usize, window: i64, order: FunnelOrder) -> Option<u64> {
    for (place, (time, step)) in times.iter().enumerate() {
        if *step != at {
            continue;
        }
        if at == 0 {
            return Some(0);
        }
        // The ways to here: chains of places that end here; of those in time, the one that began last.
        let mut best: Option<(i64, i64)> = None;
        let previous = if order == FunnelOrder::Strict { at - 1 } else { 0 };
        for before in (0..place).filter(|before| times[*before].1 == previous) {
            if let Some(begun) = latest_begin(times, before, previous, window)
                && time - begun <= window
            {
                best = best.max(Some((begun, times[before].0)));
            }
        }
        if let Some((begun, made)) = best {
            // The way that counts is the one by the last time of the step before.
            let _ = begun;
            return u64::try_from((time - made) / 1000).ok();
        }
    }
    None
}

/// The latest time of the first step from which `place`, a time of step `step`, is reached in time.
fn latest_begin(times: &[(i64, usize)], place: usize, step: usize, window: i64) -> Option<i64> {
    if step == 0 {
        return Some(times[place].0);
    }
    let before = (0..place).filter(|before| times[*before].1 == step - 1);
    let begins = before.filter_map(|before| latest_begin(times, before, step - 1, window));
    begins.filter(|begun| times[place].0 - begun <= window).max()
}
