//! `AWS::EC2::LaunchTemplate`, from CloudFormation's schema. Written by `tenon add AWS::EC2::LaunchTemplate`; `tenon add AWS::EC2::LaunchTemplate --update` writes it anew.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "written by a tool; a stack uses its own part"
)]

use tenon::resources::{
    cfn, ec2,
    value::{self, IntoInput},
};

/// Specifies the properties for creating a launch template. The minimum required properties
/// for specifying a launch template are as follows: You must specify at least one property for
/// the launch template data.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchTemplate(cfn::Properties);

impl LaunchTemplate {
    /// With what AWS requires.
    pub fn new(launch_template_data: LaunchTemplateData) -> Self {
        Self(cfn::Properties::new().set("LaunchTemplateData", launch_template_data.0))
    }

    /// A name for the launch template.
    #[must_use]
    pub fn launch_template_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("LaunchTemplateName", value.into_input()))
    }

    /// The tags to apply to the launch template on creation. To tag the launch template, the
    /// resource type must be `launch-template`.
    #[must_use]
    pub fn tag_specifications(
        self,
        values: impl IntoIterator<Item = LaunchTemplateTagSpecification>,
    ) -> Self {
        Self(self.0.list("TagSpecifications", values.into_iter().map(|v| v.0)))
    }

    /// A description for the first version of the launch template.
    #[must_use]
    pub fn version_description(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("VersionDescription", value.into_input()))
    }
}

/// Outputs of `AWS::EC2::LaunchTemplate`.
#[derive(Clone, Debug)]
pub struct LaunchTemplateOutputs {
    /// The primary identifier: LaunchTemplateId.
    pub id: value::Output<String>,
    /// `DefaultVersionNumber`, which the schema does not describe.
    pub default_version_number: value::Output<String>,
    /// `LatestVersionNumber`, which the schema does not describe.
    pub latest_version_number: value::Output<String>,
    /// `LaunchTemplateId`, which the schema does not describe.
    pub launch_template_id: value::Output<String>,
}

impl cfn::Declare for LaunchTemplate {
    type Refs = LaunchTemplateOutputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {
        cfn::Resource::new("AWS::EC2::LaunchTemplate", self.0.into()).declare()
    }

    fn refs(address: &str) -> Self::Refs {
        let handle = cfn::Handle::at(address);
        LaunchTemplateOutputs {
            default_version_number: handle.get_as("DefaultVersionNumber"),
            latest_version_number: handle.get_as("LatestVersionNumber"),
            launch_template_id: handle.get_as("LaunchTemplateId"),
            id: handle.id,
        }
    }
}

/// Parameters for a block device for an EBS volume in an Amazon EC2 launch template. `Ebs` is
/// a property of AWS::EC2::LaunchTemplate BlockDeviceMapping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ebs(cfn::Properties);

impl Ebs {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates whether the EBS volume is deleted on instance termination.
    #[must_use]
    pub fn delete_on_termination(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("DeleteOnTermination", value.into_input()))
    }

    /// `EbsCardIndex`, which the schema does not describe.
    #[must_use]
    pub fn ebs_card_index(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("EbsCardIndex", value.into_input()))
    }

    /// Indicates whether the EBS volume is encrypted. Encrypted volumes can only be attached to
    /// instances that support Amazon EBS encryption.
    #[must_use]
    pub fn encrypted(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Encrypted", value.into_input()))
    }

    /// The number of I/O operations per second (IOPS). For `gp3`, `io1`, and `io2` volumes, this
    /// represents the number of IOPS that are provisioned for the volume.
    #[must_use]
    pub fn iops(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Iops", value.into_input()))
    }

    /// Identifier (key ID, key alias, key ARN, or alias ARN) of the customer managed KMS key to
    /// use for EBS encryption.
    #[must_use]
    pub fn kms_key_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("KmsKeyId", value.into_input()))
    }

    /// The ID of the snapshot.
    #[must_use]
    pub fn snapshot_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("SnapshotId", value.into_input()))
    }

    /// The throughput to provision for a `gp3` volume, with a maximum of 2,000 MiB/s. Valid Range:
    /// Minimum value of 125.
    #[must_use]
    pub fn throughput(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Throughput", value.into_input()))
    }

    /// Specifies the Amazon EBS Provisioned Rate for Volume Initialization (volume initialization
    /// rate), in MiB/s, at which to download the snapshot blocks from Amazon S3 to the volume.
    /// This is also known as *volume initialization*.
    #[must_use]
    pub fn volume_initialization_rate(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("VolumeInitializationRate", value.into_input()))
    }

    /// The size of the volume, in GiBs. You must specify either a snapshot ID or a volume size.
    #[must_use]
    pub fn volume_size(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("VolumeSize", value.into_input()))
    }

    /// The volume type. For more information, see Amazon EBS volume types in the *Amazon EBS User
    /// Guide*.
    #[must_use]
    pub fn volume_type(self, value: impl Into<VolumeType>) -> Self {
        Self(self.0.set("VolumeType", value.into().word()))
    }
}

impl From<Ebs> for cfn::Value {
    fn from(it: Ebs) -> Self {
        it.0.into()
    }
}

/// Specifies a block device mapping for a launch template. You must specify `DeviceName` plus
/// exactly one of the following properties: `Ebs`, `NoDevice`, or `VirtualName`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockDeviceMapping(cfn::Properties);

impl BlockDeviceMapping {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The device name (for example, /dev/sdh or xvdh).
    #[must_use]
    pub fn device_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("DeviceName", value.into_input()))
    }

    /// Parameters used to automatically set up EBS volumes when the instance is launched.
    #[must_use]
    pub fn ebs(self, value: Ebs) -> Self {
        Self(self.0.set("Ebs", value.0))
    }

    /// To omit the device from the block device mapping, specify an empty string.
    #[must_use]
    pub fn no_device(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("NoDevice", value.into_input()))
    }

    /// The virtual device name (ephemeralN). Instance store volumes are numbered starting from 0.
    #[must_use]
    pub fn virtual_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("VirtualName", value.into_input()))
    }
}

impl From<BlockDeviceMapping> for cfn::Value {
    fn from(it: BlockDeviceMapping) -> Self {
        it.0.into()
    }
}

/// Specifies a target Capacity Reservation. `CapacityReservationTarget` is a property of the
/// Amazon EC2 LaunchTemplate LaunchTemplateData property type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacityReservationTarget(cfn::Properties);

impl CapacityReservationTarget {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The ID of the Capacity Reservation in which to run the instance.
    #[must_use]
    pub fn capacity_reservation_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("CapacityReservationId", value.into_input()))
    }

    /// The ARN of the Capacity Reservation resource group in which to run the instance.
    #[must_use]
    pub fn capacity_reservation_resource_group_arn(self, value: impl IntoInput<String>) -> Self {
        Self(
            self.0
                .set("CapacityReservationResourceGroupArn", value.into_input()),
        )
    }
}

impl From<CapacityReservationTarget> for cfn::Value {
    fn from(it: CapacityReservationTarget) -> Self {
        it.0.into()
    }
}

/// Specifies an instance's Capacity Reservation targeting option. You can specify only one
/// option at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacityReservationSpecification(cfn::Properties);

impl CapacityReservationSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates the instance's Capacity Reservation preferences. Possible preferences include: +
    /// `capacity-reservations-only` - The instance will only run in a Capacity Reservation or
    /// Capacity Reservation group.
    #[must_use]
    pub fn capacity_reservation_preference(self, value: impl Into<CapacityReservationPreference>) -> Self {
        Self(self.0.set("CapacityReservationPreference", value.into().word()))
    }

    /// Information about the target Capacity Reservation or Capacity Reservation group.
    #[must_use]
    pub fn capacity_reservation_target(self, value: CapacityReservationTarget) -> Self {
        Self(self.0.set("CapacityReservationTarget", value.0))
    }
}

impl From<CapacityReservationSpecification> for cfn::Value {
    fn from(it: CapacityReservationSpecification) -> Self {
        it.0.into()
    }
}

/// Specifies the CPU options for an instance. For more information, see Optimize CPU options
/// in the *User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CpuOptions(cfn::Properties);

impl CpuOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates whether to enable the instance for AMD SEV-SNP. AMD SEV-SNP is supported with
    /// M6a, R6a, and C6a instance types only.
    #[must_use]
    pub fn amd_sev_snp(self, value: impl Into<AmdSevSnp>) -> Self {
        Self(self.0.set("AmdSevSnp", value.into().word()))
    }

    /// The number of CPU cores for the instance.
    #[must_use]
    pub fn core_count(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("CoreCount", value.into_input()))
    }

    /// Indicates whether the instance is enabled for nested virtualization.
    #[must_use]
    pub fn nested_virtualization(self, value: impl Into<AmdSevSnp>) -> Self {
        Self(self.0.set("NestedVirtualization", value.into().word()))
    }

    /// The number of threads per CPU core. To disable multithreading for the instance, specify a
    /// value of `1`.
    #[must_use]
    pub fn threads_per_core(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("ThreadsPerCore", value.into_input()))
    }
}

impl From<CpuOptions> for cfn::Value {
    fn from(it: CpuOptions) -> Self {
        it.0.into()
    }
}

/// Specifies the credit option for CPU usage of a T2, T3, or T3a instance.
/// `CreditSpecification` is a property of AWS::EC2::LaunchTemplate LaunchTemplateData.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreditSpecification(cfn::Properties);

impl CreditSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The credit option for CPU usage of a T instance. Valid values: `standard` | `unlimited`
    #[must_use]
    pub fn cpu_credits(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("CpuCredits", value.into_input()))
    }
}

impl From<CreditSpecification> for cfn::Value {
    fn from(it: CreditSpecification) -> Self {
        it.0.into()
    }
}

/// Indicates whether the instance is enabled for AWS Nitro Enclaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnclaveOptions(cfn::Properties);

impl EnclaveOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// If this parameter is set to `true`, the instance is enabled for AWS Nitro Enclaves;
    /// otherwise, it is not enabled for AWS Nitro Enclaves.
    #[must_use]
    pub fn enabled(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Enabled", value.into_input()))
    }
}

impl From<EnclaveOptions> for cfn::Value {
    fn from(it: EnclaveOptions) -> Self {
        it.0.into()
    }
}

/// Specifies whether your instance is configured for hibernation. This parameter is valid only
/// if the instance meets the hibernation prerequisites.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HibernationOptions(cfn::Properties);

impl HibernationOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// If you set this parameter to `true`, the instance is enabled for hibernation. Default:
    /// `false`
    #[must_use]
    pub fn configured(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Configured", value.into_input()))
    }
}

impl From<HibernationOptions> for cfn::Value {
    fn from(it: HibernationOptions) -> Self {
        it.0.into()
    }
}

/// Specifies an IAM instance profile, which is a container for an IAM role for your instance.
/// You can use an IAM role to distribute your AWS credentials to your instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IamInstanceProfile(cfn::Properties);

impl IamInstanceProfile {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The Amazon Resource Name (ARN) of the instance profile.
    #[must_use]
    pub fn arn(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Arn", value.into_input()))
    }

    /// The name of the instance profile.
    #[must_use]
    pub fn name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Name", value.into_input()))
    }
}

impl From<IamInstanceProfile> for cfn::Value {
    fn from(it: IamInstanceProfile) -> Self {
        it.0.into()
    }
}

/// Specifies options for Spot Instances. `SpotOptions` is a property of
/// AWS::EC2::LaunchTemplate InstanceMarketOptions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpotOptions(cfn::Properties);

