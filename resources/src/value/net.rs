//! Addresses and places.

use super::{Input, IntoInput};
use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{fmt, str::FromStr};

crate::id!(
    /// An Amazon Resource Name.
    Arn
);
crate::id!(
    /// An availability zone, such as `eu-west-1a`.
    AvailabilityZone
);
crate::id!(
    /// A region, such as `eu-west-1`.
    Region
);

/// Declares an address range type over one of `ipnet`'s.
macro_rules! cidr {
    ($(#[$doc:meta])* $name:ident, $net:ty, $family:literal, $anywhere:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name($net);

        impl $name {
            #[doc = concat!("Every ", $family, " address.")]
            pub const ANYWHERE: &'static str = $anywhere;

            /// A literal range.
            ///
            /// # Panics
            #[doc = concat!("If `text` is not an ", $family, " range without host bits; the message points at the stack's own line.")]
            #[track_caller]
            pub fn lit(text: &str) -> Self {
                match text.parse() {
                    Ok(cidr) => cidr,
                    Err(error) => panic!("{error}"),
                }
            }

            /// The length of the prefix, in bits.
            pub fn prefix_len(&self) -> u8 {
                self.0.prefix_len()
            }

            /// `true` if `other` lies inside this range.
            pub fn contains(&self, other: &Self) -> bool {
                self.0.contains(&other.0)
            }

            /// The `n`th range of length `prefix_len` inside this one, or `None` when there is no such range.
            pub fn slice(&self, prefix_len: u8, n: usize) -> Option<Self> {
                self.0.subnets(prefix_len).ok()?.nth(n).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let net: $net = text.parse().map_err(|_| {
                    format!(concat!("`{}` is not an ", $family, " CIDR block: expected one such as `", $example, "`"), text)
                })?;
                if net.trunc() != net {
                    return Err(format!("`{text}` has host bits set: write `{}`", net.trunc()));
                }
                Ok(Self(net))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(D::Error::custom)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl IntoInput<$name> for &str {
            #[track_caller]
            fn into_input(self) -> Input<$name> {
                Input::Known($name::lit(self))
            }
        }
    };
}

cidr!(
    /// An IPv4 range whose host bits are zero, such as `10.0.0.0/16`.
    ///
    /// AWS drops host bits silently (`10.0.0.1/16` is stored as `10.0.0.0/16`), which would be a difference for ever;
    /// so they are refused here.
    Cidr4, Ipv4Net, "IPv4", "0.0.0.0/0", "10.0.0.0/16"
);
cidr!(
    /// An IPv6 range whose host bits are zero, such as `2001:db8::/56`. It is written in its shortest form, as AWS does.
    Cidr6, Ipv6Net, "IPv6", "::/0", "2001:db8::/56"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_are_refused_with_the_remedy() {
        assert_eq!(
            "10.0.0.1/16".parse::<Cidr4>().unwrap_err(),
            "`10.0.0.1/16` has host bits set: write `10.0.0.0/16`"
        );
        assert!(
            "10.0.0.0/33"
                .parse::<Cidr4>()
                .unwrap_err()
                .contains("not an IPv4 CIDR block")
        );
    }

    #[test]
    fn ipv6_ranges_have_one_spelling() {
        assert_eq!(
            "2001:0DB8:0:0::/56".parse::<Cidr6>().unwrap().to_string(),
            "2001:db8::/56"
        );
        assert!(
            "10.0.0.0/8"
                .parse::<Cidr6>()
                .unwrap_err()
                .contains("expected one such as `2001:db8::/56`")
        );
    }

    #[test]
    fn slices() {
        let vpc = Cidr4::lit("10.20.0.0/16");
        assert_eq!(vpc.slice(20, 1), Some(Cidr4::lit("10.20.16.0/20")));
        assert_eq!(vpc.slice(20, 16), None);
        assert_eq!(vpc.slice(8, 0), None);
    }
}
