//! Passwords that are made where they are kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt};

/// A random password that Secrets Manager makes when it is put into what keeps it, a secret or a parameter. Nobody else sees it: it
/// stands in no plan, no state and no journal.
///
/// It is made when that is created, and stays. Another one is made when anything of this changes; [`version`](Self::version) is there for
/// that alone.
///
/// ```
/// use tenon_resources::{secretsmanager, ssm, value::{Password, Secret}};
/// let password = Password::new(32).exclude_characters("\"@/\\");
/// secretsmanager::Secret::new().value(Secret::generated(password.clone().beside([("username", "shop")], "password")));
/// ssm::Parameter::secure(Secret::generated(password.version("2")));
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a member of AWS's own")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// The length in characters, 1 to 4,096.
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
    pub length: u32,
    /// Characters that are not in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exclude_characters: String,
    /// No digits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclude_numbers: bool,
    /// No punctuation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclude_punctuation: bool,
    /// No capitals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclude_uppercase: bool,
    /// No small letters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclude_lowercase: bool,
    /// The members of a JSON object in which the password stands, without it; empty for the bare password.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, String>,
    /// The member of that object that is the password.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The version: any text, whose change makes another password.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
}

impl Password {
    /// A password of `length` characters: letters, digits and punctuation, at least one of each kind.
    pub fn new(length: u32) -> Self {
        Self {
            length,
            exclude_characters: String::new(),
            exclude_numbers: false,
            exclude_punctuation: false,
            exclude_uppercase: false,
            exclude_lowercase: false,
            members: BTreeMap::new(),
            key: String::new(),
            version: String::new(),
        }
    }

    /// Without these characters.
    #[must_use]
    pub fn exclude_characters(mut self, characters: &str) -> Self {
        self.exclude_characters = characters.into();
        self
    }

    /// Without digits.
    #[must_use]
    pub fn exclude_numbers(mut self) -> Self {
        self.exclude_numbers = true;
        self
    }

    /// Without punctuation.
    #[must_use]
    pub fn exclude_punctuation(mut self) -> Self {
        self.exclude_punctuation = true;
        self
    }

    /// Without capitals.
    #[must_use]
    pub fn exclude_uppercase(mut self) -> Self {
        self.exclude_uppercase = true;
        self
    }

    /// Without small letters.
    #[must_use]
    pub fn exclude_lowercase(mut self) -> Self {
        self.exclude_lowercase = true;
        self
    }

    /// As the member `key` of a JSON object that has these members, too: `{"username": "shop", "password": "…"}`.
    #[must_use]
    pub fn beside<K: Into<String>, V: Into<String>>(
        mut self,
        members: impl IntoIterator<Item = (K, V)>,
        key: &str,
    ) -> Self {
        let members = members.into_iter().map(|(k, v)| (k.into(), v.into()));
        self.members = members.collect();
        self.key = key.into();
        self
    }

    /// Of this version: another text makes another password.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.version = version.into();
        self
    }

    /// The text that is kept, once the password is made.
    pub fn text(&self, password: String) -> String {
        if self.key.is_empty() {
            return password;
        }
        let members = self
            .members
            .iter()
            .map(|(k, v)| (k.clone(), Value::from(v.clone())));
        let mut object: Map<String, Value> = members.collect();
        object.insert(self.key.clone(), password.into());
        Value::Object(object).to_string()
    }

    /// The reason for which AWS makes no such password, as the rest of a sentence about it.
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
    pub fn finding(&self) -> Option<String> {
        let excluded = [
            self.exclude_numbers,
            self.exclude_punctuation,
            self.exclude_uppercase,
            self.exclude_lowercase,
        ];
        let kinds = excluded.iter().filter(|excluded| !**excluded).count();
        match () {
            () if !(1..=4096).contains(&self.length) => {
                Some(format!("has {} characters, and AWS makes 1 to 4096", self.length))
            }
            () if kinds == 0 => Some("has no character left: leave one kind in".into()),
            () if usize::try_from(self.length).is_ok_and(|length| length < kinds) => Some(format!(
                "has {} characters, and one of each of {kinds} kinds does not fit: make it longer",
                self.length
            )),
            () if self.exclude_characters.chars().count() > 4096 => {
                Some("excludes more than 4096 characters".into())
            }
            () if self.key.is_empty() && !self.members.is_empty() => {
                Some("has members beside it, and no name of its own: say its key".into())
            }
            () if self.members.contains_key(&self.key) => Some(format!(
                "has the key `{}`, which is a member beside it, too",
                self.key
            )),
            () => None,
        }
    }
}

impl fmt::Display for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "new password of {} characters", self.length)?;
        if !self.version.is_empty() {
            write!(f, ", version {}", self.version)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_does_not_make_is_a_finding() {
        assert_eq!(Password::new(32).finding(), None);
        for (wrong, part) in [
            (Password::new(0), "1 to 4096"),
            (Password::new(4097), "1 to 4096"),
            (Password::new(3), "does not fit"),
            (
                Password::new(8)
                    .exclude_numbers()
                    .exclude_punctuation()
                    .exclude_uppercase()
                    .exclude_lowercase(),
                "no character left",
            ),
            (Password::new(8).beside([("a", "b")], "a"), "a member beside it"),
            (Password::new(8).beside([("a", "b")], ""), "say its key"),
        ] {
            let why = wrong.finding().unwrap_or_default();
            assert!(why.contains(part), "{why}");
        }
    }

    #[test]
    fn a_password_beside_others_is_json_whatever_is_in_it() {
        let password = Password::new(8).beside([("username", "shop")], "password");
        let text = password.text("a\"b".into());
        assert_eq!(text, r#"{"password":"a\"b","username":"shop"}"#);
    }
}
