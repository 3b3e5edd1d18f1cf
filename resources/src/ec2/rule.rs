//! The shared part of a security group's inbound and outbound rules: the peer, the members of the calls, the read.

use super::{
    SecurityGroupId, Traffic,
    one_of::{Holds as _, one_of, range_literal},
};
use crate::prelude::*;

id!(
    /// A managed prefix list's id, such as `pl-0a1b2c3d4e5f67890`.
    PrefixListId
);

one_of!(
    /// The source of an inbound rule, or the destination of an outbound one.
    ///
    /// ```
    /// use tenon_resources::{ec2::{Peer, SecurityGroupId}, value::Output};
    /// let anyone: Peer = "0.0.0.0/0".into();
    /// let balancer: Output<SecurityGroupId> = Output::new("balancer", "id");
    /// let from_balancer: Peer = (&balancer).into();
    /// # assert_ne!(anyone, from_balancer);
    /// ```
    Peer {
        /// An IPv4 range.
        Cidr(Cidr4),
        /// An IPv6 range.
        Cidr6(Cidr6),
        /// The network interfaces of a security group.
        SecurityGroup(SecurityGroupId),
        /// The ranges of a prefix list, such as the one of a content network.
        PrefixList(PrefixListId),
    }
);

range_literal!(Peer);

/// The content of a rule, under the names of `SecurityGroupRuleRequest`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RuleContent {
    ip_protocol: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_port: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to_port: Option<i32>,
    #[serde(flatten)]
    peer: PeerMembers,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Input<String>>,
}

/// The peer of a rule: one member of these is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct PeerMembers {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cidr_ipv4: Option<Input<Cidr4>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cidr_ipv6: Option<Input<Cidr6>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix_list_id: Option<Input<PrefixListId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    referenced_group_id: Option<Input<SecurityGroupId>>,
}

impl RuleContent {
    pub(super) fn new(traffic: Traffic, peer: &Peer, description: &Input<String>) -> Self {
        let (ip_protocol, from_port, to_port) = traffic.members();
        let members = PeerMembers {
            cidr_ipv4: peer.get(),
            cidr_ipv6: peer.get(),
            prefix_list_id: peer.get(),
            referenced_group_id: peer.get(),
        };
        // An empty description is none.
        let described = description.known().is_none_or(|text| !text.is_empty());
        Self {
            ip_protocol,
            from_port,
            to_port,
            peer: members,
            description: described.then(|| description.clone()),
        }
    }
}

impl RuleContent {
    /// The part of it that may stand once in a group.
    pub(super) fn meaning(mut self) -> Self {
        self.description = None;
        self
    }
}

/// A rule's new content, as `ModifySecurityGroupRules` takes it: the whole of it, every time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct RuleUpdate {
    security_group_rule_id: Input<String>,
    security_group_rule: RuleContent,
}

