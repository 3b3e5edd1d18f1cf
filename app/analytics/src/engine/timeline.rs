//! The events of several kinds in one sequence, by time.

use super::columns::{Columns, HOUR};
use super::orders::{NOBODY, Order};
use super::scope::Scope;
use crate::event::Kind;

/// An event in the sequence.
pub(super) struct Moment<'a> {
    /// The milliseconds since 1970.
    pub(super) time: i64,
    /// The place of its kind in the list that was asked for; the kinds' number for an order.
    pub(super) stream: usize,
    /// The session.
    pub(super) session: u32,
    /// The event's columns and row; `None` for an order.
    pub(super) cell: Option<(&'a Columns, usize)>,
}

/// A kind's rows in one hour that have not been given yet.
struct Stream<'a> {
    columns: &'a Columns,
    next: usize,
    end: usize,
    time: i64,
}

/// Calls `each` with the events of `kinds`, and with folded orders when `orders`, of the milliseconds from `from` to before
/// `to`, by time. Events of the same millisecond come in the order of `kinds`, then orders. Filters are the caller's.
// Long: one merge, whose parts share all of their state.
pub(super) fn timeline(
    scope: &Scope<'_>,
    kinds: &[Kind],
    orders: bool,
    (from, to): (i64, i64),
    mut each: impl FnMut(&Moment<'_>),
) {
    let mut bought = scope
        .site
        .orders
        .between(from, if orders { to } else { from })
        .filter(|order| order.session != NOBODY)
        .peekable();
    let order = |order: &Order| Moment {
        time: order.at,
        stream: kinds.len(),
        session: order.session,
        cell: None,
    };
    let hours = from.div_euclid(HOUR)..=(to - 1).max(from).div_euclid(HOUR);
    for (hour, block) in scope.site.hours.range(hours) {
        let base = hour * HOUR;
        let mut streams: Vec<Stream<'_>> = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let columns = block.of(*kind);
            let before = |time: i64| columns.time.partition_point(|at| i64::from(*at) + base < time);
            let (next, end) = (before(from), before(to));
            let time = columns
                .time
                .get(next)
                .map_or(i64::MAX, |at| base + i64::from(*at));
            let time = if next < end { time } else { i64::MAX };
            streams.push(Stream {
                columns,
                next,
                end,
                time,
            });
        }
        loop {
            let mut first = usize::MAX;
            let mut time = i64::MAX;
            for (at, stream) in streams.iter().enumerate() {
                if stream.time < time {
                    (first, time) = (at, stream.time);
                }
            }
            while let Some(next) = bought.next_if(|order| order.at < time && order.at < base + HOUR) {
                each(&order(next));
            }
            let Some(stream) = streams.get_mut(first) else {
                break;
            };
            each(&Moment {
                time,
                stream: first,
                session: stream.columns.session[stream.next],
                cell: Some((stream.columns, stream.next)),
            });
            stream.next += 1;
            stream.time = if stream.next < stream.end {
                base + i64::from(stream.columns.time[stream.next])
            } else {
                i64::MAX
            };
        }
    }
    bought.for_each(|next| each(&order(next)));
}
