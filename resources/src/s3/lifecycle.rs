//! S3 Lifecycle: the transition and expiration of objects.

use crate::{choice, value::Tags};
use serde::{Deserialize, Serialize};

choice!(
    /// The storage class of objects.
    StorageClass of s3::TransitionStorageClass {
        /// Infrequent access: cheaper to store, charged by retrieval.
        StandardIa = "STANDARD_IA",
        /// Infrequent access in one availability zone.
        OnezoneIa = "ONEZONE_IA",
        /// Automatic tiers by access pattern.
        IntelligentTiering = "INTELLIGENT_TIERING",
        /// An archive with instant retrieval.
        GlacierIr = "GLACIER_IR",
        /// An archive with retrieval in minutes or hours.
        Glacier = "GLACIER",
        /// An archive with retrieval in hours.
        DeepArchive = "DEEP_ARCHIVE",
    }
);

/// A transition to another storage class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Transition {
    /// The number of days after creation, or after the version became noncurrent.
    pub days: u32,
    /// The storage class.
    pub storage_class: StorageClass,
}

/// A lifecycle rule of a bucket.
///
/// ```
/// use tenon_resources::s3::{LifecycleRule, StorageClass};
/// LifecycleRule::new("logs").prefix("logs/").transition(30, StorageClass::StandardIa).expire_after(365);
/// LifecycleRule::new("tidy").abort_uploads_after(7).expire_old_versions_after(90);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LifecycleRule {
    /// The ID, unique in the bucket.
    pub id: String,
    /// The rule is enabled.
    pub enabled: bool,
    /// The prefix of the keys to which the rule applies; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The object tags to which the rule applies; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
    /// Expiration of current versions: the number of days after creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire_after: Option<u32>,
    /// Transitions of current versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    /// Expiration of noncurrent versions: the number of days after they became noncurrent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire_old_versions_after: Option<u32>,
    /// Transitions of noncurrent versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub old_version_transitions: Vec<Transition>,
    /// Abortion of incomplete multipart uploads: the number of days after initiation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abort_uploads_after: Option<u32>,
}

