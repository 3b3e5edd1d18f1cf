//! The columns of one site, and how events get into them.

use super::columns::{Block, Cell, HOUR, NONE};
use super::dictionary::Dictionary;
use super::orders::{NOBODY, Order, Orders, Part};
use super::sessions::{Dimension, First, Sessions, Visitors};
use crate::event::{Currency, Event, Id, Kind, UserKey};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// The most values of a session's dimension.
const VALUES: usize = 65_536;

/// The most pages, products, queries and names, each.
const KEYS: usize = 2_000_000;

/// The columns of one site.
#[derive(Debug)]
pub struct Site {
    /// The texts of the sessions' dimensions.
    pub dimensions: [Dictionary; 8],
    /// The pages.
    pub pages: Dictionary,
    /// The products.
    pub products: Dictionary,
    /// The queries.
    pub queries: Dictionary,
    /// The names of custom events.
    pub names: Dictionary,
    /// The currencies.
    pub currencies: Vec<Currency>,
    /// The sessions.
    pub sessions: Sessions,
    /// The visitors.
    pub visitors: Visitors,
    /// The hours, by the number of hours since 1970.
    pub hours: BTreeMap<i64, Block>,
    /// The orders.
    pub orders: Orders,
    users: HashMap<UserKey, Vec<u32>>,
    events: u64,
    newest: i64,
}

/// An event with its texts as numbers.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The identifier.
    pub id: Id,
    /// The milliseconds since 1970.
    pub at: i64,
    /// The session.
    pub session: Id,
    /// The visitor.
    pub visitor: Id,
    /// The user.
    pub user: Option<UserKey>,
    /// The kind.
    pub kind: Kind,
    /// The page.
    pub page: u32,
    /// The product, the query or the name.
    pub key: u32,
    /// The results, the pieces or the depth; [`NONE`] without.
    pub number: u32,
    /// The price or sum in minor units; negative without.
    pub amount: i64,
    /// The currency.
    pub currency: u8,
    /// The order's number.
    pub order: &'a str,
    /// The products of an order.
    pub parts: Box<[Part]>,
    /// The dimensions.
    pub dimensions: [u16; 8],
    /// True for a program that calls itself one.
    pub bot: bool,
    /// True for an event of the site's server.
    pub server: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            dimensions: std::array::from_fn(|_| Dictionary::new(VALUES)),
            pages: Dictionary::new(KEYS),
            products: Dictionary::new(KEYS),
            queries: Dictionary::new(KEYS),
            names: Dictionary::new(KEYS),
            currencies: Vec::new(),
            sessions: Sessions::default(),
            visitors: Visitors::default(),
            hours: BTreeMap::new(),
            orders: Orders::default(),
            users: HashMap::new(),
            events: 0,
            newest: 0,
        }
    }
}

