//! The tables of sessions and visitors. Both are functions of the set of events: the order of arrival changes nothing.

use super::bits::Bits;
use crate::event::Id;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Numbers for identifiers.
#[derive(Debug, Default)]
pub struct Numbers {
    ids: Vec<Id>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Numbers {
    /// The number of `id`, and whether it is new.
    pub fn number(&mut self, id: Id) -> (u32, bool) {
        let Self { ids, table, hasher } = self;
        let hash = hasher.hash_one(id);
        if let Some(number) = table.find(hash, |number| ids[*number as usize] == id) {
            return (*number, false);
        }
        let number = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        reserve(ids);
        ids.push(id);
        table.insert_unique(hash, number, |number| hasher.hash_one(ids[*number as usize]));
        (number, true)
    }

    /// The number of `id`, if it has one.
    pub fn find(&self, id: Id) -> Option<u32> {
        let found = self.table.find(self.hasher.hash_one(id), |number| {
            self.ids[*number as usize] == id
        });
        found.copied()
    }

    /// Forgets an identifier; its number stays and belongs to nobody.
    pub fn forget(&mut self, number: u32) {
        let Self { ids, table, hasher } = self;
        let hash = hasher.hash_one(ids[number as usize]);
        if let Ok(entry) = table.find_entry(hash, |other| *other == number) {
            entry.remove();
        }
        ids[number as usize] = Id::default();
    }

    /// The identifiers, by number.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    /// The number of identifiers.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns true without identifiers.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    fn bytes(&self) -> usize {
        self.ids.capacity() * 16 + self.table.capacity() * 5
    }
}

/// Grows a long column by an eighth instead of by its double.
pub(super) fn reserve<T>(column: &mut Vec<T>) {
    if column.len() == column.capacity() {
        column.reserve_exact(column.len() / 8 + 64);
    }
}

/// The dimensions of a session, in the order of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(usize)]
pub enum Dimension {
    /// The kind of device.
    Device = 0,
    /// The browser.
    Browser = 1,
    /// The operating system.
    Os = 2,
    /// The country.
    Country = 3,
    /// The campaign's source.
    Source = 4,
    /// The campaign's medium.
    Medium = 5,
    /// The campaign.
    Campaign = 6,
    /// The host that linked here.
    Referrer = 7,
}

impl Dimension {
    /// All dimensions, in the order of a row.
    pub const ALL: [Self; 8] = [
        Self::Device,
        Self::Browser,
        Self::Os,
        Self::Country,
        Self::Source,
        Self::Medium,
        Self::Campaign,
        Self::Referrer,
    ];

    /// The dimension's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Country => "country",
            Self::Source => "source",
            Self::Medium => "medium",
            Self::Campaign => "campaign",
            Self::Referrer => "referrer",
        }
    }
}

/// What the first event of a session says of all of it. Events are compared by `rank`.
#[derive(Clone, Copy, Debug)]
pub struct First {
    /// The order of events: those of browsers before those of servers, then by time, then by identifier.
    pub rank: (bool, i64, u64),
    /// The visitor.
    pub visitor: u32,
    /// The page.
    pub page: u32,
    /// The dimensions.
    pub dimensions: [u16; 8],
    /// True for a program that calls itself one.
    pub bot: bool,
}

/// The sessions, a column for each property.
#[derive(Debug, Default)]
pub struct Sessions {
    /// The identifiers.
    pub numbers: Numbers,
    /// The second since 1970 of the first event.
    pub start: Vec<u32>,
    /// The second since 1970 of the last event.
    pub end: Vec<u32>,
    /// The visitor.
    pub visitor: Vec<u32>,
    /// The first page.
    pub landing: Vec<u32>,
    /// The dimensions.
    pub dimensions: Vec<[u16; 8]>,
    /// The number of page views, at most 65,535.
    pub pages: Vec<u16>,
    /// The number of other events but scrolls, at most 65,535.
    pub others: Vec<u16>,
    rank: Vec<(i64, u64)>,
    server_first: Vec<bool>,
    bot: Vec<bool>,
    bots: usize,
    /// The sessions by start.
    pub by_start: Vec<u32>,
    unsorted: bool,
}

impl Sessions {
    /// The session's number; a new one begins with `first`.
    pub fn observe(&mut self, id: Id, at: i64, first: &First) -> u32 {
        let second = u32::try_from(at.div_euclid(1000)).unwrap_or(0);
        let (number, new) = self.numbers.number(id);
        let at = number as usize;
        if new {
            self.add(second, first);
            return number;
        }
        if second < self.start[at] {
            self.start[at] = second;
            self.unsorted = true;
        }
        self.end[at] = self.end[at].max(second);
        let (time, order) = self.rank[at];
        if first.rank < (self.server_first[at], time, order) {
            self.bots -= usize::from(self.bot[at]);
            self.set_first(at, first);
        }
        number
    }

