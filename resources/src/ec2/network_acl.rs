//! A network ACL: what may cross the edge of a subnet.

use super::{
    Icmp, Ports, RETAG, Traffic, VpcId,
    one_of::{one_of, range_literal},
    retag,
};
use crate::prelude::*;

id!(
    /// Names a network ACL, such as `acl-0a1b2c3d4e5f67890`.
    NetworkAclId
);

one_of!(
    /// The addresses that an ACL's entry is about.
    AclRange {
        /// An IPv4 range.
        Cidr(Cidr4),
        /// An IPv6 range.
        Cidr6(Cidr6),
    }
);

range_literal!(AclRange);

/// Which way packets cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the subnet.
    Ingress,
    /// Out of it.
    Egress,
}

choice!(
    /// What becomes of a packet that an entry is about.
    AclAction of ec2::RuleAction {
        /// It passes.
        Allow = "allow",
        /// It is dropped.
        Deny = "deny",
    }
);

/// One line of an ACL. Lines are tried in the order of their numbers, and the first that fits decides.
///
/// ```
/// use tenon_resources::ec2::{AclEntry, Traffic};
/// AclEntry::allow_in(100, Traffic::tcp(443), "0.0.0.0/0");
/// AclEntry::deny_out(90, Traffic::All, "2001:db8::/32");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AclEntry {
    /// Which way packets cross.
    pub direction: Direction,
    /// Its number, 1 to 32766, unique in its direction.
    pub number: u16,
    /// What becomes of them.
    pub action: AclAction,
    /// Which packets.
    pub traffic: Traffic,
    /// Whom they come from, or go to.
    pub range: AclRange,
}

macro_rules! entry {
    ($(#[$doc:meta] $name:ident $direction:ident $action:ident,)*) => { $(
        #[$doc]
        #[track_caller]
        pub fn $name(number: u16, traffic: Traffic, range: impl Into<AclRange>) -> Self {
            let (direction, action) = (Direction::$direction, AclAction::$action);
            Self { direction, number, action, traffic, range: range.into() }
        }
    )* };
}

impl AclEntry {
    entry! {
        /// Lets packets in.
        allow_in Ingress Allow,
        /// Keeps packets from coming in.
        deny_in Ingress Deny,
        /// Lets packets out.
        allow_out Egress Allow,
        /// Keeps packets from going out.
        deny_out Egress Deny,
    }
}

/// What may cross the edge of the subnets it is associated with. It remembers nothing: replies need an entry, too. What
/// no entry allows is dropped.
///
/// ```
/// use tenon_resources::ec2::{AclEntry, NetworkAcl, Traffic};
/// NetworkAcl::new("vpc-1").entries([
///     AclEntry::allow_in(100, Traffic::tcp(443), "0.0.0.0/0"),
///     AclEntry::allow_out(100, Traffic::tcp(1024..=65535), "0.0.0.0/0"),
/// ]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.network_acl", cfn = "AWS::EC2::NetworkAcl")]
pub struct NetworkAcl {
    /// The VPC it belongs to.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// Its lines.
    #[default(BTreeSet::new())]
    #[after_create]
    #[cfn("")]
    pub entries: BTreeSet<AclEntry>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct NetworkAclOutputs {
    /// Its id.
    #[shape("acl-{hex17}")]
    pub id: NetworkAclId,
    /// Its ARN.
    #[shape("arn:aws:ec2:{region}:{account}:network-acl/{id}")]
    pub arn: Arn,
}

/// The highest number that an entry of ours may have; beyond are the lines that AWS adds, which drop the rest.
const LAST_NUMBER: u16 = 32766;

impl Lifecycle for NetworkAcl {
    const CALLS: &'static [CallInfo] = &[
        CreateNetworkAcl::INFO,
        CreateNetworkAclEntry::INFO,
        ReplaceNetworkAclEntry::INFO,
        DeleteNetworkAclEntry::INFO,
        DeleteNetworkAcl::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ec2",
        operation: "DescribeNetworkAcls",
        batch: 200,
        actions: &["ec2:DescribeNetworkAcls"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateNetworkAcl {
            vpc_id: self.vpc.clone(),
            client_token: Token::Fill,
            tag_specifications: self.tags.on_create("network-acl"),
        })
    }

    fn set(&self, was: &Self, field: NetworkAclField) -> Steps {
        match field {
            NetworkAclField::Entries => change_entries(&self.entries, &was.entries),
            NetworkAclField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteNetworkAcl {
            network_acl_id: this(),
        })
        .ok_on("InvalidNetworkAclID.NotFound")
        .retry_on("DependencyViolation", minutes(5))
    }

