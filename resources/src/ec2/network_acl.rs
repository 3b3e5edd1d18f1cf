//! A network ACL: which traffic may enter and leave subnets.

use super::{
    CreateTags, DeleteTags, Icmp, Ports, Traffic, VpcId,
    one_of::{Holds as _, one_of, range_literal},
};
use crate::prelude::*;

id!(
    /// A network ACL's id, such as `acl-0a1b2c3d4e5f67890`.
    NetworkAclId
);

one_of!(
    /// The address range of a network ACL's entry.
    AclRange {
        /// An IPv4 range.
        Cidr(Cidr4),
        /// An IPv6 range.
        Cidr6(Cidr6),
    }
);

range_literal!(AclRange);

/// The direction of packets across the edge of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the subnet.
    Ingress,
    /// Out of the subnet.
    Egress,
}

choice!(
    /// The action of an entry on the packets that match it.
    AclAction of ec2::RuleAction {
        /// The packet passes.
        Allow = "allow",
        /// The packet is dropped.
        Deny = "deny",
    }
);

/// An entry of a network ACL. Entries are evaluated in the order of their numbers, and the first that matches decides.
///
/// ```
/// use tenon_resources::ec2::{AclEntry, Traffic};
/// AclEntry::allow_in(100, Traffic::tcp(443), "0.0.0.0/0");
/// AclEntry::deny_out(90, Traffic::All, "2001:db8::/32");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AclEntry {
    /// The direction.
    pub direction: Direction,
    /// The rule number, 1 to 32766, unique in its direction.
    pub number: u16,
    /// The action.
    pub action: AclAction,
    /// The protocol and ports.
    pub traffic: Traffic,
    /// The source of inbound packets, or the destination of outbound ones.
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
    /// Findings about the numbers and the traffic of entries, as sentences about `field`.
    fn check_all(all: &BTreeSet<Self>, field: &str) -> Vec<String> {
        let (mut findings, mut numbers) = (vec![], BTreeSet::new());
        for Self {
            direction,
            number,
            traffic,
            ..
        } in all
        {
            if !(1..=LAST_NUMBER).contains(number) {
                findings.push(format!(
                    "`{field}` has number {number}, and AWS takes 1 to {LAST_NUMBER}"
                ));
            }
            if !numbers.insert((direction, number)) {
                findings.push(format!(
                    "`{field}` has number {number} twice in one direction: give one of them another"
                ));
            }
            findings.extend(traffic.check(field));
        }
        findings
    }

    entry! {
        /// Allows inbound packets.
        allow_in Ingress Allow,
        /// Denies inbound packets.
        deny_in Ingress Deny,
        /// Allows outbound packets.
        allow_out Egress Allow,
        /// Denies outbound packets.
        deny_out Egress Deny,
    }
}

/// A network ACL: which traffic may enter and leave the subnets that it is associated with. It is stateless: replies need
/// an entry, too. Traffic that no entry allows is dropped.
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
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidNetworkAclID.NotFound"),
    in_use("DependencyViolation", 300),
    second_create = Another
)]
#[create(
    CreateNetworkAcl: ec2,
    id = o.network_acl?.network_acl_id?,
    also("ec2:CreateTags"),
    with(client_token: Token = Token::Fill)
)]
#[delete(DeleteNetworkAcl: ec2, by(network_acl_id), on = "arn:aws:ec2:{region}:{account}:network-acl/{id}")]
#[retag(super::retag)]
#[calls(
    CreateNetworkAclEntry,
    ReplaceNetworkAclEntry,
    DeleteNetworkAclEntry,
    CreateTags,
    DeleteTags
)]
#[sdk(ec2::NetworkAcl)]
pub struct NetworkAcl {
    /// The VPC.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// The entries.
    #[default(BTreeSet::new())]
    #[after_create]
    #[cfn("")]
    #[read(item.entries().iter().filter_map(|e| AclEntry::from_sdk(e).transpose()).collect::<Result<_, _>>()?)]
    #[sample(
        [
            AclEntry::allow_in(100, Traffic::tcp(443), "0.0.0.0/0"),
            AclEntry::deny_in(50, Traffic::All, "192.0.2.0/24")
        ],
        [
            AclEntry::allow_in(100, Traffic::tcp(80..=443), "::/0"),
            AclEntry::allow_out(100, Traffic::udp(53), "0.0.0.0/0")
        ]
    )]
    #[checked(AclEntry::check_all(it, field))]
    pub entries: BTreeSet<AclEntry>,
    /// Tags.
    #[tag_specification("network-acl")]
    pub tags: Tags,
}

