//! Orders, folded by their number: browser and server both report one, and it counts once.

use super::bits::Bits;
use crate::event::Text;
use hashbrown::HashMap;

/// The session of an order without one.
pub(super) const NOBODY: u32 = u32::MAX;

/// A product of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The product.
    pub product: u32,
    /// The number of pieces.
    pub quantity: u32,
    /// The price of all pieces in minor units.
    pub amount: i64,
}

/// A report of an order, and after folding the order itself.
#[derive(Clone, Debug)]
pub struct Order {
    /// The milliseconds since 1970 of the first report.
    pub at: i64,
    /// The session, [`NOBODY`] without one.
    pub session: u32,
    /// The sum in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: u8,
    /// The number of pieces.
    pub quantity: u32,
    /// The products.
    pub parts: Box<[Part]>,
    /// The report that says the amount: a server's before a browser's, then the first.
    rank: (bool, i64, u64),
    /// The report that says the session: the first one that has one.
    session_rank: (i64, u64),
}

impl Order {
    /// A report. `browser` is true unless the site's server sent it, and `order` orders reports of the same millisecond.
    pub fn report(browser: bool, at: i64, order: u64, session: u32) -> Self {
        Self {
            at,
            session,
            amount: 0,
            currency: 0,
            quantity: 0,
            parts: Box::default(),
            rank: (browser, at, order),
            session_rank: (at, order),
        }
    }

    fn fold(&mut self, other: Self) {
        self.at = self.at.min(other.at);
        let has_session = other.session != NOBODY;
        if has_session && (self.session == NOBODY || other.session_rank < self.session_rank) {
            self.session = other.session;
            self.session_rank = other.session_rank;
        }
        if other.rank < self.rank {
            self.rank = other.rank;
            self.amount = other.amount;
            self.currency = other.currency;
            self.quantity = other.quantity;
            self.parts = other.parts;
        }
    }
}

/// All orders of a site.
#[derive(Debug, Default)]
pub struct Orders {
    list: Vec<Order>,
    names: Vec<Text>,
    numbers: HashMap<Text, u32>,
    by_time: Vec<u32>,
    unsorted: bool,
}

impl Orders {
    /// Adds a report of the order `name`.
    pub fn add(&mut self, name: &str, report: Order) {
        if let Some(number) = self.numbers.get(name) {
            self.list[*number as usize].fold(report);
            self.unsorted = true;
            return;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let name: Text = name.into();
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        self.list.push(report);
        self.by_time.push(number);
        self.unsorted = true;
    }

    /// Sorts what was added.
    pub fn sort(&mut self) {
        if self.unsorted {
            let list = &self.list;
            self.by_time.sort_by_key(|number| list[*number as usize].at);
            self.unsorted = false;
        }
    }

    /// The orders of the milliseconds from `from` to before `to`, by time.
    pub fn between(&self, from: i64, to: i64) -> impl Iterator<Item = &Order> {
        let before = |time: i64| {
            self.by_time
                .partition_point(|number| self.list[*number as usize].at < time)
        };
        let (from, to) = (before(from), before(to));
        self.by_time[from..to.max(from)]
            .iter()
            .map(|number| &self.list[*number as usize])
    }

    /// The sessions below `bound` that have an order.
    pub fn sessions(&self, bound: usize) -> Bits {
        let mut bits = Bits::none(bound);
        for order in &self.list {
            if order.session != NOBODY {
                bits.add(order.session);
            }
        }
        bits
    }

    /// Keeps the orders whose session `number` knows, and those without one.
    pub fn renumber(&mut self, number: &dyn Fn(u32) -> Option<u32>) {
        let old = std::mem::take(self);
        for (name, mut order) in old.names.into_iter().zip(old.list) {
            if order.session != NOBODY {
                let Some(session) = number(order.session) else {
                    continue;
                };
                order.session = session;
            }
            self.add(&name, order);
        }
        self.sort();
    }

    /// The number of orders.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns true without orders.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The bytes that the orders take, about.
    pub fn bytes(&self) -> usize {
        let parts: usize = self
            .list
            .iter()
            .map(|order| order.parts.len() * size_of::<Part>())
            .sum();
        let names: usize = self.names.iter().map(|name| name.len() + 16).sum();
        parts
            + names
            + self.list.capacity() * size_of::<Order>()
            + self.names.capacity() * 20
            + self.numbers.capacity() * 25
    }
}