impl SpotOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Deprecated.
    #[must_use]
    pub fn block_duration_minutes(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("BlockDurationMinutes", value.into_input()))
    }

    /// The behavior when a Spot Instance is interrupted. The default is `terminate`.
    #[must_use]
    pub fn instance_interruption_behavior(self, value: impl Into<InstanceInterruptionBehavior>) -> Self {
        Self(self.0.set("InstanceInterruptionBehavior", value.into().word()))
    }

    /// The maximum hourly price you're willing to pay for a Spot Instance. We do not recommend
    /// using this parameter because it can lead to increased interruptions.
    #[must_use]
    pub fn max_price(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("MaxPrice", value.into_input()))
    }

    /// The Spot Instance request type. If you are using Spot Instances with an Auto Scaling group,
    /// use `one-time` requests, as the ASlong service handles requesting new Spot Instances
    /// whenever the group is below its desired capacity.
    #[must_use]
    pub fn spot_instance_type(self, value: impl Into<SpotInstanceType>) -> Self {
        Self(self.0.set("SpotInstanceType", value.into().word()))
    }

    /// The end date of the request, in UTC format (*YYYY-MM-DD*T*HH:MM:SS*Z). Supported only for
    /// persistent requests.
    #[must_use]
    pub fn valid_until(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ValidUntil", value.into_input()))
    }
}

impl From<SpotOptions> for cfn::Value {
    fn from(it: SpotOptions) -> Self {
        it.0.into()
    }
}

/// Specifies the market (purchasing) option for an instance. `InstanceMarketOptions` is a
/// property of the AWS::EC2::LaunchTemplate LaunchTemplateData.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceMarketOptions(cfn::Properties);

impl InstanceMarketOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The market type.
    #[must_use]
    pub fn market_type(self, value: impl Into<MarketType>) -> Self {
        Self(self.0.set("MarketType", value.into().word()))
    }

    /// The options for Spot Instances.
    #[must_use]
    pub fn spot_options(self, value: SpotOptions) -> Self {
        Self(self.0.set("SpotOptions", value.0))
    }
}

