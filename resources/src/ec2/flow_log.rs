//! A flow log: a record of the packets that crossed a network.

use super::{NetworkInterfaceId, RETAG, SubnetId, VpcId, one_of::one_of, retag};
use crate::prelude::*;

id!(
    /// Names a flow log, such as `fl-0a1b2c3d4e5f67890`.
    FlowLogId
);

one_of!(
    /// Whose packets a flow log records.
    FlowLogSource {
        /// Every network interface's in a VPC.
        Vpc(VpcId),
        /// Every network interface's in a subnet.
        Subnet(SubnetId),
        /// One network interface's.
        NetworkInterface(NetworkInterfaceId),
    }
);

choice!(
    /// Which packets a flow log records.
    TrafficType of ec2::TrafficType {
        /// Those that rules let through.
        Accept = "ACCEPT",
        /// Those that rules kept out.
        Reject = "REJECT",
        /// Both.
        All = "ALL",
    }
);

/// Where a flow log goes.
///
/// ```
/// use tenon_resources::ec2::FlowLogDestination;
/// FlowLogDestination::s3("arn:aws:s3:::logs/vpc/");
/// FlowLogDestination::log_group("arn:aws:logs:eu-west-1:123456789012:log-group:vpc", "arn:aws:iam::123456789012:role/flow");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowLogDestination {
    /// A log group.
    LogGroup {
        /// The log group's ARN, without `:*` at its end.
        arn: Input<Arn>,
        /// The role that writes to it.
        role: Input<Arn>,
    },
    /// An S3 bucket.
    S3 {
        /// The bucket's ARN, and after it a folder if one is wanted: `arn:aws:s3:::logs/vpc/`.
        arn: Input<Arn>,
        /// How its files are written.
        #[serde(default)]
        files: FlowLogFiles,
    },
}

impl FlowLogDestination {
    /// To the log group with this ARN, by means of this role.
    pub fn log_group(arn: impl IntoInput<Arn>, role: impl IntoInput<Arn>) -> Self {
        Self::LogGroup {
            arn: arn.into_input(),
            role: role.into_input(),
        }
    }

    /// To the bucket with this ARN (a folder may follow it), as plain text.
    pub fn s3(arn: impl IntoInput<Arn>) -> Self {
        Self::s3_as(arn, FlowLogFiles::default())
    }

    /// To the bucket with this ARN (a folder may follow it), in files of this kind.
    pub fn s3_as(arn: impl IntoInput<Arn>, files: FlowLogFiles) -> Self {
        Self::S3 {
            arn: arn.into_input(),
            files,
        }
    }
}

/// How a flow log's files in S3 are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowLogFiles {
    /// Their format.
    pub file_format: FlowLogFormat,
    /// Name folders `key=value`, as Hive and Athena read partitions.
    pub hive_compatible_partitions: bool,
    /// A folder each hour instead of each day.
    pub per_hour_partition: bool,
}

/// What AWS writes when it is told nothing: text, with a folder each day.
impl Default for FlowLogFiles {
    fn default() -> Self {
        Self {
            file_format: FlowLogFormat::PlainText,
            hive_compatible_partitions: false,
            per_hour_partition: false,
        }
    }
}

choice!(
    /// The format of a flow log's files in S3.
    FlowLogFormat of ec2::DestinationFileFormat {
        /// Compressed text.
        PlainText = "plain-text",
        /// Apache Parquet.
        Parquet = "parquet",
    }
);

/// A record of the packets that crossed a network: who spoke to whom, and whether a rule let it.
///
/// ```
/// use tenon_resources::{ec2::{FlowLog, FlowLogDestination, VpcId}, value::Output};
/// let vpc: Output<VpcId> = Output::new("vpc", "id");
/// FlowLog::new(&vpc, FlowLogDestination::s3("arn:aws:s3:::logs/vpc/"));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.flow_log", cfn = "AWS::EC2::FlowLog")]
pub struct FlowLog {
    /// Whose packets it records.
    #[immutable]
    #[cfn("ResourceId")]
    pub source: FlowLogSource,
    /// Where it goes.
    #[immutable]
    #[cfn("LogDestination")]
    pub destination: FlowLogDestination,
    /// Which packets it records.
    #[immutable]
    #[default(TrafficType::All)]
    pub traffic_type: TrafficType,
    /// For how long packets are gathered into one line, in seconds: 60 or 600.
    #[immutable]
    #[default(600)]
    pub max_aggregation_interval: u32,
    /// The fields of a line, such as `${srcaddr} ${dstaddr} ${action}`; AWS's default ones when unset.
    #[immutable]
    pub log_format: Option<Input<String>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct FlowLogOutputs {
    /// Its id.
    #[shape("fl-{hex17}")]
    pub id: FlowLogId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}")]
    pub arn: Arn,
}

