//! Tags, and the mark that says a resource is ours.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The prefix that AWS keeps to itself. Such tags are never read, compared or removed: `DeleteTags` of one is refused, and a
/// resource that CloudFormation made keeps them for ever.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub const RESERVED: &str = "aws:";

/// The most tags that a resource has.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
const MOST_TAGS: usize = 50;

/// `true` if AWS keeps a key to itself, whose prefix it reserves in upper and lower case.
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Tag.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html>
pub fn is_reserved(key: &str) -> bool {
    key.get(..RESERVED.len())
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case(RESERVED))
}

/// The tag with the time at which the environment of a preview expires, as `2026-11-28T12:00:00Z`: part of what says that a resource may go.
/// Calls that a plan makes anyway carry it; by itself it is neither a change nor drift.
pub const EXPIRES: &str = "tenon:expires";

/// The value of [`EXPIRES`] in a plan, in whose place an apply puts the time: a plan is the same whenever it is made.
pub const EXPIRY: &str = "when the environment expires";

/// Tags of a resource. The engine adds the stack's own and the [`Owner`]'s before a plan is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(pub BTreeMap<String, String>);

impl Tags {
    /// These tags and `key`.
    ///
    /// ```
    /// use tenon_resources::value::Tags;
    /// let tags = Tags::default().tag("team", "shop");
    /// assert_eq!(tags.0["team"], "shop");
    /// ```
    #[must_use]
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    /// The tags as EC2 takes them on create, so that a resource is never untagged; `of` is EC2's resource type.
    pub fn on_create(&self, of: &str) -> TagSpec {
        TagSpec {
            of: of.into(),
            tags: self.clone(),
        }
    }

    /// Why AWS refuses these tags for a resource of type `kind`, as a sentence about the field `tags`: keys of 1 to 128 characters, values
    /// of up to 256, `aws:` reserved, 50 tags a resource. RDS keeps `rds:` to itself, too, and IAM takes keys that differ in their
    /// case for one.
    /// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>;
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html>: "can't be prefixed with aws: or rds:";
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>: "you can't have separate Department and department tag keys"
    pub fn refused_for(&self, kind: &str) -> Option<String> {
        if self.0.len() > MOST_TAGS {
            let count = self.0.len();
            return Some(format!(
                "`tags` has {count} tags, and AWS takes at most {MOST_TAGS}"
            ));
        }
        let (iam, rds) = (kind.starts_with("iam."), kind.starts_with("rds."));
        let mut seen = BTreeMap::new();
        self.0.iter().find_map(|(key, value)| {
            let (folded, length) = (key.to_lowercase(), key.chars().count());
            let same = seen.insert(folded.clone(), key).filter(|_| iam);
            match same {
                _ if length == 0 || length > 128 => Some(format!(
                    "`tags` has a key of {length} characters, and AWS takes 1 to 128"
                )),
                _ if is_reserved(key) => Some(format!("`tags` has `{key}`, and AWS keeps `aws:` to itself")),
                _ if rds && folded.starts_with("rds:") => {
                    Some(format!("`tags` has `{key}`, and RDS keeps `rds:` to itself"))
                }
                Some(other) => Some(format!(
                    "`tags` has `{other}` and `{key}`, which are one key to IAM: leave one of them out"
                )),
                None if value.chars().count() > 256 => Some(format!(
                    "`tags` has `{key}` of {} characters, and AWS takes at most 256",
                    value.chars().count()
                )),
                None => None,
            }
        })
    }

