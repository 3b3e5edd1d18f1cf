//! Visitors without consent: a keyed hash of address and agent that is another one each day. No address is kept.

use hmac::{Hmac, KeyInit, Mac};
use service::settings::Secret;
use sha2::Sha256;
use std::net::IpAddr;

/// The key of the hash.
pub(super) struct VisitorKey(Vec<u8>);

impl VisitorKey {
    /// The key from a secret that all collectors share, or a random one.
    pub(super) fn new(secret: Option<&Secret>) -> Self {
        if let Some(secret) = secret {
            return Self(secret.expose().as_bytes().to_vec());
        }
        let mut key = vec![0; 32];
        if getrandom::fill(&mut key).is_err() {
            // No randomness: identifiers of this process, which are random by another way.
            key = crate::event::Id::now().0.repeat(2);
        }
        Self(key)
    }

    /// The visitor of a day, as 32 hexadecimal digits.
    pub(super) fn hash(&self, millis: i64, site: &str, address: IpAddr, agent: &str) -> String {
        let mac = |key: &[u8], parts: &[&[u8]]| -> Vec<u8> {
            // A key of HMAC may have any length.
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
                return Vec::new();
            };
            for part in parts {
                mac.update(part);
                mac.update(&[0]);
            }
            mac.finalize().into_bytes().to_vec()
        };
        let daily = mac(&self.0, &[&millis.div_euclid(86_400_000).to_be_bytes()]);
        let address = address.to_canonical().to_string();
        let hash = mac(&daily, &[site.as_bytes(), address.as_bytes(), agent.as_bytes()]);
        hex::encode(&hash[..16.min(hash.len())])
    }
}

#[cfg(test)]
mod tests {
    use super::VisitorKey;
    use std::net::{IpAddr, Ipv4Addr};

    #[test]
    fn a_visitor_without_consent_is_another_one_the_next_day() {
        let key = VisitorKey::new(None);
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let day = 86_400_000;
        assert_eq!(
            key.hash(1, "shop", address, "a"),
            key.hash(day - 1, "shop", address, "a")
        );
        assert_ne!(
            key.hash(1, "shop", address, "a"),
            key.hash(day, "shop", address, "a")
        );
        assert_ne!(
            key.hash(1, "shop", address, "a"),
            key.hash(1, "other", address, "a")
        );
        assert_ne!(
            key.hash(1, "shop", address, "a"),
            VisitorKey::new(None).hash(1, "shop", address, "a")
        );
        assert_eq!(key.hash(1, "shop", address, "a").len(), 32);
    }
}
