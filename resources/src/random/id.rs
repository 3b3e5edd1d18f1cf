//! A random id.

use super::{Discard, Generate, bytes};
use crate::prelude::*;
use std::fmt::Write as _;

/// A random id, for names that must be unique among all accounts, such as a bucket's. It is made when it is first applied, and stays
/// until one of its fields changes: to have another, change `keepers`. Until then, names with it are known after apply, and what is
/// before it in them is checked, claimed and permitted as it is. It is no secret, and is lost with the state.
///
/// ```
/// use tenon_resources::{random::Id, s3::Bucket, text, value::Output};
/// Id::new(4).prefix("shop-").keeper("generation", "1");
/// let suffix: Output<String> = Output::new("suffix", "hex");
/// Bucket::new().bucket_name(text!("shop-assets-{}", &suffix));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("random.id")]
// No call of AWS's makes one: https://github.com/hashicorp/terraform-provider-random/blob/main/docs/resources/id.md has the members.
#[facts(gone(), second_create = Another)]
pub struct Id {
    /// The number of random bytes, 1 to 16; each is two digits of the text.
    #[immutable]
    #[cfn("")]
    #[range(1..=16)]
    #[sample(4, 8)]
    pub byte_length: u8,
    /// The text before the digits, as it is.
    #[immutable]
    #[default(String::new())]
    #[cfn("")]
    #[length(0..=64)]
    #[sample("shop-")]
    pub prefix: String,
    /// Values whose change makes another id.
    #[immutable]
    #[cfn("")]
    #[sample(_, BTreeMap::from([("generation".into(), Input::Known("2".into()))]))]
    pub keepers: BTreeMap<String, Input<String>>,
}

/// Outputs of a random id.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct IdOutputs {
    /// The prefix and the bytes in lower-case hex.
    #[shape("{prefix}*")]
    pub id: String,
    /// The same.
    #[shape("{prefix}*")]
    pub hex: String,
    /// The prefix and the bytes as one decimal number.
    #[shape("{prefix}*")]
    pub dec: String,
}

impl Id {
    /// With a keeper: a value whose change makes another id.
    #[must_use]
    pub fn keeper(mut self, name: &str, value: impl IntoInput<String>) -> Self {
        self.keepers.insert(name.into(), value.into_input());
        self
    }
}

impl Lifecycle for Id {
    const READ: Read = Read::new(crate::call::LOCAL, "Recall", 1, &[]);

    fn create(&self) -> Steps {
        Steps::create(Generate {
            byte_length: self.byte_length,
        })
    }

    fn set(&self, _: &Self, field: IdField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Steps::delete(Discard {})
    }

    fn made_here(&self, seed: &str) -> Option<IdOutputs> {
        let bytes = bytes("random.id", seed, self.byte_length.into());
        let hex = bytes.iter().fold(self.prefix.clone(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let number = bytes.iter().fold(0_u128, |n, byte| (n << 8) | u128::from(*byte));
        Some(IdOutputs {
            id: hex.clone(),
            hex,
            dec: format!("{}{number}", self.prefix),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_its_seed_and_has_the_length_that_was_asked_for() {
        let id = Id::new(8).prefix("shop-");
        let of = |seed| id.made_here(seed).unwrap();
        assert_eq!(of("a").hex, of("a").hex);
        assert_ne!(of("a").hex, of("b").hex);
        let digits = of("a").hex.strip_prefix("shop-").unwrap().to_owned();
        assert_eq!(digits.len(), 16);
        let number = u64::from_str_radix(&digits, 16).unwrap();
        assert_eq!(of("a").dec, format!("shop-{number}"));
        assert_eq!(Id::new(16).made_here("a").unwrap().hex.len(), 32);
    }
}
