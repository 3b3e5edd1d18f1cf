//! Values of a queue's attributes.

use crate::prelude::*;

choice!(
    /// The scope within which a FIFO queue looks for duplicates.
    DeduplicationScope {
        /// The message group.
        MessageGroup = "messageGroup",
        /// The queue.
        Queue = "queue",
    }
);

choice!(
    /// The scope of a FIFO queue's throughput quota.
    FifoThroughputLimit {
        /// The queue.
        PerQueue = "perQueue",
        /// The message group ID; for high throughput.
        PerMessageGroupId = "perMessageGroupId",
    }
);

choice!(
    /// The source queues that may use a queue as their dead-letter queue.
    RedrivePermission {
        /// Every queue of the account and region.
        AllowAll = "allowAll",
        /// None.
        DenyAll = "denyAll",
        /// The queues of `source_queue_arns`.
        ByQueue = "byQueue",
    }
);

// Limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html

/// A redrive policy: SQS moves a message to the dead-letter queue once it was received too often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedrivePolicy {
    /// The dead-letter queue's ARN.
    pub dead_letter_target_arn: Input<Arn>,
    /// The number of times that a message is received before it is moved, 1 to 1000.
    pub max_receive_count: u32,
}

/// A redrive allow policy: the source queues that may use this queue as their dead-letter queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedriveAllowPolicy {
    /// The permission.
    pub redrive_permission: RedrivePermission,
    /// The source queues' ARNs, up to 10, with the permission `byQueue`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub source_queue_arns: BTreeSet<Input<Arn>>,
}

impl RedrivePolicy {
    /// The policy that moves a message to `dead_letter_target_arn` once it was received `max_receive_count` times.
    pub fn new(dead_letter_target_arn: impl IntoInput<Arn>, max_receive_count: u32) -> Self {
        Self {
            dead_letter_target_arn: dead_letter_target_arn.into_input(),
            max_receive_count,
        }
    }

    pub(super) fn check(&self, fifo: bool) -> Vec<String> {
        let mut findings = vec![];
        let count = self.max_receive_count;
        if !(1..=1_000).contains(&count) {
            findings.push(format!(
                "`redrive_policy` has a `max_receive_count` of {count}, and AWS takes 1 to 1000"
            ));
        }
        let arn = self.dead_letter_target_arn.known();
        if arn.is_some_and(|arn| arn.0.strip_suffix(".fifo").is_some() != fifo) {
            findings.push(
                "`redrive_policy` has a `dead_letter_target_arn` of the other kind: a FIFO queue takes a FIFO queue, a standard queue a standard one"
                    .into(),
            );
        }
        findings
    }
}

impl RedriveAllowPolicy {
    /// The policy that allows the source queues with these ARNs.
    pub fn by_queue(source_queue_arns: impl IntoIterator<Item = impl IntoInput<Arn>>) -> Self {
        let arns = source_queue_arns.into_iter().map(IntoInput::into_input);
        Self {
            redrive_permission: RedrivePermission::ByQueue,
            source_queue_arns: arns.collect(),
        }
    }

    /// The policy that allows no source queue.
    pub fn deny_all() -> Self {
        Self {
            redrive_permission: RedrivePermission::DenyAll,
            source_queue_arns: BTreeSet::new(),
        }
    }

    pub(super) fn check(&self) -> Option<String> {
        let (count, permission) = (self.source_queue_arns.len(), self.redrive_permission);
        let wrong = match permission {
            RedrivePermission::ByQueue => !(1..=10).contains(&count),
            RedrivePermission::AllowAll | RedrivePermission::DenyAll => count > 0,
        };
        wrong.then(|| {
            format!("`redrive_allow_policy` has {count} `source_queue_arns` with `{permission}`: 1 to 10 go with `byQueue`, and none otherwise")
        })
    }
}
