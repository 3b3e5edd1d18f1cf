//! A network ACL association: the network ACL of a subnet.

use super::{NetworkAclId, SubnetId};
use crate::prelude::*;

/// A network ACL association: the network ACL of a subnet in place of the VPC's default one, which the subnet gets back when
/// the association is deleted.
///
/// A subnet has one network ACL at any moment, so another `network_acl` replaces it without a gap.
///
/// ```
/// use tenon_resources::ec2::NetworkAclAssociation;
/// NetworkAclAssociation::new("subnet-1", "acl-1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.network_acl_association", cfn = "AWS::EC2::SubnetNetworkAclAssociation")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html
#[facts(gone("InvalidSubnetID.NotFound"), second_create = Overwritten)]
#[calls(ReplaceNetworkAclAssociation)]
#[sdk(ec2::NetworkAclAssociation)]
pub struct NetworkAclAssociation {
    /// The subnet.
    #[immutable]
    #[attachment]
    #[member("subnet_id")]
    #[cfn("SubnetId")]
    #[sample("subnet-1", "subnet-2")]
    pub subnet: Input<SubnetId>,
    /// The network ACL.
    #[member("network_acl_id")]
    #[cfn("NetworkAclId")]
    #[sample("acl-1", "acl-2")]
    pub network_acl: Input<NetworkAclId>,
}

/// Outputs of a network ACL association.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct NetworkAclAssociationOutputs {
    /// The id: the subnet, which has exactly one association.
    #[shape("{subnet}")]
    pub id: SubnetId,
}

impl Lifecycle for NetworkAclAssociation {
    const READ: Read = Read::new("ec2", "DescribeNetworkAcls", 200, &["ec2:DescribeNetworkAcls"]);

    fn identity(&self) -> Identity {
        Identity::Natural(self.subnet.text())
    }

    fn create(&self) -> Steps {
        Steps::create(self.replace()).retry_on("InvalidNetworkAclID.NotFound", minutes(5))
    }

    fn set(&self, _: &Self, field: NetworkAclAssociationField) -> Steps {
        match field {
            NetworkAclAssociationField::NetworkAcl => Steps::update(self.replace()),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(ReplaceNetworkAclAssociation {
            subnet_id: self.subnet.clone(),
            network_acl_id: None,
        })
        .expecting(Self::FACTS)
    }
}

impl NetworkAclAssociation {
    fn replace(&self) -> ReplaceNetworkAclAssociation {
        ReplaceNetworkAclAssociation {
            subnet_id: self.subnet.clone(),
            network_acl_id: Some(self.network_acl.clone()),
        }
    }
}

/// The call, by hand: AWS wants the id of the association that it replaces. That id changes with each replacement, so it
/// cannot be in a plan; it is read from the subnet just before.
#[derive(Serialize, Deserialize)]
struct ReplaceNetworkAclAssociation {
    subnet_id: Input<SubnetId>,
    /// The new network ACL; the VPC's default one when unset.
    network_acl_id: Option<Input<NetworkAclId>>,
}

impl Call for ReplaceNetworkAclAssociation {
    const INFO: CallInfo = CallInfo {
        service: "ec2",
        operation: "ReplaceNetworkAclAssociation",
        folds: false,
        actions: &["ec2:ReplaceNetworkAclAssociation", "ec2:DescribeNetworkAcls"],
        needs: &[],
        on: "*",
        not_yet: super::SERVICE.not_yet,
    };
}

#[cfg(feature = "aws")]
mod wire {
    use super::{NetworkAclAssociation, NetworkAclAssociationOutputs, ReplaceNetworkAclAssociation};
    use crate::{
        aws::{
            Aws, By, Missing, Observe, Seen, SendFuture, Sendable, ToSdk, broken, call_error, items,
            sdk::ec2::types,
        },
        cloud::{CallError, Reply, Status},
        resource::Lifecycle,
    };

    const OPERATION: &str = "ReplaceNetworkAclAssociation";

    impl Sendable for ReplaceNetworkAclAssociation {
        fn send(self, aws: &Aws) -> SendFuture<'_> {
            Box::pin(send(self, aws))
        }
    }

    async fn send(call: ReplaceNetworkAclAssociation, aws: &Aws) -> Result<Reply, CallError> {
        let subnet = call.subnet_id.to_sdk().unwrap_or_default();
        let missing = |code: &str, what: String| CallError::refused("ec2", OPERATION, code, what);

        let acls = acls(aws, &[("association.subnet-id", &subnet)]).await?;
        let current = acls.into_iter().find_map(|acl| {
            let mut associations = acl.associations?.into_iter();
            let own = associations.find(|a| a.subnet_id.as_deref() == Some(&subnet))?;
            Some((own.network_acl_association_id?, acl.network_acl_id?, acl.vpc_id?))
        });
        // Every subnet has a network ACL; one without is gone.
        let gone = || {
            missing(
                "InvalidSubnetID.NotFound",
                format!("subnet `{subnet}` has no network ACL"),
            )
        };
        let (association, current, vpc) = current.ok_or_else(gone)?;

        let to = if let Some(acl) = call.network_acl_id {
            acl.to_sdk().unwrap_or_default()
        } else {
            let default = self::acls(aws, &[("vpc-id", &vpc), ("default", "true")])
                .await?
                .into_iter()
                .next();
            let none = || {
                missing(
                    "InvalidNetworkAclID.NotFound",
                    format!("`{vpc}` has no default network ACL"),
                )
            };
            default.and_then(|acl| acl.network_acl_id).ok_or_else(none)?
        };
        if to != current {
            let call = aws
                .ec2
                .replace_network_acl_association()
                .association_id(association)
                .network_acl_id(to);
            call.send().await.map_err(|e| call_error("ec2", OPERATION, e))?;
        }
        Ok(Reply::default())
    }

    async fn acls(aws: &Aws, filters: &[(&str, &str)]) -> Result<Vec<types::NetworkAcl>, CallError> {
        let filter =
            |(name, value): &(&str, &str)| types::Filter::builder().name(*name).values(*value).build();
        let filters = filters.iter().map(filter).collect();
        let pages = items!(aws.ec2.describe_network_acls().set_filters(Some(filters)));
        aws.all("ec2", "DescribeNetworkAcls", pages).await
    }

    impl Observe for NetworkAclAssociation {
        async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
            let Some(subnets) = by.ids() else {
                return Ok(vec![]);
            };
            let acls = crate::ec2::filtered!(
                aws,
                by,
                Self,
                describe_network_acls.set_filters,
                "association.subnet-id"
            );
            // A subnet without this resource is associated with the default network ACL.
            let own = acls.iter().filter(|acl| acl.is_default != Some(true));
            own.flat_map(types::NetworkAcl::associations)
                .filter(|item| item.subnet_id().is_some_and(|id| subnets.iter().any(|s| s == id)))
                .map(|item| read(item).map_err(broken::<Self>))
                .collect()
        }
    }

    fn read(item: &types::NetworkAclAssociation) -> Result<Seen<NetworkAclAssociation>, Missing> {
        let id = item.subnet_id.clone().ok_or(Missing("subnet_id"))?;
        Ok(Seen {
            status: Status::Ready,
            inputs: NetworkAclAssociation::from_sdk(item)?,
            outputs: NetworkAclAssociationOutputs {
                id: id.clone().into(),
            },
            id,
        })
    }
}