impl Lifecycle for FlowLog {
    const CALLS: &'static [CallInfo] = &[CreateFlowLogs::INFO, DeleteFlowLogs::INFO, RETAG[0], RETAG[1]];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeFlowLogs",
        batch: 200,
        actions: &["ec2:DescribeFlowLogs"],
    };

    fn create(&self) -> Steps {
        let resource_type = match &self.source {
            FlowLogSource::Vpc(_) => FlowLogSourceKind::Vpc,
            FlowLogSource::Subnet(_) => FlowLogSourceKind::Subnet,
            FlowLogSource::NetworkInterface(_) => FlowLogSourceKind::NetworkInterface,
        };
        let (to, arn, role, files) = match self.destination.clone() {
            FlowLogDestination::LogGroup { arn, role } => {
                (FlowLogDestinationKind::CloudWatchLogs, arn, Some(role), None)
            }
            FlowLogDestination::S3 { arn, files } => (FlowLogDestinationKind::S3, arn, None, Some(files)),
        };
        Steps::create(CreateFlowLogs {
            resource_ids: vec![self.source.text()],
            resource_type,
            traffic_type: self.traffic_type,
            log_destination_type: to,
            log_destination: arn,
            deliver_logs_permission_arn: role,
            destination_options: files,
            max_aggregation_interval: self.max_aggregation_interval,
            log_format: self.log_format.clone(),
            client_token: Token::Fill,
            tag_specifications: self.tags.on_create("vpc-flow-log"),
        })
        // A role that was just made cannot be assumed everywhere yet: Terraform waits for IAM for 2 min.
        .retry_on_message("InvalidParameter", "Unable to assume given IAM role", minutes(2))
    }

    fn set(&self, was: &Self, field: FlowLogField) -> Steps {
        match field {
            FlowLogField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteFlowLogs {
            flow_log_ids: vec![this()],
        })
        .ok_on("InvalidFlowLogId.NotFound")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if ![60, 600].contains(&self.max_aggregation_interval) {
            let found = self.max_aggregation_interval;
            findings.push(format!(
                "`max_aggregation_interval` is {found} s, and AWS takes 60 or 600"
            ));
        }
        if let FlowLogDestination::LogGroup { arn, .. } = &self.destination
            && arn.known().is_some_and(|arn| arn.0.ends_with(":*"))
        {
            findings.push("`destination` has a log group's ARN that ends in `:*`: leave that out".into());
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new(
                VpcId::from("vpc-1"),
                FlowLogDestination::log_group(
                    "arn:aws:logs:eu-west-1:123456789012:log-group:a",
                    "arn:aws:iam::123456789012:role/a",
                ),
            )
            .tags([("Name", "a")]),
            Self::new(
                SubnetId::from("subnet-2"),
                FlowLogDestination::s3("arn:aws:s3:::b"),
            )
            .traffic_type(TrafficType::Reject)
            .max_aggregation_interval(60u32)
            .log_format("${srcaddr} ${dstaddr} ${action}")
            .tags([("Name", "b")]),
        ]
    }
}

choice!(
    /// What kind of thing a flow log's source is.
    FlowLogSourceKind of ec2::FlowLogsResourceType {
        /// A VPC.
        Vpc = "VPC",
        /// A subnet.
        Subnet = "Subnet",
        /// A network interface.
        NetworkInterface = "NetworkInterface",
    }
);
choice!(
    /// What kind of thing a flow log's destination is.
    FlowLogDestinationKind of ec2::LogDestinationType {
        /// A log group.
        CloudWatchLogs = "cloud-watch-logs",
        /// A bucket.
        S3 = "s3",
    }
);

