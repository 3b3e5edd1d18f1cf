//! A security group: who may speak to whom.

use super::{RETAG, VpcId, retag};
use crate::prelude::*;

id!(
    /// Names a security group, such as `sg-0a1b2c3d4e5f67890`.
    SecurityGroupId
);

/// A set of rules around network interfaces. A new one lets nothing in and nothing out: the rule that AWS adds, which lets
/// everything out, is revoked at once. Rules are resources of their own.
///
/// ```
/// use tenon_resources::ec2::SecurityGroup;
/// SecurityGroup::new("vpc-1", "The load balancer");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.security_group", cfn = "AWS::EC2::SecurityGroup")]
pub struct SecurityGroup {
    /// The VPC it belongs to.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// What it is for; AWS keeps it for ever.
    #[immutable]
    #[cfn("GroupDescription")]
    pub description: Input<String>,
    /// Its name, unique in its VPC.
    #[immutable]
    #[named(max = 255, also = "-_. :/()#,@[]+=&;{}!$*")]
    pub group_name: Option<Input<String>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SecurityGroupOutputs {
    /// Its id.
    #[shape("sg-{hex17}")]
    pub id: SecurityGroupId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:security-group/{id}")]
    pub arn: Arn,
}

impl Lifecycle for SecurityGroup {
    const CALLS: &'static [CallInfo] = &[
        CreateSecurityGroup::INFO,
        RevokeSecurityGroupEgress::INFO,
        DeleteSecurityGroup::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeSecurityGroups",
        batch: 200,
        actions: &["ec2:DescribeSecurityGroups"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateSecurityGroup {
            vpc_id: self.vpc.clone(),
            description: self.description.clone(),
            group_name: self.group_name.clone(),
            tag_specifications: self.tags.on_create("security-group"),
        })
        .then(Steps::update(RevokeSecurityGroupEgress {
            group_id: this(),
            ip_permissions: vec![AllTraffic {
                cidr_ip: Cidr4::lit(Cidr4::ANYWHERE),
            }],
        }))
        .ok_on("InvalidPermission.NotFound")
        .retry_on("InvalidGroup.NotFound", minutes(5))
    }

    fn set(&self, was: &Self, field: SecurityGroupField) -> Steps {
        match field {
            SecurityGroupField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // Network interfaces that AWS owns (a load balancer's, a task's) outlive what made them for minutes.
        Steps::delete(DeleteSecurityGroup { group_id: this() })
            .ok_on("InvalidGroup.NotFound")
            .ok_on("InvalidSecurityGroupID.NotFound")
            .retry_on("DependencyViolation", minutes(15))
            .retry_on("InvalidGroup.InUse", minutes(15))
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("vpc-1", "The database")
                .group_name("a")
                .tags([("Name", "a")]),
            Self::new("vpc-2", "The tasks")
                .group_name("b")
                .tags([("Name", "b")]),
        ]
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
#[call(ec2, id = o.group_id?, also("ec2:CreateTags"))]
struct CreateSecurityGroup {
    vpc_id: Input<VpcId>,
    description: Input<String>,
    group_name: Option<Input<String>>,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:security-group/{id}")]
struct RevokeSecurityGroupEgress {
    group_id: Input<SecurityGroupId>,
    ip_permissions: Vec<AllTraffic>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:security-group/{id}")]
struct DeleteSecurityGroup {
    group_id: Input<SecurityGroupId>,
}

#[cfg(feature = "aws")]
impl Observe for SecurityGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("group-id") {
            let request = items!(aws.ec2.describe_security_groups().set_filters(Some(filters)));
            for item in aws.all("ec2", "DescribeSecurityGroups", request).await? {
                seen.extend(see(aws, item));
            }
        }
        Ok(seen)
    }

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
fn see(aws: &Aws, item: sdk::ec2::types::SecurityGroup) -> Option<Seen<SecurityGroup>> {
    let id = item.group_id?;
    Some(Seen {
        status: Status::Ready,
        inputs: SecurityGroup {
            vpc: Input::Known(item.vpc_id?.into()),
            description: Input::Known(item.description?),
            group_name: item.group_name.map(Input::Known),
            tags: item.tags.into(),
        },
        outputs: SecurityGroupOutputs {
            arn: aws.arn("ec2", &format!("security-group/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}