/// The call that gives a rule of `group` its description.
pub(super) fn describe(group: &Input<SecurityGroupId>, mut content: RuleContent) -> Steps {
    // The empty text takes a description away; one that is left out might stay.
    content.description.get_or_insert(Input::Known(String::new()));
    let update = RuleUpdate {
        security_group_rule_id: this(),
        security_group_rule: content,
    };
    Steps::update(ModifySecurityGroupRules {
        group_id: group.clone(),
        security_group_rules: vec![update],
    })
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
pub(super) struct ModifySecurityGroupRules {
    group_id: Input<SecurityGroupId>,
    security_group_rules: Vec<RuleUpdate>,
}

#[cfg(feature = "aws")]
mod wire {
    use super::{Peer, PrefixListId, RuleContent, RuleUpdate, SecurityGroupId, Traffic};
    use crate::{
        aws::{Aws, By, Missing, Observe, Seen, ToSdk, broken, items, sdk::ec2::types},
        cloud::{CallError, Status},
        ec2::{SecurityGroupRuleId, filtered, one_of::known},
        resource::Lifecycle,
        value::{Arn, Cidr4, Cidr6},
    };

    impl ToSdk<types::IpPermission> for RuleContent {
        fn to_sdk(self) -> Option<types::IpPermission> {
            let note: Option<String> = self.description.to_sdk();
            let rule = types::IpPermission::builder()
                .ip_protocol(self.ip_protocol)
                .set_from_port(self.from_port)
                .set_to_port(self.to_port);
            let text: [Option<String>; 4] = [
                self.peer.cidr_ipv4.to_sdk(),
                self.peer.cidr_ipv6.to_sdk(),
                self.peer.prefix_list_id.to_sdk(),
                self.peer.referenced_group_id.to_sdk(),
            ];
            Some(
                match text {
                    [Some(cidr), ..] => rule.ip_ranges(
                        types::IpRange::builder()
                            .cidr_ip(cidr)
                            .set_description(note)
                            .build(),
                    ),
                    [_, Some(cidr), ..] => rule.ipv6_ranges(
                        types::Ipv6Range::builder()
                            .cidr_ipv6(cidr)
                            .set_description(note)
                            .build(),
                    ),
                    [_, _, Some(list), _] => rule.prefix_list_ids(
                        types::PrefixListId::builder()
                            .prefix_list_id(list)
                            .set_description(note)
                            .build(),
                    ),
                    [.., group] => rule.user_id_group_pairs(
                        types::UserIdGroupPair::builder()
                            .set_group_id(group)
                            .set_description(note)
                            .build(),
                    ),
                }
                .build(),
            )
        }
    }

    impl ToSdk<types::SecurityGroupRuleUpdate> for RuleUpdate {
        fn to_sdk(self) -> Option<types::SecurityGroupRuleUpdate> {
            let rule = self.security_group_rule;
            let rule = types::SecurityGroupRuleRequest::builder()
                .ip_protocol(rule.ip_protocol)
                .set_from_port(rule.from_port)
                .set_to_port(rule.to_port)
                .set_cidr_ipv4(rule.peer.cidr_ipv4.to_sdk())
                .set_cidr_ipv6(rule.peer.cidr_ipv6.to_sdk())
                .set_prefix_list_id(rule.peer.prefix_list_id.to_sdk())
                .set_referenced_group_id(rule.peer.referenced_group_id.to_sdk())
                .set_description(rule.description.to_sdk());
            let update = types::SecurityGroupRuleUpdate::builder().security_group_rule(rule.build());
            Some(
                update
                    .set_security_group_rule_id(self.security_group_rule_id.to_sdk())
                    .build(),
            )
        }
    }

    impl Peer {
        pub(in crate::ec2) fn from_sdk(item: &types::SecurityGroupRule) -> Result<Self, Missing> {
            let group = item.referenced_group_info().and_then(|g| g.group_id());
            known::<Cidr4, _>(item.cidr_ipv4())
                .or_else(|| known::<Cidr6, _>(item.cidr_ipv6()))
                .or_else(|| known::<PrefixListId, _>(item.prefix_list_id()))
                .or_else(|| known::<SecurityGroupId, _>(group))
                .ok_or(Missing("referenced_group_info"))
        }
    }

    impl Traffic {
        pub(in crate::ec2) fn from_sdk(item: &types::SecurityGroupRule) -> Result<Self, Missing> {
            let protocol = item.ip_protocol().ok_or(Missing("ip_protocol"))?;
            Self::read(protocol, item.from_port, item.to_port).ok_or(Missing("ip_protocol"))
        }
    }

    /// The ids of the rules of one direction in these security groups.
    pub(in crate::ec2) async fn rule_ids(
        aws: &Aws,
        groups: &[String],
        egress: bool,
    ) -> Result<Vec<String>, CallError> {
        let mut ids = vec![];
        for filters in By::Ids(groups).filters("group-id") {
            let request = aws.ec2.describe_security_group_rules().set_filters(Some(filters));
            let rules = aws
                .all("ec2", "DescribeSecurityGroupRules", items!(request))
                .await?;
            let rules = rules.into_iter().filter(|rule| rule.is_egress == Some(egress));
            ids.extend(rules.filter_map(|rule| rule.security_group_rule_id));
        }
        Ok(ids)
    }

    /// The rules of one direction that `by` asks for.
    pub(in crate::ec2) async fn rules<R: Observe>(
        aws: &Aws,
        by: By<'_>,
        egress: bool,
        inputs: fn(&types::SecurityGroupRule) -> Result<R, Missing>,
        outputs: fn(SecurityGroupRuleId, Arn) -> R::Outputs,
    ) -> Result<Vec<Seen<R>>, CallError> {
        let read = |item: &types::SecurityGroupRule| {
            let id = item.security_group_rule_id.clone();
            let id = id.ok_or(Missing("security_group_rule_id"))?;
            let arn = aws.arn("ec2", &format!("security-group-rule/{id}"));
            Ok(Seen {
                status: Status::Ready,
                inputs: inputs(item)?,
                outputs: outputs(id.clone().into(), arn),
                id,
            })
        };
        filtered!(
            aws,
            by,
            R,
            describe_security_group_rules.set_filters,
            "security-group-rule-id"
        )
        .iter()
        .filter(|item| item.is_egress == Some(egress))
        .map(|item| read(item).map_err(broken::<R>))
        .collect()
    }
}
#[cfg(feature = "aws")]
pub(super) use wire::{rule_ids, rules};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ec2::{IngressRule, Ports},
        erased::Erased,
        resource::ResourceType as _,
    };

    fn findings(traffic: Traffic, description: &str) -> Vec<String> {
        let rule = IngressRule::new("sg-1", "10.0.0.0/16", traffic).description(description);
        let inputs = serde_json::to_value(rule).expect("a rule is plain data");
        Erased::<IngressRule>::NEW
            .check(&inputs)
            .expect("the inputs are a rule's")
    }

    #[test]
    fn an_impossible_rule_is_refused_before_any_call() {
        assert!(findings(Traffic::tcp(443), "").is_empty());
        assert!(findings(Traffic::tcp(443), "HTTPS (443), from anywhere").is_empty());
        let reversed = Traffic::Tcp(Ports { from: 90, to: 80 });
        assert!(findings(reversed, "")[0].contains("write the lower one first"));
        assert!(findings(Traffic::Protocol(6), "")[0].contains("write `Icmp`, `Tcp`"));
        assert!(findings(Traffic::All, "what?")[0].contains("is `what?`"));
        assert!(findings(Traffic::All, &"a".repeat(256))[0].contains("has 256 characters"));
    }
}
