//! A trail.

use crate::{prelude::*, s3::BucketName};

id!(
    /// A trail's name.
    TrailName
);

/// A trail: CloudTrail delivers a log of the account's management events to a bucket, whose policy must let it.
///
/// ```
/// use tenon_resources::{cloudtrail::Trail, s3::BucketName, value::Output};
/// let bucket: Output<BucketName> = Output::new("audit", "id");
/// Trail::new(&bucket).key_prefix("trail");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the switches that a trail has"
)]
#[resource("cloudtrail.trail", cfn = "AWS::CloudTrail::Trail")]
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html#API_CreateTrail_Errors
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteTrail.html#API_DeleteTrail_Errors
#[facts(
    gone("TrailNotFoundException", "ResourceNotFoundException"),
    second_create = Refused("TrailAlreadyExistsException")
)]
// A role that was created a moment ago cannot be assumed yet: Terraform retries for a minute.
#[create(CreateTrail: cloudtrail, also("cloudtrail:AddTags", "iam:PassRole to cloudtrail.amazonaws.com"), on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}", rules(
    .retry_on_message("InvalidCloudWatchLogsRoleArnException", "Access denied", minutes(2))
    .retry_on_message("InvalidCloudWatchLogsLogGroupArnException", "Access denied", minutes(2))
))]
#[update(UpdateTrail: cloudtrail, by(name), folds, also("iam:PassRole to cloudtrail.amazonaws.com"), on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}", rules(
    .retry_on_message("InvalidCloudWatchLogsRoleArnException", "Access denied", minutes(2))
    .retry_on_message("InvalidCloudWatchLogsLogGroupArnException", "Access denied", minutes(2))
))]
#[delete(DeleteTrail: cloudtrail, by(name), on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
#[retag(AddTags, RemoveTags: cloudtrail, by(resource_id = "arn"), members(tags_list, tags_list), on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
#[calls(StartLogging, StopLogging)]
#[sdk(cloudtrail::Trail)]
pub struct Trail {
    /// The bucket.
    #[member("s3_bucket_name")]
    #[cfn("S3BucketName")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The name, unique in the region.
    #[immutable]
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html: `Name`.
    #[named(max = 128, id, also = "-_.", pattern = "[A-Za-z0-9](?:[-_.]?[A-Za-z0-9]){2,}")]
    #[member("name")]
    #[sample("aaa", "bbb")]
    pub trail_name: Option<Input<String>>,
    /// The key prefix of log files in the bucket, without a slash at its end; empty for none.
    #[default(String::new())]
    #[length(0..=200)]
    #[member("s3_key_prefix")]
    #[create_with(Option<String>, Some(me.key_prefix.clone()).filter(|p| !p.is_empty()))]
    #[cfn("S3KeyPrefix")]
    #[sample("trail")]
    #[wrong_if(it.ends_with('/'), "ends with a slash: leave it out, CloudTrail adds it")]
    #[length(0..=200)]
    pub key_prefix: String,
    /// Logging is on.
    #[default(true)]
    #[by_hand]
    #[member("")]
    #[cfn("IsLogging")]
    #[sample(false)]
    pub logging: bool,
    /// The trail is a multi-Region trail: it logs events of every region.
    #[default(true)]
    #[member("is_multi_region_trail")]
    #[read(item.is_multi_region_trail.unwrap_or(false))]
    #[cfn("IsMultiRegionTrail")]
    #[sample(false)]
    pub multi_region: bool,
    /// Global service events, such as those of IAM, are logged.
    #[default(true)]
    #[read(item.include_global_service_events.unwrap_or(false))]
    #[sample(false)]
    #[wrong_if(!*it && me.multi_region, "belongs to a trail that is `multi_region`: set it")]
    pub include_global_service_events: bool,
    /// Log file validation: digest files show whether a log file was changed after delivery.
    #[default(true)]
    #[member("enable_log_file_validation")]
    #[read(item.log_file_validation_enabled.unwrap_or(false))]
    #[cfn("EnableLogFileValidation")]
    #[sample(false)]
    pub log_file_validation: bool,
    /// The trail is an organization trail: it logs events of every account of the organization. For the management account.
    #[default(false)]
    #[member("is_organization_trail")]
    #[cfn("IsOrganizationTrail")]
    #[sample(true)]
    pub organization: bool,
    /// The KMS key that encrypts log files, by ARN. Unset: keys of S3.
    #[default(None)]
    #[by_hand]
    #[member("kms_key_id")]
    #[read(arn(item.kms_key_id.as_deref()))]
    #[cfn("KMSKeyId")]
    #[sample("arn:aws:kms:eu-west-1:111111111111:key/b")]
    pub kms_key: Option<Input<Arn>>,
    /// The log group in CloudWatch Logs that gets the events as well, by ARN with `:*` at its end.
    #[default(None)]
    #[by_hand]
    #[member("cloud_watch_logs_log_group_arn")]
    #[read(arn(item.cloud_watch_logs_log_group_arn.as_deref()))]
    #[cfn("CloudWatchLogsLogGroupArn")]
    #[sample("arn:aws:logs:eu-west-1:111111111111:log-group:b:*")]
    pub log_group: Option<Input<Arn>>,
    /// The role that CloudTrail assumes to write to the log group.
    #[default(None)]
    #[by_hand]
    #[member("cloud_watch_logs_role_arn")]
    #[read(arn(item.cloud_watch_logs_role_arn.as_deref()))]
    #[cfn("CloudWatchLogsRoleArn")]
    #[sample("arn:aws:iam::111111111111:role/b")]
    pub log_group_role: Option<Input<Arn>>,
    /// Tags.
    #[member("tags_list")]
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a trail.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TrailOutputs {
    /// The name.
    #[shape("{trail_name}")]
    pub id: TrailName,
    /// The ARN.
    #[shape("arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
    pub arn: Arn,
}

impl Lifecycle for Trail {
    const READ: Read = Read::new(
        "cloudtrail",
        "DescribeTrails",
        20,
        &[
            "cloudtrail:DescribeTrails",
            "cloudtrail:GetTrailStatus",
            "cloudtrail:ListTags",
        ],
    );

