//! Values of an instance's fields.

use crate::prelude::*;

id!(
    /// An instance type, such as `t4g.small`.
    InstanceType
);

choice!(
    /// The need of a session token for requests to the instance metadata service.
    HttpTokens of ec2::HttpTokensState {
        /// Requests without a token are refused (`IMDSv2`).
        Required = "required",
        /// Requests without a token are answered, too (`IMDSv1`).
        Optional = "optional",
    }
);

choice!(
    /// The type of a volume.
    VolumeType of ec2::VolumeType {
        /// General Purpose SSD, whose performance is chosen.
        Gp3 = "gp3",
        /// General Purpose SSD, whose performance goes with its size.
        Gp2 = "gp2",
        /// Provisioned IOPS SSD.
        Io1 = "io1",
        /// Provisioned IOPS SSD, more durable.
        Io2 = "io2",
        /// Throughput Optimized HDD, which boots nothing.
        St1 = "st1",
        /// Cold HDD, which boots nothing.
        Sc1 = "sc1",
        /// Magnetic, of the previous generation.
        Standard = "standard",
    }
);

impl VolumeType {
    /// The reason for which a root volume is not of this type, whose IOPS are not said here.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html>, `Iops`: "required for io1 and io2 volumes";
    /// <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html>: HDD volumes cannot be boot volumes.
    pub(super) const fn no_root(self) -> Option<&'static str> {
        match self {
            Self::Io1 | Self::Io2 => Some("is of a type that needs IOPS, which cannot be said here: use gp3"),
            Self::St1 | Self::Sc1 => Some("is of a type that nothing boots from: use gp3"),
            Self::Gp2 | Self::Gp3 | Self::Standard => None,
        }
    }
}

/// The options of the instance metadata service, through which programs on an instance get its role's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetadataOptions {
    /// The need of a session token.
    pub http_tokens: HttpTokens,
    /// The number of network hops that a token travels, 1 to 64: 2 lets containers reach the service.
    pub http_put_response_hop_limit: u32,
    /// The service answers at all.
    pub http_endpoint: bool,
    /// The service shows the instance's tags.
    pub instance_metadata_tags: bool,
}

impl MetadataOptions {
    /// A session token is required (`IMDSv2`), and travels one hop.
    pub const REQUIRED: Self = Self {
        http_tokens: HttpTokens::Required,
        http_put_response_hop_limit: 1,
        http_endpoint: true,
        instance_metadata_tags: false,
    };

    /// The same with this hop limit.
    #[must_use]
    pub const fn hop_limit(mut self, hops: u32) -> Self {
        self.http_put_response_hop_limit = hops;
        self
    }

    /// The same with the instance's tags in the metadata.
    #[must_use]
    pub const fn tags(mut self, shown: bool) -> Self {
        self.instance_metadata_tags = shown;
        self
    }

    /// The finding about it as the value of `field`.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
    pub(super) fn check(self, field: &str) -> Option<String> {
        let hops = self.http_put_response_hop_limit;
        (!(1..=64).contains(&hops)).then(|| {
            format!("`{field}` has a `http_put_response_hop_limit` of {hops}, and AWS takes 1 to 64")
        })
    }

    /// AWS's word for a switch.
    pub(super) const fn word(on: bool) -> MetadataSwitch {
        if on {
            MetadataSwitch::Enabled
        } else {
            MetadataSwitch::Disabled
        }
    }
}

choice!(
    /// A switch of the metadata options, as AWS writes it.
    MetadataSwitch {
        /// On.
        Enabled = "enabled",
        /// Off.
        Disabled = "disabled",
    }
);

/// The user data of an instance: a script or a configuration that cloud-init runs at its first boot, as plain text. Whoever may
/// describe the instance reads it: no secret belongs there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserData(String);

impl UserData {
    /// The most bytes that AWS takes.
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html: "limited to 16 KB, in raw form"
    const MOST: usize = 16_384;

    /// The finding about it as the value of `field`.
    pub(super) fn check(&self, field: &str) -> Option<String> {
        let bytes = self.0.len();
        (bytes > Self::MOST).then(|| format!("`{field}` has {bytes} bytes, and AWS takes {}", Self::MOST))
    }
}

