//! An instance.

use super::{
    CreateTags, DeleteTags, HttpTokens, InstanceType, KeyName, MetadataOptions, MetadataSwitch,
    SecurityGroupId, SubnetId, UserData, VolumeType,
    instance_values::{Ebs, RootVolume},
};
use crate::{iam::InstanceProfileName, lookup::AmiId, prelude::*};

id!(
    /// An instance's id, such as `i-0a1b2c3d4e5f67890`.
    InstanceId
);

/// An instance: a virtual server. A change of its type or its user data stops it and starts it again. Its root volume is deleted
/// with it, so that a replacement loses what is there.
///
/// ```
/// use tenon_resources::ec2::Instance;
/// Instance::new("ami-1", "t4g.small", "subnet-1")
///     .security_groups(["sg-1"])
///     .iam_instance_profile("web")
///     .user_data("#!/bin/sh\ndnf install -y nginx\n");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.instance", cfn = "AWS::EC2::Instance", ready = 10, stateful)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(gone("InvalidInstanceID.NotFound"), second_create = Another)]
// A profile that was created a moment ago is unknown to EC2 for a while: Terraform retries for 2 minutes.
#[create(
    RunInstances: ec2,
    id = o.instances?.into_iter().next()?.instance_id?,
    also("ec2:CreateTags", "iam:PassRole to ec2.amazonaws.com"),
    with(
        min_count: u32 = 1,
        max_count: u32 = 1,
        block_device_mappings: Option<Vec<RootVolume>> = me.root_volume(),
        client_token: Token = Token::Fill
    ),
    rules(.retry_on_message("InvalidParameterValue", "Invalid IAM Instance Profile", minutes(2)))
)]
#[update(
    ModifyInstanceAttribute: ec2,
    by(instance_id),
    on = "arn:aws:ec2:{region}:{account}:instance/{id}"
)]
// https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html
#[update(ModifyVolume: ec2, by(volume_id = "root_volume"), folds, on = "arn:aws:ec2:{region}:{account}:volume/*")]
#[delete(
    TerminateInstances: ec2,
    on = "arn:aws:ec2:{region}:{account}:instance/{id}",
    with(instance_ids: Vec<Input<InstanceId>> = vec![this()])
)]
#[retag(super::retag)]
#[calls(
    StopInstances,
    StartInstances,
    MonitorInstances,
    UnmonitorInstances,
    ModifyInstanceMetadataOptions,
    AssociateIamInstanceProfile,
    ReplaceIamInstanceProfileAssociation,
    DisassociateIamInstanceProfile,
    CreateTags,
    DeleteTags
)]
#[sdk(ec2::Instance)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the switches that EC2 has"
)]
pub struct Instance {
    /// The Amazon Machine Image, as the lookup of one finds it.
    #[immutable]
    #[member("image_id")]
    #[cfn("ImageId")]
    #[sample("ami-1", "ami-2")]
    pub image: Input<AmiId>,
    /// The instance is stopped: it costs nothing but its volumes.
    // Before what is changed while it is stopped.
    #[default(false)]
    #[after_create]
    #[by_hand]
    #[member("")]
    #[cfn("")]
    #[read(item.state().and_then(|s| s.name()).is_some_and(|name| name.as_str() == "stopped"))]
    #[sample(true)]
    pub stopped: bool,
    /// The instance type.
    #[by_hand]
    #[sample("t4g.small", "t4g.large")]
    pub instance_type: Input<InstanceType>,
    /// The subnet.
    #[immutable]
    #[member("subnet_id")]
    #[cfn("SubnetId")]
    #[sample("subnet-1", "subnet-2")]
    pub subnet: Input<SubnetId>,
    /// The security groups of its network interface.
    #[member(create = "security_group_ids", update = "groups", read = "security_groups")]
    #[cfn("SecurityGroupIds")]
    #[read(item.security_groups().iter().filter_map(|g| g.group_id()).map(|id| Input::Known(id.into())).collect())]
    #[sample(["sg-1"], ["sg-2"])]
    #[missing_if(true, "is empty, and AWS would take the VPC's default group: name one")]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// The instance profile, whose role's credentials programs on the instance have.
    #[default(None)]
    #[by_hand]
    #[create_with(Option<Profile>, me.iam_instance_profile.clone().map(|name| Profile { name }))]
    #[member(update = "")]
    #[cfn("IamInstanceProfile")]
    #[read(profile_of(item))]
    #[sample("a", "b")]
    pub iam_instance_profile: Option<Input<InstanceProfileName>>,
    /// The key pair whose owner may log in.
    #[immutable]
    #[default(None)]
    #[sample("a")]
    pub key_name: Option<Input<KeyName>>,
    /// The user data, which cloud-init runs at the first boot; a change of it alone runs nothing.
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html#user-data-modify
    #[default(None)]
    #[by_hand]
    #[read(None)]
    #[sample("#!/bin/sh\n")]
    #[checked(it.known().and_then(|data| data.check(field)))]
    pub user_data: Option<Input<UserData>>,
    /// The options of the instance metadata service; a session token is required (`IMDSv2`) unless they say otherwise.
    #[default(MetadataOptions::REQUIRED)]
    #[by_hand]
    #[member(update = "")]
    #[cfn("MetadataOptions")]
    #[read(metadata_of(item))]
    #[sample(MetadataOptions::REQUIRED.hop_limit(2).tags(true))]
    #[checked(it.check(field))]
    pub metadata_options: MetadataOptions,
    /// Detailed monitoring: metrics of each minute, which cost.
    #[default(false)]
    #[by_hand]
    #[create_with(Monitoring, Monitoring { enabled: me.monitoring })]
    #[member(update = "")]
    #[read(item.monitoring().and_then(|m| m.state()).is_some_and(|s| ["enabled", "pending"].contains(&s.as_str())))]
    #[sample(true)]
    pub monitoring: bool,
    /// The check that traffic is from or to the instance itself; off for one that forwards the traffic of others.
    #[default(true)]
    #[after_create]
    #[sample(false)]
    pub source_dest_check: bool,
    /// Termination protection: AWS refuses to delete it.
    #[default(false)]
    #[read(false)]
    #[sample(true)]
    pub disable_api_termination: bool,
    /// The device name of the root volume, as the image has it, such as `/dev/xvda` or `/dev/sda1`.
    #[immutable]
    #[default("/dev/xvda".into())]
    #[member(create = "")]
    #[cfn("")]
    #[read(item.root_device_name.clone().unwrap_or_default())]
    #[sample("/dev/sda1")]
    pub root_device_name: String,
    /// The size of the root volume, in GiB; that of the image when unset. A volume grows, and never shrinks.
    #[member(create = "", update = "size")]
    #[updated_by(ModifyVolume)]
    #[cfn("")]
    #[read(None)]
    #[range(1..=65_536)]
    #[sample(16, 32)]
    pub root_volume_size: Option<u32>,
    /// The type of the root volume; that of the image when unset.
    #[member(create = "", update = "volume_type")]
    #[updated_by(ModifyVolume)]
    #[cfn("")]
    #[read(None)]
    #[sample(VolumeType::Gp2, VolumeType::Gp3)]
    #[checked(it.no_root().map(|why| format!("`{field}` {why}")))]
    pub root_volume_type: Option<VolumeType>,
    /// Encryption of the root volume; as the image and the account's default have it when unset.
    #[immutable]
    #[member("")]
    #[cfn("")]
    #[read(None)]
    #[sample(true)]
    pub root_volume_encrypted: Option<bool>,
    /// The KMS key of an encrypted root volume; the account's default one when unset.
    #[immutable]
    #[member("")]
    #[cfn("")]
    #[read(None)]
    #[sample("arn:aws:kms:eu-west-1:111111111111:key/b")]
    #[wrong_if(me.root_volume_encrypted != Some(true), "is of an encrypted volume: set `root_volume_encrypted`, too")]
    pub root_volume_kms_key: Option<Input<Arn>>,
    /// Tags.
    #[tag_specification("instance")]
    pub tags: Tags,
}

