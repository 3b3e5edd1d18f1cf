//! A route table: where a subnet's packets go.

use super::{RETAG, VpcId, retag};
use crate::prelude::*;

id!(
    /// Names a route table, such as `rtb-0a1b2c3d4e5f67890`.
    RouteTableId
);

/// Where packets go that leave a subnet. A new one knows the VPC's own ranges; routes are resources of their own.
///
/// ```
/// use tenon_resources::ec2::RouteTable;
/// RouteTable::new("vpc-1").tags([("Name", "public")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.route_table", cfn = "AWS::EC2::RouteTable")]
pub struct RouteTable {
    /// The VPC it belongs to.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RouteTableOutputs {
    /// Its id.
    #[shape("rtb-{hex17}")]
    pub id: RouteTableId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:route-table/{id}")]
    pub arn: Arn,
}

impl Lifecycle for RouteTable {
    const CALLS: &'static [CallInfo] = &[CreateRouteTable::INFO, DeleteRouteTable::INFO, RETAG[0], RETAG[1]];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeRouteTables",
        batch: 200,
        actions: &["ec2:DescribeRouteTables"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateRouteTable {
            vpc_id: self.vpc.clone(),
            client_token: Token::Fill,
            tag_specifications: self.tags.on_create("route-table"),
        })
    }

    fn set(&self, was: &Self, field: RouteTableField) -> Steps {
        match field {
            RouteTableField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteRouteTable {
            route_table_id: this(),
        })
        .ok_on("InvalidRouteTableID.NotFound")
        .retry_on("DependencyViolation", minutes(5))
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("vpc-1").tags([("Name", "a")]),
            Self::new("vpc-2").tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.route_table?.route_table_id?, also("ec2:CreateTags"))]
struct CreateRouteTable {
    vpc_id: Input<VpcId>,
    client_token: Token,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:route-table/{id}")]
struct DeleteRouteTable {
    route_table_id: Input<RouteTableId>,
}

#[cfg(feature = "aws")]
impl Observe for RouteTable {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        Ok(tables(aws, by)
            .await?
            .into_iter()
            .filter_map(|item| see(aws, item))
            .collect())
    }
}

#[cfg(feature = "aws")]
fn see(aws: &Aws, item: sdk::ec2::types::RouteTable) -> Option<Seen<RouteTable>> {
    let id = item.route_table_id?;
    Some(Seen {
        status: Status::Ready,
        inputs: RouteTable {
            vpc: Input::Known(item.vpc_id?.into()),
            tags: item.tags.into(),
        },
        outputs: RouteTableOutputs {
            arn: aws.arn("ec2", &format!("route-table/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}

/// The tables themselves, with their routes and associations: up to 200 a call.
#[cfg(feature = "aws")]
async fn tables(aws: &Aws, by: By<'_>) -> Result<Vec<sdk::ec2::types::RouteTable>, CallError> {
    let mut tables = vec![];
    for filters in by.filters("route-table-id") {
        let pages = items!(aws.ec2.describe_route_tables().set_filters(Some(filters)));
        tables.extend(aws.all("ec2", "DescribeRouteTables", pages).await?);
    }
    Ok(tables)
}

/// The tables that ids of the form `table|key` are about, each once, with the keys that were asked for.
#[cfg(feature = "aws")]
pub(super) async fn tables_of(
    aws: &Aws,
    ids: &[String],
) -> Result<Vec<(sdk::ec2::types::RouteTable, BTreeSet<String>)>, CallError> {
    let mut asked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, key) in ids.iter().filter_map(|id| id.split_once('|')) {
        asked.entry(table.into()).or_default().insert(key.into());
    }
    let wanted: Vec<String> = asked.keys().cloned().collect();
    let tables = tables(aws, By::Ids(&wanted)).await?.into_iter();
    Ok(tables
        .filter_map(|t| asked.remove(t.route_table_id.as_deref()?).map(|keys| (t, keys)))
        .collect())
}
