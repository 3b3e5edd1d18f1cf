//! A queue.

use super::{DeduplicationScope, FifoThroughputLimit, RedriveAllowPolicy, RedrivePolicy};
use crate::{iam::Policy, prelude::*};

id!(
    /// A queue's URL, such as `https://sqs.eu-west-1.amazonaws.com/111111111111/orders`.
    QueueUrl
);

/// A queue of messages, standard or FIFO.
///
/// ```
/// use tenon_resources::{sqs::{Queue, RedrivePolicy}, value::{Arn, Output}};
/// let dead: Output<Arn> = Output::new("dead-orders", "arn");
/// Queue::new().fifo(true).visibility_timeout(60).redrive_policy(RedrivePolicy::new(&dead, 5));
/// ```
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html: `QueueNameExists` where an attribute differs,
// and 60 s from a delete until the name is free. Each error has an older Query code, too.
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sqs.queue", cfn = "AWS::SQS::Queue", stateful, by_name)]
#[facts(gone("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"), second_create = Returned, exists("QueueNameExists"))]
#[create(CreateQueue: sqs, attributes, id = o.queue_url?, also("sqs:TagQueue"), on = "arn:aws:sqs:{region}:{account}:*", rules(
    .retry_on("QueueDeletedRecently", minutes(2))
    .retry_on("AWS.SimpleQueueService.QueueDeletedRecently", minutes(2))
    .retry_on_message("InvalidAttributeValue", "Invalid value for the parameter Policy", minutes(2))
))]
// A principal that was created a moment ago is unknown to SQS for a while: Terraform retries on the same message for 2 minutes.
#[attributes(SetQueueAttributes: sqs, by(queue_url), folds, on = "arn:aws:sqs:{region}:{account}:*", rules(
    .retry_on_message("InvalidAttributeValue", "Invalid value for the parameter Policy", minutes(2))
))]
#[delete(DeleteQueue: sqs, by(queue_url), on = "arn:aws:sqs:{region}:{account}:*")]
#[retag(TagQueue, UntagQueue: sqs, by(queue_url), on = "arn:aws:sqs:{region}:{account}:*")]
// Ranges: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
pub struct Queue {
    /// The name, unique in the region. The name of a FIFO queue ends with `.fifo`.
    #[immutable]
    #[named(max = 80, also = "-_", suffix = ".fifo", when = "fifo")]
    #[sample("a", "b.fifo")]
    pub queue_name: Option<Input<String>>,
    /// A FIFO queue keeps the order of messages, and delivers each once.
    #[immutable]
    #[default(false)]
    #[attribute("FifoQueue")]
    #[sample(true)]
    pub fifo: bool,
    /// Content-based deduplication: messages of a FIFO queue with the same body within 5 minutes are delivered once.
    #[default(false)]
    #[attribute]
    #[sample(true)]
    pub content_based_deduplication: bool,
    /// The deduplication scope of a FIFO queue; for high throughput, the message group.
    #[attribute]
    #[sample(DeduplicationScope::MessageGroup)]
    pub deduplication_scope: Option<DeduplicationScope>,
    /// The throughput limit of a FIFO queue; for high throughput, per message group ID.
    #[attribute]
    #[sample(FifoThroughputLimit::PerMessageGroupId)]
    pub fifo_throughput_limit: Option<FifoThroughputLimit>,
    /// The delay of every message's delivery, in seconds.
    #[default(0)]
    #[range(0..=900)]
    #[attribute]
    #[sample(5)]
    pub delay_seconds: u32,
    /// The maximum message size, in bytes. Unset: AWS's default, 1 MiB for new queues.
    #[range(1_024..=1_048_576)]
    #[attribute]
    #[sample(1_024)]
    pub maximum_message_size: Option<u32>,
    /// The message retention period, in seconds; 4 days by default.
    #[default(345_600)]
    #[range(60..=1_209_600)]
    #[attribute]
    #[sample(86_400)]
    pub message_retention_period: u32,
    /// The time for which a receive call waits for messages (long polling), in seconds.
    #[default(0)]
    #[range(0..=20)]
    #[attribute]
    #[sample(20)]
    pub receive_message_wait_time_seconds: u32,
    /// The visibility timeout, in seconds.
    #[default(30)]
    #[range(0..=43_200)]
    #[attribute]
    #[sample(60)]
    pub visibility_timeout: u32,
    /// The redrive policy: the dead-letter queue, and when a message goes there.
    #[default(None)]
    #[attribute]
    #[sample(RedrivePolicy::new("arn:aws:sqs:eu-west-1:111111111111:dead.fifo", 5))]
    #[checked(it.check(me.fifo))]
    pub redrive_policy: Option<RedrivePolicy>,
    /// The redrive allow policy: the queues that may use this one as their dead-letter queue. Unset: all of the account and region.
    #[default(None)]
    #[attribute]
    #[sample(RedriveAllowPolicy::deny_all())]
    #[checked(it.check())]
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    /// The queue policy. Unset: the account alone has access, by its IAM policies.
    #[default(None)]
    #[cfn("")]
    #[attribute]
    #[sample(Policy::allow(["sqs:SendMessage"]).anyone().on(["*"]))]
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
    #[checked(it.check_as(field, 8_192, crate::iam::Attached::Resource))]
    pub policy: Option<Policy>,
    /// Server-side encryption with keys of SQS (SSE-SQS). Unset: on for new queues without a KMS key.
    #[attribute]
    #[sample(false)]
    #[wrong_if(*it && me.kms_master_key_id.is_some(), "and `kms_master_key_id` exclude each other")]
    pub sqs_managed_sse_enabled: Option<bool>,
    /// The KMS key for server-side encryption (SSE-KMS): its ID, ARN or alias. Unset: no SSE-KMS.
    #[default(None)]
    #[attribute]
    #[sample("alias/shop")]
    pub kms_master_key_id: Option<Input<String>>,
    /// The time for which SQS reuses a data key before it calls KMS again, in seconds.
    #[default(300)]
    #[range(60..=86_400)]
    #[attribute]
    #[sample(600)]
    #[wrong_if(*it != 300 && me.kms_master_key_id.is_none(), "goes with `kms_master_key_id`")]
    pub kms_data_key_reuse_period_seconds: u32,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a queue.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct QueueOutputs {
    /// The URL, which is the id.
    #[shape("https://sqs.{region}.amazonaws.com/{account}/{queue_name}")]
    pub id: QueueUrl,
    /// The ARN.
    #[shape("arn:aws:sqs:{region}:{account}:{queue_name}")]
    pub arn: Arn,
    /// The name.
    #[shape("{queue_name}")]
    pub queue_name: String,
}

impl Lifecycle for Queue {
    const READ: Read = Read::new(
        "sqs",
        "GetQueueAttributes",
        1,
        &[
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ListQueueTags",
            "sqs:ListQueues",
        ],
    );

    fn create(&self) -> Steps {
        CreateQueue::steps(self)
    }

    fn set(&self, _: &Self, field: QueueField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteQueue::steps(self)
    }

    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html: "The dead-letter queue of a
    // FIFO queue must also be a FIFO queue. Similarly, the dead-letter queue of a standard queue must also be a standard queue."
    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let dead = self
            .redrive_policy
            .as_ref()
            .map(|policy| &policy.dead_letter_target_arn);
        let dead = dead.and_then(|arn| serde_json::to_value(arn).ok());
        let other = dead
            .and_then(|arn| look(&arn, "fifo")?.as_bool())
            .is_some_and(|fifo| fifo != self.fifo);
        let why = "`redrive_policy` has a dead-letter queue that is FIFO where this one is not, or the other way round: make both alike";
        other.then(|| why.to_owned()).into_iter().collect()
    }

    fn check(&self) -> Vec<String> {
        let high = self.deduplication_scope.is_some() || self.fifo_throughput_limit.is_some();
        let wrong = !self.fifo && (high || self.content_based_deduplication);
        let why = "deduplication and `fifo_throughput_limit` are for FIFO queues: set `fifo`, too";
        wrong.then(|| why.to_owned()).into_iter().collect()
    }
}
