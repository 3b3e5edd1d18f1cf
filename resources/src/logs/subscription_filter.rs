//! A subscription filter.

use super::{LogGroupName, not_of_standard_class};
use crate::prelude::*;

choice!(
    /// The distribution of log events to a destination that has shards.
    Distribution of logs::Distribution {
        /// Events of one log stream go to one shard.
        ByLogStream = "ByLogStream",
        /// Events go to any shard.
        Random = "Random",
    }
);

/// A subscription filter: log events of a group that match a pattern are delivered to a Lambda function, a stream of Kinesis or
/// Firehose, or a destination of another account, as they come. A log group has two at the most.
///
/// ```
/// use tenon_resources::logs::SubscriptionFilter;
/// let stream = "arn:aws:kinesis:eu-west-1:111111111111:stream/events";
/// SubscriptionFilter::new("api", stream, "ERROR").role("arn:aws:iam::111111111111:role/deliver");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("logs.subscription_filter", cfn = "AWS::Logs::SubscriptionFilter")]
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html: "Creates or updates".
#[facts(gone("ResourceNotFoundException"), second_create = Overwritten)]
#[on("arn:aws:logs:{region}:{account}:log-group:*")]
#[create(PutSubscriptionFilter: logs, puts, also("iam:PassRole to logs.amazonaws.com"),
    rules(.retry_on("OperationAbortedException", minutes(2))),
    create_rules(.retry_on("ResourceNotFoundException", minutes(2))))]
#[delete(DeleteSubscriptionFilter: logs, same(log_group, filter_name), rules(.retry_on("OperationAbortedException", minutes(2))))]
pub struct SubscriptionFilter {
    /// The log group, of the class `STANDARD`.
    #[immutable]
    #[member("log_group_name")]
    #[cfn("LogGroupName")]
    #[length(1..=512)]
    #[pattern(r"[.\-_/#A-Za-z0-9]*")]
    #[sample("a", "b")]
    #[inside("logs.log_group")]
    pub log_group: Input<LogGroupName>,
    /// The destination's ARN: a Lambda function, a stream of Kinesis or Firehose, or a logical destination.
    #[member("destination_arn")]
    #[cfn("DestinationArn")]
    #[length(1..=2048)]
    #[sample(
        "arn:aws:lambda:eu-west-1:111111111111:function:a",
        "arn:aws:kinesis:eu-west-1:111111111111:stream/b"
    )]
    pub destination: Input<Arn>,
    /// The filter pattern; an empty one matches every event.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    #[length(0..=1_024)]
    #[sample("ERROR", "{ $.latency > 100 }")]
    pub filter_pattern: String,
    /// The role with which CloudWatch Logs writes to a stream; a function has none, and permits CloudWatch Logs itself.
    #[default(None)]
    #[member("role_arn")]
    #[cfn("RoleArn")]
    #[length(1..=2048)]
    #[sample("arn:aws:iam::111111111111:role/b")]
    #[wrong_if(me.is_function(), "is set, and a function has none: permit `logs.amazonaws.com` to invoke it")]
    pub role: Option<Input<Arn>>,
    /// The distribution of events to a stream of Kinesis.
    #[default(Distribution::ByLogStream)]
    #[create_with(Option<Distribution>, Some(me.distribution).filter(|_| !me.is_function()))]
    #[sample(Distribution::Random)]
    #[wrong_if(*it != Distribution::ByLogStream && me.is_function(), "is for streams: leave it out")]
    pub distribution: Distribution,
    /// The filter's name, unique in the log group.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
    #[named(max = 512, also = "-_./#+=,@ ")]
    pub filter_name: Option<Input<String>>,
}

impl SubscriptionFilter {
    fn is_function(&self) -> bool {
        let arn = self.destination.known();
        arn.is_some_and(|arn| arn.0.contains(":lambda:"))
    }
}

/// Outputs of a subscription filter.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SubscriptionFilterOutputs {
    /// The log group's name and the filter's, with a `|` between.
    #[shape("{log_group}|{filter_name}")]
    pub id: String,
}

impl Lifecycle for SubscriptionFilter {
    const READ: Read = Read::new(
        "logs",
        "DescribeSubscriptionFilters",
        1,
        &["logs:DescribeSubscriptionFilters"],
    );

    fn identity(&self) -> Identity {
        let name = self.filter_name.as_ref();
        name.map_or(Identity::Assigned, |name| {
            Identity::Natural(text!("{}|{}", &self.log_group, name))
        })
    }

    fn create(&self) -> Steps {
        PutSubscriptionFilter::steps(self)
    }

    fn set(&self, _: &Self, field: SubscriptionFilterField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteSubscriptionFilter::steps(self)
    }

    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        not_of_standard_class(&self.log_group, "subscription filters", look)
    }
}

#[cfg(feature = "aws")]
impl Observe for SubscriptionFilter {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default().iter();
        let ids = ids.filter_map(|id| id.split_once('|'));
        crate::aws::each(ids, |(group, name)| async move {
            let request = aws.logs.describe_subscription_filters().log_group_name(group);
            let pages = items!(request.filter_name_prefix(name));
            let filters = aws.all("logs", "DescribeSubscriptionFilters", pages).await;
            let filters = crate::aws::there(filters, crate::aws::gone::<Self>())?;
            let mut filters = filters.into_iter().flatten();
            let filter = filters.find(|filter| filter.filter_name() == Some(name));
            let seen = filter.map(|filter| read(group, name, filter).map_err(broken::<Self>));
            seen.transpose()
        })
        .await
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let filters = crate::aws::each(of, |group| async move {
            let pages = items!(aws.logs.describe_subscription_filters().log_group_name(group));
            let filters = aws.all("logs", "DescribeSubscriptionFilters", pages).await;
            let filters = crate::aws::there(filters, crate::aws::gone::<Self>())?;
            let id = |filter: sdk::logs::types::SubscriptionFilter| {
                Some(format!("{group}|{}", filter.filter_name?))
            };
            Ok(filters.map(|filters| filters.into_iter().filter_map(id).collect::<Vec<_>>()))
        });
        Ok(filters.await?.into_iter().flatten().collect())
    }
}

#[cfg(feature = "aws")]
fn read(
    group: &str,
    name: &str,
    filter: sdk::logs::types::SubscriptionFilter,
) -> Result<Seen<SubscriptionFilter>, Missing> {
    let destination = filter.destination_arn.ok_or(Missing("destination_arn"))?;
    let distribution = filter.distribution.as_ref();
    let distribution = distribution.and_then(|word| Distribution::word(word.as_str()));
    let id = format!("{group}|{name}");
    Ok(Seen {
        status: Status::Ready,
        inputs: SubscriptionFilter {
            log_group: Input::Known(group.into()),
            destination: Input::Known(destination.into()),
            filter_pattern: filter.filter_pattern.unwrap_or_default(),
            role: filter
                .role_arn
                .filter(|arn| !arn.is_empty())
                .map(|arn| Input::Known(arn.into())),
            distribution: distribution.unwrap_or(Distribution::ByLogStream),
            filter_name: Some(Input::Known(name.into())),
        },
        outputs: SubscriptionFilterOutputs { id: id.clone() },
        id,
    })
}
