//! An EBS volume.

use super::{CreateTags, DeleteTags, VolumeType};
use crate::prelude::*;

id!(
    /// A volume's id, such as `vol-0a1b2c3d4e5f67890`.
    VolumeId
);

/// An EBS volume: a disk in one availability zone, which outlives the instances that it is attached to. It grows, and never shrinks.
///
/// ```
/// use tenon_resources::ec2::Volume;
/// Volume::new("eu-west-1a").size(100);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.volume", cfn = "AWS::EC2::Volume", ready = 10, stateful)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(gone("InvalidVolume.NotFound"), in_use("VolumeInUse", 300), second_create = Another)]
#[create(
    CreateVolume: ec2,
    id = o.volume_id?,
    also("ec2:CreateTags"),
    with(client_token: Token = Token::Fill)
)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html: one modification at a time, all members of it in one call.
#[update(ModifyVolume: ec2, folds, by(volume_id), on = "arn:aws:ec2:{region}:{account}:volume/{id}",
    rules(.retry_on("IncorrectState", minutes(2))))]
#[delete(DeleteVolume: ec2, by(volume_id), on = "arn:aws:ec2:{region}:{account}:volume/{id}")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::Volume)]
pub struct Volume {
    /// The availability zone.
    #[immutable]
    #[sample("eu-west-1a", "eu-west-1b")]
    pub availability_zone: Input<AvailabilityZone>,
    /// The size, in GiB. Unset: that of the snapshot.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
    #[range(1..=65_536)]
    #[sample(10, 20)]
    pub size: Option<u32>,
    /// The snapshot that the volume is made of. A volume that exists stays as it is.
    #[immutable]
    #[default(None)]
    #[member("snapshot_id")]
    #[cfn("SnapshotId")]
    #[read(item.snapshot_id.clone().filter(|id| !id.is_empty()).map(Input::Known))]
    #[sample(_, "snap-1")]
    pub snapshot: Option<Input<String>>,
    /// The volume type.
    #[default(VolumeType::Gp3)]
    #[sample(VolumeType::Gp3, VolumeType::Io2)]
    pub volume_type: VolumeType,
    /// The input and output operations per second. Unset: those of the volume type.
    #[range(100..=256_000)]
    #[sample(4_000, 5_000)]
    #[wrong_if(!me.has_iops(), "is set, and volumes of type {} have what their size gives them: drop it", me.volume_type)]
    #[missing_if(me.needs_iops(), "is unset, and volumes of type {} need it", me.volume_type)]
    pub iops: Option<u32>,
    /// The throughput of a gp3 volume, in MiB/s. Unset: 125.
    #[range(125..=2_000)]
    #[sample(250, _)]
    #[wrong_if(me.volume_type != VolumeType::Gp3, "is set, and goes with `volume_type` gp3 alone: drop it")]
    pub throughput: Option<u32>,
    /// Encryption of the volume.
    #[immutable]
    #[default(true)]
    #[sample(true, false)]
    pub encrypted: bool,
    /// The KMS key that the volume is encrypted with, by ARN. Unset: the account's key for EBS.
    #[immutable]
    #[member("kms_key_id")]
    #[cfn("KmsKeyId")]
    #[sample("arn:aws:kms:eu-west-1:111111111111:key/b", _)]
    #[wrong_if(!me.encrypted, "is set, and the volume is not encrypted: set `encrypted`, or drop it")]
    pub kms_key: Option<Input<Arn>>,
    /// Tags.
    #[tag_specification("volume")]
    pub tags: Tags,
}

/// Outputs of a volume.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct VolumeOutputs {
    /// The id.
    #[shape("vol-{hex17}")]
    pub id: VolumeId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:volume/{id}")]
    pub arn: Arn,
}

impl Volume {
    /// IOPS are said of its type: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html>, `Iops`.
    fn has_iops(&self) -> bool {
        self.volume_type == VolumeType::Gp3 || self.needs_iops()
    }

    fn needs_iops(&self) -> bool {
        matches!(self.volume_type, VolumeType::Io1 | VolumeType::Io2)
    }
}

impl Lifecycle for Volume {
    const READ: Read = Read::new("ec2", "DescribeVolumes", 200, &["ec2:DescribeVolumes"]);

    // https://docs.aws.amazon.com/ebs/latest/userguide/ebs-describing-volumes.html: in `error`, what is on the volume is lost; whoever has a
    // snapshot of it decides.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "state",
        words: &[
            ("available", Meaning::Ready),
            ("in-use", Meaning::Ready),
            ("creating", Meaning::Pending),
            ("deleting", Meaning::Leaving),
            ("deleted", Meaning::Gone),
            ("error", Meaning::Impaired),
        ],
    }];

    fn create(&self) -> Steps {
        CreateVolume::steps(self)
    }

    fn set(&self, _: &Self, field: VolumeField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        // "The volume can remain in the deleting state for several minutes":
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html; Terraform waits 10 min.
        DeleteVolume::steps(self)
            .destroys("what is on it")
            .until_gone(minutes(10))
    }

    fn check(&self) -> Vec<String> {
        let none = self.size.is_none() && self.snapshot.is_none();
        let none = none.then(|| "`size` and `snapshot` are unset: set one of them".to_owned());
        none.into_iter().collect()
    }

    // https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html: "You can't decrease the size of an EBS volume."
    fn refuses(&self, was: &Self, field: &str, _: Look<'_>) -> Option<String> {
        let (size, before) = (self.size?, was.size?);
        (field == "size" && size < before).then(|| format!("has {before} GiB, and a volume never shrinks"))
    }
}

#[cfg(feature = "aws")]
impl Observe for Volume {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let volumes = super::filtered!(aws, by, Self, describe_volumes.set_filters, "volume-id");
        let read = |item| read(aws, item).map_err(broken::<Self>).transpose();
        volumes.iter().filter_map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::Volume) -> Result<Option<Seen<Volume>>, Missing> {
    let state = item.state.as_ref().ok_or(Missing("state"))?;
    let Some(status) = Volume::STATUSES[0].status(state.as_str(), None) else {
        return Ok(None);
    };
    let id = item.volume_id.clone().ok_or(Missing("volume_id"))?;
    let mut inputs = Volume::from_sdk(item)?;
    // What AWS says of every volume of the type is not what somebody has set.
    if !inputs.has_iops() {
        inputs.iops = None;
    }
    Ok(Some(Seen {
        status,
        outputs: VolumeOutputs {
            id: id.clone().into(),
            arn: aws.arn("ec2", &format!("volume/{id}")),
        },
        inputs,
        id,
    }))
}
