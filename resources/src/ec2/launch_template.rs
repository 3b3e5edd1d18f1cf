//! A launch template.

use super::{
    CreateTags, DeleteTags, InstanceType, KeyName, MetadataOptions, SecurityGroupId, UserData, VolumeType,
};
use crate::{iam::InstanceProfileName, lookup::AmiId, prelude::*};

id!(
    /// A launch template's id, such as `lt-0a1b2c3d4e5f67890`.
    LaunchTemplateId
);

/// A launch template: the settings with which instances are started, by an Auto Scaling group for example. A change makes a version,
/// which becomes the default one at once: whoever starts instances names `$Default`. Earlier versions stay.
///
/// ```
/// use tenon_resources::ec2::LaunchTemplate;
/// LaunchTemplate::new().image("ami-1").instance_type("t4g.small").security_groups(["sg-1"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.launch_template", cfn = "AWS::EC2::LaunchTemplate", by_name)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidLaunchTemplateId.NotFound"),
    second_create = Refused("InvalidLaunchTemplateName.AlreadyExistsException")
)]
#[create(
    CreateLaunchTemplate: ec2,
    id = o.launch_template?.launch_template_id?,
    also("ec2:CreateTags"),
    with(launch_template_data: Settings = Settings::of(me), client_token: Token = Token::Fill)
)]
#[update(
    CreateLaunchTemplateVersion: ec2,
    by(launch_template_id),
    folds,
    on = "arn:aws:ec2:{region}:{account}:launch-template/{id}",
    with(launch_template_data: Settings = Settings::of(me))
)]
#[delete(DeleteLaunchTemplate: ec2, by(launch_template_id), on = "arn:aws:ec2:{region}:{account}:launch-template/{id}")]
#[retag(super::retag)]
#[calls(ModifyLaunchTemplate, CreateTags, DeleteTags)]
pub struct LaunchTemplate {
    /// The name, unique in the region.
    #[immutable]
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
    #[named(max = 128, also = "-_()./")]
    pub launch_template_name: Option<Input<String>>,
    /// The Amazon Machine Image; whoever starts instances says it when unset.
    #[default(None)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings, image_id)]
    #[cfn("")]
    #[sample("ami-1", "ami-2")]
    pub image: Option<Input<AmiId>>,
    /// The instance type; whoever starts instances says it when unset.
    #[default(None)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample("t4g.small", "t4g.large")]
    pub instance_type: Option<Input<InstanceType>>,
    /// The security groups of the network interface.
    #[default(BTreeSet::new())]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings, security_group_ids)]
    #[cfn("")]
    #[sample(["sg-1"], ["sg-2"])]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// The instance profile, whose role's credentials programs on an instance have.
    #[default(None)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample("a", "b")]
    pub iam_instance_profile: Option<Input<InstanceProfileName>>,
    /// The key pair whose owner may log in.
    #[default(None)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample("a")]
    pub key_name: Option<Input<KeyName>>,
    /// The user data, which cloud-init runs at the first boot.
    #[default(None)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample("#!/bin/sh\n")]
    #[checked(it.known().and_then(|data| data.check(field)))]
    pub user_data: Option<Input<UserData>>,
    /// The options of the instance metadata service; a session token is required (`IMDSv2`) unless they say otherwise.
    #[default(MetadataOptions::REQUIRED)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample(MetadataOptions::REQUIRED.hop_limit(2))]
    #[checked(it.check(field))]
    pub metadata_options: MetadataOptions,
    /// Detailed monitoring: metrics of each minute, which cost.
    #[default(false)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample(true)]
    pub monitoring: bool,
    /// The root volume; that of the image when unset.
    #[default(None)]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample(RootDevice::new("/dev/xvda").size(16))]
    #[checked(it.check(field))]
    pub root_device: Option<RootDevice>,
    /// The tags of the instances that are started, and of their volumes.
    #[default(Tags::default())]
    #[by_hand]
    #[member("")]
    #[in_struct(Settings)]
    #[cfn("")]
    #[sample([("Name", "web")])]
    pub instance_tags: Tags,
    /// Tags of the template itself.
    #[tag_specification("launch-template")]
    pub tags: Tags,
}

/// The root volume of the instances that a launch template starts. What is unset is as the image has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootDevice {
    /// The device name, as the image has it, such as `/dev/xvda` or `/dev/sda1`.
    pub device_name: String,
    /// The size, in GiB, 1 to 65536.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// The type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_type: Option<VolumeType>,
    /// Encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
}

