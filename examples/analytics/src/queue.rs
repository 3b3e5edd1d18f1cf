//! The queue of events, and its dead-letter queue.

use tenon::{
    Environment, Scope,
    resources::{
        iam::Policy,
        sqs::{self, QueueUrl, RedriveAllowPolicy, RedrivePolicy},
        text,
        value::{Arn, Input, Output},
    },
};

/// Number of times that a message is received before it goes to the dead-letter queue.
const RECEIVES: u32 = 5;

/// Longest time for which SQS keeps a message, 14 days in seconds.
const LONGEST: u32 = 1_209_600;

/// A queue of events with its dead-letter queue.
pub(super) struct Queue {
    /// URL of the queue.
    pub(super) url: Output<QueueUrl>,
    /// ARN of the queue.
    pub(super) arn: Output<Arn>,
    /// Name of the queue, the dimension of its metrics.
    pub(super) name: Output<String>,
    /// Dead-letter queue.
    pub(super) dead: DeadLetters,
}

/// The dead-letter queue: no consumer takes it for the queue of events, as its URL is of another type here.
pub(super) struct DeadLetters {
    /// URL.
    pub(super) url: Output<QueueUrl>,
    /// ARN.
    pub(super) arn: Output<Arn>,
    /// Name, the dimension of its metrics.
    pub(super) name: Output<String>,
}

impl Queue {
    /// Declares the two queues. Both refuse connections without TLS and encrypt what they hold.
    pub(super) fn new<E: Environment>(s: &mut Scope<'_, E>) -> Self {
        // The two refer to each other, so the names are made here.
        let (name, dead_name) = (s.full_name("queue"), s.full_name("dead-letters"));
        let arn = |s: &Scope<'_, E>, name: &str| text!("arn:aws:sqs:{}:{}:{}", s.region(), s.account(), name);
        let (own, dead_own) = (arn(s, &name), arn(s, &dead_name));
        let dead = sqs::Queue::new()
            .queue_name(dead_name)
            .message_retention_period(LONGEST)
            .redrive_allow_policy(RedriveAllowPolicy::by_queue([own.clone().typed::<Arn>()]))
            .policy(tls_only(&dead_own));
        let dead = s.add("dead-letters", dead);
        let queue = sqs::Queue::new()
            .queue_name(name)
            // Longer than a consumer takes for a message, retries to the database included.
            .visibility_timeout(120u32)
            .message_retention_period(LONGEST)
            .receive_message_wait_time_seconds(20u32)
            .redrive_policy(RedrivePolicy::new(&dead.arn, RECEIVES))
            .policy(tls_only(&own));
        let queue = s.add("queue", queue);
        Self {
            url: queue.id,
            arn: queue.arn,
            name: queue.queue_name,
            dead: DeadLetters {
                url: dead.id,
                arn: dead.arn,
                name: dead.queue_name,
            },
        }
    }
}

fn tls_only(queue: &Input<String>) -> Policy {
    Policy::deny(["sqs:*"])
        .sid("DenyInsecureTransport")
        .anyone()
        .on([queue])
        .when("Bool", "aws:SecureTransport", ["false"])
        .into()
}