impl Site {
    /// Adds events. Each must be new: the caller knows which ones are in already.
    pub fn extend<'a>(&mut self, events: impl IntoIterator<Item = &'a Event>) {
        for event in events {
            self.add(event);
        }
        self.sort();
    }

    /// Adds one event without sorting; [`Site::sort`] must follow before the next question.
    pub fn add(&mut self, event: &Event) {
        let text = |text: &Option<crate::event::Text>| text.clone().unwrap_or_default();
        let context = &event.context;
        let values = [
            context.device.clone(),
            context.browser.clone(),
            context.os.clone(),
            context.country.clone(),
            text(&context.source),
            text(&context.medium),
            text(&context.campaign),
            text(&context.referrer),
        ];
        let mut dimensions = [0; 8];
        for ((number, dictionary), value) in dimensions.iter_mut().zip(&mut self.dimensions).zip(&values) {
            *number = u16::try_from(dictionary.number(value)).unwrap_or(u16::MAX);
        }
        let key = match event.kind {
            Kind::Search => self.queries.number(event.query.as_deref().unwrap_or("")),
            Kind::Custom => self.names.number(event.name.as_deref().unwrap_or("")),
            _ => self.products.number(event.product.as_deref().unwrap_or("")),
        };
        let products = &mut self.products;
        let part = |item: &crate::event::Item| Part {
            product: products.number(&item.product),
            quantity: item.quantity,
            amount: item.amount,
        };
        let parts = event.items.iter().map(part).collect();
        let row = Row {
            id: event.id,
            at: event.at,
            session: event.session,
            visitor: event.visitor,
            user: event.user,
            kind: event.kind,
            page: self.pages.number(&event.page),
            key,
            number: event.number.or(event.quantity).unwrap_or(NONE),
            amount: event.amount.unwrap_or(-1),
            currency: event.currency.map_or(0, |currency| self.currency(currency)),
            order: event.order.as_deref().unwrap_or(""),
            parts,
            dimensions,
            bot: context.bot,
            server: context.server,
        };
        self.push(row);
    }

    /// The number of a currency.
    pub fn currency(&mut self, currency: Currency) -> u8 {
        let known = self.currencies.iter().position(|known| *known == currency);
        let number = known.unwrap_or_else(|| {
            // There are fewer than 255 currencies; letters that are none share the last number.
            if self.currencies.len() < 255 {
                self.currencies.push(currency);
            }
            self.currencies.len() - 1
        });
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    /// Adds a row without sorting.
    pub fn push(&mut self, row: Row<'_>) {
        self.events += 1;
        self.newest = self.newest.max(row.at);
        let session = if row.session == Id::default() {
            NOBODY
        } else {
            self.observe(&row)
        };
        if row.kind == Kind::OrderPlaced {
            let mut order = Order::report(!row.server, row.at, row.id.order(), session);
            order.amount = row.amount.max(0);
            order.currency = row.currency;
            order.quantity = if row.number == NONE { 0 } else { row.number };
            order.parts = row.parts;
            self.orders.add(row.order, order);
        }
        if session == NOBODY {
            return;
        }
        let hour = row.at.div_euclid(HOUR);
        let cell = Cell {
            session,
            time: u32::try_from(row.at.rem_euclid(HOUR)).unwrap_or(0),
            page: row.page,
            key: row.key,
            number: row.number,
            amount: row.amount,
            currency: row.currency,
        };
        self.hours.entry(hour).or_default().push(row.kind, &cell);
    }

    fn observe(&mut self, row: &Row<'_>) -> u32 {
        let visitor = self.visitors.observe(row.visitor, row.at);
        if let Some(user) = row.user {
            let visitors = self.users.entry(user).or_default();
            if !visitors.contains(&visitor) {
                visitors.push(visitor);
            }
        }
        let first = First {
            rank: (row.server, row.at, row.id.order()),
            visitor,
            page: row.page,
            dimensions: row.dimensions,
            bot: row.bot,
        };
        let session = self.sessions.observe(row.session, row.at, &first);
        let at = session as usize;
        match row.kind {
            Kind::PageView => self.sessions.pages[at] = self.sessions.pages[at].saturating_add(1),
            Kind::ScrollDepth => {}
            _ => self.sessions.others[at] = self.sessions.others[at].saturating_add(1),
        }
        session
    }

    /// Brings the orders of columns, sessions and orders up to date after [`Site::add`] and [`Site::push`].
    pub fn sort(&mut self) {
        self.hours.values_mut().for_each(Block::sort);
        self.sessions.sort();
        self.orders.sort();
    }

    /// Gives unused memory back.
    pub fn shrink(&mut self) {
        self.hours.values_mut().for_each(Block::shrink);
    }

    /// Removes every session of a user's visitors, and of further `visitors`. Returns the number of sessions removed.
    pub fn forget(&mut self, user: UserKey, visitors: &[Id]) -> usize {
        let mut gone: Vec<u32> = visitors
            .iter()
            .filter_map(|id| self.visitors.numbers.find(*id))
            .collect();
        gone.extend(self.users.remove(&user).unwrap_or_default());
        let mut kept = super::bits::Bits::all(self.sessions.len());
        let mut removed = 0;
        for (number, visitor) in (0..).zip(&self.sessions.visitor) {
            if gone.contains(visitor) {
                kept.remove(number);
                removed += 1;
            }
        }
        gone.iter()
            .for_each(|visitor| self.visitors.numbers.forget(*visitor));
        if removed == 0 {
            return 0;
        }
        let numbers = self.sessions.retain(&kept);
        let number = |old: u32| numbers[old as usize];
        let before: usize = self.hours.values().map(Block::len).sum();
        self.hours.values_mut().for_each(|block| block.renumber(&number));
        self.orders.renumber(&number);
        let after: usize = self.hours.values().map(Block::len).sum();
        self.events -= u64::try_from(before - after).unwrap_or(0);
        removed
    }

    /// The number of events.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The milliseconds since 1970 of the newest event.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// The dictionary of a session's dimension.
    pub fn dictionary(&self, dimension: Dimension) -> &Dictionary {
        &self.dimensions[dimension as usize]
    }

    /// The bytes that the site takes, about.
    pub fn bytes(&self) -> usize {
        let texts = [&self.pages, &self.products, &self.queries, &self.names];
        let texts: usize = texts
            .into_iter()
            .chain(&self.dimensions)
            .map(Dictionary::bytes)
            .sum();
        let hours: usize = self.hours.values().map(Block::bytes).sum();
        texts
            + hours
            + self.sessions.bytes()
            + self.visitors.bytes()
            + self.orders.bytes()
            + self.users.capacity() * 70
    }
}