/// Outputs of a network ACL.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct NetworkAclOutputs {
    /// The id.
    #[shape("acl-{hex17}")]
    pub id: NetworkAclId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:network-acl/{id}")]
    pub arn: Arn,
}

/// The highest number that an entry may have; higher ones are the entries that AWS adds, which drop the rest.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
const LAST_NUMBER: u16 = 32766;

impl Lifecycle for NetworkAcl {
    const READ: Read = Read::new("ec2", "DescribeNetworkAcls", 200, &["ec2:DescribeNetworkAcls"]);

    fn create(&self) -> Steps {
        CreateNetworkAcl::steps(self)
    }

    fn set(&self, was: &Self, field: NetworkAclField) -> Steps {
        match field {
            NetworkAclField::Entries => change_entries(&self.entries, &was.entries),
        }
    }

    fn delete(&self) -> Steps {
        DeleteNetworkAcl::steps(self)
    }
}

/// New entries first and old ones last, so that traffic that both allow passes at every moment.
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
                Self {
                    network_acl_id: this(),
                    egress: entry.direction == Direction::Egress,
                    rule_number: entry.number,
                    rule_action: entry.action,
                    protocol: entry.traffic.number().to_string(),
                    port_range: entry.traffic.ports(),
                    icmp_type_code: entry.traffic.icmp(),
                    cidr_block: entry.range.get(),
                    ipv6_cidr_block: entry.range.get(),
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

#[cfg(feature = "aws")]
impl Observe for NetworkAcl {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let acls = super::filtered!(aws, by, Self, describe_network_acls.set_filters, "network-acl-id");
        let read = |item| read(aws, item).map_err(broken::<Self>);
        acls.iter().map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::NetworkAcl) -> Result<Seen<NetworkAcl>, Missing> {
    let id = item.network_acl_id.clone().ok_or(Missing("network_acl_id"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs: NetworkAcl::from_sdk(item)?,
        outputs: NetworkAclOutputs {
            arn: aws.arn("ec2", &format!("network-acl/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}

#[cfg(feature = "aws")]
impl AclEntry {
    /// `None` for an entry that AWS adds by itself.
    fn from_sdk(item: &sdk::ec2::types::NetworkAclEntry) -> Result<Option<Self>, Missing> {
        use super::one_of::known;
        use crate::aws::FromSdk;
        let number = item.rule_number.ok_or(Missing("rule_number"))?;
        let Some(number) = u16::try_from(number).ok().filter(|n| *n <= LAST_NUMBER) else {
            return Ok(None);
        };
        let (ports, icmp) = (item.port_range(), item.icmp_type_code());
        let from = ports.and_then(|p| p.from).or(icmp.and_then(|i| i.r#type));
        let to = ports.and_then(|p| p.to).or(icmp.and_then(|i| i.code));
        let protocol = item.protocol().ok_or(Missing("protocol"))?;
        let range = known::<Cidr4, _>(item.cidr_block());
        let range = range.or_else(|| known::<Cidr6, _>(item.ipv6_cidr_block()));
        Ok(Some(Self {
            direction: if item.egress.ok_or(Missing("egress"))? {
                Direction::Egress
            } else {
                Direction::Ingress
            },
            number,
            action: AclAction::from_sdk(item.rule_action.clone()).ok_or(Missing("rule_action"))?,
            traffic: Traffic::read(protocol, from, to).ok_or(Missing("protocol"))?,
            range: range.ok_or(Missing("cidr_block"))?,
        }))
    }
}
