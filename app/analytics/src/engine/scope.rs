//! The sessions that a question is about, and the events of its period.

use super::bits::Bits;
use super::columns::{Columns, HOUR};
use super::dictionary::Dictionary;
use super::orders::{NOBODY, Order};
use super::question::{Filter, Question, Subject, Test};
use super::site::Site;
use crate::event::Kind;
use std::ops::Range;

/// A question put to a site.
pub struct Scope<'a> {
    /// The site.
    pub site: &'a Site,
    /// The first millisecond.
    pub from: i64,
    /// The millisecond after the last.
    pub to: i64,
    /// The sessions that pass the filters.
    pub kept: Bits,
    filtered: bool,
}

/// The events of one kind in a part of an hour.
pub struct Slice<'a> {
    /// The hour's begin in milliseconds since 1970.
    pub base: i64,
    /// The hour's columns.
    pub columns: &'a Columns,
    /// The rows.
    pub rows: Range<usize>,
}

impl<'a> Scope<'a> {
    /// Chooses the sessions that pass the question's filters.
    pub fn new(site: &'a Site, question: &Question) -> Self {
        let mut scope = Self {
            site,
            from: question.from.saturating_mul(1000),
            to: question.to.saturating_mul(1000),
            kept: Bits::all(site.sessions.len()),
            filtered: !question.filters.is_empty(),
        };
        if !question.bots
            && let Some(bots) = site.sessions.bots()
        {
            scope.kept.keep_without(&bots);
        }
        scope.keep_by_row(&question.filters);
        for filter in &question.filters {
            let found = match filter.subject {
                Subject::Session(_) | Subject::Landing => continue,
                Subject::Page => scope.containing(&Kind::ALL, &site.pages, filter, true),
                Subject::Product => {
                    let kinds = [Kind::ProductView, Kind::AddToCart, Kind::RemoveFromCart];
                    scope.containing(&kinds, &site.products, filter, false)
                }
                Subject::Query => scope.containing(&[Kind::Search], &site.queries, filter, false),
                Subject::Name => scope.containing(&[Kind::Custom], &site.names, filter, false),
            };
            match filter.test {
                Test::Not => scope.kept.keep_without(&found),
                Test::Is | Test::Contains => scope.kept.keep(&found),
            }
        }
        scope
    }

    /// The same question with another period; its filters have chosen already.
    pub fn within(&self, from: i64, to: i64) -> (i64, i64) {
        (self.from.max(from * 1000), self.to.min(to * 1000))
    }

    /// Applies the filters that look at a session's own row, all in one pass.
    fn keep_by_row(&mut self, filters: &[Filter]) {
        let site = self.site;
        let accepted = |dictionary: &Dictionary, filter: &Filter| -> Vec<bool> {
            let turn = filter.test == Test::Not;
            let texts = dictionary.texts().iter();
            texts.map(|text| filter.matches(text) != turn).collect()
        };
        let mut rows = Vec::new();
        let mut landings = Vec::new();
        for filter in filters {
            match filter.subject {
                Subject::Session(dimension) => {
                    rows.push((dimension as usize, accepted(site.dictionary(dimension), filter)));
                }
                Subject::Landing => landings.push(accepted(&site.pages, filter)),
                _ => {}
            }
        }
        if rows.is_empty() && landings.is_empty() {
            return;
        }
        let mut kept = Bits::none(site.sessions.len());
        for (number, dimensions) in (0..).zip(&site.sessions.dimensions) {
            let landing = site.sessions.landing[number as usize] as usize;
            if rows
                .iter()
                .all(|(at, accepted)| accepted[usize::from(dimensions[*at])])
                && landings.iter().all(|accepted| accepted[landing])
            {
                kept.add(number);
            }
        }
        self.kept.keep(&kept);
    }

    /// The sessions with an event of the period whose page or key passes the filter.
    fn containing(&self, kinds: &[Kind], dictionary: &Dictionary, filter: &Filter, page: bool) -> Bits {
        let accepted: Vec<bool> = dictionary
            .texts()
            .iter()
            .map(|text| filter.matches(text))
            .collect();
        let mut found = Bits::none(self.site.sessions.len());
        for kind in kinds {
            for slice in self.slices(*kind, self.from, self.to) {
                let columns = slice.columns;
                let keys = if page { &columns.page } else { &columns.key };
                let rows = keys[slice.rows.clone()].iter().zip(&columns.session[slice.rows]);
                for (key, session) in rows {
                    if accepted[*key as usize] {
                        found.add(*session);
                    }
                }
            }
        }
        found
    }

    /// The events of `kind` in the milliseconds from `from` to before `to`, by hour. The caller asks for the session.
    pub fn slices(&self, kind: Kind, from: i64, to: i64) -> impl Iterator<Item = Slice<'a>> + use<'a> {
        let hours = from.div_euclid(HOUR)..=(to - 1).max(from).div_euclid(HOUR);
        self.site.hours.range(hours).filter_map(move |(hour, block)| {
            let (base, columns) = (hour * HOUR, block.of(kind));
            let before = |time: i64| {
                if time <= base {
                    0
                } else if time >= base + HOUR {
                    columns.time.len()
                } else {
                    columns.time.partition_point(|at| i64::from(*at) < time - base)
                }
            };
            let rows = before(from)..before(to);
            (rows.start < rows.end).then_some(Slice { base, columns, rows })
        })
    }

    /// The sessions that start in the milliseconds from `from` to before `to` and pass the filters.
    pub fn started(&self, from: i64, to: i64) -> impl Iterator<Item = u32> {
        let second = |millis: i64| millis.div_euclid(1000);
        let started = self.site.sessions.started(second(from), second(to)).iter();
        started.copied().filter(|session| self.kept.has(*session))
    }

    /// The orders of the milliseconds from `from` to before `to` that pass the filters. An order without a session passes
    /// when there is no filter.
    pub fn orders(&self, from: i64, to: i64) -> impl Iterator<Item = &'a Order> {
        let kept = |order: &&Order| match order.session {
            NOBODY => !self.filtered,
            session => self.kept.has(session),
        };
        self.site.orders.between(from, to).filter(kept)
    }
}
