//! The columns of events: one set for each hour and kind, sorted by time.

use crate::event::Kind;

/// The milliseconds of an hour.
pub(super) const HOUR: i64 = 3_600_000;

/// The number for "none" in a column of counts.
pub const NONE: u32 = u32::MAX;

/// The columns of one kind in one hour. A column that the kind has no use for stays empty.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The session.
    pub session: Vec<u32>,
    /// The milliseconds since the hour's begin.
    pub time: Vec<u32>,
    /// The page.
    pub page: Vec<u32>,
    /// The product, the query or the name.
    pub key: Vec<u32>,
    /// The results, the pieces or the depth.
    pub number: Vec<u32>,
    /// The price of a piece in minor units, negative for none.
    pub amount: Vec<i64>,
    /// The amount's currency.
    pub currency: Vec<u8>,
    sorted: bool,
}

/// One event's values.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The session.
    pub session: u32,
    /// The milliseconds since the hour's begin.
    pub time: u32,
    /// The page.
    pub page: u32,
    /// The product, the query or the name.
    pub key: u32,
    /// The results, the pieces or the depth.
    pub number: u32,
    /// The price of a piece in minor units, negative for none.
    pub amount: i64,
    /// The amount's currency.
    pub currency: u8,
}

impl Columns {
    fn push(&mut self, kind: Kind, cell: &Cell) {
        if self.time.last().is_some_and(|last| *last >= cell.time) {
            self.sorted = false;
        } else if self.time.is_empty() {
            self.sorted = true;
        }
        self.session.push(cell.session);
        self.time.push(cell.time);
        self.page.push(cell.page);
        let cart = matches!(kind, Kind::AddToCart | Kind::RemoveFromCart);
        if cart || matches!(kind, Kind::ProductView | Kind::Search | Kind::Custom) {
            self.key.push(cell.key);
        }
        if cart || matches!(kind, Kind::Search | Kind::ScrollDepth) {
            self.number.push(cell.number);
        }
        if cart {
            self.amount.push(cell.amount);
            self.currency.push(cell.currency);
        }
    }

    fn sort(&mut self) {
        if self.sorted || self.time.is_empty() {
            return;
        }
        let mut order: Vec<u32> = (0..u32::try_from(self.time.len()).unwrap_or(u32::MAX)).collect();
        // Events of the same millisecond are ordered by what they are, not by when they arrived.
        let key = |at: &u32| {
            let at = *at as usize;
            let key = (self.key.get(at), self.number.get(at), self.amount.get(at));
            (self.time[at], self.session[at], key, self.page[at])
        };
        order.sort_by_key(key);
        arranged(&mut self.session, &order);
        arranged(&mut self.time, &order);
        arranged(&mut self.page, &order);
        arranged(&mut self.key, &order);
        arranged(&mut self.number, &order);
        arranged(&mut self.amount, &order);
        arranged(&mut self.currency, &order);
        self.sorted = true;
    }

    /// Keeps the rows whose session `keep` accepts, with the number that it gives for it.
    fn renumber(&mut self, keep: &dyn Fn(u32) -> Option<u32>) {
        let kept: Vec<bool> = self
            .session
            .iter()
            .map(|session| keep(*session).is_some())
            .collect();
        only(&mut self.session, &kept);
        only(&mut self.time, &kept);
        only(&mut self.page, &kept);
        only(&mut self.key, &kept);
        only(&mut self.number, &kept);
        only(&mut self.amount, &kept);
        only(&mut self.currency, &kept);
        for session in &mut self.session {
            *session = keep(*session).unwrap_or(*session);
        }
    }

    fn shrink(&mut self) {
        self.session.shrink_to_fit();
        self.time.shrink_to_fit();
        self.page.shrink_to_fit();
        self.key.shrink_to_fit();
        self.number.shrink_to_fit();
        self.amount.shrink_to_fit();
        self.currency.shrink_to_fit();
    }

    fn bytes(&self) -> usize {
        let fours = self.session.capacity()
            + self.time.capacity()
            + self.page.capacity()
            + self.key.capacity()
            + self.number.capacity();
        fours * 4 + self.amount.capacity() * 8 + self.currency.capacity()
    }
}

/// Brings a column into an order.
fn arranged<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    if !column.is_empty() {
        *column = order.iter().map(|at| column[*at as usize]).collect();
    }
}

/// Keeps some of a column's rows.
fn only<T: Copy>(column: &mut Vec<T>, kept: &[bool]) {
    let mut at = 0;
    column.retain(|_| {
        at += 1;
        kept[at - 1]
    });
}

/// The events of one hour.
#[derive(Clone, Debug, Default)]
pub struct Block {
    kinds: [Columns; Kind::ALL.len()],
    touched: bool,
}

impl Block {
    /// The columns of `kind`.
    pub fn of(&self, kind: Kind) -> &Columns {
        &self.kinds[usize::from(kind.number())]
    }

    /// Adds an event.
    pub fn push(&mut self, kind: Kind, cell: &Cell) {
        self.kinds[usize::from(kind.number())].push(kind, cell);
        self.touched = true;
    }

    /// Sorts what was added.
    pub fn sort(&mut self) {
        if self.touched {
            self.kinds.iter_mut().for_each(Columns::sort);
            self.touched = false;
        }
    }

    /// Keeps the events whose session `keep` accepts, with the number that it gives for it.
    pub fn renumber(&mut self, keep: &dyn Fn(u32) -> Option<u32>) {
        self.kinds.iter_mut().for_each(|columns| columns.renumber(keep));
    }

    /// Gives unused memory back.
    pub fn shrink(&mut self) {
        self.kinds.iter_mut().for_each(Columns::shrink);
    }

    /// The number of events.
    pub fn len(&self) -> usize {
        self.kinds.iter().map(|columns| columns.time.len()).sum()
    }

    /// Returns true without events.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes that the columns take.
    pub fn bytes(&self) -> usize {
        self.kinds.iter().map(Columns::bytes).sum::<usize>() + size_of::<Self>()
    }
}
