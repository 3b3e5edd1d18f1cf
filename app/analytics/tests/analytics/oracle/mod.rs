//! The figures once more, the plain way: over a list of events, without columns, dictionaries or bits.

mod people;

use analytics::engine::{
    Breakdown, BreakdownRow, By, Dimension, Filter, Pair, ProductRow, Question, Revenue, Subject, Test,
    Traffic,
};
use analytics::event::{Currency, Event, Id, Item, Kind, Text};
use std::collections::{BTreeMap, BTreeSet};

/// A session: all its events, and the one that speaks for it.
pub(crate) struct Session<'a> {
    pub(crate) events: Vec<&'a Event>,
    pub(crate) first: &'a Event,
}

impl Session<'_> {
    fn start(&self) -> i64 {
        self.events.iter().map(|e| e.at.div_euclid(1000)).min().unwrap()
    }

    fn end(&self) -> i64 {
        self.events.iter().map(|e| e.at.div_euclid(1000)).max().unwrap()
    }

    fn bounced(&self) -> bool {
        let pages = self.events.iter().filter(|e| e.kind == Kind::PageView).count();
        let scrolls = self.events.iter().filter(|e| e.kind == Kind::ScrollDepth).count();
        pages == 1 && pages + scrolls == self.events.len() && self.end() - self.start() < 10
    }
}

#[derive(Clone)]
pub(crate) struct Order {
    at: i64,
    session: Option<Id>,
    amount: i64,
    currency: Currency,
    quantity: u32,
    items: Vec<Item>,
}

pub(crate) struct World<'a> {
    pub(crate) events: &'a [Event],
    pub(crate) sessions: BTreeMap<Id, Session<'a>>,
    orders: Vec<Order>,
    question: &'a Question,
    kept: BTreeSet<Id>,
}

/// A length as the engine counts.
pub(crate) fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}

fn value(event: &Event, dimension: Dimension) -> Text {
    let context = &event.context;
    let text = |text: &Option<Text>| text.clone().unwrap_or_default();
    match dimension {
        Dimension::Device => context.device.clone(),
        Dimension::Browser => context.browser.clone(),
        Dimension::Os => context.os.clone(),
        Dimension::Country => context.country.clone(),
        Dimension::Source => text(&context.source),
        Dimension::Medium => text(&context.medium),
        Dimension::Campaign => text(&context.campaign),
        Dimension::Referrer => text(&context.referrer),
    }
}

fn in_order(event: &Event) -> (bool, i64, u64) {
    (event.context.server, event.at, event.id.order())
}

impl<'a> World<'a> {
    pub(crate) fn new(events: &'a [Event], question: &'a Question) -> Self {
        let mut sessions: BTreeMap<Id, Session<'a>> = BTreeMap::new();
        for event in events.iter().filter(|e| e.session != Id::default()) {
            let session = sessions.entry(event.session).or_insert(Session {
                events: vec![],
                first: event,
            });
            session.events.push(event);
            if in_order(event) < in_order(session.first) {
                session.first = event;
            }
        }
        let mut reports: BTreeMap<Text, Vec<&Event>> = BTreeMap::new();
        for event in events.iter().filter(|e| e.kind == Kind::OrderPlaced) {
            reports
                .entry(event.order.clone().unwrap())
                .or_default()
                .push(event);
        }
        let fold = |reports: &Vec<&Event>| {
            let mut reports = reports.clone();
            reports.sort_by_key(|e| (e.at, e.id.order()));
            let chosen = reports.iter().find(|e| e.context.server).unwrap_or(&reports[0]);
            Order {
                at: reports[0].at,
                session: reports.iter().map(|e| e.session).find(|s| *s != Id::default()),
                amount: chosen.amount.unwrap(),
                currency: chosen.currency.unwrap(),
                quantity: chosen.quantity.unwrap(),
                items: chosen.items.clone(),
            }
        };
        let mut orders: Vec<Order> = reports.values().map(fold).collect();
        orders.sort_by_key(|order| order.at);
        let mut world = Self {
            events,
            sessions,
            orders,
            question,
            kept: BTreeSet::new(),
        };
        let kept = world.sessions.iter().filter(|(_, session)| {
            (question.bots || !session.first.context.bot)
                && question
                    .filters
                    .iter()
                    .all(|filter| world.passes(session, filter))
        });
        world.kept = kept.map(|(id, _)| *id).collect();
        world
    }

