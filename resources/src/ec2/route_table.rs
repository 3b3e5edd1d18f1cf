//! A route table: the routes for packets that leave a subnet.

use super::{CreateTags, DeleteTags, VpcId};
use crate::prelude::*;

id!(
    /// A route table's id, such as `rtb-0a1b2c3d4e5f67890`.
    RouteTableId
);

/// A route table: the routes for packets that leave a subnet. A new one has the local routes of its VPC; other routes are
/// resources of their own.
///
/// ```
/// use tenon_resources::ec2::RouteTable;
/// RouteTable::new("vpc-1").tags([("Name", "public")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.route_table", cfn = "AWS::EC2::RouteTable")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidRouteTableID.NotFound"),
    in_use("DependencyViolation", 300),
    second_create = Another
)]
#[create(
    CreateRouteTable: ec2,
    id = o.route_table?.route_table_id?,
    also("ec2:CreateTags"),
    with(client_token: Token = Token::Fill)
)]
#[delete(DeleteRouteTable: ec2, by(route_table_id), on = "arn:aws:ec2:{region}:{account}:route-table/{id}")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::RouteTable)]
pub struct RouteTable {
    /// The VPC.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// Tags.
    #[tag_specification("route-table")]
    pub tags: Tags,
}

/// Outputs of a route table.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RouteTableOutputs {
    /// The id.
    #[shape("rtb-{hex17}")]
    pub id: RouteTableId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:route-table/{id}")]
    pub arn: Arn,
}

impl Lifecycle for RouteTable {
    const READ: Read = Read::new("ec2", "DescribeRouteTables", 200, &["ec2:DescribeRouteTables"]);

    fn create(&self) -> Steps {
        CreateRouteTable::steps(self)
    }

    fn set(&self, _: &Self, field: RouteTableField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteRouteTable::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for RouteTable {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let tables = super::filtered!(aws, by, Self, describe_route_tables.set_filters, "route-table-id");
        let read = |item| read(aws, item).map_err(broken::<Self>);
        tables.iter().map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::RouteTable) -> Result<Seen<RouteTable>, Missing> {
    let id = item.route_table_id.clone().ok_or(Missing("route_table_id"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs: RouteTable::from_sdk(item)?,
        outputs: RouteTableOutputs {
            arn: aws.arn("ec2", &format!("route-table/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}

/// The route tables of ids of the form `table|key`: each table once, with the keys that are asked for. One call reads
/// up to 200 tables with their routes and associations.
#[cfg(feature = "aws")]
pub(super) async fn tables_of(
    aws: &Aws,
    ids: &[String],
) -> Result<Vec<(sdk::ec2::types::RouteTable, BTreeSet<String>)>, CallError> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, key) in ids.iter().filter_map(|id| id.split_once('|')) {
        keys.entry(table.into()).or_default().insert(key.into());
    }
    let ids: Vec<String> = keys.keys().cloned().collect();
    let tables = super::filtered!(
        aws,
        By::Ids(&ids),
        RouteTable,
        describe_route_tables.set_filters,
        "route-table-id"
    );
    let with_keys = |table: sdk::ec2::types::RouteTable| {
        let keys = keys.remove(table.route_table_id.as_deref()?)?;
        Some((table, keys))
    };
    Ok(tables.into_iter().filter_map(with_keys).collect())
}
