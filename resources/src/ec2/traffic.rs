//! The traffic of a rule: protocol, and ports or ICMP messages.

use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

#[cfg(feature = "aws")]
use crate::aws::sdk::ec2::types;

/// The traffic of a rule: protocol, and ports or ICMP messages.
///
/// ```
/// use tenon_resources::ec2::Traffic;
/// let https = Traffic::tcp(443);
/// let nodes = Traffic::udp(30000..=32767);
/// # assert_ne!(https, nodes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Traffic {
    /// Every protocol and port.
    All,
    /// TCP to these ports.
    Tcp(Ports),
    /// UDP to these ports.
    Udp(Ports),
    /// ICMP for IPv4.
    Icmp(Icmp),
    /// ICMP for IPv6.
    Icmpv6(Icmp),
    /// Another protocol, by its IANA number; not 1, 6, 17 or 58, which have their own variants.
    Protocol(u8),
}

/// A range of ports, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ports {
    /// The first port.
    pub from: u16,
    /// The last port.
    pub to: u16,
}

impl Ports {
    /// Every port.
    pub const ALL: Self = Self {
        from: 0,
        to: u16::MAX,
    };
}

impl From<u16> for Ports {
    fn from(port: u16) -> Self {
        Self { from: port, to: port }
    }
}
impl From<RangeInclusive<u16>> for Ports {
    fn from(range: RangeInclusive<u16>) -> Self {
        Self {
            from: *range.start(),
            to: *range.end(),
        }
    }
}

/// ICMP messages by type and code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Icmp {
    /// The ICMP type; every type when unset.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<u8>,
    /// The ICMP code; every code when unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u8>,
}

/// AWS's "any": of protocols, of ICMP types, of ICMP codes.
const ANY: i32 = -1;

impl Traffic {
    /// TCP to a port, or to a range of ports.
    pub fn tcp(ports: impl Into<Ports>) -> Self {
        Self::Tcp(ports.into())
    }

    /// UDP to a port, or to a range of ports.
    pub fn udp(ports: impl Into<Ports>) -> Self {
        Self::Udp(ports.into())
    }

    /// The contradiction in it, as a sentence about `field`.
    pub(super) fn check(self, field: &str) -> Option<String> {
        match self {
            Self::Tcp(Ports { from, to }) | Self::Udp(Ports { from, to }) if from > to => Some(format!(
                "`{field}` has ports {from} to {to}: write the lower one first"
            )),
            Self::Icmp(Icmp {
                kind: None,
                code: Some(_),
            })
            | Self::Icmpv6(Icmp {
                kind: None,
                code: Some(_),
            }) => Some(format!(
                "`{field}` has an ICMP code without a type: set `type`, or leave both out"
            )),
            Self::Protocol(number @ (1 | 6 | 17 | 58)) => Some(format!(
                "`{field}` is protocol {number}: write `Icmp`, `Tcp`, `Udp` or `Icmpv6` instead"
            )),
            _ => None,
        }
    }

    /// The protocol's IANA number, or -1 for every one.
    pub(super) fn number(self) -> i32 {
        match self {
            Self::All => ANY,
            Self::Icmp(_) => 1,
            Self::Tcp(_) => 6,
            Self::Udp(_) => 17,
            Self::Icmpv6(_) => 58,
            Self::Protocol(number) => number.into(),
        }
    }

    /// The ports, for network ACLs.
    pub(super) fn ports(self) -> Option<Ports> {
        match self {
            Self::Tcp(ports) | Self::Udp(ports) => Some(ports),
            _ => None,
        }
    }

    /// The ICMP messages, for network ACLs.
    pub(super) fn icmp(self) -> Option<Icmp> {
        match self {
            Self::Icmp(icmp) | Self::Icmpv6(icmp) => Some(icmp),
            _ => None,
        }
    }

    /// `IpProtocol`, `FromPort` and `ToPort` as security groups take them; ICMP puts its type and code there.
    pub(super) fn members(self) -> (String, Option<i32>, Option<i32>) {
        let (name, from, to) = match self {
            Self::All => return ("-1".into(), None, None),
            Self::Protocol(number) => return (number.to_string(), None, None),
            Self::Tcp(p) => ("tcp", p.from.into(), p.to.into()),
            Self::Udp(p) => ("udp", p.from.into(), p.to.into()),
            Self::Icmp(i) => (
                "icmp",
                i.kind.map_or(ANY, i32::from),
                i.code.map_or(ANY, i32::from),
            ),
            Self::Icmpv6(i) => (
                "icmpv6",
                i.kind.map_or(ANY, i32::from),
                i.code.map_or(ANY, i32::from),
            ),
        };
        (name.into(), Some(from), Some(to))
    }

    /// The traffic from a protocol, by name or number, and its ports or ICMP type and code. AWS answers with a name in
    /// security groups and with a number in network ACLs.
    #[cfg_attr(
        not(any(feature = "aws", test)),
        expect(dead_code, reason = "only what AWS answered is read")
    )]
    pub(super) fn read(protocol: &str, from: Option<i32>, to: Option<i32>) -> Option<Self> {
        let port = |value: Option<i32>, any: u16| u16::try_from(value.unwrap_or(ANY)).unwrap_or(any);
        let ports = || Ports {
            from: port(from, 0),
            to: port(to, u16::MAX),
        };
        let byte = |value: Option<i32>| value.and_then(|v| u8::try_from(v).ok());
        let icmp = || Icmp {
            kind: byte(from),
            code: byte(to),
        };
        Some(match protocol {
            "-1" => Self::All,
            "tcp" | "6" => Self::Tcp(ports()),
            "udp" | "17" => Self::Udp(ports()),
            "icmp" | "1" => Self::Icmp(icmp()),
            "icmpv6" | "58" => Self::Icmpv6(icmp()),
            other => Self::Protocol(other.parse().ok()?),
        })
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<types::PortRange> for Ports {
    fn to_sdk(self) -> Option<types::PortRange> {
        Some(
            types::PortRange::builder()
                .from(self.from.into())
                .to(self.to.into())
                .build(),
        )
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<types::IcmpTypeCode> for Icmp {
    fn to_sdk(self) -> Option<types::IcmpTypeCode> {
        let number = |n: Option<u8>| n.map_or(ANY, i32::from);
        Some(
            types::IcmpTypeCode::builder()
                .r#type(number(self.kind))
                .code(number(self.code))
                .build(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_answers_is_what_was_written() {
        let each = [
            Traffic::All,
            Traffic::tcp(443),
            Traffic::udp(0..=u16::MAX),
            Traffic::Icmp(Icmp::default()),
            Traffic::Icmpv6(Icmp {
                kind: Some(128),
                code: Some(0),
            }),
            Traffic::Protocol(50),
        ];
        for traffic in each {
            let (protocol, from, to) = traffic.members();
            assert_eq!(Traffic::read(&protocol, from, to), Some(traffic));
            assert_eq!(
                Traffic::read(&traffic.number().to_string(), from, to),
                Some(traffic)
            );
        }
        // AWS writes -1 for the ports of a rule about everything.
        assert_eq!(Traffic::read("-1", Some(-1), Some(-1)), Some(Traffic::All));
    }
}
