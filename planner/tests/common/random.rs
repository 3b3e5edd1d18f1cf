//! Random stacks of network resources, and random edits of them.

use super::add;
use proptest::prelude::*;
use tenon_planner::Declared;
use tenon_resources::{
    ec2::{NatGateway, SecurityGroup, Subnet, SubnetId, Vpc, VpcId},
    value::Output,
};

/// One resource of a random stack. References are numbers into what comes before, so that there is always something
/// to refer to and never a cycle.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Vpc { cidr: u8, hostnames: bool },
    Subnet { of: usize, cidr: u8, public: bool },
    Nat { of: usize },
    Group { of: usize, text: u8, tag: u8 },
}

#[derive(Clone, Debug)]
pub(crate) struct Blueprint(pub(crate) Vec<(u8, Piece)>);

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        2 => (0..4u8, any::<bool>()).prop_map(|(cidr, hostnames)| Piece::Vpc { cidr, hostnames }),
        4 => (any::<usize>(), 0..8u8, any::<bool>()).prop_map(|(of, cidr, public)| Piece::Subnet { of, cidr, public }),
        2 => any::<usize>().prop_map(|of| Piece::Nat { of }),
        2 => (any::<usize>(), 0..3u8, 0..3u8).prop_map(|(of, text, tag)| Piece::Group { of, text, tag }),
    ]
}

/// Up to `most` resources under up to 20 names; the same name in two blueprints is the same address.
pub(crate) fn blueprint(most: usize) -> impl Strategy<Value = Blueprint> {
    proptest::collection::vec((0..20u8, piece()), 1..most).prop_map(|mut pieces| {
        let mut seen = std::collections::BTreeSet::new();
        pieces.retain(|(name, _)| seen.insert(*name));
        Blueprint(pieces)
    })
}

/// Two blueprints of which the second is an edit of the first.
pub(crate) fn edited(most: usize) -> impl Strategy<Value = (Blueprint, Blueprint)> {
    (
        blueprint(most),
        blueprint(most),
        proptest::collection::vec(0..4u8, most),
    )
        .prop_map(|(one, other, keep)| {
            // Most resources stay as they are, some change, some go, some come.
            let mut next: Vec<(u8, Piece)> = vec![];
            for ((name, piece), keep) in one.0.iter().zip(&keep) {
                match keep {
                    0 => {}
                    1 => {
                        let changed = other.0.iter().find(|(n, _)| n == name).map_or(piece, |(_, p)| p);
                        next.push((*name, changed.clone()));
                    }
                    _ => next.push((*name, piece.clone())),
                }
            }
            next.extend(
                other
                    .0
                    .iter()
                    .filter(|(n, _)| !one.0.iter().any(|(m, _)| m == n))
                    .cloned(),
            );
            (one, Blueprint(next))
        })
}

impl Blueprint {
    pub(crate) fn declare(&self) -> Declared {
        let mut d = Declared::new("random", "test", None);
        d.disposable = true;
        let (mut vpcs, mut subnets): (Vec<(Output<VpcId>, u8)>, Vec<Output<SubnetId>>) = (vec![], vec![]);
        for (name, piece) in &self.0 {
            match piece {
                Piece::Vpc { cidr, hostnames } => {
                    let vpc = Vpc::new(format!("10.{cidr}.0.0/16").as_str()).enable_dns_hostnames(*hostnames);
                    vpcs.push((add(&mut d, &format!("vpc-{name}"), vpc).id, *cidr));
                }
                Piece::Subnet { of, cidr, public } if !vpcs.is_empty() => {
                    // Inside its VPC, and never another subnet's: AWS takes no others, and a plan with them is refused.
                    let (vpc, network) = &vpcs[of % vpcs.len()];
                    let cidr = format!("10.{network}.{}.0/24", name + cidr * 20);
                    let subnet = Subnet::new(vpc, cidr.as_str(), "eu-west-1a");
                    let refs = add(
                        &mut d,
                        &format!("subnet-{name}"),
                        subnet.map_public_ip_on_launch(*public),
                    );
                    subnets.push(refs.id);
                }
                Piece::Nat { of } if !subnets.is_empty() => {
                    let subnet = &subnets[of % subnets.len()];
                    add(
                        &mut d,
                        &format!("nat-{name}"),
                        NatGateway::new(subnet, format!("eipalloc-{name}").as_str()),
                    );
                }
                Piece::Group { of, text, tag } if !vpcs.is_empty() => {
                    let group = SecurityGroup::new(&vpcs[of % vpcs.len()].0, format!("text {text}").as_str());
                    add(
                        &mut d,
                        &format!("group-{name}"),
                        group.tags([("tag", tag.to_string())]),
                    );
                }
                _ => {}
            }
        }
        d
    }
}
