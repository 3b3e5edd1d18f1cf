//! The shapes of answers. Amounts are decimal texts with their currency, and rates texts with four digits.

use crate::engine::{Amounts, rate};
use serde::Serialize;
use utoipa::ToSchema;

/// An amount of one currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Money {
    /// Three letters.
    pub(crate) currency: String,
    /// A decimal number, for example `49.90`.
    pub(crate) amount: String,
}

/// The amounts, by currency.
pub(crate) fn money(amounts: &Amounts) -> Vec<Money> {
    let one = |(currency, sum): (&crate::event::Currency, &i128)| Money {
        currency: currency.to_string(),
        amount: currency.decimal(*sum),
    };
    amounts.0.iter().map(one).collect()
}

/// The amounts divided by the numbers of the same currencies, rounded half up.
pub(crate) fn average(amounts: &Amounts, counts: &Amounts) -> Vec<Money> {
    let one = |(currency, sum): (&crate::event::Currency, &i128)| {
        let count = counts.0.get(currency).copied().filter(|count| *count > 0)?;
        Some(Money {
            currency: currency.to_string(),
            amount: currency.decimal((2 * sum + count).div_euclid(2 * count)),
        })
    };
    amounts.0.iter().filter_map(one).collect()
}

/// A number that is compared with another period's.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Card {
    /// The metric.
    pub(crate) metric: &'static str,
    /// The value: a count, a rate of four digits, or a decimal amount.
    pub(crate) value: Option<String>,
    /// The currency of an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<String>,
    /// The value of the period that is compared with.
    pub(crate) before: Option<String>,
    /// The change as a rate with its sign: `0.0684` is 6.84 % more.
    pub(crate) change: Option<String>,
}

/// The change from `before` to `value`, both numbers in text.
pub(crate) fn change(value: Option<&str>, before: Option<&str>) -> Option<String> {
    let units = |text: &str| -> Option<i128> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = format!("{fraction:0<4}");
        format!("{whole}{}", fraction.get(..4)?).parse().ok()
    };
    let (value, before) = (units(value?)?, units(before?)?);
    if before <= 0 {
        return None;
    }
    let difference = u64::try_from((value - before).unsigned_abs()).ok()?;
    let change = rate(difference, u64::try_from(before).ok()?)?;
    Some(if value < before {
        format!("-{change}")
    } else {
        change
    })
}

/// A step of a series.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Point {
    /// The interval's begin in the asked zone.
    pub(crate) at: String,
    /// False for an interval that is not over.
    pub(crate) complete: bool,
    /// Distinct visitors.
    pub(crate) visitors: u64,
    /// Sessions.
    pub(crate) sessions: u64,
    /// Page views.
    pub(crate) page_views: u64,
    /// Sessions of one page view and less than 10 seconds.
    pub(crate) bounces: u64,
    /// Sessions with an order.
    pub(crate) converted: u64,
    /// Orders.
    pub(crate) orders: u64,
    /// Revenue by currency.
    pub(crate) revenue: Vec<Money>,
}

/// A row of a breakdown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Row {
    /// The value; empty for none.
    pub(crate) key: String,
    /// Distinct visitors.
    pub(crate) visitors: u64,
    /// Sessions; of pages the sessions that began there.
    pub(crate) sessions: u64,
    /// Page views; of names their events.
    pub(crate) events: u64,
    /// Sessions with an order.
    pub(crate) converted: u64,
    /// Sessions with an order in all sessions.
    pub(crate) conversion: Option<String>,
    /// Orders.
    pub(crate) orders: u64,
    /// Revenue by currency.
    pub(crate) revenue: Vec<Money>,
}

/// A product.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ProductCounts {
    /// The product.
    pub(crate) product: String,
    /// Views.
    pub(crate) views: u64,
    /// Times put into a cart.
    pub(crate) carts: u64,
    /// Pieces put into carts.
    pub(crate) cart_quantity: u64,
    /// Times taken out of a cart.
    pub(crate) removed: u64,
    /// Orders.
    pub(crate) orders: u64,
    /// Pieces ordered.
    pub(crate) quantity: u64,
    /// Carts per view.
    pub(crate) cart_rate: Option<String>,
    /// Orders per cart.
    pub(crate) order_rate: Option<String>,
    /// Revenue by currency.
    pub(crate) revenue: Vec<Money>,
}

/// A query.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryCounts {
    /// The words.
    pub(crate) query: String,
    /// Searches.
    pub(crate) searches: u64,
    /// Searches without a result.
    pub(crate) without_results: u64,
    /// Searches with a click, in all searches.
    pub(crate) click_rate: Option<String>,
    /// Searches of sessions with an order, in all searches.
    pub(crate) conversion: Option<String>,
}

/// A pair of products.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Pair {
    /// One product.
    pub(crate) first: String,
    /// The other.
    pub(crate) second: String,
    /// The orders with both.
    pub(crate) orders: u64,
}
