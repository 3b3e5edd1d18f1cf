//! The client of SQS, or of the queue's own server.

use crate::event::Packed;
use crate::settings;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Credentials;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, MessageAttributeValue,
    MessageSystemAttributeNameForSends, MessageSystemAttributeValue, QueueAttributeName,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use service::trace::Context;
use std::time::Duration;

/// A failure of the queue.
#[derive(Debug, thiserror::Error)]
#[error("the queue does not {doing}: {reason}")]
pub struct Error {
    /// The operation.
    pub doing: &'static str,
    /// The client's message.
    pub reason: String,
}

fn failed<E: std::error::Error>(doing: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error {
        doing,
        reason: DisplayErrorContext(&error).to_string(),
    }
}

/// A message that was received.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The body.
    pub body: String,
    /// The handle by which it is deleted.
    pub receipt: String,
    /// How often it was received.
    pub count: u32,
    /// The milliseconds since 1970 when it was sent.
    pub sent: i64,
    /// The trace of a post in it.
    pub trace: Option<Context>,
}

/// The numbers of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Messages that wait.
    pub waiting: u64,
    /// Messages that are being worked on.
    pub in_flight: u64,
}

/// The queue.
#[derive(Clone)]
pub struct Queue {
    client: Client,
    url: String,
    dead: Option<String>,
}