impl From<InstanceMarketOptions> for cfn::Value {
    fn from(it: InstanceMarketOptions) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum number of accelerators (GPUs, FPGAs, or AWS Inferentia chips) on an
/// instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcceleratorCount(cfn::Properties);

impl AcceleratorCount {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum number of accelerators. To specify no maximum limit, omit this parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum number of accelerators. To specify no minimum limit, omit this parameter.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<AcceleratorCount> for cfn::Value {
    fn from(it: AcceleratorCount) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum amount of total accelerator memory, in MiB.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcceleratorTotalMemoryMiB(cfn::Properties);

impl AcceleratorTotalMemoryMiB {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum amount of accelerator memory, in MiB. To specify no maximum limit, omit this
    /// parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum amount of accelerator memory, in MiB. To specify no minimum limit, omit this
    /// parameter.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<AcceleratorTotalMemoryMiB> for cfn::Value {
    fn from(it: AcceleratorTotalMemoryMiB) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum baseline bandwidth to Amazon EBS, in Mbps. For more information,
/// see Amazon EBS–optimized instances in the *Amazon EC2 User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaselineEbsBandwidthMbps(cfn::Properties);

impl BaselineEbsBandwidthMbps {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum baseline bandwidth, in Mbps. To specify no maximum limit, omit this parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum baseline bandwidth, in Mbps. To specify no minimum limit, omit this parameter.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<BaselineEbsBandwidthMbps> for cfn::Value {
    fn from(it: BaselineEbsBandwidthMbps) -> Self {
        it.0.into()
    }
}

/// Specifies an instance family to use as the baseline reference for CPU performance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference(cfn::Properties);

impl Reference {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The instance family to use as a baseline reference. Ensure that you specify the correct
    /// value for the instance family.
    #[must_use]
    pub fn instance_family(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InstanceFamily", value.into_input()))
    }
}

impl From<Reference> for cfn::Value {
    fn from(it: Reference) -> Self {
        it.0.into()
    }
}

/// Specifies the CPU performance to consider when using an instance family as the baseline
/// reference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cpu(cfn::Properties);

impl Cpu {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The instance family to use as the baseline reference for CPU performance.
    #[must_use]
    pub fn references(self, values: impl IntoIterator<Item = Reference>) -> Self {
        Self(self.0.list("References", values.into_iter().map(|v| v.0)))
    }
}

impl From<Cpu> for cfn::Value {
    fn from(it: Cpu) -> Self {
        it.0.into()
    }
}

/// The baseline performance to consider, using an instance family as a baseline reference. The
/// instance family establishes the lowest acceptable level of performance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaselinePerformanceFactors(cfn::Properties);

impl BaselinePerformanceFactors {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The CPU performance to consider, using an instance family as the baseline reference.
    #[must_use]
    pub fn cpu(self, value: Cpu) -> Self {
        Self(self.0.set("Cpu", value.0))
    }
}

impl From<BaselinePerformanceFactors> for cfn::Value {
    fn from(it: BaselinePerformanceFactors) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum amount of memory per vCPU, in GiB.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryGiBPerVCpu(cfn::Properties);

impl MemoryGiBPerVCpu {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum amount of memory per vCPU, in GiB. To specify no maximum limit, omit this
    /// parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum amount of memory per vCPU, in GiB. To specify no minimum limit, omit this
    /// parameter.
    #[must_use]
    pub fn min(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<MemoryGiBPerVCpu> for cfn::Value {
    fn from(it: MemoryGiBPerVCpu) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum amount of memory, in MiB.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryMiB(cfn::Properties);

impl MemoryMiB {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum amount of memory, in MiB. To specify no maximum limit, omit this parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum amount of memory, in MiB. To specify no minimum limit, specify `0`.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<MemoryMiB> for cfn::Value {
    fn from(it: MemoryMiB) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum amount of network bandwidth, in gigabits per second (Gbps). Setting
/// the minimum bandwidth does not guarantee that your instance will achieve the minimum
/// bandwidth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkBandwidthGbps(cfn::Properties);

impl NetworkBandwidthGbps {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum amount of network bandwidth, in Gbps. To specify no maximum limit, omit this
    /// parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum amount of network bandwidth, in Gbps. If this parameter is not specified, there
    /// is no minimum limit.
    #[must_use]
    pub fn min(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<NetworkBandwidthGbps> for cfn::Value {
    fn from(it: NetworkBandwidthGbps) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum number of network interfaces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkInterfaceCount(cfn::Properties);

impl NetworkInterfaceCount {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum number of network interfaces. To specify no maximum limit, omit this parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum number of network interfaces. To specify no minimum limit, omit this parameter.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<NetworkInterfaceCount> for cfn::Value {
    fn from(it: NetworkInterfaceCount) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum amount of total local storage, in GB.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TotalLocalStorageGB(cfn::Properties);

impl TotalLocalStorageGB {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum amount of total local storage, in GB. To specify no maximum limit, omit this
    /// parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum amount of total local storage, in GB. To specify no minimum limit, omit this
    /// parameter.
    #[must_use]
    pub fn min(self, value: impl IntoInput<f64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<TotalLocalStorageGB> for cfn::Value {
    fn from(it: TotalLocalStorageGB) -> Self {
        it.0.into()
    }
}

/// The minimum and maximum number of vCPUs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VCpuCount(cfn::Properties);

impl VCpuCount {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The maximum number of vCPUs. To specify no maximum limit, omit this parameter.
    #[must_use]
    pub fn max(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Max", value.into_input()))
    }

    /// The minimum number of vCPUs. To specify no minimum limit, specify `0`.
    #[must_use]
    pub fn min(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Min", value.into_input()))
    }
}

impl From<VCpuCount> for cfn::Value {
    fn from(it: VCpuCount) -> Self {
        it.0.into()
    }
}

/// The attributes for the instance types. When you specify instance attributes, Amazon EC2
/// will identify instance types with these attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceRequirements(cfn::Properties);

impl InstanceRequirements {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The minimum and maximum number of accelerators (GPUs, FPGAs, or AWS Inferentia chips) on an
    /// instance. To exclude accelerator-enabled instance types, set `Max` to `0`.
    #[must_use]
    pub fn accelerator_count(self, value: AcceleratorCount) -> Self {
        Self(self.0.set("AcceleratorCount", value.0))
    }

    /// Indicates whether instance types must have accelerators by specific manufacturers. For
    /// instance types with AWS devices, specify `amazon-web-services`.
    #[must_use]
    pub fn accelerator_manufacturers(
        self,
        values: impl IntoIterator<Item = impl Into<AcceleratorManufacturers>>,
    ) -> Self {
        Self(self.0.list(
            "AcceleratorManufacturers",
            values.into_iter().map(|v| v.into().word()),
        ))
    }

    /// The accelerators that must be on the instance type. For instance types with NVIDIA A10G
    /// GPUs, specify `a10g`.
    #[must_use]
    pub fn accelerator_names(self, values: impl IntoIterator<Item = impl Into<AcceleratorNames>>) -> Self {
        Self(
            self.0
                .list("AcceleratorNames", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// The minimum and maximum amount of total accelerator memory, in MiB. Default: No minimum or
    /// maximum limits
    #[must_use]
    pub fn accelerator_total_memory_mib(self, value: AcceleratorTotalMemoryMiB) -> Self {
        Self(self.0.set("AcceleratorTotalMemoryMiB", value.0))
    }

    /// The accelerator types that must be on the instance type. For instance types with FPGA
    /// accelerators, specify `fpga`.
    #[must_use]
    pub fn accelerator_types(self, values: impl IntoIterator<Item = impl Into<AcceleratorTypes>>) -> Self {
        Self(
            self.0
                .list("AcceleratorTypes", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// The instance types to apply your specified attributes against. All other instance types are
    /// ignored, even if they match your specified attributes.
    #[must_use]
    pub fn allowed_instance_types(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "AllowedInstanceTypes",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// Indicates whether bare metal instance types must be included, excluded, or required. To
    /// include bare metal instance types, specify `included`.
    #[must_use]
    pub fn bare_metal(self, value: impl Into<BareMetal>) -> Self {
        Self(self.0.set("BareMetal", value.into().word()))
    }

    /// The minimum and maximum baseline bandwidth to Amazon EBS, in Mbps. For more information,
    /// see Amazon EBS–optimized instances in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn baseline_ebs_bandwidth_mbps(self, value: BaselineEbsBandwidthMbps) -> Self {
        Self(self.0.set("BaselineEbsBandwidthMbps", value.0))
    }

    /// The baseline performance to consider, using an instance family as a baseline reference. The
    /// instance family establishes the lowest acceptable level of performance.
    #[must_use]
    pub fn baseline_performance_factors(self, value: BaselinePerformanceFactors) -> Self {
        Self(self.0.set("BaselinePerformanceFactors", value.0))
    }

    /// Indicates whether burstable performance T instance types are included, excluded, or
    /// required. For more information, see Burstable performance instances.
    #[must_use]
    pub fn burstable_performance(self, value: impl Into<BareMetal>) -> Self {
        Self(self.0.set("BurstablePerformance", value.into().word()))
    }

    /// The CPU manufacturers to include. For instance types with Intel CPUs, specify `intel`.
    #[must_use]
    pub fn cpu_manufacturers(self, values: impl IntoIterator<Item = impl Into<CpuManufacturers>>) -> Self {
        Self(
            self.0
                .list("CpuManufacturers", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// The instance types to exclude. You can use strings with one or more wild cards, represented
    /// by an asterisk (`*`), to exclude an instance type, size, or generation.
    #[must_use]
    pub fn excluded_instance_types(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(self.0.list(
            "ExcludedInstanceTypes",
            values.into_iter().map(IntoInput::into_input),
        ))
    }

    /// Indicates whether current or previous generation instance types are included. The current
    /// generation instance types are recommended for use.
    #[must_use]
    pub fn instance_generations(
        self,
        values: impl IntoIterator<Item = impl Into<InstanceGenerations>>,
    ) -> Self {
        Self(
            self.0
                .list("InstanceGenerations", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// Indicates whether instance types with instance store volumes are included, excluded, or
    /// required. For more information, Amazon EC2 instance store in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn local_storage(self, value: impl Into<BareMetal>) -> Self {
        Self(self.0.set("LocalStorage", value.into().word()))
    }

    /// The type of local storage that is required. For instance types with hard disk drive (HDD)
    /// storage, specify `hdd`.
    #[must_use]
    pub fn local_storage_types(self, values: impl IntoIterator<Item = impl Into<LocalStorageTypes>>) -> Self {
        Self(
            self.0
                .list("LocalStorageTypes", values.into_iter().map(|v| v.into().word())),
        )
    }

    /// \[Price protection\] The price protection threshold for Spot Instances, as a percentage of
    /// an identified On-Demand price.
    #[must_use]
    pub fn max_spot_price_as_percentage_of_optimal_on_demand_price(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set(
            "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice",
            value.into_input(),
        ))
    }

    /// The minimum and maximum amount of memory per vCPU, in GiB. Default: No minimum or maximum
    /// limits
    #[must_use]
    pub fn memory_gib_per_vcpu(self, value: MemoryGiBPerVCpu) -> Self {
        Self(self.0.set("MemoryGiBPerVCpu", value.0))
    }

    /// The minimum and maximum amount of memory, in MiB.
    #[must_use]
    pub fn memory_mib(self, value: MemoryMiB) -> Self {
        Self(self.0.set("MemoryMiB", value.0))
    }

    /// The minimum and maximum amount of network bandwidth, in gigabits per second (Gbps).
    /// Default: No minimum or maximum limits
    #[must_use]
    pub fn network_bandwidth_gbps(self, value: NetworkBandwidthGbps) -> Self {
        Self(self.0.set("NetworkBandwidthGbps", value.0))
    }

    /// The minimum and maximum number of network interfaces. Default: No minimum or maximum limits
    #[must_use]
    pub fn network_interface_count(self, value: NetworkInterfaceCount) -> Self {
        Self(self.0.set("NetworkInterfaceCount", value.0))
    }

    /// \[Price protection\] The price protection threshold for On-Demand Instances, as a
    /// percentage higher than an identified On-Demand price.
    #[must_use]
    pub fn on_demand_max_price_percentage_over_lowest_price(self, value: impl IntoInput<i64>) -> Self {
        Self(
            self.0
                .set("OnDemandMaxPricePercentageOverLowestPrice", value.into_input()),
        )
    }

    /// Indicates whether instance types must support hibernation for On-Demand Instances. This
    /// parameter is not supported for GetSpotPlacementScores.
    #[must_use]
    pub fn require_hibernate_support(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("RequireHibernateSupport", value.into_input()))
    }

    /// \[Price protection\] The price protection threshold for Spot Instances, as a percentage
    /// higher than an identified Spot price.
    #[must_use]
    pub fn spot_max_price_percentage_over_lowest_price(self, value: impl IntoInput<i64>) -> Self {
        Self(
            self.0
                .set("SpotMaxPricePercentageOverLowestPrice", value.into_input()),
        )
    }

    /// The minimum and maximum amount of total local storage, in GB. Default: No minimum or
    /// maximum limits
    #[must_use]
    pub fn total_local_storage_gb(self, value: TotalLocalStorageGB) -> Self {
        Self(self.0.set("TotalLocalStorageGB", value.0))
    }

    /// The minimum and maximum number of vCPUs.
    #[must_use]
    pub fn vcpu_count(self, value: VCpuCount) -> Self {
        Self(self.0.set("VCpuCount", value.0))
    }
}

impl From<InstanceRequirements> for cfn::Value {
    fn from(it: InstanceRequirements) -> Self {
        it.0.into()
    }
}

/// Specifies a license configuration for an instance. `LicenseSpecification` is a property of
/// AWS::EC2::LaunchTemplate LaunchTemplateData.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LicenseSpecification(cfn::Properties);

impl LicenseSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The Amazon Resource Name (ARN) of the license configuration.
    #[must_use]
    pub fn license_configuration_arn(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("LicenseConfigurationArn", value.into_input()))
    }
}

impl From<LicenseSpecification> for cfn::Value {
    fn from(it: LicenseSpecification) -> Self {
        it.0.into()
    }
}

/// The maintenance options of your instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MaintenanceOptions(cfn::Properties);

impl MaintenanceOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Disables the automatic recovery behavior of your instance or sets it to default.
    #[must_use]
    pub fn auto_recovery(self, value: impl Into<AutoRecovery>) -> Self {
        Self(self.0.set("AutoRecovery", value.into().word()))
    }
}

impl From<MaintenanceOptions> for cfn::Value {
    fn from(it: MaintenanceOptions) -> Self {
        it.0.into()
    }
}

/// The metadata options for the instance. For more information, see Instance metadata and user
/// data in the *Amazon EC2 User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataOptions(cfn::Properties);

impl MetadataOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Enables or disables the HTTP metadata endpoint on your instances. If the parameter is not
    /// specified, the default state is `enabled`.
    #[must_use]
    pub fn http_endpoint(self, value: impl Into<HttpEndpoint>) -> Self {
        Self(self.0.set("HttpEndpoint", value.into().word()))
    }

    /// Enables or disables the IPv6 endpoint for the instance metadata service. Default:
    /// `disabled`
    #[must_use]
    pub fn http_protocol_ipv6(self, value: impl Into<HttpEndpoint>) -> Self {
        Self(self.0.set("HttpProtocolIpv6", value.into().word()))
    }

    /// The desired HTTP PUT response hop limit for instance metadata requests. The larger the
    /// number, the further instance metadata requests can travel.
    #[must_use]
    pub fn http_put_response_hop_limit(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("HttpPutResponseHopLimit", value.into_input()))
    }

    /// Indicates whether IMDSv2 is required. + `optional` - IMDSv2 is optional.
    #[must_use]
    pub fn http_tokens(self, value: impl Into<HttpTokens>) -> Self {
        Self(self.0.set("HttpTokens", value.into().word()))
    }

    /// Set to `enabled` to allow access to instance tags from the instance metadata. Set to
    /// `disabled` to turn off access to instance tags from the instance metadata.
    #[must_use]
    pub fn instance_metadata_tags(self, value: impl Into<HttpEndpoint>) -> Self {
        Self(self.0.set("InstanceMetadataTags", value.into().word()))
    }
}

impl From<MetadataOptions> for cfn::Value {
    fn from(it: MetadataOptions) -> Self {
        it.0.into()
    }
}

/// Specifies whether detailed monitoring is enabled for an instance. For more information
/// about detailed monitoring, see Enable or turn off detailed monitoring for your instances in
/// the *User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Monitoring(cfn::Properties);

impl Monitoring {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specify `true` to enable detailed monitoring. Otherwise, basic monitoring is enabled.
    #[must_use]
    pub fn enabled(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Enabled", value.into_input()))
    }
}

impl From<Monitoring> for cfn::Value {
    fn from(it: Monitoring) -> Self {
        it.0.into()
    }
}

/// A security group connection tracking specification that enables you to set the idle timeout
/// for connection tracking on an Elastic network interface. For more information, see
/// Connection tracking timeouts in the *Amazon EC2 User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionTrackingSpecification(cfn::Properties);

impl ConnectionTrackingSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Timeout (in seconds) for idle TCP connections in an established state. Min: 60 seconds.
    #[must_use]
    pub fn tcp_established_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("TcpEstablishedTimeout", value.into_input()))
    }

    /// Timeout (in seconds) for idle UDP flows classified as streams which have seen more than one
    /// request-response transaction. Min: 60 seconds.
    #[must_use]
    pub fn udp_stream_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("UdpStreamTimeout", value.into_input()))
    }

    /// Timeout (in seconds) for idle UDP flows that have seen traffic only in a single direction
    /// or a single request-response transaction. Min: 30 seconds.
    #[must_use]
    pub fn udp_timeout(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("UdpTimeout", value.into_input()))
    }
}

impl From<ConnectionTrackingSpecification> for cfn::Value {
    fn from(it: ConnectionTrackingSpecification) -> Self {
        it.0.into()
    }
}

/// ENA Express is compatible with both TCP and UDP transport protocols. When it's enabled, TCP
/// traffic automatically uses it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnaSrdUdpSpecification(cfn::Properties);

impl EnaSrdUdpSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates whether UDP traffic to and from the instance uses ENA Express. To specify this
    /// setting, you must first enable ENA Express.
    #[must_use]
    pub fn ena_srd_udp_enabled(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("EnaSrdUdpEnabled", value.into_input()))
    }
}

impl From<EnaSrdUdpSpecification> for cfn::Value {
    fn from(it: EnaSrdUdpSpecification) -> Self {
        it.0.into()
    }
}

/// ENA Express uses AWS Scalable Reliable Datagram (SRD) technology to increase the maximum
/// bandwidth used per stream and minimize tail latency of network traffic between EC2
/// instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnaSrdSpecification(cfn::Properties);

impl EnaSrdSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates whether ENA Express is enabled for the network interface.
    #[must_use]
    pub fn ena_srd_enabled(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("EnaSrdEnabled", value.into_input()))
    }

    /// Configures ENA Express for UDP network traffic.
    #[must_use]
    pub fn ena_srd_udp_specification(self, value: EnaSrdUdpSpecification) -> Self {
        Self(self.0.set("EnaSrdUdpSpecification", value.0))
    }
}

impl From<EnaSrdSpecification> for cfn::Value {
    fn from(it: EnaSrdSpecification) -> Self {
        it.0.into()
    }
}

/// Specifies an IPv4 prefix for a network interface. `Ipv4PrefixSpecification` is a property
/// of AWS::EC2::LaunchTemplate NetworkInterface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ipv4PrefixSpecification(cfn::Properties);

impl Ipv4PrefixSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The IPv4 prefix. For information, see Assigning prefixes to network interfaces in the
    /// *Amazon EC2 User Guide*.
    #[must_use]
    pub fn ipv4_prefix(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Ipv4Prefix", value.into_input()))
    }
}

impl From<Ipv4PrefixSpecification> for cfn::Value {
    fn from(it: Ipv4PrefixSpecification) -> Self {
        it.0.into()
    }
}

/// Specifies an IPv6 address in an Amazon EC2 launch template. `Ipv6Add` is a property of
/// AWS::EC2::LaunchTemplate NetworkInterface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ipv6Add(cfn::Properties);

impl Ipv6Add {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// One or more specific IPv6 addresses from the IPv6 CIDR block range of your subnet. You
    /// can't use this option if you're specifying a number of IPv6 addresses.
    #[must_use]
    pub fn ipv6_address(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Ipv6Address", value.into_input()))
    }
}

impl From<Ipv6Add> for cfn::Value {
    fn from(it: Ipv6Add) -> Self {
        it.0.into()
    }
}

/// Specifies an IPv6 prefix for a network interface. `Ipv6PrefixSpecification` is a property
/// of AWS::EC2::LaunchTemplate NetworkInterface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ipv6PrefixSpecification(cfn::Properties);

impl Ipv6PrefixSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The IPv6 prefix.
    #[must_use]
    pub fn ipv6_prefix(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Ipv6Prefix", value.into_input()))
    }
}

impl From<Ipv6PrefixSpecification> for cfn::Value {
    fn from(it: Ipv6PrefixSpecification) -> Self {
        it.0.into()
    }
}

/// Specifies a secondary private IPv4 address for a network interface. `PrivateIpAdd` is a
/// property of AWS::EC2::LaunchTemplate NetworkInterface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrivateIpAdd(cfn::Properties);

impl PrivateIpAdd {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates whether the private IPv4 address is the primary private IPv4 address. Only one
    /// IPv4 address can be designated as primary.
    #[must_use]
    pub fn primary(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("Primary", value.into_input()))
    }

    /// The private IPv4 address.
    #[must_use]
    pub fn private_ip_address(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("PrivateIpAddress", value.into_input()))
    }
}

impl From<PrivateIpAdd> for cfn::Value {
    fn from(it: PrivateIpAdd) -> Self {
        it.0.into()
    }
}

/// Specifies the parameters for a network interface. `NetworkInterface` is a property of
/// AWS::EC2::LaunchTemplate LaunchTemplateData.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkInterface(cfn::Properties);

impl NetworkInterface {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Associates a Carrier IP address with eth0 for a new network interface. Use this option when
    /// you launch an instance in a Wavelength Zone and want to associate a Carrier IP address with
    /// the network interface.
    #[must_use]
    pub fn associate_carrier_ip_address(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("AssociateCarrierIpAddress", value.into_input()))
    }

    /// Associates a public IPv4 address with eth0 for a new network interface. AWS charges for all
    /// public IPv4 addresses, including public IPv4 addresses associated with running instances
    /// and Elastic IP addresses.
    #[must_use]
    pub fn associate_public_ip_address(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("AssociatePublicIpAddress", value.into_input()))
    }

