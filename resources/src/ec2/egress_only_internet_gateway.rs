//! An egress-only internet gateway: the way out over IPv6.

use super::{RETAG, VpcId, retag};
use crate::prelude::*;

id!(
    /// Names an egress-only internet gateway, such as `eigw-0a1b2c3d4e5f67890`.
    EgressOnlyInternetGatewayId
);

/// Lets a VPC reach the internet over IPv6, and nothing reach it. What a NAT gateway is for IPv4, and free.
///
/// ```
/// use tenon_resources::ec2::EgressOnlyInternetGateway;
/// EgressOnlyInternetGateway::new("vpc-1").tags([("Name", "out")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "ec2.egress_only_internet_gateway",
    cfn = "AWS::EC2::EgressOnlyInternetGateway",
    ready = 5
)]
pub struct EgressOnlyInternetGateway {
    /// The VPC it belongs to.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct EgressOnlyInternetGatewayOutputs {
    /// Its id.
    #[shape("eigw-{hex17}")]
    pub id: EgressOnlyInternetGatewayId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:egress-only-internet-gateway/{id}")]
    pub arn: Arn,
}

impl Lifecycle for EgressOnlyInternetGateway {
    const CALLS: &'static [CallInfo] = &[
        CreateEgressOnlyInternetGateway::INFO,
        DeleteEgressOnlyInternetGateway::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeEgressOnlyInternetGateways",
        batch: 200,
        actions: &["ec2:DescribeEgressOnlyInternetGateways"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateEgressOnlyInternetGateway {
            vpc_id: self.vpc.clone(),
            client_token: Token::Fill,
            tag_specifications: self.tags.on_create("egress-only-internet-gateway"),
        })
    }

    fn set(&self, was: &Self, field: EgressOnlyInternetGatewayField) -> Steps {
        match field {
            EgressOnlyInternetGatewayField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteEgressOnlyInternetGateway {
            egress_only_internet_gateway_id: this(),
        })
        .ok_on("InvalidGatewayID.NotFound")
        .retry_on("DependencyViolation", minutes(15))
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("vpc-1").tags([("Name", "a")]),
            Self::new("vpc-2").tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.egress_only_internet_gateway?.egress_only_internet_gateway_id?, also("ec2:CreateTags"))]
struct CreateEgressOnlyInternetGateway {
    vpc_id: Input<VpcId>,
    client_token: Token,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:egress-only-internet-gateway/{id}")]
struct DeleteEgressOnlyInternetGateway {
    egress_only_internet_gateway_id: Input<EgressOnlyInternetGatewayId>,
}

#[cfg(feature = "aws")]
impl Observe for EgressOnlyInternetGateway {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let operation = "DescribeEgressOnlyInternetGateways";
        let find = || aws.ec2.describe_egress_only_internet_gateways();
        let items = if let Some(ids) = by.ids() {
            // This operation filters by tags alone, and refuses a list of ids when one is gone.
            crate::aws::in_batches(ids, 200, &["InvalidGatewayID.NotFound"], |ids| {
                let pages = items!(find().set_egress_only_internet_gateway_ids(Some(ids)));
                aws.all("ec2", operation, pages)
            })
            .await?
        } else {
            let filters = by.filters("").pop();
            aws.all("ec2", operation, items!(find().set_filters(filters)))
                .await?
        };
        Ok(items.into_iter().filter_map(|item| see(aws, item)).collect())
    }
}

#[cfg(feature = "aws")]
fn see(
    aws: &Aws,
    item: sdk::ec2::types::EgressOnlyInternetGateway,
) -> Option<Seen<EgressOnlyInternetGateway>> {
    let id = item.egress_only_internet_gateway_id?;
    let attachment = item.attachments?.into_iter().next()?;
    let status = match attachment.state.as_ref().map_or("attaching", |s| s.as_str()) {
        "attached" | "available" => Status::Ready,
        "detached" => return None,
        "detaching" => Status::Leaving("detaching".into()),
        other => Status::Pending(other.into()),
    };
    Some(Seen {
        status,
        inputs: EgressOnlyInternetGateway {
            vpc: Input::Known(attachment.vpc_id?.into()),
            tags: item.tags.into(),
        },
        outputs: EgressOnlyInternetGatewayOutputs {
            arn: aws.arn("ec2", &format!("egress-only-internet-gateway/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}
