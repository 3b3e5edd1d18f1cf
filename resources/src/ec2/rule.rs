//! What the rules of a security group share: whom one is about, what it says, how it is read.

use super::{SecurityGroupId, Traffic, one_of::one_of};
use crate::prelude::*;

id!(
    /// Names a managed prefix list, such as `pl-0a1b2c3d4e5f67890`.
    PrefixListId
);

one_of!(
    /// The other side of a security group's rule.
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
        /// Whatever carries this security group.
        SecurityGroup(SecurityGroupId),
        /// The ranges of a prefix list, such as the one of a content network.
        PrefixList(PrefixListId),
    }
);

/// A literal IPv4 or IPv6 range.
///
/// # Panics
/// If the text is neither.
impl From<&str> for Peer {
    #[track_caller]
    fn from(text: &str) -> Self {
        if text.contains(':') {
            Cidr6::lit(text).into()
        } else {
            Cidr4::lit(text).into()
        }
    }
}

/// What a rule says, with the names that `SecurityGroupRuleRequest` has for it.
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

/// The one member of a rule that says whom it is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
        let mut members = PeerMembers::default();
        match peer.clone() {
            Peer::Cidr(cidr) => members.cidr_ipv4 = Some(cidr),
            Peer::Cidr6(cidr) => members.cidr_ipv6 = Some(cidr),
            Peer::SecurityGroup(group) => members.referenced_group_id = Some(group),
            Peer::PrefixList(list) => members.prefix_list_id = Some(list),
        }
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

/// One rule's new content, as `ModifySecurityGroupRules` takes it: the whole of it, every time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct RuleUpdate {
    security_group_rule_id: Input<String>,
    security_group_rule: RuleContent,
}

/// The call that [`describe`] makes.
pub(super) const DESCRIBE: CallInfo = ModifySecurityGroupRules::INFO;

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
struct ModifySecurityGroupRules {
    group_id: Input<SecurityGroupId>,
    security_group_rules: Vec<RuleUpdate>,
}

/// What is wrong with a rule, as sentences.
pub(super) fn check_rule(traffic: Traffic, description: &Input<String>) -> Vec<String> {
    // From the reference page of SecurityGroupRule: up to 255 characters of this set.
    let allowed = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    let text = description.known().map_or("", String::as_str);
    let long = (text.chars().count() > 255).then(|| {
        format!(
            "`description` has {} characters, and AWS takes at most 255",
            text.chars().count()
        )
    });
    let odd = text.chars().find(|c| !allowed(*c));
    let odd = odd.map(|c| {
        format!("`description` has `{c}`, and AWS takes letters, digits, spaces and ._-:/()#,@[]+=&;{{}}!$*")
    });
    traffic
        .check("traffic")
        .into_iter()
        .chain(long)
        .chain(odd)
        .collect()
}

#[cfg(feature = "aws")]
mod wire {
    use super::{super::SecurityGroupId, Peer, RuleContent, RuleUpdate, Traffic};
    use crate::{
        aws::{Aws, By, ToSdk, items, sdk::ec2::types},
        cloud::CallError,
        value::{Arn, Input, Tags},
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

    /// A rule as AWS answers it.
    pub(in crate::ec2) struct SeenRule {
        pub(in crate::ec2) id: String,
        pub(in crate::ec2) arn: Arn,
        pub(in crate::ec2) group: Input<SecurityGroupId>,
        pub(in crate::ec2) peer: Peer,
        pub(in crate::ec2) traffic: Traffic,
        pub(in crate::ec2) description: Input<String>,
        pub(in crate::ec2) tags: Tags,
    }

    /// The rules of one direction that a read is about.
    pub(in crate::ec2) async fn rules(
        aws: &Aws,
        by: By<'_>,
        egress: bool,
    ) -> Result<Vec<SeenRule>, CallError> {
        let mut rules = vec![];
        for filters in by.filters("security-group-rule-id") {
            let pages = items!(aws.ec2.describe_security_group_rules().set_filters(Some(filters)));
            rules.extend(aws.all("ec2", "DescribeSecurityGroupRules", pages).await?);
        }
        let ours = rules.into_iter().filter(|rule| rule.is_egress == Some(egress));
        Ok(ours.filter_map(|rule| see(aws, rule)).collect())
    }

    fn see(aws: &Aws, rule: types::SecurityGroupRule) -> Option<SeenRule> {
        let group = rule.referenced_group_info.and_then(|g| g.group_id);
        let peer = match (rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id, group) {
            (Some(cidr), ..) => Peer::Cidr(Input::Known(cidr.parse().ok()?)),
            (_, Some(cidr), ..) => Peer::Cidr6(Input::Known(cidr.parse().ok()?)),
            (_, _, Some(list), _) => Peer::PrefixList(Input::Known(list.into())),
            (.., group) => Peer::SecurityGroup(Input::Known(group?.into())),
        };
        let id = rule.security_group_rule_id?;
        Some(SeenRule {
            arn: aws.arn("ec2", &format!("security-group-rule/{id}")),
            group: Input::Known(rule.group_id?.into()),
            peer,
            traffic: Traffic::read(rule.ip_protocol.as_deref()?, rule.from_port, rule.to_port)?,
            description: Input::Known(rule.description.unwrap_or_default()),
            tags: rule.tags.into(),
            id,
        })
    }
}
#[cfg(feature = "aws")]
pub(super) use wire::rules;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ec2::Ports;

    #[test]
    fn what_cannot_be_is_said_before_any_call() {
        let none = Input::Known(String::new());
        assert!(check_rule(Traffic::tcp(443), &none).is_empty());
        assert!(
            check_rule(Traffic::Tcp(Ports { from: 90, to: 80 }), &none)[0]
                .contains("write the lower one first")
        );
        assert!(check_rule(Traffic::Protocol(6), &none)[0].contains("write `Icmp`, `Tcp`"));
        assert!(check_rule(Traffic::All, &Input::Known("what?".into()))[0].contains("has `?`"));
    }
}
