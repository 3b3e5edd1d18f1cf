//! The actions of the protocol: JSON in, JSON out.

use super::digest;
use super::log::Log;
use super::record::Record;
use super::state::Received;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// The most bytes of a message, as of SQS.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>
const MESSAGE: usize = 1024 * 1024;

/// The system attribute of a message with its trace, and the name under which it is kept among the others. Those of
/// senders cannot begin so.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>
const TRACE: (&str, &str) = ("AWSTraceHeader", "AWS.TraceHeader");

/// A failure, with the name that SQS has for it and the one of its older protocol.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: &'static str,
    pub(super) query: &'static str,
    pub(super) message: String,
}

impl Failure {
    fn new(kind: &'static str, query: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, query, message }
    }

    fn no_queue() -> Self {
        let query = "AWS.SimpleQueueService.NonExistentQueue;Sender";
        Self::new("QueueDoesNotExist", query, "The specified queue does not exist.")
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterValue", "InvalidParameterValue;Sender", message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "the queue's log failed");
        Self::new(
            "InternalError",
            "InternalError;Receiver",
            "The queue cannot write its log.",
        )
    }
}

/// The members of all requests.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Request {
    queue_name: String,
    queue_url: String,
    attributes: BTreeMap<String, String>,
    message_body: String,
    message_attributes: Map<String, Value>,
    message_system_attributes: Map<String, Value>,
    delay_seconds: Option<u32>,
    max_number_of_messages: Option<usize>,
    wait_time_seconds: Option<u64>,
    visibility_timeout: Option<i64>,
    receipt_handle: String,
    id: String,
    entries: Option<Vec<Request>>,
}

/// The server of the actions.
pub(super) struct Actions {
    pub(super) log: Log,
    /// The address that queues' URLs begin with.
    pub(super) url: String,
}