#[derive(Call, Serialize, Deserialize)]
#[call(
    ec2,
    id = o.flow_log_ids?.into_iter().next()?,
    refused = super::unsuccessful(o.unsuccessful()),
    also("ec2:CreateTags", "iam:PassRole", "logs:CreateLogDelivery", "logs:DeleteLogDelivery")
)]
struct CreateFlowLogs {
    resource_ids: Vec<Input<String>>,
    resource_type: FlowLogSourceKind,
    traffic_type: TrafficType,
    log_destination_type: FlowLogDestinationKind,
    log_destination: Input<Arn>,
    deliver_logs_permission_arn: Option<Input<Arn>>,
    destination_options: Option<FlowLogFiles>,
    max_aggregation_interval: u32,
    log_format: Option<Input<String>>,
    client_token: Token,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ec2,
    refused = super::unsuccessful(o.unsuccessful()),
    also("logs:DeleteLogDelivery"),
    on = "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}"
)]
struct DeleteFlowLogs {
    flow_log_ids: Vec<Input<FlowLogId>>,
}

#[cfg(feature = "aws")]
mod wire {
    use super::{
        FlowLog, FlowLogDestination, FlowLogDestinationKind, FlowLogFiles, FlowLogFormat, FlowLogOutputs,
        FlowLogSource, TrafficType,
    };
    use crate::{
        aws::{Aws, By, Observe, Seen, ToSdk, items, sdk::ec2::types},
        cloud::{CallError, Status},
        value::{Arn, Input},
    };

    impl ToSdk<types::DestinationOptionsRequest> for FlowLogFiles {
        fn to_sdk(self) -> Option<types::DestinationOptionsRequest> {
            let options = types::DestinationOptionsRequest::builder()
                .set_file_format(self.file_format.to_sdk())
                .hive_compatible_partitions(self.hive_compatible_partitions)
                .per_hour_partition(self.per_hour_partition);
            Some(options.build())
        }
    }

    impl Observe for FlowLog {
        async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
            let mut seen = vec![];
            for filters in by.filters("flow-log-id") {
                // This operation, like DescribeNatGateways, calls its filters `Filter`.
                let pages = items!(aws.ec2.describe_flow_logs().set_filter(Some(filters)));
                for item in aws.all("ec2", "DescribeFlowLogs", pages).await? {
                    seen.extend(see(aws, item));
                }
            }
            Ok(seen)
        }
    }

    fn see(aws: &Aws, item: types::FlowLog) -> Option<Seen<FlowLog>> {
        let (id, on) = (item.flow_log_id?, item.resource_id?);
        let source = match on.split_once('-')?.0 {
            "vpc" => FlowLogSource::Vpc(Input::Known(on.into())),
            "subnet" => FlowLogSource::Subnet(Input::Known(on.into())),
            _ => FlowLogSource::NetworkInterface(Input::Known(on.into())),
        };
        let arn = |arn: String| Input::Known(Arn(arn));
        let destination = if item
            .log_destination_type
            .as_ref()
            .is_some_and(|t| t.as_str() == FlowLogDestinationKind::S3.as_str())
        {
            let options = item.destination_options;
            let files = options.map_or_else(FlowLogFiles::default, |o| FlowLogFiles {
                file_format: o
                    .file_format
                    .and_then(|f| FlowLogFormat::word(f.as_str()))
                    .unwrap_or(FlowLogFormat::PlainText),
                hive_compatible_partitions: o.hive_compatible_partitions.unwrap_or(false),
                per_hour_partition: o.per_hour_partition.unwrap_or(false),
            });
            FlowLogDestination::S3 {
                arn: arn(item.log_destination?),
                files,
            }
        } else {
            // One that was made with the group's name has the name alone.
            let by_name = item
                .log_group_name
                .map(|name| aws.arn("logs", &format!("log-group:{name}")).0);
            let group = item.log_destination.or(by_name)?;
            FlowLogDestination::LogGroup {
                arn: arn(group.trim_end_matches(":*").to_owned()),
                role: arn(item.deliver_logs_permission_arn.unwrap_or_default()),
            }
        };
        Some(Seen {
            status: Status::Ready,
            inputs: FlowLog {
                source,
                destination,
                traffic_type: TrafficType::word(item.traffic_type?.as_str())?,
                max_aggregation_interval: item
                    .max_aggregation_interval
                    .and_then(|s| s.try_into().ok())
                    .unwrap_or(600),
                log_format: item.log_format.map(Input::Known),
                tags: item.tags.into(),
            },
            outputs: FlowLogOutputs {
                arn: aws.arn("ec2", &format!("vpc-flow-log/{id}")),
                id: id.clone().into(),
            },
            id,
        })
    }
}