/// Outputs of an instance.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct InstanceOutputs {
    /// The id.
    #[shape("i-{hex17}")]
    pub id: InstanceId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:instance/{id}")]
    pub arn: Arn,
    /// The private IPv4 address, which stays while the instance exists.
    #[shape("10.0.0.10")]
    pub private_ip: String,
    /// The id of the root volume.
    #[shape("vol-{hex17}")]
    pub root_volume: String,
    /// The id of the association with the instance profile; empty without a profile.
    #[shape("iip-assoc-{hex17}")]
    pub profile_association: String,
}

/// The guard of what AWS refuses to terminate until its termination protection, which the engine would turn off, is off.
const TERMINATION_PROTECTION: Guard = Guard {
    why: "and its termination protection, which is on, would be turned off for that",
    otherwise: "set `disable_api_termination` to false and apply that first",
    unless_with: None,
    replaced: true,
    stays_alone: false,
};

impl Lifecycle for Instance {
    const READ: Read = Read::new(
        "ec2",
        "DescribeInstances",
        200,
        &[
            "ec2:DescribeInstances",
            "ec2:DescribeInstanceAttribute",
            "ec2:DescribeVolumes",
            "ec2:DescribeIamInstanceProfileAssociations",
        ],
    );

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "instanceState.name",
        words: &[
            ("running", Meaning::Ready),
            ("pending", Meaning::Pending),
            ("stopping", Meaning::Pending),
            ("stopped", Meaning::Stopped),
            ("shutting-down", Meaning::Leaving),
            ("terminated", Meaning::Gone),
        ],
    }];

    fn wants_stopped(&self) -> bool {
        self.stopped
    }

    fn guard(&self) -> Option<Guard> {
        self.disable_api_termination.then_some(TERMINATION_PROTECTION)
    }

    fn create(&self) -> Steps {
        RunInstances::steps(self)
    }

    fn set(&self, was: &Self, field: InstanceField) -> Steps {
        match field {
            InstanceField::Stopped if self.stopped => stop(),
            InstanceField::Stopped => start(),
            InstanceField::InstanceType => {
                let mut call = ModifyInstanceAttribute::unchanged(self);
                call.instance_type = Some(self.instance_type.clone());
                self.while_stopped(call.steps())
            }
            InstanceField::UserData => {
                let mut call = ModifyInstanceAttribute::unchanged(self);
                let none = || Input::Known(UserData::from(""));
                call.user_data = Some(self.user_data.clone().unwrap_or_else(none));
                self.while_stopped(call.steps())
            }
            InstanceField::IamInstanceProfile => self.profile(was),
            InstanceField::MetadataOptions => {
                let options = self.metadata_options;
                Steps::update(ModifyInstanceMetadataOptions {
                    instance_id: this(),
                    http_tokens: options.http_tokens,
                    http_put_response_hop_limit: options.http_put_response_hop_limit,
                    http_endpoint: MetadataOptions::word(options.http_endpoint),
                    instance_metadata_tags: MetadataOptions::word(options.instance_metadata_tags),
                })
            }
            InstanceField::Monitoring if self.monitoring => Steps::update(MonitorInstances {
                instance_ids: vec![this()],
            }),
            InstanceField::Monitoring => Steps::update(UnmonitorInstances {
                instance_ids: vec![this()],
            }),
        }
    }

    fn delete(&self) -> Steps {
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html: refused while it is protected.
        let unprotected = Steps::none().then_if(self.disable_api_termination, || {
            let mut call = ModifyInstanceAttribute::unchanged(self);
            call.disable_api_termination = Some(false);
            call.steps().ok_on("InvalidInstanceID.NotFound")
        });
        // Its network interface holds its subnet and groups until it is gone.
        let terminate = TerminateInstances::steps(self).destroys("its root volume");
        unprotected.then(terminate.until_gone(minutes(15)))
    }

    // https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html: "You can't decrease the size of an EBS volume."
    fn refuses(&self, was: &Self, field: &str, _: Look<'_>) -> Option<String> {
        let (size, before) = (self.root_volume_size?, was.root_volume_size?);
        (field == "root_volume_size" && size < before)
            .then(|| format!("has a root volume of {before} GiB, which never shrinks"))
    }
}

