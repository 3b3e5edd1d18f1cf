//! The document store of hot events: a DocumentDB elastic cluster, or a MongoDB that exists.

use super::{
    DocumentsSize, Env,
    aws::secrets_manager_secret::{GenerateSecretString, Secret},
};
use serde_json::json;
use tenon::{
    Environment, Scope,
    component::Network,
    resources::{
        cfn,
        ec2::{EgressRule, IngressRule, SecurityGroup, SecurityGroupId, Traffic},
        text,
        value::{Arn, Cidr4, Input, Output},
    },
};

/// User whose password AWS makes.
const USER: &str = "analytics";

/// The document store, as fleets are told about it.
pub(super) struct Documents {
    /// Line of a fleet's parameter.
    pub(super) line: Input<String>,
    /// Secret that fleets read.
    pub(super) secret: Input<Arn>,
    /// Security group, when the cluster is the stack's.
    security_group: Option<Output<SecurityGroupId>>,
}

impl Documents {
    /// TCP port of the cluster.
    pub(super) const PORT: u16 = 27017;

    /// A MongoDB that exists, by the secret whose text is its URI.
    pub(super) fn given(secret: &Arn) -> Self {
        let secret = Input::Known(secret.clone());
        Self {
            line: text!("MONGODB_URI@secret={}", &secret),
            secret,
            security_group: None,
        }
    }

    /// Declares a cluster in the isolated subnets. AWS makes its password; no program, plan or state ever contains it.
    // Long: one declaration after the other, each used by the next.
    pub(super) fn new(s: &mut Scope<'_, Env>, network: &Network, size: DocumentsSize) -> Self {
        let security_group = s
            .add(
                "security-group",
                SecurityGroup::new(&network.vpc, "The document store"),
            )
            .id;
        let generate = GenerateSecretString::new()
            .secret_string_template(json!({ "username": USER }).to_string())
            .generate_string_key("password")
            .password_length(40)
            .exclude_punctuation(true);
        let secret = Secret::new()
            .description("User of the document store")
            .generate_secret_string(generate);
        let secret = s.add("user", secret);
        // The cluster of instances, `AWS::DocDB::DBCluster`, has no handlers; elastic clusters do. With `SECRET_ARN` the property
        // for the password is the ARN of a secret, which the typed file does not take there.
        let cluster = cfn::Resource::new(
            "AWS::DocDBElastic::Cluster",
            json!({
                "ClusterName": s.full_name("cluster"),
                "AdminUserName": USER,
                "AuthType": "SECRET_ARN",
                "AdminUserPassword": &secret.id,
                "ShardCapacity": size.shard_capacity,
                "ShardCount": 1,
                "ShardInstanceCount": size.instances,
                "BackupRetentionPeriod": size.backup_retention_days,
                "SubnetIds": &network.isolated,
                "VpcSecurityGroupIds": [&security_group],
            }),
        );
        let cluster = s.add("cluster", cluster);
        Self {
            line: text!(
                "MONGODB_URI@documentdb={} {}",
                &secret.id,
                &cluster.get("ClusterEndpoint")
            ),
            secret: Input::of(&secret.id).typed(),
            security_group: Some(security_group),
        }
    }

    /// Declares the two rules that let the security group `client` connect; a cluster elsewhere is reached through NAT.
    pub(super) fn allow_from<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        client: &Output<SecurityGroupId>,
        name: &str,
    ) {
        let port = Traffic::tcp(Self::PORT);
        let Some(store) = &self.security_group else {
            let out = EgressRule::new(client, Cidr4::ANYWHERE, port).description("The document store");
            s.add("documents-egress", out);
            return;
        };
        let out = EgressRule::new(client, store, port).description("The document store");
        s.add("documents-egress", out);
        let into = IngressRule::new(store, client, port).description(name);
        s.add("documents-ingress", into);
    }
}
