//! A security group: which traffic may reach and leave network interfaces.

use super::{CreateTags, DeleteTags, VpcId};
use crate::prelude::*;

id!(
    /// A security group's id, such as `sg-0a1b2c3d4e5f67890`.
    SecurityGroupId
);

/// A security group: a set of rules for the traffic of network interfaces. A new one lets nothing in and nothing out: the
/// rule that AWS adds, which lets everything out, is revoked at once. Rules are resources of their own.
///
/// ```
/// use tenon_resources::ec2::SecurityGroup;
/// SecurityGroup::new("vpc-1", "The load balancer");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.security_group", cfn = "AWS::EC2::SecurityGroup", by_name)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
// Network interfaces that AWS owns (a load balancer's, a task's) outlive what made them for minutes.
#[facts(
    gone("InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"),
    in_use("DependencyViolation", 900),
    in_use("InvalidGroup.InUse", 900),
    second_create = Refused("InvalidGroup.Duplicate")
)]
#[create(CreateSecurityGroup: ec2, id = o.group_id?, also("ec2:CreateTags"))]
#[delete(DeleteSecurityGroup: ec2, by(group_id), on = "arn:aws:ec2:{region}:{account}:security-group/{id}")]
#[retag(super::retag)]
#[calls(RevokeSecurityGroupEgress, CreateTags, DeleteTags)]
#[sdk(ec2::SecurityGroup)]
pub struct SecurityGroup {
    /// The VPC.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// The description, which AWS does not change.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    #[immutable]
    #[length(0..=255)]
    #[pattern(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")]
    #[cfn("GroupDescription")]
    #[sample("The database", "The tasks")]
    pub description: Input<String>,
    /// The name, unique in the VPC.
    #[immutable]
    #[named(max = 255, also = "-_. :/()#,@[]+=&;{}!$*", reserved("sg-"))]
    pub group_name: Option<Input<String>>,
    /// Tags.
    #[tag_specification("security-group")]
    pub tags: Tags,
}

/// Outputs of a security group.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SecurityGroupOutputs {
    /// The id.
    #[shape("sg-{hex17}")]
    pub id: SecurityGroupId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:security-group/{id}")]
    pub arn: Arn,
}

impl Lifecycle for SecurityGroup {
    const READ: Read = Read::new(
        "ec2",
        "DescribeSecurityGroups",
        200,
        &["ec2:DescribeSecurityGroups"],
    );

    fn create(&self) -> Steps {
        CreateSecurityGroup::steps(self)
            .then(Steps::update(RevokeSecurityGroupEgress {
                group_id: this(),
                ip_permissions: vec![AllTraffic {
                    cidr_ip: Cidr4::lit(Cidr4::ANYWHERE),
                }],
            }))
            .ok_on("InvalidPermission.NotFound")
            .retry_on("InvalidGroup.NotFound", minutes(5))
    }

    fn set(&self, _: &Self, field: SecurityGroupField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteSecurityGroup::steps(self)
    }

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html: "You can't have two security groups for
    // the same VPC with the same name".
    fn name_scope(&self) -> Option<serde_json::Value> {
        serde_json::to_value(&self.vpc).ok()
    }
}

/// Every protocol and port, to a range.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct AllTraffic {
    cidr_ip: Cidr4,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ec2::types::IpPermission> for AllTraffic {
    fn to_sdk(self) -> Option<sdk::ec2::types::IpPermission> {
        let range = sdk::ec2::types::IpRange::builder()
            .cidr_ip(self.cidr_ip.to_string())
            .build();
        Some(
            sdk::ec2::types::IpPermission::builder()
                .ip_protocol("-1")
                .ip_ranges(range)
                .build(),
        )
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:security-group/{id}")]
struct RevokeSecurityGroupEgress {
    group_id: Input<SecurityGroupId>,
    ip_permissions: Vec<AllTraffic>,
}

#[cfg(feature = "aws")]
impl Observe for SecurityGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let groups = super::filtered!(aws, by, Self, describe_security_groups.set_filters, "group-id");
        let read = |item| read(aws, item).map_err(broken::<Self>);
        groups.iter().map(read).collect()
    }
}

#[cfg(feature = "aws")]
impl ByName for SecurityGroup {
    /// A name is taken once in a VPC (EC2 API reference, `CreateSecurityGroup`).
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let name = wanted.group_name.as_ref().and_then(Input::known);
        let vpc = wanted.vpc.known().map(ToString::to_string);
        let (Some(name), Some(vpc)) = (name, vpc) else {
            return Ok(vec![]);
        };
        let filter = |key: &str, value: &str| {
            let filter = sdk::ec2::types::Filter::builder().name(key);
            filter.values(value).build()
        };
        let request = aws.ec2.describe_security_groups();
        let request = request.set_filters(Some(vec![filter("group-name", name), filter("vpc-id", &vpc)]));
        let items = aws.all("ec2", "DescribeSecurityGroups", items!(request)).await?;
        Ok(items.into_iter().filter_map(|i| i.group_id).collect())
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::SecurityGroup) -> Result<Seen<SecurityGroup>, Missing> {
    let id = item.group_id.clone().ok_or(Missing("group_id"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs: SecurityGroup::from_sdk(item)?,
        outputs: SecurityGroupOutputs {
            arn: aws.arn("ec2", &format!("security-group/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}