impl Instance {
    /// The mapping of the root volume, where the fields say anything of it.
    fn root_volume(&self) -> Option<Vec<RootVolume>> {
        let ebs = Ebs {
            volume_size: self.root_volume_size,
            volume_type: self.root_volume_type,
            encrypted: self.root_volume_encrypted,
            kms_key_id: self.root_volume_kms_key.clone(),
            delete_on_termination: true,
        };
        let said = ebs.volume_size.is_some() || ebs.volume_type.is_some() || ebs.encrypted.is_some();
        said.then(|| {
            vec![RootVolume {
                device_name: self.root_device_name.clone(),
                ebs,
            }]
        })
    }

    /// A change that AWS takes of a stopped instance alone.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    fn while_stopped(&self, change: Steps) -> Steps {
        let change = change.retry_on("IncorrectInstanceState", minutes(10));
        if self.stopped {
            change
        } else {
            stop().then(change).then(start())
        }
    }

    /// The calls that give it another instance profile.
    fn profile(&self, was: &Self) -> Steps {
        let steps = match (&was.iam_instance_profile, &self.iam_instance_profile) {
            (None, None) => return Steps::none(),
            (None, Some(profile)) => Steps::update(AssociateIamInstanceProfile {
                instance_id: this(),
                iam_instance_profile: Profile {
                    name: profile.clone(),
                },
            }),
            (Some(_), Some(profile)) => Steps::update(ReplaceIamInstanceProfileAssociation {
                association_id: own("profile_association"),
                iam_instance_profile: Profile {
                    name: profile.clone(),
                },
            }),
            (Some(_), None) => Steps::update(DisassociateIamInstanceProfile {
                association_id: own("profile_association"),
            }),
        };
        steps.retry_on_message(
            "InvalidParameterValue",
            "Invalid IAM Instance Profile",
            minutes(2),
        )
    }
}