    fn add(&mut self, second: u32, first: &First) {
        reserve(&mut self.start);
        reserve(&mut self.end);
        reserve(&mut self.visitor);
        reserve(&mut self.landing);
        reserve(&mut self.dimensions);
        reserve(&mut self.pages);
        reserve(&mut self.others);
        reserve(&mut self.rank);
        reserve(&mut self.server_first);
        reserve(&mut self.bot);
        let at = self.start.len();
        self.start.push(second);
        self.end.push(second);
        self.pages.push(0);
        self.others.push(0);
        self.visitor.push(0);
        self.landing.push(0);
        self.dimensions.push([0; 8]);
        self.rank.push((0, 0));
        self.server_first.push(false);
        self.bot.push(false);
        self.set_first(at, first);
    }

    fn set_first(&mut self, at: usize, first: &First) {
        let (server, time, order) = first.rank;
        self.rank[at] = (time, order);
        self.server_first[at] = server;
        self.visitor[at] = first.visitor;
        self.landing[at] = first.page;
        self.dimensions[at] = first.dimensions;
        self.bot[at] = first.bot;
        self.bots += usize::from(first.bot);
    }

    /// The number of sessions.
    pub fn len(&self) -> usize {
        self.start.len()
    }

    /// Returns true without sessions.
    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }

    /// The sessions of programs; `None` when there are none.
    pub fn bots(&self) -> Option<Bits> {
        if self.bots == 0 {
            return None;
        }
        let mut bits = Bits::none(self.len());
        let numbers = (0..).zip(&self.bot).filter(|(_, bot)| **bot);
        numbers.for_each(|(number, _)| {
            bits.add(number);
        });
        Some(bits)
    }

    /// Returns true for a session of one page view, no other event but scrolls, and less than 10 seconds.
    #[inline]
    pub fn bounced(&self, number: u32) -> bool {
        let at = number as usize;
        self.pages[at] == 1 && self.others[at] == 0 && self.end[at] - self.start[at] < 10
    }

    /// Brings `by_start` up to date.
    pub fn sort(&mut self) {
        let (known, all) = (self.by_start.len(), self.start.len());
        if known == all && !self.unsorted {
            return;
        }
        let start = &self.start;
        let key = |number: &u32| start[*number as usize];
        self.by_start.reserve_exact(all - known);
        let last = self.by_start.last().map_or(0, key);
        let new = u32::try_from(known).unwrap_or(0)..u32::try_from(all).unwrap_or(0);
        self.by_start.extend(new);
        self.by_start[known..].sort_by_key(key);
        let overlap = self.by_start.get(known).is_some_and(|number| key(number) < last);
        if self.unsorted || overlap {
            self.by_start.sort_by_key(key);
        }
        self.unsorted = false;
    }

    /// The sessions that start in the seconds from `from` to before `to`.
    pub fn started(&self, from: i64, to: i64) -> &[u32] {
        let before = |second: i64| {
            self.by_start
                .partition_point(|number| i64::from(self.start[*number as usize]) < second)
        };
        let (from, to) = (before(from), before(to));
        &self.by_start[from..to.max(from)]
    }

    /// Keeps the sessions in `kept` and renumbers them; returns the new number of each old one.
    pub fn retain(&mut self, kept: &Bits) -> Vec<Option<u32>> {
        let mut numbers = vec![None; self.len()];
        let mut old = std::mem::take(self);
        for (key, renumbered) in (0..).zip(&mut numbers) {
            if !kept.has(key) {
                continue;
            }
            let number = key as usize;
            let (time, order) = old.rank[number];
            let first = First {
                rank: (old.server_first[number], time, order),
                visitor: old.visitor[number],
                page: old.landing[number],
                dimensions: old.dimensions[number],
                bot: old.bot[number],
            };
            let (new, _) = self.numbers.number(old.numbers.ids()[number]);
            self.add(old.start[number], &first);
            let at = new as usize;
            self.end[at] = old.end[number];
            self.pages[at] = old.pages[number];
            self.others[at] = old.others[number];
            *renumbered = Some(new);
        }
        old.by_start.clear();
        self.sort();
        numbers
    }

    /// The bytes that the table takes.
    pub fn bytes(&self) -> usize {
        let row = 4 * 4 + 16 + 2 * 2 + 16 + 2;
        self.numbers.bytes() + self.start.capacity() * row + self.by_start.capacity() * 4
    }
}

/// The visitors.
#[derive(Debug, Default)]
pub struct Visitors {
    /// The identifiers.
    pub numbers: Numbers,
    /// The second since 1970 of the first event.
    pub first: Vec<u32>,
}

impl Visitors {
    /// The visitor's number.
    pub fn observe(&mut self, id: Id, at: i64) -> u32 {
        let second = u32::try_from(at.div_euclid(1000)).unwrap_or(0);
        let (number, new) = self.numbers.number(id);
        if new {
            reserve(&mut self.first);
            self.first.push(second);
        }
        let first = &mut self.first[number as usize];
        *first = second.min(*first);
        number
    }

    /// The bytes that the table takes.
    pub fn bytes(&self) -> usize {
        self.numbers.bytes() + self.first.capacity() * 4
    }
}
