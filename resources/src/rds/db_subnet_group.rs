//! A DB subnet group.

use crate::{ec2::SubnetId, prelude::*};

id!(
    /// A DB subnet group's name, unique in its account and region.
    DbSubnetGroupName
);

/// A DB subnet group: the subnets that RDS may choose for a database instance, in two availability zones at least.
///
/// ```
/// use tenon_resources::rds::DbSubnetGroup;
/// DbSubnetGroup::new("The private subnets").subnets(["subnet-1", "subnet-2"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("rds.db_subnet_group", cfn = "AWS::RDS::DBSubnetGroup")]
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html#API_CreateDBSubnetGroup_Errors
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html#API_DeleteDBSubnetGroup_Errors
#[facts(
    gone("DBSubnetGroupNotFoundFault"),
    in_use("InvalidDBSubnetGroupStateFault", 900),
    second_create = Refused("DBSubnetGroupAlreadyExists")
)]
#[by(db_subnet_group_name)]
#[create(CreateDbSubnetGroup: rds, name = "CreateDBSubnetGroup", also("rds:AddTagsToResource"), on = "arn:aws:rds:{region}:{account}:subgrp:{id}",
    rules(.retry_on("InvalidSubnet", minutes(2))))]
#[update(ModifyDbSubnetGroup: rds, name = "ModifyDBSubnetGroup", folds, on = "arn:aws:rds:{region}:{account}:subgrp:{id}")]
#[delete(DeleteDbSubnetGroup: rds, name = "DeleteDBSubnetGroup", on = "arn:aws:rds:{region}:{account}:subgrp:{id}")]
#[retag(AddTagsToResource, RemoveTagsFromResource: rds, by(resource_name = "arn"))]
#[sdk(rds::DbSubnetGroup)]
pub struct DbSubnetGroup {
    /// The description.
    #[member("db_subnet_group_description")]
    #[by_hand]
    #[cfn("DBSubnetGroupDescription")]
    #[sample("one", "two")]
    pub description: Input<String>,
    /// The name.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html: `DBSubnetGroupName`.
    #[named(max = 255, id, also = "-_. ", lower, pattern = "[a-z].*")]
    #[cfn("DBSubnetGroupName")]
    #[wrong_text_if(it == "default", "is `default`, which AWS keeps to itself")]
    pub db_subnet_group_name: Option<Input<String>>,
    /// The subnets.
    #[member("subnet_ids")]
    #[by_hand]
    #[read(subnets(item))]
    #[cfn("SubnetIds")]
    #[sample(["subnet-1", "subnet-2"], ["subnet-3", "subnet-4"])]
    #[wrong_if(it.len() < 2, "has {}, and a subnet group takes at least two, in two zones", it.len())]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a DB subnet group.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DbSubnetGroupOutputs {
    /// The name.
    #[shape("{db_subnet_group_name}")]
    pub id: DbSubnetGroupName,
    /// The "arn:aws:rds:{region}:{account}:subgrp:{id}".
    #[shape("arn:aws:rds:{region}:{account}:subgrp:{id}")]
    pub arn: Arn,
}

impl Lifecycle for DbSubnetGroup {
    const READ: Read = Read::new(
        "rds",
        "DescribeDBSubnetGroups",
        1,
        &["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
    );

    fn create(&self) -> Steps {
        CreateDbSubnetGroup::steps(self)
    }

    fn set(&self, _: &Self, field: DbSubnetGroupField) -> Steps {
        match field {
            // The call takes the whole list, and takes it always.
            DbSubnetGroupField::Description | DbSubnetGroupField::Subnets => {
                let mut call = ModifyDbSubnetGroup::unchanged(self);
                call.db_subnet_group_description = Some(self.description.clone());
                call.subnet_ids = Some(self.subnets.clone());
                call.steps()
            }
        }
    }

    fn delete(&self) -> Steps {
        DeleteDbSubnetGroup::steps(self)
    }

    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
    // (`DBSubnetGroupDoesNotCoverEnoughAZs`, `InvalidSubnet`)
    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let different = |field: &str| -> Option<usize> {
            let of = |subnet| Some(look(&serde_json::to_value(subnet).ok()?, field)?.to_string());
            let all: Option<BTreeSet<String>> = self.subnets.iter().map(of).collect();
            all.map(|all| all.len())
        };
        match (different("vpc"), different("availability_zone")) {
            (Some(2..), _) => vec!["`subnets` are of several VPCs, and AWS takes those of one".into()],
            (_, Some(1)) => vec!["`subnets` are of one availability zone, and AWS wants two".into()],
            _ => vec![],
        }
    }
}

#[cfg(feature = "aws")]
impl Observe for DbSubnetGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let items = match by {
            By::Ids(ids) => {
                let read = crate::aws::each(ids, |id| async move {
                    let request = aws.rds.describe_db_subnet_groups().db_subnet_group_name(id);
                    let pages = items!(request);
                    let found = aws.all("rds", "DescribeDBSubnetGroups", pages).await;
                    let found = crate::aws::there(found, crate::aws::gone::<Self>())?;
                    Ok(found.and_then(|groups| groups.into_iter().next()))
                });
                read.await?
            }
            By::Owner(_) => {
                let pages = items!(aws.rds.describe_db_subnet_groups());
                aws.all("rds", "DescribeDBSubnetGroups", pages).await?
            }
        };
        crate::aws::each(items, |item| async move {
            let mut observed = read(item).map_err(broken::<Self>)?;
            let tags = super::tagging::tags_of::<Self>(aws, &observed.outputs.arn.0).await?;
            Ok(tags.map(|tags| {
                observed.inputs.tags = tags;
                observed
            }))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn subnets(item: &sdk::rds::types::DbSubnetGroup) -> BTreeSet<Input<SubnetId>> {
    let ids = item.subnets().iter().filter_map(|s| s.subnet_identifier.clone());
    ids.map(|id| Input::Known(id.into())).collect()
}

#[cfg(feature = "aws")]
fn read(item: sdk::rds::types::DbSubnetGroup) -> Result<Seen<DbSubnetGroup>, Missing> {
    let inputs = DbSubnetGroup::from_sdk(&item)?;
    let id = item.db_subnet_group_name.ok_or(Missing("db_subnet_group_name"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs,
        outputs: DbSubnetGroupOutputs {
            id: id.clone().into(),
            arn: item.db_subnet_group_arn.unwrap_or_default().into(),
        },
        id,
    })
}