/// The call that stops it, once it runs.
fn stop() -> Steps {
    let stop = StopInstances {
        instance_ids: vec![this()],
    };
    Steps::update(stop).retry_on("IncorrectInstanceState", minutes(5))
}

/// The call that starts it, once it has stopped.
fn start() -> Steps {
    let start = StartInstances {
        instance_ids: vec![this()],
    };
    Steps::update(start).retry_on("IncorrectInstanceState", minutes(10))
}

/// An instance profile by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Profile {
    pub(super) name: Input<InstanceProfileName>,
}

/// Detailed monitoring, as `RunInstances` takes it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Monitoring {
    pub(super) enabled: bool,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:instance/{id}")]
struct StopInstances {
    instance_ids: Vec<Input<InstanceId>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:instance/{id}")]
struct StartInstances {
    instance_ids: Vec<Input<InstanceId>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:instance/{id}")]
struct MonitorInstances {
    instance_ids: Vec<Input<InstanceId>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:instance/{id}")]
struct UnmonitorInstances {
    instance_ids: Vec<Input<InstanceId>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:instance/{id}")]
struct ModifyInstanceMetadataOptions {
    instance_id: Input<InstanceId>,
    http_tokens: HttpTokens,
    http_put_response_hop_limit: u32,
    http_endpoint: MetadataSwitch,
    instance_metadata_tags: MetadataSwitch,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ec2,
    also("iam:PassRole to ec2.amazonaws.com"),
    on = "arn:aws:ec2:{region}:{account}:instance/{id}"
)]
struct AssociateIamInstanceProfile {
    instance_id: Input<InstanceId>,
    iam_instance_profile: Profile,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ec2,
    also("iam:PassRole to ec2.amazonaws.com"),
    on = "arn:aws:ec2:{region}:{account}:instance/{id}"
)]
struct ReplaceIamInstanceProfileAssociation {
    association_id: Input<String>,
    iam_instance_profile: Profile,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:instance/{id}")]
struct DisassociateIamInstanceProfile {
    association_id: Input<String>,
}

/// The profile's name, which is the end of its ARN.
#[cfg(feature = "aws")]
fn profile_of(item: &sdk::ec2::types::Instance) -> Option<Input<InstanceProfileName>> {
    let arn = item.iam_instance_profile()?.arn()?;
    let name = arn.rsplit('/').next()?;
    Some(Input::Known(name.into()))
}

#[cfg(feature = "aws")]
fn metadata_of(item: &sdk::ec2::types::Instance) -> MetadataOptions {
    let Some(options) = item.metadata_options() else {
        return MetadataOptions::REQUIRED;
    };
    let tokens = options
        .http_tokens()
        .and_then(|word| HttpTokens::word(word.as_str()));
    let on = |word: Option<&str>| word == Some(MetadataSwitch::Enabled.as_str());
    MetadataOptions {
        http_tokens: tokens.unwrap_or(HttpTokens::Optional),
        http_put_response_hop_limit: options
            .http_put_response_hop_limit()
            .and_then(|hops| hops.try_into().ok())
            .unwrap_or(1),
        http_endpoint: on(options.http_endpoint().map(|word| word.as_str())),
        instance_metadata_tags: on(options.instance_metadata_tags().map(|word| word.as_str())),
    }
}
