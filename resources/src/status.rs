//! Words with which AWS says how far a resource is, and the meaning of each.
//!
//! The words of a type are data, so that a test holds them against AWS's own lists. A word that is not among them, such as
//! one that AWS adds tomorrow, means [`Impaired`](Meaning::Impaired): nothing is ever concluded from it that could cost data.

use serde::{Deserialize, Serialize};

/// The status of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// The resource can be used.
    Ready,
    /// The resource is on its way; the text is AWS's word for where.
    Pending(String),
    /// The resource is on its way out; the text is AWS's word for where.
    Leaving(String),
    /// A person stopped it and can start it again, as a database at night; the text is AWS's word. This is no failure, and
    /// no field has drifted.
    Stopped(String),
    /// The resource does not work as it should; AWS can recover it, or a person must. The text says why. Whatever it holds is still
    /// there, so this is never a reason to replace it.
    Impaired(String),
    /// The resource has failed for good and cannot become ready; the text says why.
    Failed(String),
}

/// The meaning of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The resource can be used.
    Ready,
    /// The resource is on its way to be ready by itself.
    Pending,
    /// The resource is being removed.
    Leaving,
    /// The resource does not exist any more, though AWS still lists it.
    Gone,
    /// A person stopped it and can start it again.
    Stopped,
    /// The resource does not work as it should; AWS can recover it, or a person must.
    Impaired,
    /// The resource has failed for good: AWS says that it cannot recover.
    Failed,
}

/// The words of a member of AWS's replies, each with its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusWords {
    /// The member, as AWS spells it in the reference of the API.
    pub member: &'static str,
    /// The words.
    pub words: &'static [(&'static str, Meaning)],
}

impl StatusWords {
    /// The meaning of `word`, whatever its case is: some services write their own words in two ways.
    pub fn meaning(&self, word: &str) -> Meaning {
        let known = self.words.iter().find(|(w, _)| w.eq_ignore_ascii_case(word));
        known.map_or(Meaning::Impaired, |(_, meaning)| *meaning)
    }

    /// The status that `word` says, with `why` instead of the word where AWS gives a reason; `None` for what no longer exists.
    pub fn status(&self, word: &str, why: Option<&str>) -> Option<Status> {
        let reason = || match why.filter(|why| !why.is_empty()) {
            Some(why) => why.to_owned(),
            None => word.replace('-', " "),
        };
        Some(match self.meaning(word) {
            Meaning::Ready => Status::Ready,
            Meaning::Pending => Status::Pending(word.into()),
            Meaning::Leaving => Status::Leaving(word.into()),
            Meaning::Gone => return None,
            Meaning::Stopped => Status::Stopped(word.into()),
            Meaning::Impaired => Status::Impaired(reason()),
            Meaning::Failed => Status::Failed(reason()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: StatusWords = StatusWords {
        member: "State",
        words: &[("Available", Meaning::Ready), ("failed", Meaning::Failed)],
    };

    #[test]
    fn a_word_that_is_not_known_is_never_a_failure() {
        let status = |word| WORDS.status(word, None);
        assert_eq!(status("available"), Some(Status::Ready));
        assert_eq!(status("failed"), Some(Status::Failed("failed".into())));
        assert_eq!(
            status("incompatible-word"),
            Some(Status::Impaired("incompatible word".into()))
        );
        assert_eq!(
            WORDS.status("failed", Some("no address")),
            Some(Status::Failed("no address".into()))
        );
    }
}
