//! A log stream.

use super::LogGroupName;
use crate::prelude::*;

/// A log stream: the log events of one source, in a log group. Most sources make their own; one that is told the name of a stream, such as
/// Firehose, needs it to exist.
///
/// ```
/// use tenon_resources::logs::LogStream;
/// LogStream::new("/firehose/shop").log_stream_name("delivery");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("logs.log_stream", cfn = "AWS::Logs::LogStream", stateful)]
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html#API_CreateLogStream_Errors
#[facts(gone("ResourceNotFoundException"), second_create = Refused("ResourceAlreadyExistsException"))]
#[on("arn:aws:logs:{region}:{account}:log-group:*")]
#[create(CreateLogStream: logs, rules(.retry_on("OperationAbortedException", minutes(2)).retry_on("ResourceNotFoundException", minutes(2))))]
#[delete(DeleteLogStream: logs, same(log_group, log_stream_name), rules(.retry_on("OperationAbortedException", minutes(2))))]
pub struct LogStream {
    /// The log group.
    #[immutable]
    #[member("log_group_name")]
    #[cfn("LogGroupName")]
    #[length(1..=512)]
    #[pattern(r"[.\-_/#A-Za-z0-9]*")]
    #[sample("a", "b")]
    pub log_group: Input<LogGroupName>,
    /// The stream's name, unique in the log group.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html: up to 512 characters, without `:` and `*`.
    #[named(max = 512, also = "-_./#+=,@ ")]
    pub log_stream_name: Option<Input<String>>,
}

/// Outputs of a log stream.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct LogStreamOutputs {
    /// The log group's name and the stream's, with a `|` between.
    #[shape("{log_group}|{log_stream_name}")]
    pub id: String,
    /// The stream's name.
    #[shape("{log_stream_name}")]
    pub name: String,
    /// The ARN.
    #[shape("arn:aws:logs:{region}:{account}:log-group:{log_group}:log-stream:{log_stream_name}")]
    pub arn: Arn,
}

impl Lifecycle for LogStream {
    const READ: Read = Read::new("logs", "DescribeLogStreams", 1, &["logs:DescribeLogStreams"]);

    fn identity(&self) -> Identity {
        let name = self.log_stream_name.as_ref();
        name.map_or(Identity::Assigned, |name| {
            Identity::Natural(text!("{}|{}", &self.log_group, name))
        })
    }

    fn create(&self) -> Steps {
        CreateLogStream::steps(self)
    }

    fn set(&self, _: &Self, field: LogStreamField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteLogStream::steps(self).destroys("its log events")
    }
}

#[cfg(feature = "aws")]
impl Observe for LogStream {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default().iter();
        let ids = ids.filter_map(|id| id.split_once('|'));
        crate::aws::each(ids, |(group, name)| async move {
            let request = aws.logs.describe_log_streams().log_group_name(group);
            let pages = items!(request.log_stream_name_prefix(name));
            let streams = aws.all("logs", "DescribeLogStreams", pages).await;
            let streams = crate::aws::there(streams, crate::aws::gone::<Self>())?;
            let mut streams = streams.into_iter().flatten();
            let stream = streams.find(|stream| stream.log_stream_name() == Some(name));
            let id = format!("{group}|{name}");
            Ok(stream.map(|stream| Seen {
                status: Status::Ready,
                inputs: Self {
                    log_group: Input::Known(group.into()),
                    log_stream_name: Some(Input::Known(name.into())),
                },
                outputs: LogStreamOutputs {
                    id: id.clone(),
                    name: name.into(),
                    arn: stream.arn.unwrap_or_default().into(),
                },
                id,
            }))
        })
        .await
    }
}
