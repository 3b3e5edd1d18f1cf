//! The destination of a flow log: a log group, or files in a bucket.

use crate::prelude::*;

/// The destination of a flow log.
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
        /// The bucket's ARN; a folder may follow it: `arn:aws:s3:::logs/vpc/`.
        arn: Input<Arn>,
        /// The options of the files.
        #[serde(default)]
        files: FlowLogFiles,
    },
}

impl FlowLogDestination {
    /// The log group with this ARN, written to with this role.
    pub fn log_group(arn: impl IntoInput<Arn>, role: impl IntoInput<Arn>) -> Self {
        Self::LogGroup {
            arn: arn.into_input(),
            role: role.into_input(),
        }
    }

    /// The bucket with this ARN (a folder may follow it), as plain text.
    pub fn s3(arn: impl IntoInput<Arn>) -> Self {
        Self::s3_as(arn, FlowLogFiles::default())
    }

    /// The bucket with this ARN (a folder may follow it), in files with these options.
    pub fn s3_as(arn: impl IntoInput<Arn>, files: FlowLogFiles) -> Self {
        Self::S3 {
            arn: arn.into_input(),
            files,
        }
    }
}

/// The options of a flow log's files in S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowLogFiles {
    /// The format.
    pub file_format: FlowLogFormat,
    /// Folders named `key=value`, as Hive and Athena read partitions.
    pub hive_compatible_partitions: bool,
    /// A folder each hour instead of each day.
    pub per_hour_partition: bool,
}

/// The defaults of AWS: text, with a folder each day.
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

choice!(
    /// The type of a flow log's destination.
    FlowLogDestinationKind of ec2::LogDestinationType {
        /// A log group.
        CloudWatchLogs = "cloud-watch-logs",
        /// A bucket.
        S3 = "s3",
    }
);

/// The destination as the members of the create call.
impl FlowLogDestination {
    pub(super) fn kind(&self) -> FlowLogDestinationKind {
        match self {
            Self::LogGroup { .. } => FlowLogDestinationKind::CloudWatchLogs,
            Self::S3 { .. } => FlowLogDestinationKind::S3,
        }
    }

    pub(super) fn arn(&self) -> Input<Arn> {
        let (Self::LogGroup { arn, .. } | Self::S3 { arn, .. }) = self;
        arn.clone()
    }

    pub(super) fn role(&self) -> Option<Input<Arn>> {
        match self {
            Self::LogGroup { role, .. } => Some(role.clone()),
            Self::S3 { .. } => None,
        }
    }

    pub(super) fn files(&self) -> Option<FlowLogFiles> {
        match self {
            Self::LogGroup { .. } => None,
            Self::S3 { files, .. } => Some(*files),
        }
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{FlowLogDestination, FlowLogDestinationKind, FlowLogFiles, FlowLogFormat};
    use crate::{
        aws::{FromSdk, Missing, ToSdk, sdk::ec2::types},
        value::Arn,
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

    impl FlowLogFiles {
        fn from_sdk(options: &types::DestinationOptionsResponse) -> Self {
            let format = FlowLogFormat::from_sdk(options.file_format.clone());
            Self {
                file_format: format.unwrap_or(FlowLogFormat::PlainText),
                hive_compatible_partitions: options.hive_compatible_partitions.unwrap_or(false),
                per_hour_partition: options.per_hour_partition.unwrap_or(false),
            }
        }
    }

    impl FlowLogDestination {
        /// The destination of an item; a log group that was given by its name has an empty ARN here.
        pub(in crate::ec2) fn from_sdk(item: &types::FlowLog) -> Result<Self, Missing> {
            let destination = item.log_destination.clone();
            let kind = item.log_destination_type.clone();
            if FlowLogDestinationKind::from_sdk(kind) == Some(FlowLogDestinationKind::S3) {
                let arn = destination.ok_or(Missing("log_destination"))?;
                let files = item.destination_options();
                return Ok(Self::s3_as(
                    Arn(arn),
                    files.map_or_else(FlowLogFiles::default, FlowLogFiles::from_sdk),
                ));
            }
            let role = item.deliver_logs_permission_arn.clone().unwrap_or_default();
            let arn = destination.unwrap_or_default();
            Ok(Self::log_group(
                Arn(arn.trim_end_matches(":*").to_owned()),
                Arn(role),
            ))
        }
    }
}