impl LifecycleRule {
    /// A rule with ID `id` for every object, without actions.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.into(),
            enabled: true,
            prefix: String::new(),
            tags: vec![],
            expire_after: None,
            transitions: vec![],
            expire_old_versions_after: None,
            old_version_transitions: vec![],
            abort_uploads_after: None,
        }
    }

    /// Limits the rule to objects whose key begins with `prefix`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Limits the rule to objects with these tags.
    #[must_use]
    pub fn tags(mut self, tags: impl Into<Tags>) -> Self {
        self.tags = tags.into().0.into_iter().collect();
        self
    }

    /// Expires current versions `days` after creation.
    #[must_use]
    pub fn expire_after(mut self, days: u32) -> Self {
        self.expire_after = Some(days);
        self
    }

    /// Moves current versions to `storage_class` `days` after creation.
    #[must_use]
    pub fn transition(mut self, days: u32, storage_class: StorageClass) -> Self {
        self.transitions.push(Transition { days, storage_class });
        self.transitions.sort();
        self
    }

    /// Expires noncurrent versions after `days`.
    #[must_use]
    pub fn expire_old_versions_after(mut self, days: u32) -> Self {
        self.expire_old_versions_after = Some(days);
        self
    }

    /// Moves noncurrent versions to `storage_class` after `days`.
    #[must_use]
    pub fn old_version_transition(mut self, days: u32, storage_class: StorageClass) -> Self {
        self.old_version_transitions
            .push(Transition { days, storage_class });
        self.old_version_transitions.sort();
        self
    }

    /// Aborts incomplete multipart uploads `days` after initiation.
    #[must_use]
    pub fn abort_uploads_after(mut self, days: u32) -> Self {
        self.abort_uploads_after = Some(days);
        self
    }

    /// True when the rule has an action.
    pub(super) fn acts(&self) -> bool {
        self.expire_after.is_some()
            || !self.transitions.is_empty()
            || self.expire_old_versions_after.is_some()
            || !self.old_version_transitions.is_empty()
            || self.abort_uploads_after.is_some()
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{LifecycleRule, StorageClass, Transition};
    use crate::aws::{ToSdk, sdk::s3::types as aws};

    impl ToSdk<aws::LifecycleRule> for LifecycleRule {
        fn to_sdk(self) -> Option<aws::LifecycleRule> {
            let days = |d: u32| i32::try_from(d).ok();
            let tag = |(k, v): (String, String)| aws::Tag::builder().key(k).value(v).build().ok();
            let tags: Vec<aws::Tag> = self.tags.into_iter().filter_map(tag).collect();
            let filter = aws::LifecycleRuleFilter::builder();
            let filter = if tags.is_empty() {
                filter.prefix(self.prefix)
            } else {
                let prefix = Some(self.prefix).filter(|p| !p.is_empty());
                let both = aws::LifecycleRuleAndOperator::builder()
                    .set_prefix(prefix)
                    .set_tags(Some(tags));
                filter.and(both.build())
            };
            let mut rule = aws::LifecycleRule::builder().id(self.id).filter(filter.build());
            rule = rule.status(if self.enabled { "Enabled" } else { "Disabled" }.into());
            if let Some(after) = self.expire_after {
                rule = rule.expiration(aws::LifecycleExpiration::builder().set_days(days(after)).build());
            }
            for t in self.transitions {
                let to = aws::Transition::builder()
                    .set_days(days(t.days))
                    .set_storage_class(t.storage_class.to_sdk());
                rule = rule.transitions(to.build());
            }
            if let Some(after) = self.expire_old_versions_after {
                let end = aws::NoncurrentVersionExpiration::builder().set_noncurrent_days(days(after));
                rule = rule.noncurrent_version_expiration(end.build());
            }
            for t in self.old_version_transitions {
                let to = aws::NoncurrentVersionTransition::builder().set_noncurrent_days(days(t.days));
                rule = rule
                    .noncurrent_version_transitions(to.set_storage_class(t.storage_class.to_sdk()).build());
            }
            if let Some(after) = self.abort_uploads_after {
                let abort =
                    aws::AbortIncompleteMultipartUpload::builder().set_days_after_initiation(days(after));
                rule = rule.abort_incomplete_multipart_upload(abort.build());
            }
            rule.build().ok()
        }
    }

    pub(in crate::s3) fn rule(item: aws::LifecycleRule) -> LifecycleRule {
        let days = |d: Option<i32>| d.and_then(|d| u32::try_from(d).ok());
        let class = |c: Option<aws::TransitionStorageClass>| c.and_then(|c| StorageClass::word(c.as_str()));
        let filter = item
            .filter
            .unwrap_or_else(|| aws::LifecycleRuleFilter::builder().build());
        let both = filter.and;
        // An older rule has its prefix beside the filter.
        #[expect(deprecated, reason = "rules made by other tools may have it still")]
        let outside = item.prefix;
        let prefix = filter
            .prefix
            .or_else(|| both.as_ref()?.prefix.clone())
            .or(outside);
        let tags = filter
            .tag
            .into_iter()
            .chain(both.and_then(|b| b.tags).unwrap_or_default());
        let mut tags: Vec<(String, String)> = tags.map(|t| (t.key, t.value)).collect();
        tags.sort();
        let moved = |d, c| {
            Some(Transition {
                days: days(d)?,
                storage_class: class(c)?,
            })
        };
        let mut transitions: Vec<_> = item
            .transitions
            .into_iter()
            .flatten()
            .filter_map(|t| moved(t.days, t.storage_class))
            .collect();
        transitions.sort();
        let old = item.noncurrent_version_transitions.into_iter().flatten();
        let mut old: Vec<_> = old
            .filter_map(|t| moved(t.noncurrent_days, t.storage_class))
            .collect();
        old.sort();
        LifecycleRule {
            id: item.id.unwrap_or_default(),
            enabled: item.status.as_str() == "Enabled",
            prefix: prefix.unwrap_or_default(),
            tags,
            expire_after: item.expiration.and_then(|e| days(e.days)),
            transitions,
            expire_old_versions_after: item
                .noncurrent_version_expiration
                .and_then(|e| days(e.noncurrent_days)),
            old_version_transitions: old,
            abort_uploads_after: item
                .abort_incomplete_multipart_upload
                .and_then(|a| days(a.days_after_initiation)),
        }
    }
}
#[cfg(feature = "aws")]
pub(super) use wire::rule;