    fn within(&self, at: i64) -> bool {
        (self.question.from * 1000..self.question.to * 1000).contains(&at)
    }

    fn passes(&self, session: &Session<'_>, filter: &Filter) -> bool {
        let inside = || session.events.iter().filter(|e| self.within(e.at));
        let any = |text: &dyn Fn(&Event) -> Option<Text>| {
            inside().any(|e| text(e).is_some_and(|text| filter.matches(&text)))
        };
        let found = match filter.subject {
            Subject::Session(dimension) => filter.matches(&value(session.first, dimension)),
            Subject::Landing => filter.matches(&session.first.page),
            Subject::Page => any(&|e| Some(e.page.clone())),
            Subject::Product => any(&|e| e.product.clone()),
            Subject::Query => any(&|e| e.query.clone()),
            Subject::Name => any(&|e| e.name.clone()),
        };
        found != (filter.test == Test::Not)
    }

    fn ordered(&self, session: Id) -> bool {
        self.orders.iter().any(|order| order.session == Some(session))
    }

    fn visitor(&self, session: Id) -> Id {
        self.sessions[&session].first.visitor
    }

    /// Kept sessions that start in the seconds, clipped to the question's period.
    fn started(&self, from: i64, to: i64) -> Vec<(Id, &Session<'a>)> {
        let (from, to) = (from.max(self.question.from), to.min(self.question.to));
        let kept = self.sessions.iter().filter(|(id, _)| self.kept.contains(id));
        kept.filter(|(_, s)| (from..to).contains(&s.start()))
            .map(|(id, s)| (*id, s))
            .collect()
    }

    fn orders(&self, from: i64, to: i64) -> Vec<&Order> {
        let (from, to) = (from.max(self.question.from), to.min(self.question.to));
        let kept = |order: &&Order| match order.session {
            None => self.question.filters.is_empty(),
            Some(session) => self.kept.contains(&session),
        };
        let inside = self
            .orders
            .iter()
            .filter(|o| (from * 1000..to * 1000).contains(&o.at));
        inside.filter(kept).collect()
    }

