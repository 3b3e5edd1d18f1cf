//! An outbound rule of a security group.

use super::{
    CreateTags, DeleteTags, Peer, SecurityGroupId, SecurityGroupRuleId, Traffic,
    rule::{ModifySecurityGroupRules, RuleContent, describe},
};
use crate::prelude::*;

/// An outbound rule of a security group: traffic that it lets out from the group's network interfaces. Traffic that no
/// rule allows is dropped.
///
/// ```
/// use tenon_resources::{ec2::{EgressRule, SecurityGroupId, Traffic}, value::Output};
/// let database: Output<SecurityGroupId> = Output::new("database", "id");
/// EgressRule::new("sg-1", &database, Traffic::tcp(5432));
/// EgressRule::new("sg-1", "0.0.0.0/0", Traffic::tcp(443)).description("HTTPS");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.egress_rule", cfn = "AWS::EC2::SecurityGroupEgress")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
// A group's rules are gone with the group.
#[facts(
    gone("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound", "InvalidGroup.NotFound"),
    second_create = Refused("InvalidPermission.Duplicate")
)]
#[create(
    AuthorizeSecurityGroupEgress: ec2,
    id = o.security_group_rules?.into_iter().next()?.security_group_rule_id?,
    also("ec2:CreateTags"),
    with(ip_permissions: Vec<RuleContent> = vec![me.content()]),
    rules(.retry_on("InvalidGroup.NotFound", minutes(5)))
)]
#[delete(
    RevokeSecurityGroupEgress: ec2,
    with(
        group_id: Input<SecurityGroupId> = me.group.clone(),
        security_group_rule_ids: Vec<Input<String>> = vec![this()]
    )
)]
#[retag(super::retag)]
#[calls(ModifySecurityGroupRules, CreateTags, DeleteTags)]
#[sdk(ec2::SecurityGroupRule)]
pub struct EgressRule {
    /// The security group of the rule.
    #[immutable]
    #[attachment]
    #[member("group_id")]
    #[cfn("GroupId")]
    #[sample("sg-1", "sg-2")]
    #[inside("ec2.security_group")]
    pub group: Input<SecurityGroupId>,
    /// The destination of the packets.
    #[immutable]
    #[member(create = "")]
    #[cfn("CidrIp")]
    #[read(Peer::from_sdk(item)?)]
    #[sample("10.0.0.0/16", SecurityGroupId::from("sg-3"))]
    pub destination: Peer,
    /// The protocol and ports that the rule lets out.
    #[immutable]
    #[member(create = "")]
    #[cfn("IpProtocol")]
    #[read(Traffic::from_sdk(item)?)]
    #[sample(Traffic::tcp(443), Traffic::All)]
    #[checked(it.check(field))]
    pub traffic: Traffic,
    /// The description; the empty text is none.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    #[default(Input::Known(String::new()))]
    #[by_hand]
    #[member(create = "")]
    #[length(0..=255)]
    #[pattern(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")]
    #[sample("HTTPS")]
    pub description: Input<String>,
    /// Tags.
    #[tag_specification("security-group-rule")]
    #[cfn("")]
    pub tags: Tags,
}

/// Outputs of an outbound rule.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct EgressRuleOutputs {
    /// The id.
    #[shape("sgr-{hex17}")]
    pub id: SecurityGroupRuleId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:security-group-rule/{id}")]
    pub arn: Arn,
}

impl Lifecycle for EgressRule {
    const READ: Read = Read::new(
        "ec2",
        "DescribeSecurityGroupRules",
        200,
        &["ec2:DescribeSecurityGroupRules"],
    );

    fn create(&self) -> Steps {
        AuthorizeSecurityGroupEgress::steps(self)
    }

    fn set(&self, _: &Self, field: EgressRuleField) -> Steps {
        match field {
            EgressRuleField::Description => describe(&self.group, self.content()),
        }
    }

    fn delete(&self) -> Steps {
        RevokeSecurityGroupEgress::steps(self)
    }

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html: a rule stands once in its group,
    // whatever its description is.
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("outbound rule", self.content().meaning()).within(&self.group)]
    }
}

impl EgressRule {
    fn content(&self) -> RuleContent {
        RuleContent::new(self.traffic, &self.destination, &self.description)
    }
}

#[cfg(feature = "aws")]
impl Observe for EgressRule {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let outputs = |id, arn| EgressRuleOutputs { id, arn };
        super::rule::rules(aws, by, true, Self::from_sdk, outputs).await
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        super::rule::rule_ids(aws, of, true).await
    }
}
