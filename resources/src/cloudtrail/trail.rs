//! A trail: who did what in the account, kept.

use crate::{prelude::*, s3::BucketName};

id!(
    /// Names a trail.
    TrailName
);

/// Writes down every management call to the account, in a bucket. The bucket's policy must let CloudTrail write there.
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
pub struct Trail {
    /// The bucket.
    #[cfn("S3BucketName")]
    pub bucket: Input<BucketName>,
    /// Its name, unique in the region.
    #[immutable]
    #[named(max = 128, also = "-_.")]
    pub trail_name: Option<Input<String>>,
    /// What every key in the bucket begins with, without a slash at its end; empty for nothing.
    #[default(String::new())]
    #[cfn("S3KeyPrefix")]
    pub key_prefix: String,
    /// Whether it writes at all.
    #[default(true)]
    #[cfn("IsLogging")]
    pub logging: bool,
    /// Calls in every region, and not only in this one.
    #[default(true)]
    #[cfn("IsMultiRegionTrail")]
    pub multi_region: bool,
    /// Calls to services that have no region, such as IAM.
    #[default(true)]
    pub include_global_service_events: bool,
    /// Digests that show whether a file was changed afterwards.
    #[default(true)]
    #[cfn("EnableLogFileValidation")]
    pub log_file_validation: bool,
    /// Of every account of the organization; for its management account.
    #[default(false)]
    #[cfn("IsOrganizationTrail")]
    pub organization: bool,
    /// The KMS key that encrypts the files, by ARN; unset: S3's own.
    #[default(None)]
    #[cfn("KMSKeyId")]
    pub kms_key: Option<Input<Arn>>,
    /// The log group that gets them as well, by ARN with `:*` at its end.
    #[default(None)]
    #[cfn("CloudWatchLogsLogGroupArn")]
    pub log_group: Option<Input<Arn>>,
    /// The role that CloudTrail takes on to write to the log group.
    #[default(None)]
    #[cfn("CloudWatchLogsRoleArn")]
    pub log_group_role: Option<Input<Arn>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TrailOutputs {
    /// Its name.
    #[shape("{trail_name}")]
    pub id: TrailName,
    /// Its ARN.
    #[shape("arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
    pub arn: Arn,
}

impl Lifecycle for Trail {
    const CALLS: &'static [CallInfo] = &[
        CreateTrail::INFO,
        UpdateTrail::INFO,
        StartLogging::INFO,
        StopLogging::INFO,
        AddTags::INFO,
        RemoveTags::INFO,
        DeleteTrail::INFO,
    ];
    const READ: Read = Read {
        service: "cloudtrail",
        operation: "DescribeTrails",
        batch: 20,
        actions: &[
            "cloudtrail:DescribeTrails",
            "cloudtrail:GetTrailStatus",
            "cloudtrail:ListTags",
        ],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.trail_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(CreateTrail {
            name: self.trail_name.clone(),
            s3_bucket_name: self.bucket.clone(),
            s3_key_prefix: Some(self.key_prefix.clone()).filter(|p| !p.is_empty()),
            is_multi_region_trail: self.multi_region,
            include_global_service_events: self.include_global_service_events,
            enable_log_file_validation: self.log_file_validation,
            is_organization_trail: self.organization,
            kms_key_id: self.kms_key.clone(),
            cloud_watch_logs_log_group_arn: self.log_group.clone(),
            cloud_watch_logs_role_arn: self.log_group_role.clone(),
            tags_list: self.tags.clone(),
        })
        // A role that was made a moment ago cannot be taken on yet; Terraform tries for a minute.
        .retry_on_message(
            "InvalidCloudWatchLogsRoleArnException",
            "Access denied",
            minutes(2),
        )
        .retry_on_message(
            "InvalidCloudWatchLogsLogGroupArnException",
            "Access denied",
            minutes(2),
        )
        // What CreateTrail makes does not write yet.
        .then_if(self.logging, || {
            Steps::update(StartLogging { name: this() }).retry_on("TrailNotFoundException", minutes(1))
        })
    }