    fn check(&self) -> Vec<String> {
        let mut findings: Vec<String> = vec![];
        let mut numbers = BTreeSet::new();
        for entry in &self.entries {
            let AclEntry {
                direction, number, ..
            } = entry;
            if !(1..=LAST_NUMBER).contains(number) {
                findings.push(format!(
                    "`entries` has number {number}, and AWS takes 1 to {LAST_NUMBER}"
                ));
            }
            if !numbers.insert((direction, number)) {
                findings.push(format!(
                    "`entries` has number {number} twice in one direction: give one of them another"
                ));
            }
            findings.extend(entry.traffic.check("entries"));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        let https = AclEntry::allow_in(100, Traffic::tcp(443), "0.0.0.0/0");
        [
            Self::new("vpc-1")
                .entries([https, AclEntry::deny_in(50, Traffic::All, "192.0.2.0/24")])
                .tags([("Name", "a")]),
            Self::new("vpc-2")
                .entries([
                    AclEntry::allow_in(100, Traffic::tcp(80..=443), "::/0"),
                    AclEntry::allow_out(100, Traffic::udp(53), "0.0.0.0/0"),
                ])
                .tags([("Name", "b")]),
        ]
    }
}

/// New lines first and old ones last, so that nothing is shut out for a moment that both allow.
fn change_entries(want: &BTreeSet<AclEntry>, was: &BTreeSet<AclEntry>) -> Steps {
    let key = |e: &AclEntry| (e.direction, e.number);
    let had: BTreeMap<_, _> = was.iter().map(|e| (key(e), e)).collect();
    let kept: BTreeSet<_> = want.iter().map(key).collect();
    let (mut made, mut replaced) = (Steps::none(), Steps::none());
    for entry in want {
        match had.get(&key(entry)) {
            None => {
                made = made
                    .then(Steps::update(CreateNetworkAclEntry::of(entry)))
                    .ok_on("NetworkAclEntryAlreadyExists");
            }
            Some(before) if *before != entry => {
                replaced = replaced.then(Steps::update(ReplaceNetworkAclEntry::of(entry)));
            }
            Some(_) => {}
        }
    }
    let gone = was.iter().filter(|e| !kept.contains(&key(e)));
    gone.fold(made.then(replaced), |steps, e| {
        let egress = e.direction == Direction::Egress;
        steps
            .then(Steps::update(DeleteNetworkAclEntry {
                network_acl_id: this(),
                rule_number: e.number,
                egress,
            }))
            .ok_on("InvalidNetworkAclEntry.NotFound")
    })
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, id = o.network_acl?.network_acl_id?, also("ec2:CreateTags"))]
struct CreateNetworkAcl {
    vpc_id: Input<VpcId>,
    client_token: Token,
    tag_specifications: TagSpec,
}

/// `CreateNetworkAclEntry` and `ReplaceNetworkAclEntry` take the same members.
macro_rules! entry_call {
    ($name:ident) => {
        #[derive(Call, Serialize, Deserialize)]
        #[call(ec2, on = "arn:aws:ec2:{region}:{account}:network-acl/{id}")]
        struct $name {
            network_acl_id: Input<NetworkAclId>,
            egress: bool,
            rule_number: u16,
            rule_action: AclAction,
            protocol: String,
            port_range: Option<Ports>,
            icmp_type_code: Option<Icmp>,
            cidr_block: Option<Input<Cidr4>>,
            ipv6_cidr_block: Option<Input<Cidr6>>,
        }

        impl $name {
            fn of(entry: &AclEntry) -> Self {
                let AclEntry {
                    direction,
                    number,
                    action,
                    traffic,
                    range,
                } = entry.clone();
                let (cidr_block, ipv6_cidr_block) = match range {
                    AclRange::Cidr(cidr) => (Some(cidr), None),
                    AclRange::Cidr6(cidr) => (None, Some(cidr)),
                };
                Self {
                    network_acl_id: this(),
                    egress: direction == Direction::Egress,
                    rule_number: number,
                    rule_action: action,
                    protocol: traffic.number().to_string(),
                    port_range: traffic.ports(),
                    icmp_type_code: traffic.icmp(),
                    cidr_block,
                    ipv6_cidr_block,
                }
            }
        }
    };
}
entry_call!(CreateNetworkAclEntry);
entry_call!(ReplaceNetworkAclEntry);

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:network-acl/{id}")]
struct DeleteNetworkAclEntry {
    network_acl_id: Input<NetworkAclId>,
    rule_number: u16,
    egress: bool,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, on = "arn:aws:ec2:{region}:{account}:network-acl/{id}")]
struct DeleteNetworkAcl {
    network_acl_id: Input<NetworkAclId>,
}

#[cfg(feature = "aws")]
impl Observe for NetworkAcl {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut seen = vec![];
        for filters in by.filters("network-acl-id") {
            let pages = items!(aws.ec2.describe_network_acls().set_filters(Some(filters)));
            for item in aws.all("ec2", "DescribeNetworkAcls", pages).await? {
                seen.extend(see(aws, item));
            }
        }
        Ok(seen)
    }
}

#[cfg(feature = "aws")]
fn see(aws: &Aws, item: sdk::ec2::types::NetworkAcl) -> Option<Seen<NetworkAcl>> {
    let id = item.network_acl_id?;
    Some(Seen {
        status: Status::Ready,
        inputs: NetworkAcl {
            vpc: Input::Known(item.vpc_id?.into()),
            entries: item.entries.into_iter().flatten().filter_map(see_entry).collect(),
            tags: item.tags.into(),
        },
        outputs: NetworkAclOutputs {
            arn: aws.arn("ec2", &format!("network-acl/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}

#[cfg(feature = "aws")]
fn see_entry(item: sdk::ec2::types::NetworkAclEntry) -> Option<AclEntry> {
    let number = u16::try_from(item.rule_number?)
        .ok()
        .filter(|n| *n <= LAST_NUMBER)?;
    let (ports, icmp) = (item.port_range, item.icmp_type_code);
    let from = ports
        .as_ref()
        .and_then(|p| p.from)
        .or(icmp.as_ref().and_then(|i| i.r#type));
    let to = ports.and_then(|p| p.to).or(icmp.and_then(|i| i.code));
    Some(AclEntry {
        direction: if item.egress? {
            Direction::Egress
        } else {
            Direction::Ingress
        },
        number,
        action: AclAction::word(item.rule_action?.as_str())?,
        traffic: Traffic::read(item.protocol.as_deref()?, from, to)?,
        range: match item.cidr_block {
            Some(cidr) => AclRange::Cidr(Input::Known(cidr.parse().ok()?)),
            None => AclRange::Cidr6(Input::Known(item.ipv6_cidr_block?.parse().ok()?)),
        },
    })
}
