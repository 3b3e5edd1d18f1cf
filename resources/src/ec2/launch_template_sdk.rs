//! Launch templates to the SDK and back.

use super::{
    HttpTokens, LaunchTemplate, LaunchTemplateOutputs, MetadataOptions, MetadataSwitch, RootDevice, UserData,
    VolumeType, launch_template::Settings,
};
use crate::{aws::ToSdk, prelude::*};
use sdk::ec2::types as t;

impl ToSdk<t::RequestLaunchTemplateData> for Settings {
    fn to_sdk(self) -> Option<t::RequestLaunchTemplateData> {
        let name: Option<String> = self.iam_instance_profile.to_sdk();
        let profile = name.map(|name| {
            let profile = t::LaunchTemplateIamInstanceProfileSpecificationRequest::builder();
            profile.name(name).build()
        });
        let tags: Option<Vec<t::Tag>> = self.instance_tags.to_sdk();
        let tags = tags.filter(|tags| !tags.is_empty());
        let specifications = tags.map(|tags| {
            let of = |resource: &str| {
                let specification = t::LaunchTemplateTagSpecificationRequest::builder();
                let specification = specification.resource_type(resource.into());
                specification.set_tags(Some(tags.clone())).build()
            };
            vec![of("instance"), of("volume")]
        });
        let groups: Option<Vec<String>> = self.security_group_ids.to_sdk();
        let monitoring = t::LaunchTemplatesMonitoringRequest::builder().enabled(self.monitoring);
        let data = t::RequestLaunchTemplateData::builder()
            .set_image_id(self.image_id.to_sdk())
            .set_instance_type(self.instance_type.to_sdk())
            .set_security_group_ids(groups.filter(|groups| !groups.is_empty()))
            .set_iam_instance_profile(profile)
            .set_key_name(self.key_name.to_sdk())
            .set_user_data(self.user_data.to_sdk())
            .metadata_options(metadata(self.metadata_options))
            .monitoring(monitoring.build())
            .set_block_device_mappings(self.root_device.map(|root| vec![mapping(root)]))
            .set_tag_specifications(specifications);
        Some(data.build())
    }
}

fn metadata(options: MetadataOptions) -> t::LaunchTemplateInstanceMetadataOptionsRequest {
    let word = |on: bool| MetadataOptions::word(on).as_str();
    t::LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_tokens(options.http_tokens.as_str().into())
        .set_http_put_response_hop_limit(options.http_put_response_hop_limit.to_sdk())
        .http_endpoint(word(options.http_endpoint).into())
        .instance_metadata_tags(word(options.instance_metadata_tags).into())
        .build()
}

fn mapping(root: RootDevice) -> t::LaunchTemplateBlockDeviceMappingRequest {
    let ebs = t::LaunchTemplateEbsBlockDeviceRequest::builder()
        .set_volume_size(root.size.to_sdk())
        .set_volume_type(root.volume_type.to_sdk())
        .set_encrypted(root.encrypted)
        .delete_on_termination(true);
    let mapping = t::LaunchTemplateBlockDeviceMappingRequest::builder();
    mapping.device_name(root.device_name).ebs(ebs.build()).build()
}

impl Observe for LaunchTemplate {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let Read { operation, batch, .. } = Self::READ;
        let request = || aws.ec2.describe_launch_templates();
        let templates = if let Some(ids) = by.ids() {
            // This operation filters by names and tags alone, and refuses a list of ids when one is gone.
            // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html
            crate::aws::in_batches(ids, batch, crate::aws::gone::<Self>(), |ids| {
                let pages = items!(request().set_launch_template_ids(Some(ids)));
                aws.all("ec2", operation, pages)
            })
            .await?
        } else {
            let filters = by.filters("").pop();
            aws.all("ec2", operation, items!(request().set_filters(filters)))
                .await?
        };
        crate::aws::each(templates, |template| async move {
            let id = template.launch_template_id().ok_or(Missing("launch_template_id"));
            let id = id.map_err(broken::<Self>)?;
            let request = aws.ec2.describe_launch_template_versions().launch_template_id(id);
            let pages = items!(request.versions("$Default"));
            let versions = aws.all("ec2", "DescribeLaunchTemplateVersions", pages).await;
            let versions = crate::aws::there(versions, crate::aws::gone::<Self>())?;
            let data = versions.and_then(|v| v.into_iter().next()?.launch_template_data);
            Ok(data.map(|data| read(aws, &template, id, &data)))
        })
        .await
    }
}

