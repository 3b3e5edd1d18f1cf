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
#[create(
    CreateLogGroup: logs,
    also("logs:TagResource"),
    on = "arn:aws:logs:{region}:{account}:log-group:{id}*",
    rules(.retry_on("OperationAbortedException", minutes(2)))
)]
#[update(
    PutLogGroupDeletionProtection: logs,
    by(log_group_identifier),
    on = "arn:aws:logs:{region}:{account}:log-group:{id}*"
)]
#[delete(
    DeleteLogGroup: logs,
    by(log_group_name),
    on = "arn:aws:logs:{region}:{account}:log-group:{id}*",
    rules(.retry_on("OperationAbortedException", minutes(2)))
)]
#[retag(retag)]
#[calls(
    PutRetentionPolicy,
    DeleteRetentionPolicy,
    AssociateKmsKey,
    DisassociateKmsKey,
    TagResource,
    UntagResource
)]
#[sdk(logs::LogGroup)]
pub struct LogGroup {
    /// The name, unique in the region.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    #[named(max = 512, also = "-_./#", reserved("aws/"))]
    pub log_group_name: Option<Input<String>>,
    /// The retention in days; log events are kept for ever when unset.
    #[default(None)]
    #[after_create]
    #[member(update = "")]
    pub retention_in_days: Option<u32>,
    /// The KMS key that encrypts new log events; its policy must let CloudWatch Logs use it.
    #[default(None)]
    #[member("kms_key_id", update = "")]
    #[cfn("KmsKeyId")]
    #[length(0..=256)]
    #[pattern("arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+")]
    pub kms_key: Option<Input<Arn>>,
    /// The log class, which no call changes.
    #[immutable]
    #[default(LogGroupClass::Standard)]
    #[member("log_group_class")]
    #[cfn("LogGroupClass")]
    pub class: LogGroupClass,
    /// Deletion protection: AWS refuses to delete the log group.
    #[default(false)]
    #[member("deletion_protection_enabled")]
    #[create_with(Option<bool>, me.deletion_protection.then_some(true))]
    #[cfn("DeletionProtectionEnabled")]
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

    fn identity(&self) -> Identity {
        Identity::named(self.log_group_name.as_ref())
    }

    fn guard(&self) -> Option<Guard> {
        self.deletion_protection.then_some(Guard::DELETION_PROTECTION)
    }

    fn create(&self) -> Steps {
        CreateLogGroup::steps(self)
    }

    fn set(&self, _: &Self, field: LogGroupField) -> Steps {
        let log_group_name = this();
        let call = match field {
            LogGroupField::RetentionInDays => match self.retention_in_days {
                Some(retention_in_days) => Steps::update(PutRetentionPolicy {
                    log_group_name,
                    retention_in_days,
                }),
                None => Steps::update(DeleteRetentionPolicy { log_group_name }),
            },
            LogGroupField::KmsKey => match self.kms_key.clone() {
                Some(kms_key_id) => Steps::update(AssociateKmsKey {
                    log_group_name,
                    kms_key_id,
                }),
                None => Steps::update(DisassociateKmsKey { log_group_name }),
            },
        };
        call.retry_on("OperationAbortedException", minutes(2))
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

    fn check(&self) -> Vec<String> {
        match self.retention_in_days {
            Some(days) if !RETENTION.contains(&days) => {
                let allowed: Vec<String> = RETENTION.iter().map(ToString::to_string).collect();
                vec![format!(
                    "`retention_in_days` is {days}, and AWS takes {}",
                    allowed.join(", ")
                )]
            }
            _ => vec![],
        }
    }

    fn samples() -> [Self; 2] {
        [
            Self::new().log_group_name("a").tags([("Name", "a")]),
            Self::new()
                .log_group_name("b")
                .retention_in_days(30)
                .kms_key("arn:aws:kms:eu-west-1:111111111111:key/b")
                .class(LogGroupClass::InfrequentAccess)
                .deletion_protection(true)
                .tags([("Name", "b")]),
        ]
    }
}

fn retag(tags: &Tags, was: &Tags) -> Steps {
    let (tags, tag_keys) = tags.changes(was);
    let resource_arn = || own("arn");
    Steps::none()
        .then_if(!tags.0.is_empty(), || {
            let resource_arn = resource_arn();
            Steps::update(TagResource { resource_arn, tags })
        })
        .then_if(!tag_keys.is_empty(), || {
            let resource_arn = resource_arn();
            Steps::update(UntagResource {
                resource_arn,
                tag_keys,
            })
        })
}

/// Declares calls on the log group that `{id}` names.
macro_rules! calls {
    ($($name:ident { $($member:ident: $type:ty),* })*) => { $(
        #[derive(Call, Serialize, Deserialize)]
        #[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
        struct $name { $($member: $type),* }
    )* };
}
calls! {
    PutRetentionPolicy { log_group_name: Input<LogGroupName>, retention_in_days: u32 }
    DeleteRetentionPolicy { log_group_name: Input<LogGroupName> }
    AssociateKmsKey { log_group_name: Input<LogGroupName>, kms_key_id: Input<Arn> }
    DisassociateKmsKey { log_group_name: Input<LogGroupName> }
    TagResource { resource_arn: Input<Arn>, tags: Tags }
    UntagResource { resource_arn: Input<Arn>, tag_keys: Vec<String> }
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
