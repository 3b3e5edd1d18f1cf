//! Sets of small numbers, a bit each.

/// A set of numbers below a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// The empty set of numbers below `bound`.
    pub fn none(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// The set of all numbers below `bound`.
    pub fn all(bound: usize) -> Self {
        let mut words = vec![u64::MAX; bound.div_ceil(64)];
        if let Some(last) = words.last_mut()
            && !bound.is_multiple_of(64)
        {
            *last = (1 << (bound % 64)) - 1;
        }
        Self(words)
    }

    /// Returns true when `number` is in the set.
    #[inline]
    pub fn has(&self, number: u32) -> bool {
        self.0[number as usize >> 6] >> (number & 63) & 1 == 1
    }

    /// Adds `number`; returns true when it was not in the set.
    #[inline]
    pub fn add(&mut self, number: u32) -> bool {
        let word = &mut self.0[number as usize >> 6];
        let bit = 1 << (number & 63);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Removes `number`.
    #[inline]
    pub fn remove(&mut self, number: u32) {
        self.0[number as usize >> 6] &= !(1 << (number & 63));
    }

    /// Keeps the numbers that are in `other` too.
    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    /// Keeps the numbers that are not in `other`.
    pub fn keep_without(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    /// The number of numbers in both sets.
    pub fn common(&self, other: &Self) -> u64 {
        self.0
            .iter()
            .zip(&other.0)
            .map(|(a, b)| u64::from((a & b).count_ones()))
            .sum()
    }

    /// The number of numbers in the set.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}
