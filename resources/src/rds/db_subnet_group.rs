//! A subnet group: where databases may stand.

use super::{RETAG, retag};
use crate::{ec2::SubnetId, prelude::*};

id!(
    /// Names a subnet group in its account and region.
    DbSubnetGroupName
);

/// The subnets that databases may stand in, in two zones at least.
///
/// ```
/// use tenon_resources::rds::DbSubnetGroup;
/// DbSubnetGroup::new("The private subnets").subnets(["subnet-1", "subnet-2"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("rds.db_subnet_group", cfn = "AWS::RDS::DBSubnetGroup")]
pub struct DbSubnetGroup {
    /// What it is for.
    #[cfn("DBSubnetGroupDescription")]
    pub description: Input<String>,
    /// Its name.
    #[immutable]
    #[named(max = 255, also = "-_. ", lower)]
    #[cfn("DBSubnetGroupName")]
    pub db_subnet_group_name: Option<Input<String>>,
    /// The subnets.
    #[cfn("SubnetIds")]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DbSubnetGroupOutputs {
    /// Its name.
    #[shape("{db_subnet_group_name}")]
    pub id: DbSubnetGroupName,
    /// Its ARN.
    #[shape("arn:aws:rds:{region}:{account}:subgrp:{id}")]
    pub arn: Arn,
}

impl Lifecycle for DbSubnetGroup {
    const CALLS: &'static [CallInfo] = &[
        CreateDbSubnetGroup::INFO,
        ModifyDbSubnetGroup::INFO,
        DeleteDbSubnetGroup::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "rds",
        operation: "DescribeDBSubnetGroups",
        batch: 1,
        actions: &["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.db_subnet_group_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(CreateDbSubnetGroup {
            db_subnet_group_name: self.db_subnet_group_name.clone(),
            db_subnet_group_description: self.description.clone(),
            subnet_ids: self.subnets.clone(),
            tags: self.tags.clone(),
        })
        .retry_on("InvalidSubnet", minutes(2))
    }

    fn set(&self, was: &Self, field: DbSubnetGroupField) -> Steps {
        match field {
            // The call takes the whole list, and takes it always.
            DbSubnetGroupField::Description | DbSubnetGroupField::Subnets => {
                Steps::update(ModifyDbSubnetGroup {
                    db_subnet_group_name: this(),
                    db_subnet_group_description: self.description.clone(),
                    subnet_ids: self.subnets.clone(),
                })
            }
            DbSubnetGroupField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteDbSubnetGroup {
            db_subnet_group_name: this(),
        })
        .ok_on("DBSubnetGroupNotFoundFault")
        .retry_on("InvalidDBSubnetGroupStateFault", minutes(15))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if self.subnets.len() < 2 {
            findings.push(format!(
                "`subnets` has {}, and a subnet group takes at least two, in two zones",
                self.subnets.len()
            ));
        }
        if self
            .db_subnet_group_name
            .as_ref()
            .and_then(Input::known)
            .is_some_and(|n| n == "default")
        {
            findings.push("`db_subnet_group_name` is `default`, which AWS keeps to itself".into());
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("one")
                .db_subnet_group_name("a")
                .subnets(["subnet-1", "subnet-2"])
                .tags([("Name", "a")]),
            Self::new("two")
                .db_subnet_group_name("b")
                .subnets(["subnet-3", "subnet-4"])
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "CreateDBSubnetGroup",
    also("rds:AddTagsToResource"),
    on = "arn:aws:rds:{region}:{account}:subgrp:{id}"
)]
struct CreateDbSubnetGroup {
    db_subnet_group_name: Option<Input<String>>,
    db_subnet_group_description: Input<String>,
    subnet_ids: BTreeSet<Input<SubnetId>>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    folds,
    name = "ModifyDBSubnetGroup",
    on = "arn:aws:rds:{region}:{account}:subgrp:{id}"
)]
struct ModifyDbSubnetGroup {
    db_subnet_group_name: Input<DbSubnetGroupName>,
    db_subnet_group_description: Input<String>,
    subnet_ids: BTreeSet<Input<SubnetId>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "DeleteDBSubnetGroup",
    on = "arn:aws:rds:{region}:{account}:subgrp:{id}"
)]
struct DeleteDbSubnetGroup {
    db_subnet_group_name: Input<DbSubnetGroupName>,
}

#[cfg(feature = "aws")]
const GONE: &[&str] = &["DBSubnetGroupNotFoundFault"];

#[cfg(feature = "aws")]
impl Observe for DbSubnetGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let items = match by {
            By::Ids(ids) => {
                let read = crate::aws::each(ids, |id| async move {
                    let request = aws.rds.describe_db_subnet_groups().db_subnet_group_name(id);
                    let pages = items!(request);
                    let found = aws.all("rds", "DescribeDBSubnetGroups", pages).await;
                    let found = crate::aws::there(found, GONE)?;
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
            let arn = item.db_subnet_group_arn.clone().unwrap_or_default();
            let tags = super::tags_of(aws, &arn, GONE).await?;
            Ok(tags.and_then(|tags| see(item, tags)))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::rds::types::DbSubnetGroup, tags: Tags) -> Option<Seen<DbSubnetGroup>> {
    let id = item.db_subnet_group_name?;
    let subnets = item
        .subnets
        .into_iter()
        .flatten()
        .filter_map(|s| s.subnet_identifier);
    Some(Seen {
        status: Status::Ready,
        inputs: DbSubnetGroup {
            description: Input::Known(item.db_subnet_group_description.unwrap_or_default()),
            db_subnet_group_name: Some(Input::Known(id.clone())),
            subnets: subnets.map(|s| Input::Known(s.into())).collect(),
            tags,
        },
        outputs: DbSubnetGroupOutputs {
            id: id.clone().into(),
            arn: item.db_subnet_group_arn.unwrap_or_default().into(),
        },
        id,
    })
}
