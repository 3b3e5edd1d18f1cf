//! Parts of answers: amounts by currency, rates, and rows in a certain order.

use super::site::Site;
use crate::event::Currency;
use std::collections::BTreeMap;

/// Sums in minor units, a sum for each currency: they are never added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts(pub BTreeMap<Currency, i128>);

impl Amounts {
    /// Adds `amount`.
    pub fn add(&mut self, currency: Currency, amount: i64) {
        *self.0.entry(currency).or_default() += i128::from(amount);
    }

    /// The sums of a list with a sum for each of the site's currencies.
    pub(super) fn of(site: &Site, sums: &[Option<i128>]) -> Self {
        let named = site.currencies.iter().zip(sums);
        Self(
            named
                .filter_map(|(currency, sum)| Some((*currency, (*sum)?)))
                .collect(),
        )
    }
}

/// `part` in `whole`, with four digits; `None` when there is no whole.
pub fn rate(part: u64, whole: u64) -> Option<String> {
    if whole == 0 {
        return None;
    }
    // Rounded half up on whole numbers, so that the text is the same on every machine.
    let scaled = (u128::from(part) * 20_000 + u128::from(whole)) / (2 * u128::from(whole));
    Some(format!("{}.{:04}", scaled / 10_000, scaled % 10_000))
}

/// A key with its counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The value.
    pub key: String,
    /// Distinct visitors.
    pub visitors: u64,
    /// Sessions.
    pub sessions: u64,
    /// Events; of pages their views.
    pub events: u64,
    /// Sessions with an order.
    pub converted: u64,
    /// Orders.
    pub orders: u64,
    /// Revenue.
    pub revenue: Amounts,
}

/// The numbers of the `limit` largest counts above 0: by count, then by text.
pub fn ordered_by<'a>(counts: &[u64], text: impl Fn(u32) -> &'a str, limit: usize) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..)
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(n, _)| n)
        .collect();
    let count = |number: &u32| std::cmp::Reverse(counts[*number as usize]);
    if numbers.len() > limit && limit > 0 {
        // Those with the smallest count that stays, and all above it: sorting the rest would be in vain.
        let (_, border, _) = numbers.select_nth_unstable_by_key(limit - 1, count);
        let border = counts[*border as usize];
        numbers.retain(|number| counts[*number as usize] >= border);
    }
    numbers.sort_unstable_by(|a, b| count(a).cmp(&count(b)).then_with(|| text(*a).cmp(text(*b))));
    numbers.truncate(limit);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_four_digits_and_round_half_up() {
        assert_eq!(rate(1, 3).as_deref(), Some("0.3333"));
        assert_eq!(rate(1, 20_000).as_deref(), Some("0.0001"));
        assert_eq!(rate(3, 2).as_deref(), Some("1.5000"));
        assert_eq!(rate(1, 0), None);
    }

    #[test]
    fn equal_counts_are_ordered_by_text() {
        let texts = ["", "b", "a", "c", "d"];
        let text = |number: u32| texts[number as usize];
        assert_eq!(ordered_by(&[0, 2, 2, 9, 1], text, 2), [3, 2]);
        assert_eq!(ordered_by(&[0, 2, 2, 9, 1], text, 10), [3, 2, 1, 4]);
    }
}
