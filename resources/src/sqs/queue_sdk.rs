//! Queues from the SDK.

use super::{Queue, QueueOutputs};
use crate::{
    attribute::text,
    aws::{gone, present},
    prelude::*,
};

impl Observe for Queue {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let urls = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                // ListQueues gives a token only to a request with `MaxResults`.
                // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
                let request = aws.sqs.list_queues().max_results(1_000);
                aws.all("sqs", "ListQueues", items!(request)).await?
            }
        };
        crate::aws::each(urls, |url| read(aws, url)).await
    }
}

impl ByName for Queue {
    /// By `GetQueueUrl` (SQS API reference, `GetQueueUrl`): the queue of this name in the account and region, or an error.
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let Some(name) = wanted.queue_name.as_ref().and_then(Input::known) else {
            return Ok(vec![]);
        };
        let reply = aws.sqs.get_queue_url().queue_name(name).send().await;
        let reply = present("sqs", "GetQueueUrl", reply, gone::<Self>())?;
        Ok(reply.and_then(|reply| reply.queue_url).into_iter().collect())
    }
}

async fn read(aws: &Aws, url: String) -> Result<Option<Seen<Queue>>, CallError> {
    let tags = aws.sqs.list_queue_tags().queue_url(&url).send().await;
    let tags = present("sqs", "ListQueueTags", tags, gone::<Queue>())?;
    let request = aws.sqs.get_queue_attributes().queue_url(&url);
    let reply = request.attribute_names("All".into()).send().await;
    let reply = present("sqs", "GetQueueAttributes", reply, gone::<Queue>())?;
    let (Some(tags), Some(reply)) = (tags, reply) else {
        return Ok(None);
    };
    let attributes = reply.attributes.into_iter().flatten();
    let attributes = attributes.map(|(k, v)| (k.as_str().to_owned(), v)).collect();
    let arn = text(&attributes, "QueueArn").ok_or(Missing("QueueArn"));
    let arn = arn.map_err(broken::<Queue>)?;
    let name = arn.rsplit(':').next().unwrap_or_default();
    let mut inputs = Queue::new().queue_name(name);
    inputs.tags = tags.tags.into();
    inputs.read_attributes(&attributes);
    Ok(Some(Seen {
        status: Status::Ready,
        outputs: QueueOutputs {
            id: url.clone().into(),
            arn: arn.into(),
            queue_name: name.into(),
        },
        inputs,
        id: url,
    }))
}
