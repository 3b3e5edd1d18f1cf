//! Options of a resource: what the engine may do with it, besides what it is.
//!
//! They are no inputs: AWS never sees them. A state keeps them with the resource, because some of them count when the program no
//! longer says anything of it.

use crate::{
    registry::TYPES,
    resource::ResourceType,
    value::{Owner, RESERVED},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Options of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResourceOptions {
    /// Protected: no plan deletes or replaces it, whatever consent is given.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
    /// Kept when removed: what the program no longer declares, and what is destroyed, is forgotten, and stays in AWS.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// Fields that somebody else owns: they are set when the resource is made, and not compared afterwards.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub owned_elsewhere: BTreeSet<String>,
    /// Tags that somebody else owns: keys, and prefixes of keys, which end in `*`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags_owned_elsewhere: BTreeSet<String>,
    /// Addresses of resources together with which it is replaced.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub replaced_with: BTreeSet<String>,
    /// The order of a replacement, where it is not the engine's to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_order: Option<ReplaceOrder>,
    /// Limits of the waits for it, where they are not its type's.
    #[serde(skip_serializing_if = "TimeLimits::is_default")]
    pub time_limits: TimeLimits,
    /// Exclusive: what others put into it is removed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exclusive: bool,
}

/// The order in which a resource is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplaceOrder {
    /// The new one is made, then the old one deleted.
    CreateFirst,
    /// The old one is deleted, then the new one made.
    DeleteFirst,
}

/// Limits of the waits for a resource, in seconds; `None` is the type's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeLimits {
    /// Until one that was made or changed is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<u32>,
    /// Until one that was deleted is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<u32>,
}

impl TimeLimits {
    /// The longest limit: 24 hours, in seconds.
    pub const LONGEST: u32 = 24 * 3600;

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl ResourceOptions {
    /// `true` if nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// True if somebody else owns the tag `key`: whoever the options name, and AWS, whose tags nobody else can set or remove.
    /// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
    pub fn owns_tag_elsewhere(&self, key: &str) -> bool {
        if key.starts_with(RESERVED) {
            return true;
        }
        let meant = |pattern: &String| match pattern.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => pattern == key,
        };
        self.tags_owned_elsewhere.iter().any(meant)
    }

    /// True if there is a type whose resources are put into those of `kind`, one by one.
    pub fn can_be_exclusive(kind: &dyn ResourceType) -> bool {
        let into = |part: &&dyn ResourceType| part.inside().is_some_and(|inside| inside.of == kind.name());
        TYPES.iter().any(into)
    }

    /// Everything wrong with these options of a resource of type `kind`, as the rest of sentences that begin with its address.
    pub fn findings(&self, kind: &dyn ResourceType) -> Vec<String> {
        let mut findings = vec![];
        for field in &self.owned_elsewhere {
            if field == "tags" {
                findings.push(
                    "says that `tags` are owned elsewhere, and the ownership tags of the stack are among them; name the keys that are, with `tags_owned_elsewhere`".into(),
                );
            } else if kind.field(field).is_none() {
                findings.push(format!(
                    "says that `{field}` is owned elsewhere, and a `{}` has no such field",
                    kind.name()
                ));
            }
        }
        for pattern in &self.tags_owned_elsewhere {
            let (prefix, is_prefix) = match pattern.strip_suffix('*') {
                Some(prefix) => (prefix, true),
                None => (pattern.as_str(), false),
            };
            let ours = [Owner::STACK, Owner::ADDRESS, Owner::GENERATION];
            if ours
                .iter()
                .any(|tag| *tag == prefix || is_prefix && tag.starts_with(prefix))
            {
                findings.push(format!(
                    "says that tags `{pattern}` are owned elsewhere, and the ownership tags of the stack are among them; name others"
                ));
            } else if prefix.starts_with(RESERVED) {
                findings.push(format!(
                    "says that tags `{pattern}` are owned elsewhere, and those are AWS's own, which are never looked at; leave them out"
                ));
            }
        }
        if self.exclusive && !Self::can_be_exclusive(kind) {
            findings.push(format!(
                "is said to be exclusive, and nothing is put into a `{}` piece by piece; leave that out",
                kind.name()
            ));
        }
        for limit in [self.time_limits.ready, self.time_limits.gone]
            .into_iter()
            .flatten()
        {
            if !(1..=TimeLimits::LONGEST).contains(&limit) {
                findings.push(format!(
                    "has a time limit of {limit} s; a limit is of 1 s to 24 hours"
                ));
            }
        }
        findings
    }

    /// These options as phrases for people, in one order.
    pub fn phrases(&self) -> Vec<String> {
        let list = |items: &BTreeSet<String>| {
            let items: Vec<_> = items.iter().map(|i| format!("`{i}`")).collect();
            items.join(", ")
        };
        let mut out = vec![];
        if self.protected {
            out.push("protected".into());
        }
        if self.kept {
            out.push("kept when removed".into());
        }
        if !self.owned_elsewhere.is_empty() {
            out.push(format!("{} owned elsewhere", list(&self.owned_elsewhere)));
        }
        if !self.tags_owned_elsewhere.is_empty() {
            out.push(format!(
                "tags {} owned elsewhere",
                list(&self.tags_owned_elsewhere)
            ));
        }
        if !self.replaced_with.is_empty() {
            out.push(format!("replaced with {}", list(&self.replaced_with)));
        }
        match self.replace_order {
            Some(ReplaceOrder::CreateFirst) => out.push("replaced by the new one first".into()),
            Some(ReplaceOrder::DeleteFirst) => out.push("replaced by deleting the old one first".into()),
            None => {}
        }
        if let Some(seconds) = self.time_limits.ready {
            out.push(format!("ready within {seconds} s"));
        }
        if let Some(seconds) = self.time_limits.gone {
            out.push(format!("gone within {seconds} s"));
        }
        if self.exclusive {
            out.push("exclusive".into());
        }
        out
    }
}
