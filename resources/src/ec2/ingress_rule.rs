//! A security group's rule for packets that come in.

use super::{
    Peer, RETAG, SecurityGroupId, Traffic, retag,
    rule::{DESCRIBE, RuleContent, check_rule, describe},
};
use crate::prelude::*;

id!(
    /// Names a security group's rule, such as `sgr-0a1b2c3d4e5f67890`.
    SecurityGroupRuleId
);

/// Lets packets come in to whatever carries a security group. Groups are closed unless a rule opens them.
///
/// ```
/// use tenon_resources::{ec2::{IngressRule, SecurityGroupId, Traffic}, value::Output};
/// let tasks: Output<SecurityGroupId> = Output::new("tasks", "id");
/// IngressRule::new("sg-1", &tasks, Traffic::tcp(5432));
/// IngressRule::new("sg-1", "0.0.0.0/0", Traffic::tcp(443)).description("HTTPS");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.ingress_rule", cfn = "AWS::EC2::SecurityGroupIngress")]
pub struct IngressRule {
    /// The group it is a rule of.
    #[immutable]
    #[attachment]
    #[cfn("GroupId")]
    pub group: Input<SecurityGroupId>,
    /// Whom it lets in.
    #[immutable]
    #[cfn("CidrIp")]
    pub source: Peer,
    /// Which packets it lets in.
    #[immutable]
    #[cfn("IpProtocol")]
    pub traffic: Traffic,
    /// What it is for.
    #[default(Input::Known(String::new()))]
    pub description: Input<String>,
    /// Tags.
    #[cfn("")]
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct IngressRuleOutputs {
    /// Its id.
    #[shape("sgr-{hex17}")]
    pub id: SecurityGroupRuleId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:security-group-rule/{id}")]
    pub arn: Arn,
}

impl Lifecycle for IngressRule {
    const CALLS: &'static [CallInfo] = &[
        AuthorizeSecurityGroupIngress::INFO,
        DESCRIBE,
        RevokeSecurityGroupIngress::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeSecurityGroupRules",
        batch: 200,
        actions: &["ec2:DescribeSecurityGroupRules"],
    };

    fn create(&self) -> Steps {
        Steps::create(AuthorizeSecurityGroupIngress {
            group_id: self.group.clone(),
            ip_permissions: vec![self.content()],
            tag_specifications: self.tags.on_create("security-group-rule"),
        })
        .retry_on("InvalidGroup.NotFound", minutes(5))
    }

    fn set(&self, was: &Self, field: IngressRuleField) -> Steps {
        match field {
            IngressRuleField::Description => describe(&self.group, self.content()),
            IngressRuleField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(RevokeSecurityGroupIngress {
            group_id: self.group.clone(),
            security_group_rule_ids: vec![this()],
        })
        .ok_on("InvalidSecurityGroupRuleId.NotFound")
        .ok_on("InvalidPermission.NotFound")
        // A group takes its rules with it.
        .ok_on("InvalidGroup.NotFound")
    }

    fn check(&self) -> Vec<String> {
        check_rule(self.traffic, &self.description)
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("sg-1", "10.0.0.0/16", Traffic::tcp(443)).tags([("Name", "a")]),
            Self::new("sg-2", SecurityGroupId::from("sg-3"), Traffic::All)
                .description("HTTPS")
                .tags([("Name", "b")]),
        ]
    }
}

impl IngressRule {
    fn content(&self) -> RuleContent {
        RuleContent::new(self.traffic, &self.source, &self.description)
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.security_group_rules?.into_iter().next()?.security_group_rule_id?, also("ec2:CreateTags"))]
struct AuthorizeSecurityGroupIngress {
    group_id: Input<SecurityGroupId>,
    ip_permissions: Vec<RuleContent>,
    tag_specifications: TagSpec,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
struct RevokeSecurityGroupIngress {
    group_id: Input<SecurityGroupId>,
    security_group_rule_ids: Vec<Input<String>>,
}

#[cfg(feature = "aws")]
impl Observe for IngressRule {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let rules = super::rule::rules(aws, by, false).await?.into_iter();
        let seen = rules.map(|rule| Seen {
            status: Status::Ready,
            inputs: Self {
                group: rule.group,
                source: rule.peer,
                traffic: rule.traffic,
                description: rule.description,
                tags: rule.tags,
            },
            outputs: IngressRuleOutputs {
                id: rule.id.clone().into(),
                arn: rule.arn,
            },
            id: rule.id,
        });
        Ok(seen.collect())
    }
}