    /// A connection tracking specification for the network interface.
    #[must_use]
    pub fn connection_tracking_specification(self, value: ConnectionTrackingSpecification) -> Self {
        Self(self.0.set("ConnectionTrackingSpecification", value.0))
    }

    /// Indicates whether the network interface is deleted when the instance is terminated.
    #[must_use]
    pub fn delete_on_termination(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("DeleteOnTermination", value.into_input()))
    }

    /// A description for the network interface.
    #[must_use]
    pub fn description(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Description", value.into_input()))
    }

    /// The device index for the network interface attachment. The primary network interface has a
    /// device index of 0.
    #[must_use]
    pub fn device_index(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("DeviceIndex", value.into_input()))
    }

    /// The number of ENA queues to be created with the instance.
    #[must_use]
    pub fn ena_queue_count(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("EnaQueueCount", value.into_input()))
    }

    /// The ENA Express configuration for the network interface.
    #[must_use]
    pub fn ena_srd_specification(self, value: EnaSrdSpecification) -> Self {
        Self(self.0.set("EnaSrdSpecification", value.0))
    }

    /// The IDs of one or more security groups.
    #[must_use]
    pub fn groups(self, values: impl IntoIterator<Item = impl IntoInput<ec2::SecurityGroupId>>) -> Self {
        Self(
            self.0
                .list("Groups", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// The type of network interface. To create an Elastic Fabric Adapter (EFA), specify `efa` or
    /// `efa`.
    #[must_use]
    pub fn interface_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InterfaceType", value.into_input()))
    }

    /// The number of IPv4 prefixes to be automatically assigned to the network interface. You
    /// cannot use this option if you use the `Ipv4Prefix` option.
    #[must_use]
    pub fn ipv4_prefix_count(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Ipv4PrefixCount", value.into_input()))
    }

    /// One or more IPv4 prefixes to be assigned to the network interface. You cannot use this
    /// option if you use the `Ipv4PrefixCount` option.
    #[must_use]
    pub fn ipv4_prefixes(self, values: impl IntoIterator<Item = Ipv4PrefixSpecification>) -> Self {
        Self(self.0.list("Ipv4Prefixes", values.into_iter().map(|v| v.0)))
    }

    /// The number of IPv6 addresses to assign to a network interface. Amazon EC2 automatically
    /// selects the IPv6 addresses from the subnet range.
    #[must_use]
    pub fn ipv6_address_count(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Ipv6AddressCount", value.into_input()))
    }

    /// One or more specific IPv6 addresses from the IPv6 CIDR block range of your subnet. You
    /// can't use this option if you're specifying a number of IPv6 addresses.
    #[must_use]
    pub fn ipv6_addresses(self, values: impl IntoIterator<Item = Ipv6Add>) -> Self {
        Self(self.0.list("Ipv6Addresses", values.into_iter().map(|v| v.0)))
    }

    /// The number of IPv6 prefixes to be automatically assigned to the network interface. You
    /// cannot use this option if you use the `Ipv6Prefix` option.
    #[must_use]
    pub fn ipv6_prefix_count(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("Ipv6PrefixCount", value.into_input()))
    }

    /// One or more IPv6 prefixes to be assigned to the network interface. You cannot use this
    /// option if you use the `Ipv6PrefixCount` option.
    #[must_use]
    pub fn ipv6_prefixes(self, values: impl IntoIterator<Item = Ipv6PrefixSpecification>) -> Self {
        Self(self.0.list("Ipv6Prefixes", values.into_iter().map(|v| v.0)))
    }

    /// The index of the network card. Some instance types support multiple network cards.
    #[must_use]
    pub fn network_card_index(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("NetworkCardIndex", value.into_input()))
    }

    /// The ID of the network interface.
    #[must_use]
    pub fn network_interface_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("NetworkInterfaceId", value.into_input()))
    }

    /// The primary IPv6 address of the network interface. When you enable an IPv6 GUA address to
    /// be a primary IPv6, the first IPv6 GUA will be made the primary IPv6 address until the
    /// instance is terminated or the network interface is detached.
    #[must_use]
    pub fn primary_ipv6(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("PrimaryIpv6", value.into_input()))
    }

    /// The primary private IPv4 address of the network interface.
    #[must_use]
    pub fn private_ip_address(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("PrivateIpAddress", value.into_input()))
    }

    /// One or more private IPv4 addresses.
    #[must_use]
    pub fn private_ip_addresses(self, values: impl IntoIterator<Item = PrivateIpAdd>) -> Self {
        Self(self.0.list("PrivateIpAddresses", values.into_iter().map(|v| v.0)))
    }

    /// The number of secondary private IPv4 addresses to assign to a network interface.
    #[must_use]
    pub fn secondary_private_ip_address_count(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("SecondaryPrivateIpAddressCount", value.into_input()))
    }

    /// The ID of the subnet for the network interface.
    #[must_use]
    pub fn subnet_id(self, value: impl IntoInput<ec2::SubnetId>) -> Self {
        Self(self.0.set("SubnetId", value.into_input()))
    }
}

impl From<NetworkInterface> for cfn::Value {
    fn from(it: NetworkInterface) -> Self {
        it.0.into()
    }
}

/// Contains settings for the network performance options for the instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkPerformanceOptions(cfn::Properties);

impl NetworkPerformanceOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Specify the bandwidth weighting option to boost the associated type of baseline bandwidth,
    /// as follows: + default This option uses the standard bandwidth configuration for your
    /// instance type.
    #[must_use]
    pub fn bandwidth_weighting(self, value: impl Into<BandwidthWeighting>) -> Self {
        Self(self.0.set("BandwidthWeighting", value.into().word()))
    }
}

impl From<NetworkPerformanceOptions> for cfn::Value {
    fn from(it: NetworkPerformanceOptions) -> Self {
        it.0.into()
    }
}

/// Specifies the placement of an instance. `Placement` is a property of
/// AWS::EC2::LaunchTemplate LaunchTemplateData.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement(cfn::Properties);

impl Placement {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The affinity setting for an instance on a Dedicated Host.
    #[must_use]
    pub fn affinity(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("Affinity", value.into_input()))
    }

    /// The Availability Zone for the instance. Either `AvailabilityZone` or `AvailabilityZoneId`
    /// can be specified, but not both
    #[must_use]
    pub fn availability_zone(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("AvailabilityZone", value.into_input()))
    }

    /// The Group Id of a placement group. You must specify the Placement Group *Group Id* to
    /// launch an instance in a shared placement group.
    #[must_use]
    pub fn group_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("GroupId", value.into_input()))
    }

    /// The name of the placement group for the instance.
    #[must_use]
    pub fn group_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("GroupName", value.into_input()))
    }

    /// The ID of the Dedicated Host for the instance.
    #[must_use]
    pub fn host_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("HostId", value.into_input()))
    }

    /// The ARN of the host resource group in which to launch the instances. If you specify a host
    /// resource group ARN, omit the *Tenancy* parameter or set it to `host`.
    #[must_use]
    pub fn host_resource_group_arn(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("HostResourceGroupArn", value.into_input()))
    }

    /// The number of the partition the instance should launch in. Valid only if the placement
    /// group strategy is set to `partition`.
    #[must_use]
    pub fn partition_number(self, value: impl IntoInput<i64>) -> Self {
        Self(self.0.set("PartitionNumber", value.into_input()))
    }

    /// Reserved for future use.
    #[must_use]
    pub fn spread_domain(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("SpreadDomain", value.into_input()))
    }

    /// The tenancy of the instance. An instance with a tenancy of dedicated runs on single-tenant
    /// hardware.
    #[must_use]
    pub fn tenancy(self, value: impl Into<Tenancy>) -> Self {
        Self(self.0.set("Tenancy", value.into().word()))
    }
}

impl From<Placement> for cfn::Value {
    fn from(it: Placement) -> Self {
        it.0.into()
    }
}

/// The hostname type for EC2 instances launched into this subnet and how DNS A and AAAA record
/// queries should be handled. For more information, see Amazon EC2 instance hostname types in
/// the *User Guide*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrivateDnsNameOptions(cfn::Properties);

impl PrivateDnsNameOptions {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// Indicates whether to respond to DNS queries for instance hostnames with DNS AAAA records.
    #[must_use]
    pub fn enable_resource_name_dns_aaaa_record(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("EnableResourceNameDnsAAAARecord", value.into_input()))
    }

    /// Indicates whether to respond to DNS queries for instance hostnames with DNS A records.
    #[must_use]
    pub fn enable_resource_name_dns_a_record(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("EnableResourceNameDnsARecord", value.into_input()))
    }

    /// The type of hostname for EC2 instances. For IPv4 only subnets, an instance DNS name must be
    /// based on the instance IPv4 address.
    #[must_use]
    pub fn hostname_type(self, value: impl Into<HostnameType>) -> Self {
        Self(self.0.set("HostnameType", value.into().word()))
    }
}

impl From<PrivateDnsNameOptions> for cfn::Value {
    fn from(it: PrivateDnsNameOptions) -> Self {
        it.0.into()
    }
}

/// Specifies a tag. For more information, see Resource tags.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag(cfn::Properties);

impl Tag {
    /// With what AWS requires.
    pub fn new(key: impl IntoInput<String>, value: impl IntoInput<String>) -> Self {
        Self(
            cfn::Properties::new()
                .set("Key", key.into_input())
                .set("Value", value.into_input()),
        )
    }
}

impl From<Tag> for cfn::Value {
    fn from(it: Tag) -> Self {
        it.0.into()
    }
}

/// Specifies the tags to apply to resources that are created during instance launch.
/// `TagSpecification` is a property type of TagSpecifications.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagSpecification(cfn::Properties);

