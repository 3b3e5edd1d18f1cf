//! A route table's association: which subnet a table serves.

use super::{RouteTableId, SubnetId};
use crate::prelude::*;

id!(
    /// Names an association by its table and subnet, such as `rtb-0a1b2c3d4e5f67890|subnet-0a1b2c3d4e5f67890`.
    RouteTableAssociationId
);

/// Says which route table serves a subnet; without one it is the VPC's main table. A subnet has one at the most.
///
/// ```
/// use tenon_resources::ec2::RouteTableAssociation;
/// RouteTableAssociation::new("rtb-1", "subnet-1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "ec2.route_table_association",
    cfn = "AWS::EC2::SubnetRouteTableAssociation",
    ready = 5,
    delete_first
)]
pub struct RouteTableAssociation {
    /// The table.
    #[immutable]
    #[cfn("RouteTableId")]
    pub route_table: Input<RouteTableId>,
    /// The subnet it serves.
    #[immutable]
    #[attachment]
    #[cfn("SubnetId")]
    pub subnet: Input<SubnetId>,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RouteTableAssociationOutputs {
    /// Its id: the table and the subnet.
    #[shape("{route_table}|{subnet}")]
    pub id: RouteTableAssociationId,
    /// AWS's own name for it, such as `rtbassoc-0a1b2c3d4e5f67890`.
    #[shape("rtbassoc-{hex17}")]
    pub association_id: String,
}

impl Lifecycle for RouteTableAssociation {
    const CALLS: &'static [CallInfo] = &[AssociateRouteTable::INFO, DisassociateRouteTable::INFO];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeRouteTables",
        // One call reads whole tables, 200 at a time, however many subnets each serves.
        batch: 10_000,
        actions: &["ec2:DescribeRouteTables"],
    };

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.route_table, &self.subnet))
    }

    fn create(&self) -> Steps {
        Steps::create(AssociateRouteTable {
            route_table_id: self.route_table.clone(),
            subnet_id: self.subnet.clone(),
        })
        .retry_on("InvalidRouteTableID.NotFound", minutes(5))
        .retry_on("InvalidSubnetID.NotFound", minutes(5))
    }

    fn set(&self, _was: &Self, field: RouteTableAssociationField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Steps::delete(DisassociateRouteTable {
            association_id: own("association_id"),
        })
        .ok_on("InvalidAssociationID.NotFound")
        .until_gone(minutes(5))
    }

    fn samples() -> [Self; 2] {
        [Self::new("rtb-1", "subnet-1"), Self::new("rtb-2", "subnet-2")]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
struct AssociateRouteTable {
    route_table_id: Input<RouteTableId>,
    subnet_id: Input<SubnetId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
struct DisassociateRouteTable {
    association_id: Input<String>,
}

#[cfg(feature = "aws")]
impl Observe for RouteTableAssociation {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for (table, subnets) in super::route_table::tables_of(aws, by.ids().unwrap_or_default()).await? {
            let ours = table.associations.into_iter().flatten();
            seen.extend(
                ours.filter(|a| a.subnet_id.as_ref().is_some_and(|s| subnets.contains(s)))
                    .filter_map(see),
            );
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::ec2::types::RouteTableAssociation) -> Option<Seen<RouteTableAssociation>> {
    let state = item
        .association_state
        .and_then(|s| Some((s.state?, s.status_message)));
    let status = match state.as_ref().map_or("associated", |(state, _)| state.as_str()) {
        "disassociated" => return None,
        "associated" => Status::Ready,
        "disassociating" => Status::Leaving("disassociating".into()),
        "failed" => Status::Failed(state.and_then(|(_, message)| message).unwrap_or_default()),
        other => Status::Pending(other.into()),
    };
    let (table, subnet) = (item.route_table_id?, item.subnet_id?);
    let id = format!("{table}|{subnet}");
    Some(Seen {
        status,
        inputs: RouteTableAssociation {
            route_table: Input::Known(table.into()),
            subnet: Input::Known(subnet.into()),
        },
        outputs: RouteTableAssociationOutputs {
            id: id.clone().into(),
            association_id: item.route_table_association_id?,
        },
        id,
    })
}