type Answer = Result<Value, Failure>;

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl Actions {
    pub(super) async fn call(&self, action: &str, request: Request) -> Answer {
        match action {
            "CreateQueue" => self.create(request).await,
            "GetQueueUrl" => {
                self.log
                    .state()
                    .named(&request.queue_name)
                    .ok_or_else(Failure::no_queue)?;
                Ok(json!({ "QueueUrl": self.queue_url(&request.queue_name) }))
            }
            "GetQueueAttributes" => self.attributes(&request),
            "SendMessage" => {
                let queue = self.queue(&request)?;
                let (record, answer) = self.message(queue, request)?;
                self.log.append(vec![record]).await?;
                Ok(answer)
            }
            "ReceiveMessage" => self.receive(&request).await,
            "DeleteMessage" => {
                let queue = self.queue(&request)?;
                let record = self.deletion(queue, &request)?;
                self.log.append(record.into_iter().collect()).await?;
                Ok(json!({}))
            }
            "ChangeMessageVisibility" => {
                let queue = self.queue(&request)?;
                self.change(queue, &request)?;
                Ok(json!({}))
            }
            "SendMessageBatch" | "DeleteMessageBatch" | "ChangeMessageVisibilityBatch" => {
                self.batch(action, request).await
            }
            "PurgeQueue" => {
                let queue = self.queue(&request)?;
                self.log.append(vec![Record::Purge { queue }]).await?;
                Ok(json!({}))
            }
            _ => {
                let message = format!("{action} is none of the actions that this server has");
                Err(Failure::new("InvalidAction", "InvalidAction;Sender", message))
            }
        }
    }

    fn queue_url(&self, name: &str) -> String {
        format!("{}/000000000000/{name}", self.url)
    }

    fn queue(&self, request: &Request) -> Result<u64, Failure> {
        let name = request.queue_url.rsplit('/').next().unwrap_or_default();
        self.log.state().named(name).ok_or_else(Failure::no_queue)
    }

    async fn create(&self, request: Request) -> Answer {
        let name = request.queue_name;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 80 || !name.chars().all(plain) {
            return Err(Failure::invalid(
                "A queue's name has 1 to 80 letters, digits, hyphens and underscores",
            ));
        }
        let id = {
            let mut state = self.log.state();
            if let Some(id) = state.named(&name) {
                let known = &state.queues[&id].attributes;
                if request
                    .attributes
                    .iter()
                    .any(|(name, value)| known.get(name) != Some(value))
                {
                    let message =
                        "A queue already exists with the same name and a different value for an attribute";
                    return Err(Failure::new(
                        "QueueNameExists",
                        "QueueAlreadyExists;Sender",
                        message,
                    ));
                }
                return Ok(json!({ "QueueUrl": self.queue_url(&name) }));
            }
            state.next()
        };
        let attributes = request.attributes;
        let url = self.queue_url(&name);
        self.log
            .append(vec![Record::Queue { id, name, attributes }])
            .await?;
        Ok(json!({ "QueueUrl": url }))
    }

    fn attributes(&self, request: &Request) -> Answer {
        let id = self.queue(request)?;
        let state = self.log.state();
        let queue = &state.queues[&id];
        let (ready, in_flight, delayed) = queue.depth(&state.messages);
        let of = state.messages.values().filter(|message| message.queue == id);
        let oldest = of.map(|message| message.sent).min();
        let mut attributes: BTreeMap<String, String> = queue.attributes.clone();
        for (name, value) in [
            ("ApproximateNumberOfMessages", ready),
            ("ApproximateNumberOfMessagesNotVisible", in_flight),
            ("ApproximateNumberOfMessagesDelayed", delayed),
        ] {
            attributes.insert(name.to_owned(), value.to_string());
        }
        attributes.insert(
            "QueueArn".to_owned(),
            format!("arn:aws:sqs:local:000000000000:{}", queue.name),
        );
        if let Some(oldest) = oldest {
            // Of CloudWatch's metrics, not of SQS: this server has no CloudWatch.
            let age = (now() - oldest).max(0) / 1000;
            attributes.insert("ApproximateAgeOfOldestMessage".to_owned(), age.to_string());
        }
        Ok(json!({ "Attributes": attributes }))
    }

    fn message(&self, queue: u64, request: Request) -> Result<(Record, Value), Failure> {
        let body = request.message_body;
        let mut kept = request.message_attributes.clone();
        if kept.contains_key(TRACE.1) {
            return Err(Failure::invalid("An attribute's name does not begin with AWS."));
        }
        if let Some(trace) = request.message_system_attributes.get(TRACE.0) {
            kept.insert(TRACE.1.to_owned(), trace.clone());
        }
        let attributes = Value::Object(kept).to_string();
        if body.is_empty() {
            return Err(Failure::new(
                "MissingParameter",
                "MissingParameter;Sender",
                "A message has a body.",
            ));
        }
        if body.len() + attributes.len() > MESSAGE {
            return Err(Failure::invalid(format!(
                "A message has at most {MESSAGE} bytes."
            )));
        }
        let digest = digest::of_body(&body);
        let (id, delay) = {
            let mut state = self.log.state();
            let default = state.queues[&queue].number("DelaySeconds", 0);
            (
                state.next(),
                request
                    .delay_seconds
                    .unwrap_or(u32::try_from(default).unwrap_or(0)),
            )
        };
        let mut answer = json!({ "MessageId": message_id(id), "MD5OfMessageBody": digest });
        if let Some(digest) = digest::of_attributes(&request.message_attributes) {
            answer["MD5OfMessageAttributes"] = digest.into();
        }
        if let Some(digest) = digest::of_attributes(&request.message_system_attributes) {
            answer["MD5OfMessageSystemAttributes"] = digest.into();
        }
        let sent = now();
        let record = Record::Send {
            id,
            queue,
            sent,
            delay,
            attributes,
            body,
        };
        Ok((record, answer))
    }

    async fn receive(&self, request: &Request) -> Answer {
        let queue = self.queue(request)?;
        let most = request.max_number_of_messages.unwrap_or(1);
        if !(1..=10).contains(&most) {
            return Err(Failure::invalid("MaxNumberOfMessages is 1 to 10"));
        }
        let (wait, arrived) = {
            let state = self.log.state();
            let queue = &state.queues[&queue];
            let default = u64::try_from(queue.number("ReceiveMessageWaitTimeSeconds", 0)).unwrap_or(0);
            (
                request.wait_time_seconds.unwrap_or(default).min(20),
                Arc::clone(&queue.arrived),
            )
        };
        let deadline = Instant::now() + Duration::from_secs(wait);
        loop {
            let arrival = arrived.notified();
            let (taken, next) = {
                let mut state = self.log.state();
                let (taken, records) = state.receive(queue, most, now(), request.visibility_timeout);
                self.log.note(records);
                (taken, state.next_arrival(queue, now()))
            };
            if !taken.is_empty() || Instant::now() >= deadline {
                let messages: Result<Vec<Value>, Failure> = taken.iter().map(rendered).collect();
                return Ok(json!({ "Messages": messages? }));
            }
            let next = next
                .and_then(|millis| u64::try_from(millis).ok())
                .unwrap_or(20_000);
            let until = deadline.min(Instant::now() + Duration::from_millis(next));
            // Either way the queue is looked at again.
            let _ = tokio::time::timeout_at(until, arrival).await;
        }
    }

    fn held(&self, queue: u64, request: &Request) -> Result<Option<(u64, u64)>, Failure> {
        let handle = request.receipt_handle.split_once('-');
        let numbers = handle.and_then(|(id, receipt)| Some((id.parse().ok()?, receipt.parse().ok()?)));
        let Some((id, receipt)) = numbers else {
            let message = "The input receipt handle is invalid.";
            return Err(Failure::new(
                "ReceiptHandleIsInvalid",
                "ReceiptHandleIsInvalid;Sender",
                message,
            ));
        };
        Ok(self
            .log
            .state()
            .holds(queue, id, receipt)
            .then_some((id, receipt)))
    }

    /// The record of a deletion; none for a receipt that is not the message's last one.
    fn deletion(&self, queue: u64, request: &Request) -> Result<Option<Record>, Failure> {
        Ok(self.held(queue, request)?.map(|(id, _)| Record::Delete { id }))
    }

    fn change(&self, queue: u64, request: &Request) -> Result<(), Failure> {
        let seconds = request.visibility_timeout.unwrap_or(-1);
        if !(0..=43_200).contains(&seconds) {
            return Err(Failure::invalid("VisibilityTimeout is 0 to 43200"));
        }
        let Some((id, receipt)) = self.held(queue, request)? else {
            let message = "The message is not in flight.";
            let query = "AWS.SimpleQueueService.MessageNotInflight;Sender";
            return Err(Failure::new("MessageNotInflight", query, message));
        };
        self.log.state().extend(id, receipt, now(), seconds);
        Ok(())
    }

    async fn batch(&self, action: &str, mut request: Request) -> Answer {
        let queue = self.queue(&request)?;
        let entries = request.entries.take().unwrap_or_default();
        if entries.is_empty() || entries.len() > 10 {
            let (kind, query) = if entries.is_empty() {
                (
                    "EmptyBatchRequest",
                    "AWS.SimpleQueueService.EmptyBatchRequest;Sender",
                )
            } else {
                let query = "AWS.SimpleQueueService.TooManyEntriesInBatchRequest;Sender";
                ("TooManyEntriesInBatchRequest", query)
            };
            return Err(Failure::new(kind, query, "A batch has 1 to 10 entries."));
        }
        let (mut records, mut good, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            let id = entry.id.clone();
            let outcome = match action {
                "SendMessageBatch" => self.message(queue, entry).map(|(record, answer)| {
                    records.push(record);
                    answer
                }),
                "DeleteMessageBatch" => self.deletion(queue, &entry).map(|record| {
                    records.extend(record);
                    json!({})
                }),
                _ => self.change(queue, &entry).map(|()| json!({})),
            };
            match outcome {
                Ok(mut answer) => {
                    answer["Id"] = id.into();
                    good.push(answer);
                }
                Err(failure) => bad.push(json!({
                    "Id": id, "Code": failure.kind, "Message": failure.message, "SenderFault": true,
                })),
            }
        }
        if !records.is_empty() {
            self.log.append(records).await?;
        }
        Ok(json!({ "Successful": good, "Failed": bad }))
    }
}

fn message_id(id: u64) -> String {
    format!("00000000-0000-4000-8000-{id:012x}")
}

fn rendered(received: &Received) -> Result<Value, Failure> {
    let body = received.body()?;
    let message = &received.message;
    let mut attributes: Map<String, Value> = serde_json::from_str(&message.attributes).unwrap_or_default();
    let mut answer = json!({
        "MessageId": message_id(received.id),
        "ReceiptHandle": format!("{}-{}", received.id, received.receipt),
        "MD5OfBody": digest::of_body(&body),
        "Body": body,
        "Attributes": {
            "SentTimestamp": message.sent.to_string(),
            "ApproximateReceiveCount": message.count.to_string(),
            "ApproximateFirstReceiveTimestamp": message.first.to_string(),
        },
    });
    if let Some(trace) = attributes.remove(TRACE.1) {
        answer["Attributes"][TRACE.0] = trace["StringValue"].clone();
    }
    if let Some(digest) = digest::of_attributes(&attributes) {
        answer["MD5OfMessageAttributes"] = digest.into();
        answer["MessageAttributes"] = attributes.into();
    }
    Ok(answer)
}