impl TagSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The type of resource to tag. You can specify tags for the following resource types only:
    /// `instance` | `volume` | `network-interface` | `spot-instances-request`.
    #[must_use]
    pub fn resource_type(self, value: impl Into<ResourceType>) -> Self {
        Self(self.0.set("ResourceType", value.into().word()))
    }

    /// The tags to apply to the resource.
    #[must_use]
    pub fn tags(self, values: impl IntoIterator<Item = Tag>) -> Self {
        Self(self.0.list("Tags", values.into_iter().map(|v| v.0)))
    }
}

impl From<TagSpecification> for cfn::Value {
    fn from(it: TagSpecification) -> Self {
        it.0.into()
    }
}

/// The information to include in the launch template. You must specify at least one parameter
/// for the launch template data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaunchTemplateData(cfn::Properties);

impl LaunchTemplateData {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The block device mapping.
    #[must_use]
    pub fn block_device_mappings(self, values: impl IntoIterator<Item = BlockDeviceMapping>) -> Self {
        Self(
            self.0
                .list("BlockDeviceMappings", values.into_iter().map(|v| v.0)),
        )
    }

    /// The Capacity Reservation targeting option.
    #[must_use]
    pub fn capacity_reservation_specification(self, value: CapacityReservationSpecification) -> Self {
        Self(self.0.set("CapacityReservationSpecification", value.0))
    }

