//! Identifiers: 16 bytes for events, sessions and visitors, 32 for users.

use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// The identifier of an event, a session or a visitor: 16 bytes, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub [u8; 16]);

impl Id {
    /// Creates a `UUIDv7` of the present time.
    pub fn now() -> Self {
        Self(*Uuid::now_v7().as_bytes())
    }

    /// Creates a `UUIDv7` of the time `millis` with the given random bits; simulations use it.
    pub fn at(millis: i64, random: u128) -> Self {
        let millis = u128::from(millis.unsigned_abs() & 0xffff_ffff_ffff);
        let low = random & 0x0fff_3fff_ffff_ffff_ffff;
        Self(((millis << 80) | (7 << 76) | (2 << 62) | low).to_be_bytes())
    }

    /// Derives a `UUIDv5` from a text: the same text always has the same identifier.
    pub fn named(text: &str) -> Self {
        Self(*Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes()).as_bytes())
    }

    /// Reads 32 hexadecimal digits, or the form with hyphens.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(|id| Self(*id.as_bytes()))
    }

    /// Reads an identifier, or hashes a text that is none, such as the sessions of the seed's front end.
    pub fn of_text(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| {
            let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
            let mut id = [0; 16];
            id.copy_from_slice(&digest[..16]);
            Self(id)
        })
    }

    /// The UUID's version.
    pub fn version(self) -> u8 {
        self.0[6] >> 4
    }

    /// The milliseconds since 1970 of a `UUIDv7`; `None` for any other version.
    pub fn millis(self) -> Option<i64> {
        (self.version() == 7).then(|| {
            self.0[..6]
                .iter()
                .fold(0, |millis, byte| (millis << 8) | i64::from(*byte))
        })
    }

    /// The last 8 bytes as a number, by which events of the same millisecond are ordered.
    pub fn order(self) -> u64 {
        self.0[8..].iter().fold(0, |n, byte| (n << 8) | u64::from(*byte))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The key of a user: the HMAC that the shop's server sends, or the hash of a plain identifier within its site.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserKey(pub [u8; 32]);

impl UserKey {
    /// Reads 64 hexadecimal digits, or hashes a text that is none together with its site.
    pub fn of_text(site: &str, text: &str) -> Self {
        if text.len() == 64
            && let Ok(bytes) = hex::decode(text)
            && let Ok(key) = bytes.try_into()
        {
            return Self(key);
        }
        let mut hash = Sha256::new();
        hash.update(site.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        Self(hash.finalize().into())
    }
}

impl fmt::Display for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_version_7_is_read_back() {
        let id = Id::at(1_795_780_670_123, u128::MAX);
        assert_eq!((id.version(), id.millis()), (7, Some(1_795_780_670_123)));
        assert_eq!(Id::parse(&id.to_string()), Some(id));
        assert_eq!(Id::named("x").millis(), None);
        assert!(
            Id::now()
                .millis()
                .is_some_and(|millis| millis > 1_700_000_000_000)
        );
    }

    #[test]
    fn a_user_of_two_sites_has_two_keys() {
        assert_ne!(UserKey::of_text("a", "u1"), UserKey::of_text("b", "u1"));
        let key = UserKey::of_text("a", "u1");
        assert_eq!(UserKey::of_text("b", &key.to_string()), key);
    }
}
