//! A network ACL's association: which subnets an ACL guards.

use super::{NetworkAclId, SubnetId};
use crate::prelude::*;

/// Puts a subnet under a network ACL in place of the VPC's default one, which gets it back in the end.
///
/// A subnet is under one ACL at any moment, so another `network_acl` takes over without a gap.
///
/// ```
/// use tenon_resources::ec2::NetworkAclAssociation;
/// NetworkAclAssociation::new("subnet-1", "acl-1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.network_acl_association", cfn = "AWS::EC2::SubnetNetworkAclAssociation")]
pub struct NetworkAclAssociation {
    /// The subnet.
    #[immutable]
    #[attachment]
    #[cfn("SubnetId")]
    pub subnet: Input<SubnetId>,
    /// The ACL that guards it.
    #[cfn("NetworkAclId")]
    pub network_acl: Input<NetworkAclId>,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct NetworkAclAssociationOutputs {
    /// Its id: the subnet, which has one association and no more.
    #[shape("{subnet}")]
    pub id: SubnetId,
}

impl Lifecycle for NetworkAclAssociation {
    const CALLS: &'static [CallInfo] = &[ReplaceNetworkAclAssociation::INFO];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeNetworkAcls",
        batch: 200,
        actions: &["ec2:DescribeNetworkAcls"],
    };

    fn identity(&self) -> Identity {
        Identity::Natural(self.subnet.text())
    }

    fn create(&self) -> Steps {
        Steps::create(self.replace()).retry_on("InvalidNetworkAclID.NotFound", minutes(5))
    }

    fn set(&self, _was: &Self, field: NetworkAclAssociationField) -> Steps {
        match field {
            NetworkAclAssociationField::NetworkAcl => Steps::update(self.replace()),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(ReplaceNetworkAclAssociation {
            subnet_id: self.subnet.clone(),
            network_acl_id: None,
        })
        .ok_on("InvalidSubnetID.NotFound")
    }

    fn samples() -> [Self; 2] {
        [Self::new("subnet-1", "acl-1"), Self::new("subnet-2", "acl-2")]
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

/// The call, by hand: AWS wants the name of the association that it replaces. That name changes with each replacement,
/// so it cannot be in a plan; it is read just before. The subnet stands for it.
#[derive(Serialize, Deserialize)]
struct ReplaceNetworkAclAssociation {
    subnet_id: Input<SubnetId>,
    /// The new ACL; the VPC's default one when unset.
    network_acl_id: Option<Input<NetworkAclId>>,
}

impl Call for ReplaceNetworkAclAssociation {
    const INFO: CallInfo = CallInfo {
        service: "ec2",
        operation: "ReplaceNetworkAclAssociation",
        folds: false,
        actions: &["ec2:ReplaceNetworkAclAssociation", "ec2:DescribeNetworkAcls"],
        on: "*",
        #[cfg(feature = "aws")]
        send: |aws, params| Box::pin(wire::send(aws, params)),
    };
}

#[cfg(feature = "aws")]
mod wire {
    use super::{NetworkAclAssociation, NetworkAclAssociationOutputs, ReplaceNetworkAclAssociation};
    use crate::{
        aws::{Aws, By, Observe, Seen, ToSdk, call_error, items, sdk::ec2::types},
        cloud::{CallError, Reply, Status},
        value::Input,
    };

    const OPERATION: &str = "ReplaceNetworkAclAssociation";

    pub(super) async fn send(aws: &Aws, params: serde_json::Value) -> Result<Reply, CallError> {
        let call: ReplaceNetworkAclAssociation = crate::aws::typed("ec2", OPERATION, params)?;
        let subnet = call.subnet_id.to_sdk().unwrap_or_default();
        let missing = |code: &str, what: String| CallError::refused("ec2", OPERATION, code, what);

        let acls = acls(aws, &[("association.subnet-id", &subnet)]).await?;
        let found = acls.into_iter().find_map(|acl| {
            let mut ours = acl.associations?.into_iter();
            let ours = ours.find(|a| a.subnet_id.as_deref() == Some(&subnet))?;
            Some((ours.network_acl_association_id?, acl.network_acl_id?, acl.vpc_id?))
        });
        // Every subnet is under an ACL; one that is under none is no more.
        let gone = || {
            missing(
                "InvalidSubnetID.NotFound",
                format!("subnet `{subnet}` is under no network ACL"),
            )
        };
        let (association, current, vpc) = found.ok_or_else(gone)?;

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
            let mut seen = vec![];
            for filters in by.filters("association.subnet-id") {
                let pages = items!(aws.ec2.describe_network_acls().set_filters(Some(filters)));
                let acls = aws.all("ec2", "DescribeNetworkAcls", pages).await?;
                // Under the default ACL is where a subnet is without this resource.
                let own = acls.into_iter().filter(|acl| acl.is_default != Some(true));
                let all = own.flat_map(|acl| acl.associations.into_iter().flatten());
                seen.extend(
                    all.filter_map(see)
                        .filter(|association| subnets.contains(&association.id)),
                );
            }
            Ok(seen)
        }
    }

    fn see(item: types::NetworkAclAssociation) -> Option<Seen<NetworkAclAssociation>> {
        let subnet = item.subnet_id?;
        Some(Seen {
            status: Status::Ready,
            inputs: NetworkAclAssociation {
                subnet: Input::Known(subnet.clone().into()),
                network_acl: Input::Known(item.network_acl_id?.into()),
            },
            outputs: NetworkAclAssociationOutputs {
                id: subnet.clone().into(),
            },
            id: subnet,
        })
    }
}