    /// The CPU options for the instance. For more information, see CPU options for Amazon EC2
    /// instances in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn cpu_options(self, value: CpuOptions) -> Self {
        Self(self.0.set("CpuOptions", value.0))
    }

    /// The credit option for CPU usage of the instance. Valid only for T instances.
    #[must_use]
    pub fn credit_specification(self, value: CreditSpecification) -> Self {
        Self(self.0.set("CreditSpecification", value.0))
    }

    /// Indicates whether to enable the instance for stop protection. For more information, see
    /// Enable stop protection for your EC2 instances in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn disable_api_stop(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("DisableApiStop", value.into_input()))
    }

    /// Indicates whether termination protection is enabled for the instance. The default is
    /// `false`, which means that you can terminate the instance using the Amazon EC2 console,
    /// command line tools, or API.
    #[must_use]
    pub fn disable_api_termination(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("DisableApiTermination", value.into_input()))
    }

    /// Indicates whether the instance is optimized for Amazon EBS I/O. This optimization provides
    /// dedicated throughput to Amazon EBS and an optimized configuration stack to provide optimal
    /// Amazon EBS I/O performance.
    #[must_use]
    pub fn ebs_optimized(self, value: impl IntoInput<bool>) -> Self {
        Self(self.0.set("EbsOptimized", value.into_input()))
    }

    /// Indicates whether the instance is enabled for AWS Nitro Enclaves. For more information, see
    /// What is Nitro Enclaves? in the *Nitro Enclaves User Guide*.
    #[must_use]
    pub fn enclave_options(self, value: EnclaveOptions) -> Self {
        Self(self.0.set("EnclaveOptions", value.0))
    }

    /// Indicates whether an instance is enabled for hibernation. This parameter is valid only if
    /// the instance meets the hibernation prerequisites.
    #[must_use]
    pub fn hibernation_options(self, value: HibernationOptions) -> Self {
        Self(self.0.set("HibernationOptions", value.0))
    }

    /// The name or Amazon Resource Name (ARN) of an IAM instance profile.
    #[must_use]
    pub fn iam_instance_profile(self, value: IamInstanceProfile) -> Self {
        Self(self.0.set("IamInstanceProfile", value.0))
    }

    /// The ID of the AMI. Alternatively, you can specify a Systems Manager parameter, which will
    /// resolve to an AMI ID on launch.
    #[must_use]
    pub fn image_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("ImageId", value.into_input()))
    }

    /// Indicates whether an instance stops or terminates when you initiate shutdown from the
    /// instance (using the operating system command for system shutdown). Default: `stop`
    #[must_use]
    pub fn instance_initiated_shutdown_behavior(
        self,
        value: impl Into<InstanceInitiatedShutdownBehavior>,
    ) -> Self {
        Self(
            self.0
                .set("InstanceInitiatedShutdownBehavior", value.into().word()),
        )
    }

    /// The market (purchasing) option for the instances.
    #[must_use]
    pub fn instance_market_options(self, value: InstanceMarketOptions) -> Self {
        Self(self.0.set("InstanceMarketOptions", value.0))
    }

    /// The attributes for the instance types. When you specify instance attributes, Amazon EC2
    /// will identify instance types with these attributes.
    #[must_use]
    pub fn instance_requirements(self, value: InstanceRequirements) -> Self {
        Self(self.0.set("InstanceRequirements", value.0))
    }

    /// The instance type. For more information, see Amazon EC2 instance types in the *Amazon EC2
    /// User Guide*.
    #[must_use]
    pub fn instance_type(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("InstanceType", value.into_input()))
    }

    /// The ID of the kernel. We recommend that you use PV-GRUB instead of kernels and RAM disks.
    #[must_use]
    pub fn kernel_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("KernelId", value.into_input()))
    }

    /// The name of the key pair. You can create a key pair using CreateKeyPair or ImportKeyPair.
    #[must_use]
    pub fn key_name(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("KeyName", value.into_input()))
    }

    /// The license configurations.
    #[must_use]
    pub fn license_specifications(self, values: impl IntoIterator<Item = LicenseSpecification>) -> Self {
        Self(
            self.0
                .list("LicenseSpecifications", values.into_iter().map(|v| v.0)),
        )
    }

    /// The maintenance options of your instance.
    #[must_use]
    pub fn maintenance_options(self, value: MaintenanceOptions) -> Self {
        Self(self.0.set("MaintenanceOptions", value.0))
    }

    /// The metadata options for the instance. For more information, see Configure the Instance
    /// Metadata Service options in the *Amazon EC2 User Guide*.
    #[must_use]
    pub fn metadata_options(self, value: MetadataOptions) -> Self {
        Self(self.0.set("MetadataOptions", value.0))
    }

    /// The monitoring for the instance.
    #[must_use]
    pub fn monitoring(self, value: Monitoring) -> Self {
        Self(self.0.set("Monitoring", value.0))
    }

    /// The network interfaces for the instance.
    #[must_use]
    pub fn network_interfaces(self, values: impl IntoIterator<Item = NetworkInterface>) -> Self {
        Self(self.0.list("NetworkInterfaces", values.into_iter().map(|v| v.0)))
    }

    /// The settings for the network performance options for the instance. For more information,
    /// see EC2 instance bandwidth weighting configuration.
    #[must_use]
    pub fn network_performance_options(self, value: NetworkPerformanceOptions) -> Self {
        Self(self.0.set("NetworkPerformanceOptions", value.0))
    }

    /// The placement for the instance.
    #[must_use]
    pub fn placement(self, value: Placement) -> Self {
        Self(self.0.set("Placement", value.0))
    }

    /// The hostname type for EC2 instances launched into this subnet and how DNS A and AAAA record
    /// queries should be handled. For more information, see Amazon EC2 instance hostname types in
    /// the *User Guide*.
    #[must_use]
    pub fn private_dns_name_options(self, value: PrivateDnsNameOptions) -> Self {
        Self(self.0.set("PrivateDnsNameOptions", value.0))
    }

    /// The ID of the RAM disk. We recommend that you use PV-GRUB instead of kernels and RAM disks.
    #[must_use]
    pub fn ram_disk_id(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("RamDiskId", value.into_input()))
    }

    /// The IDs of the security groups. You can specify the IDs of existing security groups and
    /// references to resources created by the stack template.
    #[must_use]
    pub fn security_group_ids(
        self,
        values: impl IntoIterator<Item = impl IntoInput<ec2::SecurityGroupId>>,
    ) -> Self {
        Self(
            self.0
                .list("SecurityGroupIds", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// The names of the security groups. For a nondefault VPC, you must use security group IDs
    /// instead.
    #[must_use]
    pub fn security_groups(self, values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        Self(
            self.0
                .list("SecurityGroups", values.into_iter().map(IntoInput::into_input)),
        )
    }

    /// The tags to apply to resources that are created during instance launch. To tag the launch
    /// template itself, use TagSpecifications.
    #[must_use]
    pub fn tag_specifications(self, values: impl IntoIterator<Item = TagSpecification>) -> Self {
        Self(self.0.list("TagSpecifications", values.into_iter().map(|v| v.0)))
    }

    /// The user data to make available to the instance. You must provide base64-encoded text.
    #[must_use]
    pub fn user_data(self, value: impl IntoInput<String>) -> Self {
        Self(self.0.set("UserData", value.into_input()))
    }
}

impl From<LaunchTemplateData> for cfn::Value {
    fn from(it: LaunchTemplateData) -> Self {
        it.0.into()
    }
}

/// Specifies the tags to apply to the launch template during creation. To specify the tags for
/// the resources that are created during instance launch, use AWS::EC2::LaunchTemplate
/// TagSpecification.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaunchTemplateTagSpecification(cfn::Properties);

impl LaunchTemplateTagSpecification {
    /// With what AWS requires.
    pub fn new() -> Self {
        Self(cfn::Properties::new())
    }

    /// The type of resource. To tag a launch template, `ResourceType` must be `launch-template`.
    #[must_use]
    pub fn resource_type(self, value: impl Into<ResourceType>) -> Self {
        Self(self.0.set("ResourceType", value.into().word()))
    }

    /// The tags for the resource.
    #[must_use]
    pub fn tags(self, values: impl IntoIterator<Item = Tag>) -> Self {
        Self(self.0.list("Tags", values.into_iter().map(|v| v.0)))
    }
}

impl From<LaunchTemplateTagSpecification> for cfn::Value {
    fn from(it: LaunchTemplateTagSpecification) -> Self {
        it.0.into()
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeType {
    /// `gp2`
    Gp2,
    /// `gp3`
    Gp3,
    /// `io1`
    Io1,
    /// `io2`
    Io2,
    /// `sc1`
    Sc1,
    /// `st1`
    St1,
    /// `standard`
    Standard,
    /// Another word.
    Other(String),
}

impl VolumeType {
    fn word(self) -> String {
        match self {
            Self::Gp2 => "gp2".into(),
            Self::Gp3 => "gp3".into(),
            Self::Io1 => "io1".into(),
            Self::Io2 => "io2".into(),
            Self::Sc1 => "sc1".into(),
            Self::St1 => "st1".into(),
            Self::Standard => "standard".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for VolumeType {
    fn from(word: &str) -> Self {
        match word {
            "gp2" => Self::Gp2,
            "gp3" => Self::Gp3,
            "io1" => Self::Io1,
            "io2" => Self::Io2,
            "sc1" => Self::Sc1,
            "st1" => Self::St1,
            "standard" => Self::Standard,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CapacityReservationPreference {
    /// `capacity-reservations-only`
    CapacityReservationsOnly,
    /// `none`
    None,
    /// `open`
    Open,
    /// Another word.
    Other(String),
}

impl CapacityReservationPreference {
    fn word(self) -> String {
        match self {
            Self::CapacityReservationsOnly => "capacity-reservations-only".into(),
            Self::None => "none".into(),
            Self::Open => "open".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for CapacityReservationPreference {
    fn from(word: &str) -> Self {
        match word {
            "capacity-reservations-only" => Self::CapacityReservationsOnly,
            "none" => Self::None,
            "open" => Self::Open,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmdSevSnp {
    /// `enabled`
    Enabled,
    /// `disabled`
    Disabled,
    /// Another word.
    Other(String),
}

impl AmdSevSnp {
    fn word(self) -> String {
        match self {
            Self::Enabled => "enabled".into(),
            Self::Disabled => "disabled".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AmdSevSnp {
    fn from(word: &str) -> Self {
        match word {
            "enabled" => Self::Enabled,
            "disabled" => Self::Disabled,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstanceInitiatedShutdownBehavior {
    /// `stop`
    Stop,
    /// `terminate`
    Terminate,
    /// Another word.
    Other(String),
}

impl InstanceInitiatedShutdownBehavior {
    fn word(self) -> String {
        match self {
            Self::Stop => "stop".into(),
            Self::Terminate => "terminate".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for InstanceInitiatedShutdownBehavior {
    fn from(word: &str) -> Self {
        match word {
            "stop" => Self::Stop,
            "terminate" => Self::Terminate,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarketType {
    /// `capacity-block`
    CapacityBlock,
    /// `interruptible-capacity-reservation`
    InterruptibleCapacityReservation,
    /// `on-demand`
    OnDemand,
    /// `spot`
    Spot,
    /// Another word.
    Other(String),
}

impl MarketType {
    fn word(self) -> String {
        match self {
            Self::CapacityBlock => "capacity-block".into(),
            Self::InterruptibleCapacityReservation => "interruptible-capacity-reservation".into(),
            Self::OnDemand => "on-demand".into(),
            Self::Spot => "spot".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for MarketType {
    fn from(word: &str) -> Self {
        match word {
            "capacity-block" => Self::CapacityBlock,
            "interruptible-capacity-reservation" => Self::InterruptibleCapacityReservation,
            "on-demand" => Self::OnDemand,
            "spot" => Self::Spot,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstanceInterruptionBehavior {
    /// `hibernate`
    Hibernate,
    /// `stop`
    Stop,
    /// `terminate`
    Terminate,
    /// Another word.
    Other(String),
}

impl InstanceInterruptionBehavior {
    fn word(self) -> String {
        match self {
            Self::Hibernate => "hibernate".into(),
            Self::Stop => "stop".into(),
            Self::Terminate => "terminate".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for InstanceInterruptionBehavior {
    fn from(word: &str) -> Self {
        match word {
            "hibernate" => Self::Hibernate,
            "stop" => Self::Stop,
            "terminate" => Self::Terminate,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpotInstanceType {
    /// `one-time`
    OneTime,
    /// `persistent`
    Persistent,
    /// Another word.
    Other(String),
}

impl SpotInstanceType {
    fn word(self) -> String {
        match self {
            Self::OneTime => "one-time".into(),
            Self::Persistent => "persistent".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for SpotInstanceType {
    fn from(word: &str) -> Self {
        match word {
            "one-time" => Self::OneTime,
            "persistent" => Self::Persistent,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorManufacturers {
    /// `amazon-web-services`
    AmazonWebServices,
    /// `amd`
    Amd,
    /// `habana`
    Habana,
    /// `nvidia`
    Nvidia,
    /// `xilinx`
    Xilinx,
    /// Another word.
    Other(String),
}

impl AcceleratorManufacturers {
    fn word(self) -> String {
        match self {
            Self::AmazonWebServices => "amazon-web-services".into(),
            Self::Amd => "amd".into(),
            Self::Habana => "habana".into(),
            Self::Nvidia => "nvidia".into(),
            Self::Xilinx => "xilinx".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceleratorManufacturers {
    fn from(word: &str) -> Self {
        match word {
            "amazon-web-services" => Self::AmazonWebServices,
            "amd" => Self::Amd,
            "habana" => Self::Habana,
            "nvidia" => Self::Nvidia,
            "xilinx" => Self::Xilinx,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorNames {
    /// `a100`
    A100,
    /// `a10g`
    A10g,
    /// `gaudi-hl-205`
    GaudiHl205,
    /// `h100`
    H100,
    /// `inferentia`
    Inferentia,
    /// `inferentia2`
    Inferentia2,
    /// `k520`
    K520,
    /// `k80`
    K80,
    /// `l4`
    L4,
    /// `l40s`
    L40s,
    /// `m60`
    M60,
    /// `radeon-pro-v520`
    RadeonProV520,
    /// `t4`
    T4,
    /// `t4g`
    T4g,
    /// `trainium`
    Trainium,
    /// `trainium2`
    Trainium2,
    /// `u30`
    U30,
    /// `v100`
    V100,
    /// `vu9p`
    Vu9p,
    /// Another word.
    Other(String),
}

impl AcceleratorNames {
    fn word(self) -> String {
        match self {
            Self::A100 => "a100".into(),
            Self::A10g => "a10g".into(),
            Self::GaudiHl205 => "gaudi-hl-205".into(),
            Self::H100 => "h100".into(),
            Self::Inferentia => "inferentia".into(),
            Self::Inferentia2 => "inferentia2".into(),
            Self::K520 => "k520".into(),
            Self::K80 => "k80".into(),
            Self::L4 => "l4".into(),
            Self::L40s => "l40s".into(),
            Self::M60 => "m60".into(),
            Self::RadeonProV520 => "radeon-pro-v520".into(),
            Self::T4 => "t4".into(),
            Self::T4g => "t4g".into(),
            Self::Trainium => "trainium".into(),
            Self::Trainium2 => "trainium2".into(),
            Self::U30 => "u30".into(),
            Self::V100 => "v100".into(),
            Self::Vu9p => "vu9p".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceleratorNames {
    fn from(word: &str) -> Self {
        match word {
            "a100" => Self::A100,
            "a10g" => Self::A10g,
            "gaudi-hl-205" => Self::GaudiHl205,
            "h100" => Self::H100,
            "inferentia" => Self::Inferentia,
            "inferentia2" => Self::Inferentia2,
            "k520" => Self::K520,
            "k80" => Self::K80,
            "l4" => Self::L4,
            "l40s" => Self::L40s,
            "m60" => Self::M60,
            "radeon-pro-v520" => Self::RadeonProV520,
            "t4" => Self::T4,
            "t4g" => Self::T4g,
            "trainium" => Self::Trainium,
            "trainium2" => Self::Trainium2,
            "u30" => Self::U30,
            "v100" => Self::V100,
            "vu9p" => Self::Vu9p,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorTypes {
    /// `fpga`
    Fpga,
    /// `gpu`
    Gpu,
    /// `inference`
    Inference,
    /// `media`
    Media,
    /// Another word.
    Other(String),
}

impl AcceleratorTypes {
    fn word(self) -> String {
        match self {
            Self::Fpga => "fpga".into(),
            Self::Gpu => "gpu".into(),
            Self::Inference => "inference".into(),
            Self::Media => "media".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceleratorTypes {
    fn from(word: &str) -> Self {
        match word {
            "fpga" => Self::Fpga,
            "gpu" => Self::Gpu,
            "inference" => Self::Inference,
            "media" => Self::Media,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BareMetal {
    /// `excluded`
    Excluded,
    /// `included`
    Included,
    /// `required`
    Required,
    /// Another word.
    Other(String),
}

impl BareMetal {
    fn word(self) -> String {
        match self {
            Self::Excluded => "excluded".into(),
            Self::Included => "included".into(),
            Self::Required => "required".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for BareMetal {
    fn from(word: &str) -> Self {
        match word {
            "excluded" => Self::Excluded,
            "included" => Self::Included,
            "required" => Self::Required,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CpuManufacturers {
    /// `amazon-web-services`
    AmazonWebServices,
    /// `amd`
    Amd,
    /// `apple`
    Apple,
    /// `intel`
    Intel,
    /// Another word.
    Other(String),
}

impl CpuManufacturers {
    fn word(self) -> String {
        match self {
            Self::AmazonWebServices => "amazon-web-services".into(),
            Self::Amd => "amd".into(),
            Self::Apple => "apple".into(),
            Self::Intel => "intel".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for CpuManufacturers {
    fn from(word: &str) -> Self {
        match word {
            "amazon-web-services" => Self::AmazonWebServices,
            "amd" => Self::Amd,
            "apple" => Self::Apple,
            "intel" => Self::Intel,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstanceGenerations {
    /// `current`
    Current,
    /// `previous`
    Previous,
    /// Another word.
    Other(String),
}

impl InstanceGenerations {
    fn word(self) -> String {
        match self {
            Self::Current => "current".into(),
            Self::Previous => "previous".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for InstanceGenerations {
    fn from(word: &str) -> Self {
        match word {
            "current" => Self::Current,
            "previous" => Self::Previous,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalStorageTypes {
    /// `hdd`
    Hdd,
    /// `ssd`
    Ssd,
    /// Another word.
    Other(String),
}

impl LocalStorageTypes {
    fn word(self) -> String {
        match self {
            Self::Hdd => "hdd".into(),
            Self::Ssd => "ssd".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for LocalStorageTypes {
    fn from(word: &str) -> Self {
        match word {
            "hdd" => Self::Hdd,
            "ssd" => Self::Ssd,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AutoRecovery {
    /// `default`
    Default,
    /// `disabled`
    Disabled,
    /// Another word.
    Other(String),
}

impl AutoRecovery {
    fn word(self) -> String {
        match self {
            Self::Default => "default".into(),
            Self::Disabled => "disabled".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AutoRecovery {
    fn from(word: &str) -> Self {
        match word {
            "default" => Self::Default,
            "disabled" => Self::Disabled,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpEndpoint {
    /// `disabled`
    Disabled,
    /// `enabled`
    Enabled,
    /// Another word.
    Other(String),
}

impl HttpEndpoint {
    fn word(self) -> String {
        match self {
            Self::Disabled => "disabled".into(),
            Self::Enabled => "enabled".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for HttpEndpoint {
    fn from(word: &str) -> Self {
        match word {
            "disabled" => Self::Disabled,
            "enabled" => Self::Enabled,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpTokens {
    /// `optional`
    Optional,
    /// `required`
    Required,
    /// Another word.
    Other(String),
}

impl HttpTokens {
    fn word(self) -> String {
        match self {
            Self::Optional => "optional".into(),
            Self::Required => "required".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for HttpTokens {
    fn from(word: &str) -> Self {
        match word {
            "optional" => Self::Optional,
            "required" => Self::Required,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BandwidthWeighting {
    /// `default`
    Default,
    /// `ebs-1`
    Ebs1,
    /// `vpc-1`
    Vpc1,
    /// Another word.
    Other(String),
}

impl BandwidthWeighting {
    fn word(self) -> String {
        match self {
            Self::Default => "default".into(),
            Self::Ebs1 => "ebs-1".into(),
            Self::Vpc1 => "vpc-1".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for BandwidthWeighting {
    fn from(word: &str) -> Self {
        match word {
            "default" => Self::Default,
            "ebs-1" => Self::Ebs1,
            "vpc-1" => Self::Vpc1,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenancy {
    /// `dedicated`
    Dedicated,
    /// `default`
    Default,
    /// `host`
    Host,
    /// Another word.
    Other(String),
}

impl Tenancy {
    fn word(self) -> String {
        match self {
            Self::Dedicated => "dedicated".into(),
            Self::Default => "default".into(),
            Self::Host => "host".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Tenancy {
    fn from(word: &str) -> Self {
        match word {
            "dedicated" => Self::Dedicated,
            "default" => Self::Default,
            "host" => Self::Host,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostnameType {
    /// `ip-name`
    IpName,
    /// `resource-name`
    ResourceName,
    /// Another word.
    Other(String),
}

impl HostnameType {
    fn word(self) -> String {
        match self {
            Self::IpName => "ip-name".into(),
            Self::ResourceName => "resource-name".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for HostnameType {
    fn from(word: &str) -> Self {
        match word {
            "ip-name" => Self::IpName,
            "resource-name" => Self::ResourceName,
            other => Self::Other(other.into()),
        }
    }
}

/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceType {
    /// `application-status-check`
    ApplicationStatusCheck,
    /// `capacity-block`
    CapacityBlock,
    /// `capacity-manager-data-export`
    CapacityManagerDataExport,
    /// `capacity-reservation`
    CapacityReservation,
    /// `capacity-reservation-cancellation-quote`
    CapacityReservationCancellationQuote,
    /// `capacity-reservation-fleet`
    CapacityReservationFleet,
    /// `capacity-reservation-modification-quote`
    CapacityReservationModificationQuote,
    /// `carrier-gateway`
    CarrierGateway,
    /// `client-vpn-endpoint`
    ClientVpnEndpoint,
    /// `coip-pool`
    CoipPool,
    /// `customer-gateway`
    CustomerGateway,
    /// `declarative-policies-report`
    DeclarativePoliciesReport,
    /// `dedicated-host`
    DedicatedHost,
    /// `dhcp-options`
    DhcpOptions,
    /// `egress-only-internet-gateway`
    EgressOnlyInternetGateway,
    /// `elastic-gpu`
    ElasticGpu,
    /// `elastic-ip`
    ElasticIp,
    /// `export-image-task`
    ExportImageTask,
    /// `export-instance-task`
    ExportInstanceTask,
    /// `fleet`
    Fleet,
    /// `fpga-image`
    FpgaImage,
    /// `host-reservation`
    HostReservation,
    /// `image`
    Image,
    /// `image-usage-report`
    ImageUsageReport,
    /// `import-image-task`
    ImportImageTask,
    /// `import-snapshot-task`
    ImportSnapshotTask,
    /// `instance`
    Instance,
    /// `instance-connect-endpoint`
    InstanceConnectEndpoint,
    /// `instance-event-window`
    InstanceEventWindow,
    /// `internet-gateway`
    InternetGateway,
    /// `ipam`
    Ipam,
    /// `ipam-external-resource-verification-token`
    IpamExternalResourceVerificationToken,
    /// `ipam-internet-registry-association`
    IpamInternetRegistryAssociation,
    /// `ipam-policy`
    IpamPolicy,
    /// `ipam-pool`
    IpamPool,
    /// `ipam-pool-allocation`
    IpamPoolAllocation,
    /// `ipam-prefix-list-resolver`
    IpamPrefixListResolver,
    /// `ipam-prefix-list-resolver-target`
    IpamPrefixListResolverTarget,
    /// `ipam-resource-discovery`
    IpamResourceDiscovery,
    /// `ipam-resource-discovery-association`
    IpamResourceDiscoveryAssociation,
    /// `ipam-scope`
    IpamScope,
    /// `ipv4pool-ec2`
    Ipv4poolEc2,
    /// `ipv6pool-ec2`
    Ipv6poolEc2,
    /// `key-pair`
    KeyPair,
    /// `launch-template`
    LaunchTemplate,
    /// `local-gateway`
    LocalGateway,
    /// `local-gateway-route-table`
    LocalGatewayRouteTable,
    /// `local-gateway-route-table-virtual-interface-group-association`
    LocalGatewayRouteTableVirtualInterfaceGroupAssociation,
    /// `local-gateway-route-table-vpc-association`
    LocalGatewayRouteTableVpcAssociation,
    /// `local-gateway-virtual-interface`
    LocalGatewayVirtualInterface,
    /// `local-gateway-virtual-interface-group`
    LocalGatewayVirtualInterfaceGroup,
    /// `mac-modification-task`
    MacModificationTask,
    /// `natgateway`
    Natgateway,
    /// `network-acl`
    NetworkAcl,
    /// `network-insights-access-scope`
    NetworkInsightsAccessScope,
    /// `network-insights-access-scope-analysis`
    NetworkInsightsAccessScopeAnalysis,
    /// `network-insights-analysis`
    NetworkInsightsAnalysis,
    /// `network-insights-path`
    NetworkInsightsPath,
    /// `network-interface`
    NetworkInterface,
    /// `outpost-lag`
    OutpostLag,
    /// `placement-group`
    PlacementGroup,
    /// `prefix-list`
    PrefixList,
    /// `replace-root-volume-task`
    ReplaceRootVolumeTask,
    /// `reserved-instances`
    ReservedInstances,
    /// `route-server`
    RouteServer,
    /// `route-server-endpoint`
    RouteServerEndpoint,
    /// `route-server-peer`
    RouteServerPeer,
    /// `route-table`
    RouteTable,
    /// `secondary-interface`
    SecondaryInterface,
    /// `secondary-network`
    SecondaryNetwork,
    /// `secondary-subnet`
    SecondarySubnet,
    /// `security-group`
    SecurityGroup,
    /// `security-group-rule`
    SecurityGroupRule,
    /// `service-link-virtual-interface`
    ServiceLinkVirtualInterface,
    /// `snapshot`
    Snapshot,
    /// `spot-fleet-request`
    SpotFleetRequest,
    /// `spot-instances-request`
    SpotInstancesRequest,
    /// `subnet`
    Subnet,
    /// `subnet-cidr-reservation`
    SubnetCidrReservation,
    /// `traffic-mirror-filter`
    TrafficMirrorFilter,
    /// `traffic-mirror-filter-rule`
    TrafficMirrorFilterRule,
    /// `traffic-mirror-session`
    TrafficMirrorSession,
    /// `traffic-mirror-target`
    TrafficMirrorTarget,
    /// `transit-gateway`
    TransitGateway,
    /// `transit-gateway-attachment`
    TransitGatewayAttachment,
    /// `transit-gateway-connect-peer`
    TransitGatewayConnectPeer,
    /// `transit-gateway-metering-policy`
    TransitGatewayMeteringPolicy,
    /// `transit-gateway-multicast-domain`
    TransitGatewayMulticastDomain,
    /// `transit-gateway-policy-table`
    TransitGatewayPolicyTable,
    /// `transit-gateway-route-table`
    TransitGatewayRouteTable,
    /// `transit-gateway-route-table-announcement`
    TransitGatewayRouteTableAnnouncement,
    /// `verified-access-endpoint`
    VerifiedAccessEndpoint,
    /// `verified-access-endpoint-target`
    VerifiedAccessEndpointTarget,
    /// `verified-access-group`
    VerifiedAccessGroup,
    /// `verified-access-instance`
    VerifiedAccessInstance,
    /// `verified-access-policy`
    VerifiedAccessPolicy,
    /// `verified-access-trust-provider`
    VerifiedAccessTrustProvider,
    /// `volume`
    Volume,
    /// `vpc`
    Vpc,
    /// `vpc-block-public-access-exclusion`
    VpcBlockPublicAccessExclusion,
    /// `vpc-encryption-control`
    VpcEncryptionControl,
    /// `vpc-endpoint`
    VpcEndpoint,
    /// `vpc-endpoint-connection`
    VpcEndpointConnection,
    /// `vpc-endpoint-connection-device-type`
    VpcEndpointConnectionDeviceType,
    /// `vpc-endpoint-service`
    VpcEndpointService,
    /// `vpc-endpoint-service-permission`
    VpcEndpointServicePermission,
    /// `vpc-flow-log`
    VpcFlowLog,
    /// `vpc-peering-connection`
    VpcPeeringConnection,
    /// `vpn-concentrator`
    VpnConcentrator,
    /// `vpn-connection`
    VpnConnection,
    /// `vpn-connection-device-type`
    VpnConnectionDeviceType,
    /// `vpn-gateway`
    VpnGateway,
    /// Another word.
    Other(String),
}

impl ResourceType {
    fn word(self) -> String {
        match self {
            Self::ApplicationStatusCheck => "application-status-check".into(),
            Self::CapacityBlock => "capacity-block".into(),
            Self::CapacityManagerDataExport => "capacity-manager-data-export".into(),
            Self::CapacityReservation => "capacity-reservation".into(),
            Self::CapacityReservationCancellationQuote => "capacity-reservation-cancellation-quote".into(),
            Self::CapacityReservationFleet => "capacity-reservation-fleet".into(),
            Self::CapacityReservationModificationQuote => "capacity-reservation-modification-quote".into(),
            Self::CarrierGateway => "carrier-gateway".into(),
            Self::ClientVpnEndpoint => "client-vpn-endpoint".into(),
            Self::CoipPool => "coip-pool".into(),
            Self::CustomerGateway => "customer-gateway".into(),
            Self::DeclarativePoliciesReport => "declarative-policies-report".into(),
            Self::DedicatedHost => "dedicated-host".into(),
            Self::DhcpOptions => "dhcp-options".into(),
            Self::EgressOnlyInternetGateway => "egress-only-internet-gateway".into(),
            Self::ElasticGpu => "elastic-gpu".into(),
            Self::ElasticIp => "elastic-ip".into(),
            Self::ExportImageTask => "export-image-task".into(),
            Self::ExportInstanceTask => "export-instance-task".into(),
            Self::Fleet => "fleet".into(),
            Self::FpgaImage => "fpga-image".into(),
            Self::HostReservation => "host-reservation".into(),
            Self::Image => "image".into(),
            Self::ImageUsageReport => "image-usage-report".into(),
            Self::ImportImageTask => "import-image-task".into(),
            Self::ImportSnapshotTask => "import-snapshot-task".into(),
            Self::Instance => "instance".into(),
            Self::InstanceConnectEndpoint => "instance-connect-endpoint".into(),
            Self::InstanceEventWindow => "instance-event-window".into(),
            Self::InternetGateway => "internet-gateway".into(),
            Self::Ipam => "ipam".into(),
            Self::IpamExternalResourceVerificationToken => "ipam-external-resource-verification-token".into(),
            Self::IpamInternetRegistryAssociation => "ipam-internet-registry-association".into(),
            Self::IpamPolicy => "ipam-policy".into(),
            Self::IpamPool => "ipam-pool".into(),
            Self::IpamPoolAllocation => "ipam-pool-allocation".into(),
            Self::IpamPrefixListResolver => "ipam-prefix-list-resolver".into(),
            Self::IpamPrefixListResolverTarget => "ipam-prefix-list-resolver-target".into(),
            Self::IpamResourceDiscovery => "ipam-resource-discovery".into(),
            Self::IpamResourceDiscoveryAssociation => "ipam-resource-discovery-association".into(),
            Self::IpamScope => "ipam-scope".into(),
            Self::Ipv4poolEc2 => "ipv4pool-ec2".into(),
            Self::Ipv6poolEc2 => "ipv6pool-ec2".into(),
            Self::KeyPair => "key-pair".into(),
            Self::LaunchTemplate => "launch-template".into(),
            Self::LocalGateway => "local-gateway".into(),
            Self::LocalGatewayRouteTable => "local-gateway-route-table".into(),
            Self::LocalGatewayRouteTableVirtualInterfaceGroupAssociation => {
                "local-gateway-route-table-virtual-interface-group-association".into()
            }
            Self::LocalGatewayRouteTableVpcAssociation => "local-gateway-route-table-vpc-association".into(),
            Self::LocalGatewayVirtualInterface => "local-gateway-virtual-interface".into(),
            Self::LocalGatewayVirtualInterfaceGroup => "local-gateway-virtual-interface-group".into(),
            Self::MacModificationTask => "mac-modification-task".into(),
            Self::Natgateway => "natgateway".into(),
            Self::NetworkAcl => "network-acl".into(),
            Self::NetworkInsightsAccessScope => "network-insights-access-scope".into(),
            Self::NetworkInsightsAccessScopeAnalysis => "network-insights-access-scope-analysis".into(),
            Self::NetworkInsightsAnalysis => "network-insights-analysis".into(),
            Self::NetworkInsightsPath => "network-insights-path".into(),
            Self::NetworkInterface => "network-interface".into(),
            Self::OutpostLag => "outpost-lag".into(),
            Self::PlacementGroup => "placement-group".into(),
            Self::PrefixList => "prefix-list".into(),
            Self::ReplaceRootVolumeTask => "replace-root-volume-task".into(),
            Self::ReservedInstances => "reserved-instances".into(),
            Self::RouteServer => "route-server".into(),
            Self::RouteServerEndpoint => "route-server-endpoint".into(),
            Self::RouteServerPeer => "route-server-peer".into(),
            Self::RouteTable => "route-table".into(),
            Self::SecondaryInterface => "secondary-interface".into(),
            Self::SecondaryNetwork => "secondary-network".into(),
            Self::SecondarySubnet => "secondary-subnet".into(),
            Self::SecurityGroup => "security-group".into(),
            Self::SecurityGroupRule => "security-group-rule".into(),
            Self::ServiceLinkVirtualInterface => "service-link-virtual-interface".into(),
            Self::Snapshot => "snapshot".into(),
            Self::SpotFleetRequest => "spot-fleet-request".into(),
            Self::SpotInstancesRequest => "spot-instances-request".into(),
            Self::Subnet => "subnet".into(),
            Self::SubnetCidrReservation => "subnet-cidr-reservation".into(),
            Self::TrafficMirrorFilter => "traffic-mirror-filter".into(),
            Self::TrafficMirrorFilterRule => "traffic-mirror-filter-rule".into(),
            Self::TrafficMirrorSession => "traffic-mirror-session".into(),
            Self::TrafficMirrorTarget => "traffic-mirror-target".into(),
            Self::TransitGateway => "transit-gateway".into(),
            Self::TransitGatewayAttachment => "transit-gateway-attachment".into(),
            Self::TransitGatewayConnectPeer => "transit-gateway-connect-peer".into(),
            Self::TransitGatewayMeteringPolicy => "transit-gateway-metering-policy".into(),
            Self::TransitGatewayMulticastDomain => "transit-gateway-multicast-domain".into(),
            Self::TransitGatewayPolicyTable => "transit-gateway-policy-table".into(),
            Self::TransitGatewayRouteTable => "transit-gateway-route-table".into(),
            Self::TransitGatewayRouteTableAnnouncement => "transit-gateway-route-table-announcement".into(),
            Self::VerifiedAccessEndpoint => "verified-access-endpoint".into(),
            Self::VerifiedAccessEndpointTarget => "verified-access-endpoint-target".into(),
            Self::VerifiedAccessGroup => "verified-access-group".into(),
            Self::VerifiedAccessInstance => "verified-access-instance".into(),
            Self::VerifiedAccessPolicy => "verified-access-policy".into(),
            Self::VerifiedAccessTrustProvider => "verified-access-trust-provider".into(),
            Self::Volume => "volume".into(),
            Self::Vpc => "vpc".into(),
            Self::VpcBlockPublicAccessExclusion => "vpc-block-public-access-exclusion".into(),
            Self::VpcEncryptionControl => "vpc-encryption-control".into(),
            Self::VpcEndpoint => "vpc-endpoint".into(),
            Self::VpcEndpointConnection => "vpc-endpoint-connection".into(),
            Self::VpcEndpointConnectionDeviceType => "vpc-endpoint-connection-device-type".into(),
            Self::VpcEndpointService => "vpc-endpoint-service".into(),
            Self::VpcEndpointServicePermission => "vpc-endpoint-service-permission".into(),
            Self::VpcFlowLog => "vpc-flow-log".into(),
            Self::VpcPeeringConnection => "vpc-peering-connection".into(),
            Self::VpnConcentrator => "vpn-concentrator".into(),
            Self::VpnConnection => "vpn-connection".into(),
            Self::VpnConnectionDeviceType => "vpn-connection-device-type".into(),
            Self::VpnGateway => "vpn-gateway".into(),
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ResourceType {
    fn from(word: &str) -> Self {
        match word {
            "application-status-check" => Self::ApplicationStatusCheck,
            "capacity-block" => Self::CapacityBlock,
            "capacity-manager-data-export" => Self::CapacityManagerDataExport,
            "capacity-reservation" => Self::CapacityReservation,
            "capacity-reservation-cancellation-quote" => Self::CapacityReservationCancellationQuote,
            "capacity-reservation-fleet" => Self::CapacityReservationFleet,
            "capacity-reservation-modification-quote" => Self::CapacityReservationModificationQuote,
            "carrier-gateway" => Self::CarrierGateway,
            "client-vpn-endpoint" => Self::ClientVpnEndpoint,
            "coip-pool" => Self::CoipPool,
            "customer-gateway" => Self::CustomerGateway,
            "declarative-policies-report" => Self::DeclarativePoliciesReport,
            "dedicated-host" => Self::DedicatedHost,
            "dhcp-options" => Self::DhcpOptions,
            "egress-only-internet-gateway" => Self::EgressOnlyInternetGateway,
            "elastic-gpu" => Self::ElasticGpu,
            "elastic-ip" => Self::ElasticIp,
            "export-image-task" => Self::ExportImageTask,
            "export-instance-task" => Self::ExportInstanceTask,
            "fleet" => Self::Fleet,
            "fpga-image" => Self::FpgaImage,
            "host-reservation" => Self::HostReservation,
            "image" => Self::Image,
            "image-usage-report" => Self::ImageUsageReport,
            "import-image-task" => Self::ImportImageTask,
            "import-snapshot-task" => Self::ImportSnapshotTask,
            "instance" => Self::Instance,
            "instance-connect-endpoint" => Self::InstanceConnectEndpoint,
            "instance-event-window" => Self::InstanceEventWindow,
            "internet-gateway" => Self::InternetGateway,
            "ipam" => Self::Ipam,
            "ipam-external-resource-verification-token" => Self::IpamExternalResourceVerificationToken,
            "ipam-internet-registry-association" => Self::IpamInternetRegistryAssociation,
            "ipam-policy" => Self::IpamPolicy,
            "ipam-pool" => Self::IpamPool,
            "ipam-pool-allocation" => Self::IpamPoolAllocation,
            "ipam-prefix-list-resolver" => Self::IpamPrefixListResolver,
            "ipam-prefix-list-resolver-target" => Self::IpamPrefixListResolverTarget,
            "ipam-resource-discovery" => Self::IpamResourceDiscovery,
            "ipam-resource-discovery-association" => Self::IpamResourceDiscoveryAssociation,
            "ipam-scope" => Self::IpamScope,
            "ipv4pool-ec2" => Self::Ipv4poolEc2,
            "ipv6pool-ec2" => Self::Ipv6poolEc2,
            "key-pair" => Self::KeyPair,
            "launch-template" => Self::LaunchTemplate,
            "local-gateway" => Self::LocalGateway,
            "local-gateway-route-table" => Self::LocalGatewayRouteTable,
            "local-gateway-route-table-virtual-interface-group-association" => {
                Self::LocalGatewayRouteTableVirtualInterfaceGroupAssociation
            }
            "local-gateway-route-table-vpc-association" => Self::LocalGatewayRouteTableVpcAssociation,
            "local-gateway-virtual-interface" => Self::LocalGatewayVirtualInterface,
            "local-gateway-virtual-interface-group" => Self::LocalGatewayVirtualInterfaceGroup,
            "mac-modification-task" => Self::MacModificationTask,
            "natgateway" => Self::Natgateway,
            "network-acl" => Self::NetworkAcl,
            "network-insights-access-scope" => Self::NetworkInsightsAccessScope,
            "network-insights-access-scope-analysis" => Self::NetworkInsightsAccessScopeAnalysis,
            "network-insights-analysis" => Self::NetworkInsightsAnalysis,
            "network-insights-path" => Self::NetworkInsightsPath,
            "network-interface" => Self::NetworkInterface,
            "outpost-lag" => Self::OutpostLag,
            "placement-group" => Self::PlacementGroup,
            "prefix-list" => Self::PrefixList,
            "replace-root-volume-task" => Self::ReplaceRootVolumeTask,
            "reserved-instances" => Self::ReservedInstances,
            "route-server" => Self::RouteServer,
            "route-server-endpoint" => Self::RouteServerEndpoint,
            "route-server-peer" => Self::RouteServerPeer,
            "route-table" => Self::RouteTable,
            "secondary-interface" => Self::SecondaryInterface,
            "secondary-network" => Self::SecondaryNetwork,
            "secondary-subnet" => Self::SecondarySubnet,
            "security-group" => Self::SecurityGroup,
            "security-group-rule" => Self::SecurityGroupRule,
            "service-link-virtual-interface" => Self::ServiceLinkVirtualInterface,
            "snapshot" => Self::Snapshot,
            "spot-fleet-request" => Self::SpotFleetRequest,
            "spot-instances-request" => Self::SpotInstancesRequest,
            "subnet" => Self::Subnet,
            "subnet-cidr-reservation" => Self::SubnetCidrReservation,
            "traffic-mirror-filter" => Self::TrafficMirrorFilter,
            "traffic-mirror-filter-rule" => Self::TrafficMirrorFilterRule,
            "traffic-mirror-session" => Self::TrafficMirrorSession,
            "traffic-mirror-target" => Self::TrafficMirrorTarget,
            "transit-gateway" => Self::TransitGateway,
            "transit-gateway-attachment" => Self::TransitGatewayAttachment,
            "transit-gateway-connect-peer" => Self::TransitGatewayConnectPeer,
            "transit-gateway-metering-policy" => Self::TransitGatewayMeteringPolicy,
            "transit-gateway-multicast-domain" => Self::TransitGatewayMulticastDomain,
            "transit-gateway-policy-table" => Self::TransitGatewayPolicyTable,
            "transit-gateway-route-table" => Self::TransitGatewayRouteTable,
            "transit-gateway-route-table-announcement" => Self::TransitGatewayRouteTableAnnouncement,
            "verified-access-endpoint" => Self::VerifiedAccessEndpoint,
            "verified-access-endpoint-target" => Self::VerifiedAccessEndpointTarget,
            "verified-access-group" => Self::VerifiedAccessGroup,
            "verified-access-instance" => Self::VerifiedAccessInstance,
            "verified-access-policy" => Self::VerifiedAccessPolicy,
            "verified-access-trust-provider" => Self::VerifiedAccessTrustProvider,
            "volume" => Self::Volume,
            "vpc" => Self::Vpc,
            "vpc-block-public-access-exclusion" => Self::VpcBlockPublicAccessExclusion,
            "vpc-encryption-control" => Self::VpcEncryptionControl,
            "vpc-endpoint" => Self::VpcEndpoint,
            "vpc-endpoint-connection" => Self::VpcEndpointConnection,
            "vpc-endpoint-connection-device-type" => Self::VpcEndpointConnectionDeviceType,
            "vpc-endpoint-service" => Self::VpcEndpointService,
            "vpc-endpoint-service-permission" => Self::VpcEndpointServicePermission,
            "vpc-flow-log" => Self::VpcFlowLog,
            "vpc-peering-connection" => Self::VpcPeeringConnection,
            "vpn-concentrator" => Self::VpnConcentrator,
            "vpn-connection" => Self::VpnConnection,
            "vpn-connection-device-type" => Self::VpnConnectionDeviceType,
            "vpn-gateway" => Self::VpnGateway,
            other => Self::Other(other.into()),
        }
    }
}
