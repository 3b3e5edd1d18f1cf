//! Ranges of IPv4 addresses.

/// A range of IPv4 addresses, with the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    first: u32,
    last: u32,
    pub(super) prefix: u32,
}

impl Range {
    /// The range that `text` writes, such as `10.0.0.0/16`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = u32::from(address.parse::<std::net::Ipv4Addr>().ok()?);
        let prefix: u32 = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        let host = u32::MAX.checked_shr(prefix).unwrap_or(0);
        Some(Self {
            first: address & !host,
            last: address | host,
            prefix,
        })
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ranges_overlap_when_they_share_an_address() {
        let [vpc, low, high, all] = ["10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "0.0.0.0/0"]
            .map(|text| Range::parse(text).expect("a range"));
        assert!(vpc.contains(low) && vpc.overlaps(high) && !low.overlaps(high));
        assert!(all.contains(vpc) && !vpc.contains(all));
        assert_eq!(Range::parse("10.0.0.0/33"), None);
    }
}
