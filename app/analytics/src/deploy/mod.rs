//! The release of a host: fetch, verify, try, switch, restart, look; and back again when it is not well.
//!
//! Releases are in a folder or bucket: `analytics-SHA.tar.zst` with the program in it, never changed once written, and
//! `current`, a JSON text that says which one hosts should run. Each host has `ROOT/SHA/analytics`, and `ROOT/current`, a
//! link to one of them, from which the units start. A host that was interrupted anywhere does it again.

mod host;
mod services;

pub use host::{DeployError, Host};
pub use services::{Service, ServiceError, Services};

use serde::Deserialize;

/// What hosts should run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pointer {
    /// The release: the commit that it was built from.
    pub sha: String,
    /// The SHA-256 of its file.
    pub sha256: String,
}

impl Pointer {
    /// Reads a pointer; `None` for a text that is none. A release's name becomes a folder's, so it has letters and digits
    /// alone.
    pub fn read(text: &[u8]) -> Option<Self> {
        let pointer: Self = serde_json::from_slice(text).ok()?;
        let plain = |text: &str, length: std::ops::RangeInclusive<usize>| {
            length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        (plain(&pointer.sha, 1..=64) && plain(&pointer.sha256, 64..=64)).then_some(pointer)
    }

    /// The key of the release's file.
    pub fn key(&self) -> String {
        format!("analytics-{}.tar.zst", self.sha)
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn a_pointer_names_no_other_folder() {
        let text = |sha: &str| {
            format!(
                r#"{{"sha":"{sha}","sha256":"{}","previous":"x"}}"#,
                "0".repeat(64)
            )
        };
        assert!(Pointer::read(text("0a1b").as_bytes()).is_some());
        for wrong in ["", "../etc", "a/b", "a b", &"a".repeat(65)] {
            assert_eq!(Pointer::read(text(wrong).as_bytes()), None, "{wrong}");
        }
        assert_eq!(Pointer::read(br#"{"sha":"a","sha256":"short"}"#), None);
    }
}
