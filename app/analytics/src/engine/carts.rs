//! Carts: opened, bought, emptied, abandoned.

use super::answers::Amounts;
use super::orders::NOBODY;
use super::scope::Scope;
use super::timeline::timeline;
use crate::event::Kind;

/// The longest, in milliseconds, that a cart is kept open for an order: 7 days since it was last changed.
pub(super) const KEPT: i64 = 7 * 86_400_000;

/// The carts that were opened in a period. A visitor has one cart at a time, in whatever sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carts {
    /// Carts opened.
    pub opened: u64,
    /// Carts that an order followed within 7 days, in whatever session.
    pub bought: u64,
    /// Carts that were bought after they had counted as abandoned.
    pub recovered: u64,
    /// Carts out of which everything was taken.
    pub emptied: u64,
    /// Carts not changed for the time after which a cart is abandoned, and not bought.
    pub abandoned: u64,
    /// Carts changed within that time.
    pub open: u64,
    /// The value of abandoned carts, in the currency of the first product of each.
    pub value: Amounts,
}

struct Cart {
    opened: i64,
    changed: i64,
    counts: bool,
    pieces: i64,
    amount: i64,
    currency: Option<u8>,
}

/// The carts that were opened in the period, as they are at `now`, in milliseconds. A cart counts when the session that
/// opened it passes the filters; `patience` is the time in milliseconds after which it is abandoned.
// Long: one state machine.
pub fn carts(scope: &Scope<'_>, now: i64, patience: i64) -> Carts {
    let site = scope.site;
    let mut answer = Carts::default();
    let mut slots = vec![NOBODY; site.visitors.numbers.len()];
    let mut open: Vec<Option<Cart>> = Vec::new();
    let mut sums = vec![None; site.currencies.len()];
    let mut abandon = |answer: &mut Carts, cart: &Cart| {
        if cart.counts {
            answer.abandoned += 1;
            if let Some(currency) = cart.currency {
                *sums[usize::from(currency)].get_or_insert(0) += i128::from(cart.amount);
            }
        }
    };
    let kinds = [Kind::AddToCart, Kind::RemoveFromCart];
    timeline(scope, &kinds, true, (i64::MIN / 2, now), |moment| {
        let slot = &mut slots[site.sessions.visitor[moment.session as usize] as usize];
        let Some((columns, row)) = moment.cell else {
            let cart = open.get_mut(*slot as usize).and_then(Option::take);
            if let Some(cart) = cart {
                if moment.time - cart.changed > KEPT {
                    abandon(&mut answer, &cart);
                } else if cart.counts {
                    answer.bought += 1;
                    answer.recovered += u64::from(moment.time - cart.changed > patience);
                }
            }
            return;
        };
        if *slot == NOBODY {
            *slot = u32::try_from(open.len()).unwrap_or(NOBODY);
            open.push(None);
        }
        let place = &mut open[*slot as usize];
        if let Some(cart) = place.take_if(|cart| moment.time - cart.changed > KEPT) {
            abandon(&mut answer, &cart);
        }
        let added = moment.stream == 0;
        if place.is_none() && !added {
            return;
        }
        let cart = place.get_or_insert_with(|| {
            let counts = (scope.from..scope.to).contains(&moment.time) && scope.kept.has(moment.session);
            answer.opened += u64::from(counts);
            Cart {
                opened: moment.time,
                changed: moment.time,
                counts,
                pieces: 0,
                amount: 0,
                currency: None,
            }
        });
        let pieces = i64::from(columns.number[row]) * if added { 1 } else { -1 };
        cart.changed = moment.time.max(cart.opened);
        cart.pieces += pieces;
        let (price, currency) = (columns.amount[row], columns.currency[row]);
        if price >= 0 && *cart.currency.get_or_insert(currency) == currency {
            cart.amount = (cart.amount + price * pieces).max(0);
        }
        if cart.pieces <= 0 {
            answer.emptied += u64::from(cart.counts);
            *place = None;
        }
    });
    for cart in open.iter().flatten() {
        if now - cart.changed > patience {
            abandon(&mut answer, cart);
        } else if cart.counts {
            answer.open += 1;
        }
    }
    answer.value = Amounts::of(site, &sums);
    answer
}