impl Queue {
    /// Connects, without a call.
    pub async fn connect(settings: &settings::Queue) -> Self {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .operation_timeout(Duration::from_secs(30))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts);
        if let Some(endpoint) = &settings.endpoint {
            loader = loader.endpoint_url(endpoint);
            if std::env::var_os("AWS_ACCESS_KEY_ID").is_none() {
                // An endpoint of one's own checks no signature.
                loader = loader
                    .credentials_provider(Credentials::new("local", "local", None, None, "local"))
                    .region(Region::new("us-east-1"));
            }
        }
        Self {
            client: Client::new(&loader.load().await),
            url: settings.url.clone(),
            dead: settings.dead.clone(),
        }
    }

    /// Sends a message; it is durable when this returns. The trace goes with it as X-Ray's, in a system attribute, which
    /// counts for nothing in the message's size.
    ///
    /// # Errors
    /// [`Error`] when the queue did not take it, or did not say so within 2 seconds.
    pub async fn send(&self, packed: &Packed, trace: Option<Context>) -> Result<(), Error> {
        let count = MessageAttributeValue::builder()
            .data_type("Number")
            .string_value(packed.events.to_string())
            .build()
            .map_err(failed("take a message"))?;
        let send = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(&packed.body)
            .message_attributes("n", count);
        let send = match trace {
            Some(trace) => send.message_system_attributes(
                MessageSystemAttributeNameForSends::AwsTraceHeader,
                MessageSystemAttributeValue::builder()
                    .data_type("String")
                    .string_value(trace.amazon())
                    .build()
                    .map_err(failed("take a message"))?,
            ),
            None => send,
        };
        let send = send.send();
        match tokio::time::timeout(Duration::from_secs(2), send).await {
            Ok(outcome) => outcome.map(|_| ()).map_err(failed("take a message")),
            Err(late) => Err(failed("take a message")(late)),
        }
    }

    /// Receives up to ten messages, and waits up to `wait` for the first one.
    ///
    /// # Errors
    /// [`Error`] when the queue does not answer.
    pub async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Delivery>, Error> {
        self.receive_from(&self.url, most, wait).await
    }

    /// Receives up to ten messages of the dead-letter queue.
    ///
    /// # Errors
    /// [`Error`] when there is none, or when it does not answer.
    pub async fn receive_dead(&self, most: usize) -> Result<Vec<Delivery>, Error> {
        self.receive_from(self.dead_url()?, most, Duration::ZERO).await
    }

    fn dead_url(&self) -> Result<&str, Error> {
        self.dead.as_deref().ok_or_else(|| Error {
            doing: "give dead letters",
            reason: "QUEUE_DEAD_URL is not set; it is the URL of the dead-letter queue".to_owned(),
        })
    }

    async fn receive_from(&self, url: &str, most: usize, wait: Duration) -> Result<Vec<Delivery>, Error> {
        let answer = self
            .client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(i32::try_from(most.clamp(1, 10)).unwrap_or(10))
            .wait_time_seconds(i32::try_from(wait.as_secs()).unwrap_or(20))
            .message_system_attribute_names(aws_sdk_sqs::types::MessageSystemAttributeName::All)
            .send()
            .await
            .map_err(failed("give messages"))?;
        let delivery = |message: aws_sdk_sqs::types::Message| {
            use aws_sdk_sqs::types::MessageSystemAttributeName as Name;
            let attributes = message.attributes.unwrap_or_default();
            let number = |name: &Name| attributes.get(name).and_then(|text| text.parse::<i64>().ok());
            Some(Delivery {
                body: message.body?,
                receipt: message.receipt_handle?,
                count: number(&Name::ApproximateReceiveCount)
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(1),
                sent: number(&Name::SentTimestamp).unwrap_or(0),
                trace: attributes
                    .get(&Name::AwsTraceHeader)
                    .and_then(|header| Context::parse_amazon(header)),
            })
        };
        Ok(answer
            .messages
            .unwrap_or_default()
            .into_iter()
            .filter_map(delivery)
            .collect())
    }

    /// Deletes messages that are done.
    ///
    /// # Errors
    /// [`Error`] when any of them is not deleted; they come again.
    pub async fn done(&self, receipts: &[String]) -> Result<(), Error> {
        self.delete(&self.url, receipts).await
    }

    /// Deletes messages of the dead-letter queue.
    ///
    /// # Errors
    /// As [`Queue::done`].
    pub async fn done_dead(&self, receipts: &[String]) -> Result<(), Error> {
        self.delete(self.dead_url()?, receipts).await
    }

    async fn delete(&self, url: &str, receipts: &[String]) -> Result<(), Error> {
        for ten in receipts.chunks(10) {
            let entry = |(number, receipt): (usize, &String)| {
                let entry = DeleteMessageBatchRequestEntry::builder().id(number.to_string());
                entry
                    .receipt_handle(receipt)
                    .build()
                    .map_err(failed("delete messages"))
            };
            let entries: Vec<_> = ten.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
            let request = self.client.delete_message_batch().queue_url(url);
            let answer = request.set_entries(Some(entries)).send().await;
            let answer = answer.map_err(failed("delete messages"))?;
            if let Some(bad) = answer.failed.first() {
                let reason = bad.message.clone().unwrap_or_else(|| bad.code.clone());
                return Err(Error {
                    doing: "delete messages",
                    reason,
                });
            }
        }
        Ok(())
    }

    /// Keeps messages hidden for `seconds` more.
    ///
    /// # Errors
    /// [`Error`] when the queue does not answer; the messages may come again.
    pub async fn extend(&self, receipts: &[String], seconds: i32) -> Result<(), Error> {
        for ten in receipts.chunks(10) {
            let entry = |(number, receipt): (usize, &String)| {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(number.to_string());
                entry
                    .receipt_handle(receipt)
                    .visibility_timeout(seconds)
                    .build()
                    .map_err(failed("keep messages hidden"))
            };
            let entries: Vec<_> = ten.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
            let request = self.client.change_message_visibility_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries)).send().await;
            answer.map_err(failed("keep messages hidden"))?;
        }
        Ok(())
    }

    /// Puts a message that cannot be read into the dead-letter queue, and deletes it. Without one it comes again until SQS
    /// itself moves it.
    ///
    /// # Errors
    /// [`Error`] when the queue does not answer; the message comes again.
    pub async fn bury(&self, delivery: &Delivery) -> Result<(), Error> {
        let Some(dead) = &self.dead else { return Ok(()) };
        let request = self.client.send_message().queue_url(dead);
        let sent = request.message_body(&delivery.body).send().await;
        sent.map_err(failed("take a dead letter"))?;
        self.done(std::slice::from_ref(&delivery.receipt)).await
    }

    /// The numbers of messages in the queue.
    ///
    /// # Errors
    /// [`Error`] when the queue does not answer.
    pub async fn depth(&self) -> Result<Depth, Error> {
        self.depth_of(&self.url).await
    }

    /// The numbers of messages in the dead-letter queue; nothing without one.
    ///
    /// # Errors
    /// [`Error`] when the queue does not answer.
    pub async fn dead_depth(&self) -> Result<Option<Depth>, Error> {
        match &self.dead {
            Some(dead) => self.depth_of(dead).await.map(Some),
            None => Ok(None),
        }
    }

    async fn depth_of(&self, url: &str) -> Result<Depth, Error> {
        let request = self.client.get_queue_attributes().queue_url(url);
        let answer = request.attribute_names(QueueAttributeName::All).send().await;
        let attributes = answer
            .map_err(failed("say its depth"))?
            .attributes
            .unwrap_or_default();
        let number = |name: &QueueAttributeName| {
            attributes
                .get(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        };
        Ok(Depth {
            waiting: number(&QueueAttributeName::ApproximateNumberOfMessages),
            in_flight: number(&QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        })
    }

    /// Creates a queue with its dead-letter queue at an endpoint of one's own, unless they exist; for one machine.
    ///
    /// # Errors
    /// [`Error`] when the endpoint does not answer.
    pub async fn create(endpoint: &str, name: &str) -> Result<settings::Queue, Error> {
        let url = |name: &str| format!("{endpoint}/000000000000/{name}");
        let dead = format!("{name}-dead");
        let settings = settings::Queue {
            url: url(name),
            dead: Some(url(&dead)),
            endpoint: Some(endpoint.to_owned()),
        };
        let client = Self::connect(&settings).await.client;
        let create = client.create_queue().queue_name(&dead);
        let answer = create.send().await.map_err(failed("create a queue"))?;
        let dead_url = answer.queue_url.unwrap_or_default();
        let policy = format!(
            r#"{{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:{dead}","maxReceiveCount":"5"}}"#
        );
        let create = client.create_queue().queue_name(name);
        let create = create
            .attributes(QueueAttributeName::RedrivePolicy, policy)
            .attributes(QueueAttributeName::MessageRetentionPeriod, "1209600");
        let answer = create.send().await.map_err(failed("create a queue"))?;
        Ok(settings::Queue {
            url: answer.queue_url.unwrap_or_default(),
            dead: Some(dead_url),
            ..settings
        })
    }
}