    fn set(&self, was: &Self, field: TrailField) -> Steps {
        let update = UpdateTrail::default();
        let change = |update: UpdateTrail| {
            Steps::update(update)
                .retry_on_message(
                    "InvalidCloudWatchLogsRoleArnException",
                    "Access denied",
                    minutes(2),
                )
                .retry_on_message(
                    "InvalidCloudWatchLogsLogGroupArnException",
                    "Access denied",
                    minutes(2),
                )
        };
        // Empty text takes away what is optional.
        let arn =
            |arn: &Option<Input<Arn>>| Some(arn.as_ref().map_or(Input::Known(String::new()), Input::text));
        match field {
            TrailField::Bucket => change(UpdateTrail {
                s3_bucket_name: Some(self.bucket.clone()),
                ..update
            }),
            TrailField::KeyPrefix => change(UpdateTrail {
                s3_key_prefix: Some(self.key_prefix.clone()),
                ..update
            }),
            TrailField::Logging if self.logging => Steps::update(StartLogging { name: this() }),
            TrailField::Logging => Steps::update(StopLogging { name: this() }),
            TrailField::MultiRegion => change(UpdateTrail {
                is_multi_region_trail: Some(self.multi_region),
                ..update
            }),
            TrailField::IncludeGlobalServiceEvents => change(UpdateTrail {
                include_global_service_events: Some(self.include_global_service_events),
                ..update
            }),
            TrailField::LogFileValidation => change(UpdateTrail {
                enable_log_file_validation: Some(self.log_file_validation),
                ..update
            }),
            TrailField::Organization => change(UpdateTrail {
                is_organization_trail: Some(self.organization),
                ..update
            }),
            TrailField::KmsKey => change(UpdateTrail {
                kms_key_id: arn(&self.kms_key),
                ..update
            }),
            // The group and the role are said together.
            TrailField::LogGroup | TrailField::LogGroupRole => change(UpdateTrail {
                cloud_watch_logs_log_group_arn: arn(&self.log_group),
                cloud_watch_logs_role_arn: arn(&self.log_group_role),
                ..update
            }),
            TrailField::Tags => {
                let (tags, gone) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(AddTags {
                            resource_id: own("arn"),
                            tags_list: tags,
                        })
                    })
                    .then_if(!gone.is_empty(), || {
                        let tags_list = gone.into_iter().map(TagKey).collect();
                        Steps::update(RemoveTags {
                            resource_id: own("arn"),
                            tags_list,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteTrail { name: this() }).ok_on("TrailNotFoundException")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if self.log_group.is_some() != self.log_group_role.is_some() {
            findings.push("`log_group` and `log_group_role`: set both, or neither".to_owned());
        }
        if self.multi_region && !self.include_global_service_events {
            findings.push(
                "`include_global_service_events` belongs to a trail that is `multi_region`: set it".into(),
            );
        }
        if self.key_prefix.ends_with('/') || self.key_prefix.len() > 200 {
            findings.push("`key_prefix`: at most 200 characters, and no slash at its end".into());
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("aaa").trail_name("a").tags([("Name", "a")]),
            Self::new("bbb")
                .trail_name("b")
                .key_prefix("trail")
                .logging(false)
                .multi_region(false)
                .include_global_service_events(false)
                .log_file_validation(false)
                .organization(true)
                .kms_key("arn:aws:kms:eu-west-1:111111111111:key/b")
                .log_group("arn:aws:logs:eu-west-1:111111111111:log-group:b:*")
                .log_group_role("arn:aws:iam::111111111111:role/b")
                .tags([("Name", "b")]),
        ]
    }
}

/// A tag's key alone: `RemoveTags` takes it for the tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct TagKey(String);

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::cloudtrail::types::Tag> for TagKey {
    fn to_sdk(self) -> Option<sdk::cloudtrail::types::Tag> {
        sdk::cloudtrail::types::Tag::builder().key(self.0).build().ok()
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    cloudtrail,
    also("cloudtrail:AddTags", "iam:PassRole"),
    on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the switches that a trail has"
)]
struct CreateTrail {
    name: Option<Input<String>>,
    s3_bucket_name: Input<BucketName>,
    s3_key_prefix: Option<String>,
    is_multi_region_trail: bool,
    include_global_service_events: bool,
    enable_log_file_validation: bool,
    is_organization_trail: bool,
    kms_key_id: Option<Input<Arn>>,
    cloud_watch_logs_log_group_arn: Option<Input<Arn>>,
    cloud_watch_logs_role_arn: Option<Input<Arn>>,
    tags_list: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    cloudtrail,
    folds,
    also("iam:PassRole"),
    on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}"
)]
struct UpdateTrail {
    name: Input<TrailName>,
    s3_bucket_name: Option<Input<BucketName>>,
    s3_key_prefix: Option<String>,
    is_multi_region_trail: Option<bool>,
    include_global_service_events: Option<bool>,
    enable_log_file_validation: Option<bool>,
    is_organization_trail: Option<bool>,
    kms_key_id: Option<Input<String>>,
    cloud_watch_logs_log_group_arn: Option<Input<String>>,
    cloud_watch_logs_role_arn: Option<Input<String>>,
}

impl Default for UpdateTrail {
    /// Changes nothing yet.
    fn default() -> Self {
        Self {
            name: this(),
            s3_bucket_name: None,
            s3_key_prefix: None,
            is_multi_region_trail: None,
            include_global_service_events: None,
            enable_log_file_validation: None,
            is_organization_trail: None,
            kms_key_id: None,
            cloud_watch_logs_log_group_arn: None,
            cloud_watch_logs_role_arn: None,
        }
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

#[derive(Call, Serialize, Deserialize)]
#[call(cloudtrail, on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
struct AddTags {
    resource_id: Input<Arn>,
    tags_list: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudtrail, on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
struct RemoveTags {
    resource_id: Input<Arn>,
    tags_list: Vec<TagKey>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudtrail, on = "arn:aws:cloudtrail:{region}:{account}:trail/{id}")]
struct DeleteTrail {
    name: Input<TrailName>,
}

#[cfg(feature = "aws")]
impl Observe for Trail {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = by.ids().map(<[String]>::to_vec);
        // A trail of all regions shows in each of them; it is at home in one.
        let request = aws
            .cloudtrail
            .describe_trails()
            .set_trail_name_list(names)
            .include_shadow_trails(false);
        let reply = crate::aws::present(
            "cloudtrail",
            "DescribeTrails",
            request.send().await,
            &["TrailNotFoundException"],
        )?;
        let trails = reply.and_then(|r| r.trail_list).unwrap_or_default();
        crate::aws::each(trails, |trail| async move {
            let arn = trail.trail_arn.clone().unwrap_or_default();
            let gone = ["TrailNotFoundException", "ResourceNotFoundException"];
            let status = aws.cloudtrail.get_trail_status().name(&arn).send().await;
            let Some(status) = crate::aws::present("cloudtrail", "GetTrailStatus", status, &gone)? else {
                return Ok(None);
            };
            let pages = items!(aws.cloudtrail.list_tags().resource_id_list(&arn));
            let tags = aws.all("cloudtrail", "ListTags", pages).await?;
            let tags: Vec<_> = tags
                .into_iter()
                .flat_map(|t| t.tags_list.unwrap_or_default())
                .collect();
            Ok(see(trail, status.is_logging.unwrap_or(false), Some(tags).into()))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(trail: sdk::cloudtrail::types::Trail, logging: bool, tags: Tags) -> Option<Seen<Trail>> {
    let name = trail.name?;
    let arn = |arn: Option<String>| arn.filter(|a| !a.is_empty()).map(|a| Input::Known(a.into()));
    Some(Seen {
        status: Status::Ready,
        inputs: Trail {
            bucket: Input::Known(trail.s3_bucket_name?.into()),
            trail_name: Some(Input::Known(name.clone())),
            key_prefix: trail.s3_key_prefix.unwrap_or_default(),
            logging,
            multi_region: trail.is_multi_region_trail.unwrap_or(false),
            include_global_service_events: trail.include_global_service_events.unwrap_or(false),
            log_file_validation: trail.log_file_validation_enabled.unwrap_or(false),
            organization: trail.is_organization_trail.unwrap_or(false),
            kms_key: arn(trail.kms_key_id),
            log_group: arn(trail.cloud_watch_logs_log_group_arn),
            log_group_role: arn(trail.cloud_watch_logs_role_arn),
            tags,
        },
        outputs: TrailOutputs {
            id: name.clone().into(),
            arn: trail.trail_arn.unwrap_or_default().into(),
        },
        id: name,
    })
}