impl RootDevice {
    /// The root volume of this device name.
    pub fn new(device_name: &str) -> Self {
        Self {
            device_name: device_name.into(),
            size: None,
            volume_type: None,
            encrypted: None,
        }
    }

    /// The same of this size, in GiB.
    #[must_use]
    pub const fn size(mut self, gib: u32) -> Self {
        self.size = Some(gib);
        self
    }

    /// The same of this type.
    #[must_use]
    pub const fn volume_type(mut self, of: VolumeType) -> Self {
        self.volume_type = Some(of);
        self
    }

    /// The same, encrypted or not.
    #[must_use]
    pub const fn encrypted(mut self, encrypted: bool) -> Self {
        self.encrypted = Some(encrypted);
        self
    }

    fn check(&self, field: &str) -> Option<String> {
        let size = self.size.filter(|size| !(1..=65_536).contains(size));
        let size = size.map(|size| format!("`{field}` has a `size` of {size} GiB, and AWS takes 1 to 65536"));
        let unfit = self.volume_type.and_then(VolumeType::no_root);
        size.or_else(|| Some(format!("`{field}` {}", unfit?)))
    }
}

/// Outputs of a launch template.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct LaunchTemplateOutputs {
    /// The id.
    #[shape("lt-{hex17}")]
    pub id: LaunchTemplateId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:launch-template/{id}")]
    pub arn: Arn,
    /// The name.
    #[shape("{launch_template_name}")]
    pub launch_template_name: String,
}

impl Lifecycle for LaunchTemplate {
    const READ: Read = Read::new(
        "ec2",
        "DescribeLaunchTemplates",
        200,
        &[
            "ec2:DescribeLaunchTemplates",
            "ec2:DescribeLaunchTemplateVersions",
        ],
    );

    fn create(&self) -> Steps {
        CreateLaunchTemplate::steps(self)
    }

    fn set(&self, _: &Self, field: LaunchTemplateField) -> Steps {
        match field {
            LaunchTemplateField::Image
            | LaunchTemplateField::InstanceType
            | LaunchTemplateField::SecurityGroups
            | LaunchTemplateField::IamInstanceProfile
            | LaunchTemplateField::KeyName
            | LaunchTemplateField::UserData
            | LaunchTemplateField::MetadataOptions
            | LaunchTemplateField::Monitoring
            | LaunchTemplateField::RootDevice
            | LaunchTemplateField::InstanceTags => {
                let default = ModifyLaunchTemplate {
                    launch_template_id: this(),
                    default_version: None,
                };
                let version = CreateLaunchTemplateVersion::unchanged(self).steps();
                version.then(Steps::update(default))
            }
        }
    }

    fn delete(&self) -> Steps {
        DeleteLaunchTemplate::steps(self)
    }
}

/// `ModifyLaunchTemplate`, which makes the latest version the default one.
#[derive(Call, Serialize, Deserialize)]
#[call(
    ec2,
    folds,
    also("ec2:DescribeLaunchTemplates"),
    on = "arn:aws:ec2:{region}:{account}:launch-template/{id}",
    sent_by = wire::latest
)]
struct ModifyLaunchTemplate {
    launch_template_id: Input<String>,
    /// The number of the version, which is filled in when the call is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_version: Option<String>,
}

#[cfg(feature = "aws")]
mod wire {
    use super::ModifyLaunchTemplate;
    use crate::{
        aws::{Aws, ToSdk, items},
        cloud::{CallError, Reply},
    };

    /// Makes the latest version the default one.
    pub(super) async fn latest(mut call: ModifyLaunchTemplate, aws: &Aws) -> Result<Reply, CallError> {
        let id: Option<String> = call.launch_template_id.clone().to_sdk();
        let request = aws.ec2.describe_launch_templates();
        let pages = items!(request.set_launch_template_ids(id.map(|id| vec![id])));
        let templates = aws.all("ec2", "DescribeLaunchTemplates", pages).await?;
        let version = templates.into_iter().find_map(|t| t.latest_version_number);
        call.default_version = version.map(|number| number.to_string());
        call.send_as_it_is(aws).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_volume_is_never_of_a_type_that_aws_refuses_to_boot_from() {
        for (of, refused) in [
            (VolumeType::Gp3, false),
            (VolumeType::Gp2, false),
            (VolumeType::Standard, false),
            (VolumeType::Io1, true),
            (VolumeType::Io2, true),
            (VolumeType::St1, true),
            (VolumeType::Sc1, true),
        ] {
            let device = RootDevice::new("/dev/xvda").volume_type(of);
            assert_eq!(device.check("root_device").is_some(), refused, "{of:?}");
        }
    }
}