    fn create(&self) -> Steps {
        // A trail that `CreateTrail` makes does not log yet.
        CreateTrail::steps(self).then_if(self.logging, || {
            Steps::update(StartLogging { name: this() }).retry_on("TrailNotFoundException", minutes(1))
        })
    }

    fn set(&self, _: &Self, field: TrailField) -> Steps {
        let mut call = UpdateTrail::unchanged(self);
        // Empty text removes an optional ARN.
        let arn = |arn: &Option<Input<Arn>>| arn.clone().or_else(|| Some(Input::Known("".into())));
        match field {
            TrailField::Logging if self.logging => return Steps::update(StartLogging { name: this() }),
            TrailField::Logging => return Steps::update(StopLogging { name: this() }),
            TrailField::KmsKey => call.kms_key_id = arn(&self.kms_key),
            // CloudTrail takes the log group and the role together.
            TrailField::LogGroup | TrailField::LogGroupRole => {
                call.cloud_watch_logs_log_group_arn = arn(&self.log_group);
                call.cloud_watch_logs_role_arn = arn(&self.log_group_role);
            }
        }
        call.steps()
    }

    fn delete(&self) -> Steps {
        DeleteTrail::steps(self)
    }

    fn check(&self) -> Vec<String> {
        let both = self.log_group.is_some() == self.log_group_role.is_some();
        let finding = (!both).then(|| "`log_group` and `log_group_role`: set both, or neither".to_owned());
        finding.into_iter().collect()
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudtrail, on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
struct StartLogging {
    name: Input<TrailName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudtrail, on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
struct StopLogging {
    name: Input<TrailName>,
}

#[cfg(feature = "aws")]
impl Observe for Trail {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = by.ids().map(<[String]>::to_vec);
        // A multi-Region trail is listed in every region; only its home region has it.
        let request = aws
            .cloudtrail
            .describe_trails()
            .set_trail_name_list(names)
            .include_shadow_trails(false);
        let (reply, gone) = (request.send().await, crate::aws::gone::<Self>());
        let reply = crate::aws::present("cloudtrail", "DescribeTrails", reply, gone)?;
        let trails = reply.and_then(|r| r.trail_list).unwrap_or_default();
        crate::aws::each(trails, |trail| async move {
            let mut observed = read(trail).map_err(broken::<Self>)?;
            let arn = &observed.outputs.arn.0;
            let status = aws.cloudtrail.get_trail_status().name(arn).send().await;
            let Some(status) = crate::aws::present("cloudtrail", "GetTrailStatus", status, gone)? else {
                return Ok(None);
            };
            let pages = items!(aws.cloudtrail.list_tags().resource_id_list(arn));
            let tags = aws.all("cloudtrail", "ListTags", pages).await?;
            let tags: Vec<_> = tags
                .into_iter()
                .flat_map(|t| t.tags_list.unwrap_or_default())
                .collect();
            observed.inputs.tags = Some(tags).into();
            observed.inputs.logging = status.is_logging.unwrap_or(false);
            Ok(Some(observed))
        })
        .await
    }
}

/// An ARN, which CloudTrail may give as empty text for none.
#[cfg(feature = "aws")]
fn arn(text: Option<&str>) -> Option<Input<Arn>> {
    text.filter(|arn| !arn.is_empty())
        .map(|arn| Input::Known(arn.into()))
}

#[cfg(feature = "aws")]
fn read(item: sdk::cloudtrail::types::Trail) -> Result<Seen<Trail>, Missing> {
    let inputs = Trail::from_sdk(&item)?;
    let id = item.name.ok_or(Missing("name"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs,
        outputs: TrailOutputs {
            id: id.clone().into(),
            arn: item.trail_arn.unwrap_or_default().into(),
        },
        id,
    })
}
