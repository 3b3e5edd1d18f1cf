//! A route table association: the route table of a subnet.

use super::{RouteTableId, SubnetId};
use crate::prelude::*;

id!(
    /// An association's id: its table and subnet, such as `rtb-0a1b2c3d4e5f67890|subnet-0a1b2c3d4e5f67890`.
    RouteTableAssociationId
);

/// A route table association: the route table that a subnet uses in place of the VPC's main route table. A subnet has one at
/// the most.
///
/// ```
/// use tenon_resources::ec2::RouteTableAssociation;
/// RouteTableAssociation::new("rtb-1", "subnet-1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "ec2.route_table_association",
    cfn = "AWS::EC2::SubnetRouteTableAssociation",
    ready = 5
)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidAssociationID.NotFound"),
    second_create = Refused("Resource.AlreadyAssociated")
)]
#[create(
    AssociateRouteTable: ec2,
    rules(
        .retry_on("InvalidRouteTableID.NotFound", minutes(5))
        .retry_on("InvalidSubnetID.NotFound", minutes(5))
    )
)]
#[delete(DisassociateRouteTable: ec2, by(association_id = "association_id"))]
#[sdk(ec2::RouteTableAssociation)]
pub struct RouteTableAssociation {
    /// The route table.
    #[immutable]
    #[member("route_table_id")]
    #[cfn("RouteTableId")]
    #[sample("rtb-1", "rtb-2")]
    pub route_table: Input<RouteTableId>,
    /// The subnet.
    #[immutable]
    #[attachment]
    #[member("subnet_id")]
    #[cfn("SubnetId")]
    #[sample("subnet-1", "subnet-2")]
    pub subnet: Input<SubnetId>,
}

/// Outputs of a route table association.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RouteTableAssociationOutputs {
    /// The id: the table and the subnet.
    #[shape("{route_table}|{subnet}")]
    pub id: RouteTableAssociationId,
    /// The association id of AWS, such as `rtbassoc-0a1b2c3d4e5f67890`.
    #[shape("rtbassoc-{hex17}")]
    pub association_id: String,
}

impl Lifecycle for RouteTableAssociation {
    // One call reads whole tables, 200 at a time, however many subnets each serves.
    const READ: Read = Read::new("ec2", "DescribeRouteTables", 10_000, &["ec2:DescribeRouteTables"]);

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociationState.html
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "associationState.state",
        words: &[
            ("associated", Meaning::Ready),
            ("associating", Meaning::Pending),
            ("disassociating", Meaning::Leaving),
            ("disassociated", Meaning::Gone),
            ("failed", Meaning::Failed),
        ],
    }];

    const CLAIMS_IDENTITY: bool = true;

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.route_table, &self.subnet))
    }

    fn create(&self) -> Steps {
        AssociateRouteTable::steps(self)
    }

    fn set(&self, _: &Self, field: RouteTableAssociationField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DisassociateRouteTable::steps(self).until_gone(minutes(5))
    }

    // https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html: "A subnet can only be associated with one route
    // table at a time".
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("route table", ()).within(&self.subnet)]
    }
}

#[cfg(feature = "aws")]
impl Observe for RouteTableAssociation {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut associations = vec![];
        for (table, subnets) in super::route_table::tables_of(aws, by.ids().unwrap_or_default()).await? {
            for item in table.associations() {
                // The main table's own association and those of gateways name no subnet.
                if item.subnet_id().is_some_and(|id| subnets.contains(id)) {
                    associations.extend(read(item).map_err(broken::<Self>)?);
                }
            }
        }
        Ok(associations)
    }
}

#[cfg(feature = "aws")]
fn read(
    item: &sdk::ec2::types::RouteTableAssociation,
) -> Result<Option<Seen<RouteTableAssociation>>, Missing> {
    let state = item.association_state();
    let why = state.and_then(|s| s.status_message());
    let word = state.and_then(|s| s.state.as_ref());
    let word = word.map_or("associated", |s| s.as_str());
    let Some(status) = RouteTableAssociation::STATUSES[0].status(word, why) else {
        return Ok(None);
    };
    let inputs = RouteTableAssociation::from_sdk(item)?;
    let id = text!("{}|{}", &inputs.route_table, &inputs.subnet);
    let id = id.known().cloned().unwrap_or_default();
    let association_id = item.route_table_association_id.clone();
    Ok(Some(Seen {
        status,
        inputs,
        outputs: RouteTableAssociationOutputs {
            id: id.clone().into(),
            association_id: association_id.ok_or(Missing("route_table_association_id"))?,
        },
        id,
    }))
}
