//! The figures: columns in memory and the functions over them. Nothing here reads a file, waits or knows a server.
//!
//! Everything is a function of the *set* of events: the order in which they arrive changes no answer. Sessions belong to the
//! period in which they start, events to the period in which they happen; filters choose sessions. Distinct visitors are
//! counted exactly, with a bit each.

mod answers;
mod bits;
mod breakdown;
mod carts;
mod columns;
mod dictionary;
mod funnel;
mod live;
mod orders;
mod products;
mod question;
mod recent;
mod retention;
mod scope;
mod search;
mod sessions;
mod site;
mod timeline;
mod traffic;

pub use answers::{Amounts, Row as BreakdownRow, ordered_by, rate};
pub use breakdown::{Breakdown, By, breakdown};
pub use carts::{Carts, carts};
pub use columns::NONE;
pub use dictionary::{Dictionary, OTHER};
pub use funnel::{Funnel, FunnelStep, Order as FunnelOrder, STEPS, Step, funnel};
pub use live::{Live, live};
pub use orders::Part;
pub use products::{Pair, ProductRow, products, together};
pub use question::{Filter, Interval, Question, Subject, Test, borders, monday};
pub use recent::{Recent, recent};
pub use retention::{Cohort, Cohorts, retention};
pub use scope::Scope;
pub use search::{SearchRow, Searches, searches};
pub use sessions::Dimension;
pub use site::{Row, Site};
pub use traffic::{Revenue, Traffic, revenue, traffic};