impl From<String> for UserData {
    fn from(text: String) -> Self {
        Self(text)
    }
}
impl From<&str> for UserData {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}
impl std::fmt::Display for UserData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl IntoInput<UserData> for &str {
    fn into_input(self) -> Input<UserData> {
        Input::Known(self.into())
    }
}
impl IntoInput<UserData> for Input<String> {
    fn into_input(self) -> Input<UserData> {
        self.typed()
    }
}

/// The root volume of an instance, as its block device mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RootVolume {
    pub(super) device_name: String,
    pub(super) ebs: Ebs,
}

/// The volume of a block device mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ebs {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) volume_size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) volume_type: Option<VolumeType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encrypted: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kms_key_id: Option<Input<Arn>>,
    pub(super) delete_on_termination: bool,
}

#[cfg(feature = "aws")]
mod wire {
    use super::{InstanceType, MetadataOptions, MetadataSwitch, RootVolume, UserData};
    use crate::aws::{FromSdk, ToSdk, sdk::ec2::types};
    use aws_smithy_types::Blob;

    impl ToSdk<types::InstanceType> for InstanceType {
        fn to_sdk(self) -> Option<types::InstanceType> {
            Some(self.0.as_str().into())
        }
    }
    impl FromSdk<Option<types::InstanceType>> for InstanceType {
        fn from_sdk(word: Option<types::InstanceType>) -> Option<Self> {
            word.map(|word| Self(word.as_str().into()))
        }
    }
    impl ToSdk<types::AttributeValue> for InstanceType {
        fn to_sdk(self) -> Option<types::AttributeValue> {
            Some(types::AttributeValue::builder().value(self.0).build())
        }
    }

    /// `RunInstances` takes Base64: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html>
    impl ToSdk<String> for UserData {
        fn to_sdk(self) -> Option<String> {
            Some(aws_smithy_types::base64::encode(self.0))
        }
    }
    /// The SDK itself encodes the bytes.
    impl ToSdk<types::SecureBlobAttributeValue> for UserData {
        fn to_sdk(self) -> Option<types::SecureBlobAttributeValue> {
            let value = types::SecureBlobAttributeValue::builder().value(Blob::new(self.0));
            Some(value.build())
        }
    }

    impl ToSdk<types::InstanceMetadataEndpointState> for MetadataSwitch {
        fn to_sdk(self) -> Option<types::InstanceMetadataEndpointState> {
            Some(self.as_str().into())
        }
    }
    impl ToSdk<types::InstanceMetadataTagsState> for MetadataSwitch {
        fn to_sdk(self) -> Option<types::InstanceMetadataTagsState> {
            Some(self.as_str().into())
        }
    }

    impl ToSdk<types::InstanceMetadataOptionsRequest> for MetadataOptions {
        fn to_sdk(self) -> Option<types::InstanceMetadataOptionsRequest> {
            let options = types::InstanceMetadataOptionsRequest::builder()
                .set_http_tokens(self.http_tokens.to_sdk())
                .set_http_put_response_hop_limit(self.http_put_response_hop_limit.to_sdk())
                .set_http_endpoint(Self::word(self.http_endpoint).to_sdk())
                .set_instance_metadata_tags(Self::word(self.instance_metadata_tags).to_sdk());
            Some(options.build())
        }
    }

    impl ToSdk<types::BlockDeviceMapping> for RootVolume {
        fn to_sdk(self) -> Option<types::BlockDeviceMapping> {
            let ebs = types::EbsBlockDevice::builder()
                .set_volume_size(self.ebs.volume_size.to_sdk())
                .set_volume_type(self.ebs.volume_type.to_sdk())
                .set_encrypted(self.ebs.encrypted)
                .set_kms_key_id(self.ebs.kms_key_id.to_sdk())
                .delete_on_termination(self.ebs.delete_on_termination);
            let mapping = types::BlockDeviceMapping::builder().device_name(self.device_name);
            Some(mapping.ebs(ebs.build()).build())
        }
    }
}