    /// The tags to set and the keys to remove to get from `was` to these.
    pub fn changes(&self, was: &Self) -> (Self, Vec<String>) {
        let set = self.0.iter().filter(|(k, v)| was.0.get(*k) != Some(v));
        let gone = was
            .0
            .keys()
            .filter(|k| !self.0.contains_key(*k) && !k.starts_with(RESERVED));
        (
            Self(set.map(|(k, v)| (k.clone(), v.clone())).collect()),
            gone.cloned().collect(),
        )
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Tags {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

/// Tags in the shape of EC2's `TagSpecification`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagSpec {
    /// EC2's resource type, such as `natgateway`.
    pub of: String,
    /// The tags.
    pub tags: Tags,
}

/// The owner of a resource: the three tags that are the proof of ownership. A resource without them is never adopted,
/// changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// `<stack>/<env>`.
    pub stack: String,
    /// The address, or `None` for every resource of the stack.
    pub address: Option<String>,
    /// The generation of the resource at that address.
    pub generation: Option<u32>,
}

impl Owner {
    /// The tag that holds `<stack>/<env>`.
    pub const STACK: &'static str = "tenon:stack";
    /// The tag that holds the address.
    pub const ADDRESS: &'static str = "tenon:address";
    /// The tag that holds the generation: how often the resource at that address was replaced.
    pub const GENERATION: &'static str = "tenon:generation";

    /// Every resource of `stack`'s environment `env`.
    pub fn of_stack(stack: &str, env: &str) -> Self {
        Self {
            stack: format!("{stack}/{env}"),
            address: None,
            generation: None,
        }
    }

    /// The owner of the resource at an address.
    #[must_use]
    pub fn at(&self, address: &str, generation: u32) -> Self {
        Self {
            stack: self.stack.clone(),
            address: Some(address.into()),
            generation: Some(generation),
        }
    }

    /// The tags that say so.
    pub fn tags(&self) -> Tags {
        let mut tags = Tags::default().tag(Self::STACK, &self.stack);
        if let Some(address) = &self.address {
            tags = tags.tag(Self::ADDRESS, address);
        }
        if let Some(generation) = self.generation {
            tags = tags.tag(Self::GENERATION, &generation.to_string());
        }
        tags
    }

    /// Every resource of `stack`'s environments whose names begin with `prefix`; for searches of what has no state. EC2's filters and
    /// [`owns`](Self::owns) read the asterisk, which no name of an environment has, so.
    pub fn of_family(stack: &str, prefix: &str) -> Self {
        Self::of_stack(stack, &format!("{prefix}*"))
    }

    /// `true` if `tags` are proof that the resource is this owner's.
    pub fn owns(&self, tags: &Tags) -> bool {
        let is = |have: &String, want: &String| match want.strip_suffix('*') {
            Some(prefix) => have.starts_with(prefix),
            None => have == want,
        };
        self.tags()
            .0
            .iter()
            .all(|(k, v)| tags.0.get(k).is_some_and(|have| is(have, v)))
    }
}

/// An idempotency token. A plan holds the place; the executor fills it with the operation's id, 32 lower-case hex
/// digits, which is durable before the call is sent: a retry after a crash repeats it exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// To be filled when the call is made.
    Fill,
    /// Filled.
    Filled(String),
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fill => json!({ "$token": true }).serialize(s),
            Self::Filled(token) => token.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Value::deserialize(d)?
            .as_str()
            .map_or(Self::Fill, |t| Self::Filled(t.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retagging_adds_changes_and_removes() {
        let was = Tags::from([("a", "1"), ("b", "1"), ("c", "1")]);
        let want = Tags::from([("a", "1"), ("b", "2"), ("d", "1")]);
        assert_eq!(
            want.changes(&was),
            (Tags::from([("b", "2"), ("d", "1")]), vec!["c".to_owned()])
        );
    }

    #[test]
    fn a_similar_tag_is_no_proof() {
        let owner = Owner::of_stack("shop", "dev").at("db", 0);
        assert!(owner.owns(&owner.tags().tag("team", "x")));
        assert!(!owner.owns(&Owner::of_stack("shop", "dev").at("db", 1).tags()));
        let previews = Owner::of_family("shop", "pr-");
        assert!(previews.owns(&Owner::of_stack("shop", "pr-7").at("db", 1).tags()));
        assert!(!previews.owns(&Owner::of_stack("shop", "prod").tags()) && !previews.owns(&Tags::default()));
        assert!(!owner.owns(&Tags::from([("tenon:stack", "shop/dev")])));
    }
}