    /// Kept events of the question's period.
    fn seen(&self, kind: Kind) -> impl Iterator<Item = &'a Event> {
        let events = self.events.iter().filter(move |e| e.kind == kind);
        events.filter(|e| self.within(e.at) && self.kept.contains(&e.session))
    }

    pub(crate) fn traffic(&self, from: i64, to: i64) -> Traffic {
        let started = self.started(from, to);
        let visitors: BTreeSet<Id> = started.iter().map(|(id, _)| self.visitor(*id)).collect();
        let views = self
            .seen(Kind::PageView)
            .filter(|e| (from * 1000..to * 1000).contains(&e.at));
        let count = |test: &dyn Fn(Id, &Session<'_>) -> bool| {
            number(started.iter().filter(|(id, s)| test(*id, s)).count())
        };
        Traffic {
            visitors: number(visitors.len()),
            sessions: number(started.len()),
            page_views: number(views.count()),
            bounces: count(&|_, s| s.bounced()),
            converted: count(&|id, _| self.ordered(id)),
            seconds: started
                .iter()
                .map(|(_, s)| u64::try_from(s.end() - s.start()).unwrap())
                .sum(),
        }
    }

    pub(crate) fn revenue(&self, from: i64, to: i64) -> Revenue {
        let mut revenue = Revenue::default();
        for order in self.orders(from, to) {
            revenue.orders += 1;
            revenue.quantity += u64::from(order.quantity);
            revenue.amounts.add(order.currency, order.amount);
            revenue.orders_by_currency.add(order.currency, 1);
        }
        revenue
    }

    // Long: the plain way, in one place.
    pub(crate) fn breakdown(&self, by: By, limit: usize) -> Breakdown {
        let mut rows: BTreeMap<Text, (BreakdownRow, BTreeSet<Id>)> = BTreeMap::new();
        let key = |session: &Session<'_>| match by {
            By::Session(dimension) => value(session.first, dimension),
            _ => session.first.page.clone(),
        };
        let everything = (i64::MIN / 2000, i64::MAX / 2000);
        if let By::Page | By::Name = by {
            let kind = if by == By::Page {
                Kind::PageView
            } else {
                Kind::Custom
            };
            for event in self.seen(kind) {
                let text = if by == By::Page {
                    event.page.clone()
                } else {
                    event.name.clone().unwrap()
                };
                let (row, visitors) = rows.entry(text).or_default();
                row.events += 1;
                visitors.insert(self.visitor(event.session));
            }
            if by == By::Page {
                for (_, session) in self.started(everything.0, everything.1) {
                    if let Some((row, _)) = rows.get_mut(&session.first.page) {
                        row.sessions += 1;
                    }
                }
            }
        } else {
            for (id, session) in self.started(everything.0, everything.1) {
                let (row, visitors) = rows.entry(key(session)).or_default();
                row.sessions += 1;
                row.converted += u64::from(self.ordered(id));
                visitors.insert(self.visitor(id));
            }
            for event in self.seen(Kind::PageView) {
                if let Some((row, _)) = rows.get_mut(&key(&self.sessions[&event.session])) {
                    row.events += 1;
                }
            }
            for order in self.orders(everything.0, everything.1) {
                if let Some((row, _)) = order
                    .session
                    .and_then(|id| rows.get_mut(&key(&self.sessions[&id])))
                {
                    row.orders += 1;
                    row.revenue.add(order.currency, order.amount);
                }
            }
        }
        let values = number(rows.len());
        let mut rows: Vec<BreakdownRow> = rows
            .into_iter()
            .map(|(key, (row, visitors))| BreakdownRow {
                key: key.to_string(),
                visitors: number(visitors.len()),
                ..row
            })
            .collect();
        let events = matches!(by, By::Page | By::Name);
        rows.sort_by_key(|row| {
            (
                std::cmp::Reverse(if events { row.events } else { row.sessions }),
                row.key.clone(),
            )
        });
        rows.truncate(limit);
        Breakdown { rows, values }
    }

    pub(crate) fn products(&self, limit: usize) -> Vec<ProductRow> {
        let mut rows: BTreeMap<Text, ProductRow> = BTreeMap::new();
        for kind in [Kind::ProductView, Kind::AddToCart, Kind::RemoveFromCart] {
            for event in self.seen(kind) {
                let row = rows.entry(event.product.clone().unwrap()).or_default();
                match kind {
                    Kind::ProductView => row.views += 1,
                    Kind::AddToCart => {
                        row.carts += 1;
                        row.cart_quantity += u64::from(event.quantity.unwrap());
                    }
                    _ => row.removed += 1,
                }
            }
        }
        for order in self.orders(i64::MIN / 2000, i64::MAX / 2000) {
            let distinct: BTreeSet<&Text> = order.items.iter().map(|item| &item.product).collect();
            for product in distinct {
                rows.entry(product.clone()).or_default().orders += 1;
            }
            for item in &order.items {
                let row = rows.entry(item.product.clone()).or_default();
                row.quantity += u64::from(item.quantity);
                row.revenue.add(order.currency, item.amount);
            }
        }
        let named = |(product, row): (Text, ProductRow)| ProductRow {
            product: product.to_string(),
            ..row
        };
        let mut rows: Vec<ProductRow> = rows.into_iter().map(named).collect();
        rows.retain(|row| row.quantity + row.carts + row.views > 0);
        rows.sort_by_key(|row| {
            (
                std::cmp::Reverse((row.quantity, row.carts, row.views)),
                row.product.clone(),
            )
        });
        rows.truncate(limit);
        rows
    }

    pub(crate) fn together(&self, limit: usize) -> Vec<Pair> {
        let mut counts: BTreeMap<(Text, Text), u64> = BTreeMap::new();
        for order in self.orders(i64::MIN / 2000, i64::MAX / 2000) {
            let products: BTreeSet<&Text> = order.items.iter().map(|item| &item.product).collect();
            for first in &products {
                for second in products.iter().filter(|second| *second > first) {
                    *counts.entry(((*first).clone(), (*second).clone())).or_default() += 1;
                }
            }
        }
        let mut pairs: Vec<Pair> = counts
            .into_iter()
            .map(|((first, second), orders)| Pair {
                first: first.to_string(),
                second: second.to_string(),
                orders,
            })
            .collect();
        pairs.sort_by_key(|pair| {
            (
                std::cmp::Reverse(pair.orders),
                pair.first.clone(),
                pair.second.clone(),
            )
        });
        pairs.truncate(limit);
        pairs
    }
}
