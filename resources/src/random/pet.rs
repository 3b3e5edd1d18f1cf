//! A random name of words.

use super::{Discard, bytes, step};
use crate::{
    call::{Call, CallInfo},
    prelude::*,
};
use petname::Petnames;

/// A random name of words, such as `quietly-able-heron`, for what people say aloud. It is made when it is first applied, and stays until
/// one of its fields changes: to have another, change `keepers`. Two words are one of 200,000 names: a name that must be unique
/// among all accounts takes more of them, or a [random id](super::Id). It is no secret, and is lost with the state.
///
/// ```
/// use tenon_resources::{ecs::Cluster, random::Pet, text, value::Output};
/// Pet::new().length(3u8).prefix("shop").keeper("generation", "1");
/// let name: Output<String> = Output::new("name", "id");
/// Cluster::new().cluster_name(text!("shop-{}", &name));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("random.pet")]
// No call of AWS's makes one: https://github.com/hashicorp/terraform-provider-random/blob/main/docs/resources/pet.md has the members.
#[facts(gone(), second_create = Another)]
pub struct Pet {
    /// The number of words, 1 to 8.
    #[immutable]
    #[default(2)]
    #[cfn("")]
    #[range(1..=8)]
    #[sample(3)]
    pub length: u8,
    /// The text before the words, followed by the separator.
    #[immutable]
    #[default(String::new())]
    #[cfn("")]
    #[length(0..=64)]
    #[sample("shop")]
    pub prefix: String,
    /// The text between the words.
    #[immutable]
    #[default("-".to_owned())]
    #[cfn("")]
    #[length(0..=8)]
    #[sample("_")]
    pub separator: String,
    /// Values whose change makes another name.
    #[immutable]
    #[cfn("")]
    #[sample(_, BTreeMap::from([("generation".into(), Input::Known("2".into()))]))]
    pub keepers: BTreeMap<String, Input<String>>,
}

/// Outputs of a random name.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct PetOutputs {
    /// The name: lower-case words of `a` to `z`, with the prefix in front of them.
    #[shape("{prefix}*")]
    pub id: String,
}

/// The step that makes a name.
#[derive(Serialize, Deserialize)]
struct Generate {
    length: u8,
}

impl Call for Generate {
    const INFO: CallInfo = step("Generate");
}

impl Pet {
    /// With a keeper: a value whose change makes another name.
    #[must_use]
    pub fn keeper(mut self, name: &str, value: impl IntoInput<String>) -> Self {
        self.keepers.insert(name.into(), value.into_input());
        self
    }
}

impl Lifecycle for Pet {
    const READ: Read = Read::new(crate::call::LOCAL, "Recall", 1, &[]);

    fn create(&self) -> Steps {
        Steps::create(Generate { length: self.length })
    }

    fn set(&self, _: &Self, field: PetField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Steps::delete(Discard {})
    }

    fn made_here(&self, seed: &str) -> Option<PetOutputs> {
        let names = Petnames::small();
        // The order of a sentence: adverbs, an adjective, a noun.
        let lists = (0..self.length).rev().map(|left| match left {
            0 => &names.nouns,
            1 => &names.adjectives,
            _ => &names.adverbs,
        });
        let bytes = bytes("random.pet", seed, usize::from(self.length) * 4);
        let words = lists.zip(bytes.chunks_exact(4)).filter_map(|(list, bytes)| {
            let number = bytes
                .iter()
                .fold(0, |n: usize, byte| (n << 8) | usize::from(*byte));
            list.get(number.checked_rem(list.len())?).copied()
        });
        let prefix = Some(self.prefix.as_str()).filter(|text| !text.is_empty());
        let parts: Vec<&str> = prefix.into_iter().chain(words).collect();
        Some(PetOutputs {
            id: parts.join(&self.separator),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_name_follows_from_its_seed_and_has_the_words_that_were_asked_for() {
        let of = |pet: &Pet, seed: &str| pet.made_here(seed).unwrap().id;
        let pet = Pet::new().prefix("shop").length(3u8);
        let name = of(&pet, "a");
        assert_eq!(name, of(&pet, "a"));
        assert_ne!(name, of(&pet, "b"));
        let words: Vec<&str> = name.split('-').collect();
        let names = Petnames::small();
        assert!(words.len() == 4 && words[0] == "shop", "{name}");
        let lists = [&names.adverbs, &names.adjectives, &names.nouns];
        assert!(
            lists
                .iter()
                .zip(&words[1..])
                .all(|(list, word)| list.contains(word)),
            "{name}"
        );
        assert_eq!(
            of(&Pet::new().length(1u8).separator("_"), "a").split('_').count(),
            1
        );
    }

    #[test]
    fn names_are_as_different_as_the_lists_allow_and_fit_into_names_of_aws() {
        let names: BTreeSet<String> = (0..1000)
            .map(|n| Pet::new().made_here(&n.to_string()).unwrap().id)
            .collect();
        // Of 1,000 of 201,601 names, 2.5 pairs are expected to be the same.
        assert!(names.len() > 985, "{}", names.len());
        assert!(
            names
                .iter()
                .all(|name| name.len() <= 32 && name.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()))
        );
    }
}
