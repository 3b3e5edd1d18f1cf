//! Suggestions for mistyped names.

use similar::TextDiff;

/// The least similarity of a suggestion, from 0 to 1.
const SIMILAR: f32 = 0.7;

/// The weight of a last part that agrees, such as `vpc` with `network/vpc`, against a whole name.
const LAST_PART: f32 = 0.9;

/// The one of `names` that a mistyped `name` most likely means, if any is similar: as a whole, or in its part after the last
/// `/` or `.`.
///
/// ```
/// use tenon_resources::nearest;
/// assert_eq!(nearest("dor", ["door", "network/vpc"]), Some("door"));
/// assert_eq!(nearest("vpc", ["door", "network/vpc"]), Some("network/vpc"));
/// assert_eq!(nearest("queue", ["door", "network/vpc"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let last = |name: &str| {
        let start = name.rfind(['/', '.']).map_or(0, |at| at + 1);
        name[start..].to_owned()
    };
    let ratio = |a: &str, b: &str| TextDiff::from_chars(a, b).ratio();
    let score = |other: &str| ratio(name, other).max(LAST_PART * ratio(&last(name), &last(other)));
    names
        .into_iter()
        .map(|other| (score(other), other))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(score, _)| *score > SIMILAR)
        .map(|(_, other)| other)
}
