//! The list of those who may approve, in OpenSSH's format `allowed_signers`: a name, options, a key, a line each.
//!
//! <https://man.openbsd.org/ssh-keygen.1#ALLOWED_SIGNERS>. What is not understood makes the list unusable: nobody is let in by a line that
//! was meant to keep somebody out.

use super::{ApprovalError, NAMESPACE};
use ssh_key::{PublicKey, public::KeyData};

/// The list of those who may approve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signers(Vec<(String, PublicKey)>);

impl std::str::FromStr for Signers {
    type Err = ApprovalError;

    fn from_str(text: &str) -> Result<Self, ApprovalError> {
        let mut signers = vec![];
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let signer = signer(line).map_err(|why| ApprovalError::Signers {
                line: number + 1,
                why,
            })?;
            if let Some((names, key)) = signer {
                signers.extend(names.split(',').map(|name| (name.to_owned(), key.clone())));
            }
        }
        Ok(Self(signers))
    }
}

/// Names and key of a line; none for one that is for other namespaces.
fn signer(line: &str) -> Result<Option<(&str, PublicKey)>, String> {
    let mut words = line.split_whitespace();
    let names = words.next().unwrap_or_default();
    if names.contains(['*', '?', '!', '"']) {
        return Err("a name with a pattern is not read; list each".into());
    }
    let mut ours = true;
    for word in words.by_ref() {
        if let Some(list) = word.strip_prefix("namespaces=") {
            ours = list.trim_matches('"').split(',').any(|name| name == NAMESPACE);
            continue;
        }
        let is_key = ["ssh-", "ecdsa-", "sk-"]
            .iter()
            .any(|start| word.starts_with(start));
        if !is_key {
            return Err(format!("the option `{word}` is not read"));
        }
        let rest: Vec<&str> = std::iter::once(word).chain(words).collect();
        let key = PublicKey::from_openssh(&rest.join(" ")).map_err(|e| e.to_string())?;
        return Ok(ours.then_some((names, key)));
    }
    Err("it has no key".into())
}

impl Signers {
    /// The key of `name` that has this data.
    pub(super) fn key(&self, name: &str, data: &KeyData) -> Option<&PublicKey> {
        let mut keys = self
            .0
            .iter()
            .filter(|(n, key)| n == name && key.key_data() == data);
        keys.next().map(|(_, key)| key)
    }
}
