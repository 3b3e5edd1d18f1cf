//! A log group: a container of log streams, with the retention of their events.

use crate::prelude::*;

id!(
    /// A log group's name, such as `shop-prod-api-1a2b3c`.
    LogGroupName
);

choice!(
    /// The log class of a log group: its features and its price.
    LogGroupClass of logs::LogGroupClass {
        /// The class with every feature.
        Standard = "STANDARD",
        /// Half the price of ingestion; no metric filters, subscription filters or Live Tail.
        InfrequentAccess = "INFREQUENT_ACCESS",
        /// Delivery to other services only; kept for a day or two.
        Delivery = "DELIVERY",
    }
);

/// The numbers of days for which AWS keeps log events.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const RETENTION: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// A log group: a container of log streams, with the retention of their events. A writer that is still running after the
/// group was deleted makes it again, without retention, key or tags; remove the writer first.
///
/// ```
/// use tenon_resources::logs::LogGroup;
/// LogGroup::new().retention_in_days(30);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("logs.log_group", cfn = "AWS::Logs::LogGroup", stateful)]
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html
#[facts(
    gone("ResourceNotFoundException"),
    second_create = Refused("ResourceAlreadyExistsException")
)]
#[on("arn:aws:logs:{region}:{account}:log-group:{id}*")]
#[by(log_group_name)]
#[create(CreateLogGroup: logs, also("logs:TagResource"), rules(.retry_on("OperationAbortedException", minutes(2))))]
#[update(PutLogGroupDeletionProtection: logs, by(log_group_identifier))]
#[update(PutRetentionPolicy: logs, rules(.retry_on("OperationAbortedException", minutes(2))))]
#[update(AssociateKmsKey: logs, rules(.retry_on("OperationAbortedException", minutes(2))))]
#[delete(DeleteLogGroup: logs, rules(.retry_on("OperationAbortedException", minutes(2))))]
#[retag(TagResource, UntagResource: logs, by(resource_arn = "arn"))]
#[sdk(logs::LogGroup)]
pub struct LogGroup {
    /// The name, unique in the region.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    #[named(max = 512, id, also = "-_./#", reserved("aws/"))]
    pub log_group_name: Option<Input<String>>,
    /// The retention in days; log events are kept for ever when unset.
    #[default(None)]
    #[after_create]
    #[updated_by(PutRetentionPolicy)]
    #[unset(DeleteRetentionPolicy: logs, rules(.retry_on("OperationAbortedException", minutes(2))))]
    #[wrong_if(!RETENTION.contains(it), "is {it}, and AWS takes {}", retention_periods())]
    #[sample(30)]
    pub retention_in_days: Option<u32>,
    /// The KMS key that encrypts new log events; its policy must let CloudWatch Logs use it.
    #[default(None)]
    #[member("kms_key_id")]
    #[updated_by(AssociateKmsKey)]
    #[unset(DisassociateKmsKey: logs, rules(.retry_on("OperationAbortedException", minutes(2))))]
    #[cfn("KmsKeyId")]
    #[sample("arn:aws:kms:eu-west-1:111111111111:key/b")]
    #[length(0..=256)]
    #[pattern("arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+")]
    pub kms_key: Option<Input<Arn>>,
    /// The log class, which no call changes.
    #[immutable]
    #[default(LogGroupClass::Standard)]
    #[member("log_group_class")]
    #[cfn("LogGroupClass")]
    #[sample(LogGroupClass::InfrequentAccess)]
    pub class: LogGroupClass,
    /// Deletion protection: AWS refuses to delete the log group.
    #[default(false)]
    #[member("deletion_protection_enabled")]
    #[create_with(Option<bool>, me.deletion_protection.then_some(true))]
    #[cfn("DeletionProtectionEnabled")]
    #[sample(true)]
    pub deletion_protection: bool,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a log group.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct LogGroupOutputs {
    /// The name.
    #[shape("{log_group_name}")]
    pub id: LogGroupName,
    /// The ARN, without the `:*` that some services want at the end.
    #[shape("arn:aws:logs:{region}:{account}:log-group:{id}")]
    pub arn: Arn,
}

impl Lifecycle for LogGroup {
    const READ: Read = Read::new(
        "logs",
        "DescribeLogGroups",
        1,
        &["logs:DescribeLogGroups", "logs:ListTagsForResource"],
    );

    fn guard(&self) -> Option<Guard> {
        self.deletion_protection.then_some(Guard::DELETION_PROTECTION)
    }

    fn create(&self) -> Steps {
        CreateLogGroup::steps(self)
    }

    fn set(&self, _: &Self, field: LogGroupField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html: protection
        // "blocks all deletion operations until it is explicitly disabled".
        let unprotected = Steps::none().then_if(self.deletion_protection, || {
            let mut call = PutLogGroupDeletionProtection::unchanged(self);
            call.deletion_protection_enabled = Some(false);
            call.steps().ok_on("ResourceNotFoundException")
        });
        unprotected.then(DeleteLogGroup::steps(self).destroys("the log lines in it"))
    }
}

/// The retention periods that AWS takes, as a list in a sentence.
fn retention_periods() -> String {
    RETENTION.map(|days| days.to_string()).join(", ")
}

#[cfg(feature = "aws")]
impl Observe for LogGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut groups = vec![];
        match by {
            By::Ids(ids) => {
                for name in ids {
                    // Sorted by name, says DescribeLogGroups' reference: the group itself comes before those that its
                    // name begins.
                    let request = aws.logs.describe_log_groups().log_group_name_prefix(name);
                    let pages = items!(request);
                    let first = aws.first("logs", "DescribeLogGroups", pages).await?;
                    groups.extend(first.filter(|g| g.log_group_name.as_ref() == Some(name)));
                }
            }
            By::Owner(_) => {
                let pages = items!(aws.logs.describe_log_groups());
                groups = aws.all("logs", "DescribeLogGroups", pages).await?;
            }
        }
        crate::aws::each(groups, |item| async move {
            let mut group = read(&item).map_err(broken::<Self>)?;
            let request = aws.logs.list_tags_for_resource();
            let reply = request.resource_arn(&group.outputs.arn.0).send().await;
            let gone = crate::aws::gone::<Self>();
            let tags = crate::aws::present("logs", "ListTagsForResource", reply, gone)?;
            Ok(tags.map(|reply| {
                group.inputs.tags = reply.tags.into();
                group
            }))
        })
        .await
    }
}

/// A log group without its tags, which AWS gives by their own call.
#[cfg(feature = "aws")]
fn read(item: &sdk::logs::types::LogGroup) -> Result<Seen<LogGroup>, Missing> {
    let name = item.log_group_name.clone().ok_or(Missing("log_group_name"))?;
    let arn = item.log_group_arn().or(item.arn()).ok_or(Missing("arn"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs: LogGroup::from_sdk(item)?,
        outputs: LogGroupOutputs {
            id: name.clone().into(),
            arn: arn.trim_end_matches(":*").into(),
        },
        id: name,
    })
}