impl ByName for LaunchTemplate {
    /// A name is taken once in a region (EC2 API reference, `CreateLaunchTemplate`).
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let Some(name) = wanted.launch_template_name.as_ref().and_then(Input::known) else {
            return Ok(vec![]);
        };
        let filter = t::Filter::builder().name("launch-template-name");
        let request = aws.ec2.describe_launch_templates();
        let pages = items!(request.filters(filter.values(name).build()));
        let templates = aws.all("ec2", "DescribeLaunchTemplates", pages).await?;
        Ok(templates
            .into_iter()
            .filter_map(|t| t.launch_template_id)
            .collect())
    }
}

fn read(
    aws: &Aws,
    template: &t::LaunchTemplate,
    id: &str,
    data: &t::ResponseLaunchTemplateData,
) -> Seen<LaunchTemplate> {
    let name = template.launch_template_name().unwrap_or_default();
    let user_data = data
        .user_data()
        .and_then(|text| aws_smithy_types::base64::decode(text).ok());
    let user_data = user_data.map(|bytes| UserData::from(String::from_utf8_lossy(&bytes).into_owned()));
    let profile = data.iam_instance_profile().and_then(|profile| profile.name());
    let groups = data.security_group_ids().iter();
    let mut specifications = data.tag_specifications().iter();
    let instance = specifications.find(|of| of.resource_type().is_some_and(|r| r.as_str() == "instance"));
    Seen {
        status: Status::Ready,
        inputs: LaunchTemplate {
            launch_template_name: Some(Input::Known(name.into())),
            image: data.image_id().map(|id| Input::Known(id.into())),
            instance_type: data
                .instance_type()
                .map(|word| Input::Known(word.as_str().into())),
            security_groups: groups.map(|id| Input::Known(id.as_str().into())).collect(),
            iam_instance_profile: profile.map(|name| Input::Known(name.into())),
            key_name: data.key_name().map(|name| Input::Known(name.into())),
            user_data: user_data.map(Input::Known),
            metadata_options: data.metadata_options().map_or(MetadataOptions::REQUIRED, options),
            monitoring: data.monitoring().and_then(|m| m.enabled()) == Some(true),
            root_device: data.block_device_mappings().first().and_then(root),
            instance_tags: instance.and_then(|of| of.tags.clone()).into(),
            tags: template.tags.clone().into(),
        },
        outputs: LaunchTemplateOutputs {
            id: id.into(),
            arn: aws.arn("ec2", &format!("launch-template/{id}")),
            launch_template_name: name.into(),
        },
        id: id.into(),
    }
}

fn options(options: &t::LaunchTemplateInstanceMetadataOptions) -> MetadataOptions {
    let on = |word: Option<&str>| word == Some(MetadataSwitch::Enabled.as_str());
    let tokens = options
        .http_tokens()
        .and_then(|word| HttpTokens::word(word.as_str()));
    let hops = options.http_put_response_hop_limit();
    MetadataOptions {
        http_tokens: tokens.unwrap_or(HttpTokens::Optional),
        http_put_response_hop_limit: hops.and_then(|hops| hops.try_into().ok()).unwrap_or(1),
        http_endpoint: on(options.http_endpoint().map(|word| word.as_str())),
        instance_metadata_tags: on(options.instance_metadata_tags().map(|word| word.as_str())),
    }
}

fn root(mapping: &t::LaunchTemplateBlockDeviceMapping) -> Option<RootDevice> {
    let ebs = mapping.ebs()?;
    let volume_type = ebs.volume_type();
    Some(RootDevice {
        device_name: mapping.device_name()?.into(),
        size: ebs.volume_size().and_then(|size| size.try_into().ok()),
        volume_type: volume_type.and_then(|word| VolumeType::word(word.as_str())),
        encrypted: ebs.encrypted(),
    })
}
