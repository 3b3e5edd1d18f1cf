//! Ranges of IPv4 addresses.

/// A range of IPv4 addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The length of its prefix.
    pub(super) prefix: u32,
}

impl Range {
    /// The range that `text` writes, such as `10.0.0.0/16`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        address.parse::<std::net::Ipv4Addr>().ok()?;
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        Some(Self { prefix })
    }
}
