//! A log group: where log lines are kept, and for how long.

use crate::{choice, prelude::*};

id!(
    /// Names a log group, such as `shop-prod-api-1a2b3c`.
    LogGroupName
);

choice!(
    /// What a log group can do, and what it costs.
    LogGroupClass of logs::LogGroupClass {
        /// Everything.
        Standard = "STANDARD",
        /// Half the price of ingestion; no metric filters, subscriptions or live tail.
        InfrequentAccess = "INFREQUENT_ACCESS",
        /// Only for delivery to other services; kept for a day or two.
        Delivery = "DELIVERY",
    }
);

/// How many days AWS can keep log lines: the values that the reference of `PutRetentionPolicy` allows.
const RETENTION: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// Keeps log lines. A writer that is still running after it was deleted makes it again, without retention, key or tags;
/// remove the writer first.
///
/// ```
/// use tenon_resources::logs::LogGroup;
/// LogGroup::new().retention_in_days(30u32);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("logs.log_group", cfn = "AWS::Logs::LogGroup", stateful)]
pub struct LogGroup {
    /// Its name, unique in the region.
    #[immutable]
    #[named(max = 512, also = "-_./#")]
    pub log_group_name: Option<Input<String>>,
    /// For how many days lines are kept; unset: for ever.
    #[default(None)]
    #[after_create]
    pub retention_in_days: Option<u32>,
    /// The KMS key that encrypts new lines; its policy must let CloudWatch Logs use it.
    #[default(None)]
    #[cfn("KmsKeyId")]
    pub kms_key: Option<Input<Arn>>,
    /// What it can do; there is no call that changes it.
    #[immutable]
    #[default(LogGroupClass::Standard)]
    #[cfn("LogGroupClass")]
    pub class: LogGroupClass,
    /// Refuse to be deleted.
    #[default(false)]
    #[cfn("DeletionProtectionEnabled")]
    pub deletion_protection: bool,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct LogGroupOutputs {
    /// Its name.
    #[shape("{log_group_name}")]
    pub id: LogGroupName,
    /// Its ARN, without the `:*` that some services want at the end.
    #[shape("arn:aws:logs:{region}:{account}:log-group:{id}")]
    pub arn: Arn,
}

impl Lifecycle for LogGroup {
    const CALLS: &'static [CallInfo] = &[
        CreateLogGroup::INFO,
        PutRetentionPolicy::INFO,
        DeleteRetentionPolicy::INFO,
        AssociateKmsKey::INFO,
        DisassociateKmsKey::INFO,
        PutLogGroupDeletionProtection::INFO,
        TagResource::INFO,
        UntagResource::INFO,
        DeleteLogGroup::INFO,
    ];
    const READ: Read = Read {
        service: "logs",
        operation: "DescribeLogGroups",
        batch: 1,
        actions: &["logs:DescribeLogGroups", "logs:ListTagsForResource"],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.log_group_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(CreateLogGroup {
            log_group_name: self.log_group_name.clone(),
            kms_key_id: self.kms_key.clone(),
            log_group_class: self.class,
            deletion_protection_enabled: Some(true).filter(|_| self.deletion_protection),
            tags: self.tags.clone(),
        })
        .retry_on("OperationAbortedException", minutes(2))
    }

    fn set(&self, was: &Self, field: LogGroupField) -> Steps {
        match field {
            LogGroupField::RetentionInDays => match self.retention_in_days {
                Some(retention_in_days) => Steps::update(PutRetentionPolicy {
                    log_group_name: this(),
                    retention_in_days,
                }),
                None => Steps::update(DeleteRetentionPolicy {
                    log_group_name: this(),
                }),
            }
            .retry_on("OperationAbortedException", minutes(2)),
            LogGroupField::KmsKey => match self.kms_key.clone() {
                Some(kms_key_id) => Steps::update(AssociateKmsKey {
                    log_group_name: this(),
                    kms_key_id,
                }),
                None => Steps::update(DisassociateKmsKey {
                    log_group_name: this(),
                }),
            }
            .retry_on("OperationAbortedException", minutes(2)),
            LogGroupField::DeletionProtection => Steps::update(PutLogGroupDeletionProtection {
                log_group_identifier: this(),
                deletion_protection_enabled: self.deletion_protection,
            }),
            LogGroupField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagResource {
                            resource_arn: own("arn"),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagResource {
                            resource_arn: own("arn"),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteLogGroup {
            log_group_name: this(),
        })
        .ok_on("ResourceNotFoundException")
        .retry_on("OperationAbortedException", minutes(2))
        .destroys("the log lines in it")
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
                .retention_in_days(30u32)
                .kms_key("arn:aws:kms:eu-west-1:111111111111:key/b")
                .class(LogGroupClass::InfrequentAccess)
                .deletion_protection(true)
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    logs,
    also("logs:TagResource"),
    on = "arn:aws:logs:{region}:{account}:log-group:{id}*"
)]
struct CreateLogGroup {
    log_group_name: Option<Input<String>>,
    kms_key_id: Option<Input<Arn>>,
    log_group_class: LogGroupClass,
    deletion_protection_enabled: Option<bool>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct PutRetentionPolicy {
    log_group_name: Input<LogGroupName>,
    retention_in_days: u32,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct DeleteRetentionPolicy {
    log_group_name: Input<LogGroupName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct AssociateKmsKey {
    log_group_name: Input<LogGroupName>,
    kms_key_id: Input<Arn>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct DisassociateKmsKey {
    log_group_name: Input<LogGroupName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct PutLogGroupDeletionProtection {
    log_group_identifier: Input<LogGroupName>,
    deletion_protection_enabled: bool,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct TagResource {
    resource_arn: Input<Arn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct UntagResource {
    resource_arn: Input<Arn>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(logs, on = "arn:aws:logs:{region}:{account}:log-group:{id}*")]
struct DeleteLogGroup {
    log_group_name: Input<LogGroupName>,
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
        crate::aws::each(groups, |group| async move {
            let Some(name) = group.log_group_name else {
                return Ok(None);
            };
            let arn = group.log_group_arn.or(group.arn).unwrap_or_default();
            let arn = arn.trim_end_matches(":*").to_owned();
            let reply = aws.logs.list_tags_for_resource().resource_arn(&arn).send().await;
            let tags = crate::aws::present(
                "logs",
                "ListTagsForResource",
                reply,
                &["ResourceNotFoundException"],
            )?;
            let Some(tags) = tags else { return Ok(None) };
            let class = group
                .log_group_class
                .and_then(|c| LogGroupClass::word(c.as_str()));
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    log_group_name: Some(Input::Known(name.clone())),
                    retention_in_days: group.retention_in_days.and_then(|d| d.try_into().ok()),
                    kms_key: group.kms_key_id.map(|k| Input::Known(k.into())),
                    class: class.unwrap_or(LogGroupClass::Standard),
                    deletion_protection: group.deletion_protection_enabled.unwrap_or(false),
                    tags: tags.tags.into(),
                },
                outputs: LogGroupOutputs {
                    id: name.clone().into(),
                    arn: arn.into(),
                },
                id: name,
            }))
        })
        .await
    }
}
