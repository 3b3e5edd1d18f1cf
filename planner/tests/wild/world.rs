//! Random stacks over every type, with names by hand, ranges, ports, priorities and addresses that collide, and random edits of them.

use crate::common::add;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_planner::{Check, Declaration, Declared};
use tenon_resources::{
    appscaling::{Metric, ScalingPolicy},
    ec2::{
        ElasticIp, IngressRule, InternetGateway, NatGateway, NatGatewayId, Route, RouteTable,
        RouteTableAssociation, RouteTableId, SecurityGroup, SecurityGroupId, Subnet, SubnetId, Traffic, Vpc,
        VpcId,
    },
    ecs::{Balanced, Service},
    elb::{
        Action, Condition, Listener, ListenerArn, ListenerProtocol, ListenerRule, LoadBalancer,
        LoadBalancerArn, RoutedTargetGroup, Scheme, TargetGroup, TargetGroupArn,
    },
    iam::{Policy, PolicyAttachment, Role, RoleName},
    kms::{Alias, Key, KeySpec, KeyUsage},
    rds::{DbInstance, DbSubnetGroup},
    registry::TYPES,
    route53::{Record, RecordType, Zone, ZoneVpc},
    value::Output,
};

/// A resource of a random stack: its type by number, and numbers that the type makes of what it wants. References are numbers
/// into what comes before, so that there is always something to refer to and never a cycle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) kind: u8,
    /// The address is made of it.
    pub(crate) name: u8,
    /// The address that it had before, where it was renamed and the program says so.
    pub(crate) was: Option<u8>,
    /// The address in between, where it was renamed twice and the state knows only the first.
    pub(crate) by_way_of: Option<u8>,
    pub(crate) of: [usize; 3],
    /// Small numbers, so that they collide.
    pub(crate) n: [u8; 3],
    pub(crate) mask: u32,
}

pub(crate) type World = Vec<Piece>;

fn piece() -> impl Strategy<Value = Piece> {
    let numbers = (any::<[usize; 3]>(), [0..4u8, 0..3u8, 0..3u8], any::<u32>());
    // Those that others stand on come twice as often.
    (0..NUMBERS + 16, 0..6u8, numbers).prop_map(|(kind, name, (of, n, mask))| Piece {
        kind: kind % NUMBERS,
        name,
        was: None,
        by_way_of: None,
        of,
        n,
        mask,
    })
}

/// Up to `most` resources.
pub(crate) fn world(most: usize) -> impl Strategy<Value = World> {
    proptest::collection::vec(piece(), 1..most)
}

/// Two worlds of which the second is an edit of the first: what stays, changes, is renamed (with or without saying so), goes or
/// comes.
pub(crate) fn edited(most: usize) -> impl Strategy<Value = (World, World)> {
    let edits = proptest::collection::vec((0..12u8, piece()), most);
    (world(most), edits, proptest::collection::vec(piece(), 0..4)).prop_map(|(one, edits, new)| {
        let mut two = vec![];
        for (piece, (edit, other)) in one.iter().zip(edits) {
            let mut piece = piece.clone();
            match edit {
                0 => continue,
                1 => piece.n = other.n,
                2 => piece.n[0] = other.n[0],
                3 => piece.of = other.of,
                4 => piece.mask = other.mask,
                5 => piece.name = other.name,
                6 => (piece.was, piece.name) = (Some(piece.name), other.name),
                7 => {
                    (piece.was, piece.name) = (Some(piece.name), other.name);
                    piece.by_way_of = Some(other.mask.to_le_bytes()[0] % 6);
                }
                _ => {}
            }
            two.push(piece);
        }
        // Others come at the end, or two exchange their numbers.
        if new.len() == 3 && two.len() > 1 {
            let (a, b) = (0, two.len() - 1);
            let n = two[a].n;
            two[a].n = std::mem::replace(&mut two[b].n, n);
        }
        two.extend(new);
        (one, two)
    })
}

/// What was declared so far, to refer to.
#[derive(Default)]
struct Made {
    vpcs: Vec<Output<VpcId>>,
    subnets: Vec<(u8, Output<SubnetId>)>,
    groups: Vec<Output<SecurityGroupId>>,
    tables: Vec<Output<RouteTableId>>,
    nats: Vec<Output<NatGatewayId>>,
    balancers: Vec<Output<LoadBalancerArn>>,
    targets: Vec<Output<TargetGroupArn>>,
    listeners: Vec<Output<ListenerArn>>,
    routed: Vec<Output<RoutedTargetGroup>>,
    roles: Vec<Output<RoleName>>,
}

fn pick<T: Clone>(from: &[T], n: usize) -> Option<T> {
    (!from.is_empty()).then(|| from[n % from.len()].clone())
}

/// Resources of a kind of their own; numbers above theirs are samples of any type.
const KINDS: [&str; 21] = [
    "vpc",
    "subnet",
    "gateway",
    "table",
    "association",
    "route",
    "group",
    "rule",
    "nat",
    "balancer",
    "target",
    "listener",
    "path",
    "role",
    "attachment",
    "service",
    "database",
    "zone",
    "record",
    "policy",
    "alias",
];

/// Numbers of kinds, samples among them.
const NUMBERS: u8 = 28;

impl Piece {
    fn address(&self, name: u8) -> String {
        let kind = KINDS.get(usize::from(self.kind)).copied();
        format!("{}-{name}", kind.unwrap_or("sample"))
    }
}

/// The stack that `pieces` describe, of which those are left out that cannot be declared beside the others.
pub(crate) fn declare(pieces: &[Piece]) -> Declared {
    let mut declared = Declared::new("wild", "test", None);
    declared.disposable = true;
    let mut made = Made::default();
    let mut moved = BTreeSet::new();
    for piece in pieces {
        let address = piece.address(piece.name);
        if declared.resources.contains_key(&address) || moved.contains(&address) {
            continue;
        }
        let before = declared.clone();
        if let Some(was) = piece
            .was
            .map(|was| piece.address(was))
            .filter(|was| *was != address)
            && !declared.resources.contains_key(&was)
        {
            let between = piece.by_way_of.map(|name| piece.address(name));
            let between = between.filter(|between| {
                ![&was, &address].contains(&between)
                    && !declared.resources.contains_key(between)
                    && !declared.moved.contains_key(between)
                    && !moved.contains(between)
            });
            let first = between.clone().unwrap_or_else(|| address.clone());
            declared.moved.insert(was.clone(), first);
            if let Some(between) = between {
                declared.moved.insert(between, address.clone());
            }
        }
        let counts = made.counts();
        one(&mut declared, &mut made, piece, &address);
        if declared.check().is_err() {
            declared = before;
            made.cut(counts);
            continue;
        }
        moved.extend(declared.moved.keys().cloned());
    }
    declared
}

impl Made {
    fn counts(&self) -> [usize; 10] {
        [
            self.vpcs.len(),
            self.subnets.len(),
            self.groups.len(),
            self.tables.len(),
            self.nats.len(),
            self.balancers.len(),
            self.targets.len(),
            self.listeners.len(),
            self.routed.len(),
            self.roles.len(),
        ]
    }

    fn cut(&mut self, to: [usize; 10]) {
        self.vpcs.truncate(to[0]);
        self.subnets.truncate(to[1]);
        self.groups.truncate(to[2]);
        self.tables.truncate(to[3]);
        self.nats.truncate(to[4]);
        self.balancers.truncate(to[5]);
        self.targets.truncate(to[6]);
        self.listeners.truncate(to[7]);
        self.routed.truncate(to[8]);
        self.roles.truncate(to[9]);
    }
}

fn zone(n: u8) -> String {
    format!("eu-west-1{}", char::from(b'a' + n % 3))
}

fn one(d: &mut Declared, made: &mut Made, piece: &Piece, address: &str) -> Option<()> {
    match piece.kind {
        0..=8 => network(d, made, piece, address),
        9..=12 => balancing(d, made, piece, address),
        13..17 => service(d, made, piece, address),
        17..21 => names(d, made, piece, address),
        _ => sample(d, piece, address),
    }
}

// Long: one arm for each kind of resource.
fn network(d: &mut Declared, made: &mut Made, piece: &Piece, address: &str) -> Option<()> {
    let Piece { of, n, mask, .. } = piece;
    let named = (n[1] > 0).then(|| format!("name-{}", n[1]));
    match KINDS[usize::from(piece.kind)] {
        "vpc" => made
            .vpcs
            .push(add(d, address, Vpc::new(format!("10.{}.0.0/16", n[0]).as_str())).id),
        "subnet" => {
            let vpc = pick(&made.vpcs, of[0])?;
            // Two lengths of range, so that some lie within others; the second number is that of a VPC, right or wrong.
            let range = match n[1] {
                0 => format!("10.{}.{}.0/20", n[2], u16::from(n[0]) * 16),
                _ => format!("10.{}.{}.0/19", n[2], u16::from(n[0]) * 32),
            };
            let zone = zone(u8::try_from(*mask % 3).ok()?);
            let subnet = Subnet::new(&vpc, range.as_str(), zone.as_str());
            made.subnets
                .push((u8::try_from(*mask % 3).ok()?, add(d, address, subnet).id));
        }
        "gateway" => made
            .vpcs
            .push(add(d, address, InternetGateway::new(&pick(&made.vpcs, of[0])?)).vpc),
        "table" => made
            .tables
            .push(add(d, address, RouteTable::new(&pick(&made.vpcs, of[0])?)).id),
        "association" => {
            let (table, (_, subnet)) = (pick(&made.tables, of[0])?, pick(&made.subnets, of[1])?);
            add(d, address, RouteTableAssociation::new(&table, &subnet));
        }
        "route" => {
            let (table, nat) = (pick(&made.tables, of[0])?, pick(&made.nats, of[1])?);
            let to = format!("10.20{}.0.0/16", n[0]);
            let to: tenon_resources::value::Cidr4 = to.parse().ok()?;
            add(d, address, Route::new(&table, to, &nat));
        }
        "group" => {
            let mut group = SecurityGroup::new(&pick(&made.vpcs, of[0])?, format!("text {}", n[0]).as_str());
            if let Some(name) = named {
                group = group.group_name(name.as_str());
            }
            made.groups.push(add(d, address, group).id);
        }
        "rule" => {
            let group = pick(&made.groups, of[0])?;
            let rule = IngressRule::new(&group, "10.0.0.0/8", Traffic::tcp(80 + u16::from(n[0])));
            add(d, address, rule.description(format!("text {}", n[1])));
        }
        "nat" => {
            let (_, subnet) = pick(&made.subnets, of[0])?;
            // An address of its own, or one that somebody else has, too.
            let nat = if n[0] > 0 {
                let eip = add(d, &format!("eip-{}", piece.name), ElasticIp::new());
                NatGateway::new(&subnet, &eip.id)
            } else {
                NatGateway::new(&subnet, format!("eipalloc-{}", n[1]).as_str())
            };
            made.nats.push(add(d, address, nat).id);
        }
        _ => return None,
    }
    Some(())
}

// Long: one arm for each kind of resource.
fn balancing(d: &mut Declared, made: &mut Made, piece: &Piece, address: &str) -> Option<()> {
    let Piece { of, n, mask, .. } = piece;
    let named = (n[1] > 0).then(|| format!("name-{}", n[1]));
    match KINDS[usize::from(piece.kind)] {
        "balancer" => {
            let scheme = if mask % 2 == 0 {
                Scheme::Internal
            } else {
                Scheme::InternetFacing
            };
            let mut balancer = LoadBalancer::new().scheme(scheme);
            let first = pick(&made.subnets, of[0]);
            let second = first.as_ref().and_then(|(zone, _)| {
                let others: Vec<_> = made.subnets.iter().filter(|(z, _)| z != zone).cloned().collect();
                pick(&others, of[1])
            });
            balancer = match (first, second) {
                (Some((_, a)), Some((_, b))) if n[2] > 0 => balancer.subnets([&a, &b]),
                _ => balancer.subnets(["subnet-1", "subnet-2"]),
            };
            balancer = match pick(&made.groups, of[2]) {
                Some(group) => balancer.security_groups([&group]),
                None => balancer.security_groups(["sg-1"]),
            };
            if let Some(name) = named {
                balancer = balancer.name(name.as_str());
            }
            made.balancers.push(add(d, address, balancer).id);
        }
        "target" => {
            let mut group = match pick(&made.vpcs, of[0]) {
                Some(vpc) => TargetGroup::new(&vpc, 8080 + u16::from(n[0])),
                None => TargetGroup::new("vpc-1", 8080 + u16::from(n[0])),
            };
            if let Some(name) = named {
                group = group.name(name.as_str());
            }
            made.targets.push(add(d, address, group).id);
        }
        "listener" => {
            let balancer = pick(&made.balancers, of[0])?;
            let action = match pick(&made.targets, of[1]) {
                Some(group) if n[1] > 0 => Action::forward(&group),
                _ => Action::respond(404, "text/plain", ""),
            };
            let forwards = matches!(action, Action::Forward(_));
            let port = 80 + u16::from(n[0]);
            let refs = add(
                d,
                address,
                Listener::new(&balancer, port, ListenerProtocol::Http, action),
            );
            made.listeners.push(refs.id);
            made.routed.extend(forwards.then_some(refs.target_group));
        }
        "path" => {
            let (listener, group) = (pick(&made.listeners, of[0])?, pick(&made.targets, of[1])?);
            let rule = ListenerRule::new(&listener, 10 + u16::from(n[0]), Action::forward(&group));
            let rule = rule.conditions([Condition::path([format!("/{}", n[1]).as_str()])]);
            made.routed.push(add(d, address, rule).target_group);
        }
        _ => return None,
    }
    Some(())
}

fn service(d: &mut Declared, made: &mut Made, piece: &Piece, address: &str) -> Option<()> {
    let Piece { of, n, mask, .. } = piece;
    let named = (n[1] > 0).then(|| format!("name-{}", n[1]));
    match KINDS[usize::from(piece.kind)] {
        "role" => {
            let role = Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com"));
            // Names are the same whatever their case is.
            let name = named.map(|name| if mask % 2 == 0 { name } else { name.to_uppercase() });
            let role = match name {
                Some(name) => role.role_name(name.as_str()),
                None => role.description(format!("text {}", n[0]).as_str()),
            };
            made.roles.push(add(d, address, role).id);
        }
        "attachment" => {
            let policy = format!("arn:aws:iam::aws:policy/P{}", n[1]);
            add(
                d,
                address,
                PolicyAttachment::new(&pick(&made.roles, of[0])?, policy.as_str()),
            );
        }
        "service" => {
            let task = format!("task:{}", n[0]);
            let mut service = Service::new("cluster", task.as_str())
                .subnets(["subnet-1"])
                .security_groups(["sg-1"]);
            if let Some(routed) = pick(&made.routed, of[0]) {
                service = service.load_balancers([Balanced::new(&routed, "web", 8080)]);
            }
            add(d, address, service);
        }
        "database" => {
            let group = DbSubnetGroup::new("text").subnets(["subnet-1", "subnet-2"]);
            let group = match named {
                Some(name) => group.db_subnet_group_name(name.as_str()),
                None => group,
            };
            let group = add(d, &format!("dbs-{}", piece.name), group).id;
            let db = DbInstance::new("postgres", "17", "db.t4g.micro")
                .allocated_storage(20u32 + u32::from(n[0]))
                .vpc_security_groups(["sg-1"])
                .db_subnet_group(&group);
            add(d, address, db);
        }
        _ => return None,
    }
    Some(())
}

/// What answers to a name, a metric or an alias, of which there is one at a time.
fn names(d: &mut Declared, made: &Made, piece: &Piece, address: &str) -> Option<()> {
    let Piece { of, n, mask, .. } = piece;
    match KINDS[usize::from(piece.kind)] {
        "zone" => {
            let vpc = pick(&made.vpcs, of[0])?;
            let name = format!("zone-{}.internal", n[1]);
            let zone = Zone::new(name.as_str()).vpcs([ZoneVpc::new(&vpc, "eu-west-1")]);
            add(d, address, zone);
        }
        "record" => {
            let (kind, value) = match mask % 3 {
                0 => (RecordType::A, format!("192.0.2.{}", n[0])),
                1 => (RecordType::Cname, format!("lb-{}.example", n[0])),
                _ => (RecordType::Txt, format!("text {}", n[0])),
            };
            let name = format!("name-{}.example", n[1]);
            add(
                d,
                address,
                Record::new("Z1", name.as_str(), kind).values([value.as_str()]),
            );
        }
        "policy" => {
            let metric = match n[1] {
                0 => Metric::EcsServiceAverageCpu,
                1 => Metric::EcsServiceAverageMemory,
                _ => Metric::requests_per_target(
                    "app/web/0123456789abcdef",
                    "targetgroup/web/fedcba9876543210",
                ),
            };
            let service = format!("service/cluster/web-{}", n[2]);
            let policy = ScalingPolicy::new(service.as_str(), metric, f64::from(50 + n[0]));
            add(d, address, policy);
        }
        "alias" => {
            let (spec, usage) = match mask % 3 {
                0 => (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt),
                1 => (KeySpec::Rsa2048, KeyUsage::SignVerify),
                _ => (KeySpec::Rsa4096, KeyUsage::SignVerify),
            };
            let key = Key::new().key_spec(spec).key_usage(usage);
            let key = add(d, &format!("key-{}", piece.name), key).id;
            let alias = Alias::new(&key);
            let alias = match n[1] {
                0 => alias,
                n => alias.name(format!("name-{n}").as_str()),
            };
            add(d, address, alias);
        }
        _ => return None,
    }
    Some(())
}

/// A resource of any type, with each field as in one of its two samples, and a name of its own, by hand or one of two.
fn sample(d: &mut Declared, piece: &Piece, address: &str) -> Option<()> {
    // Types that the others are about refer to those.
    const ELSEWHERE: [&str; 3] = ["ecs.service", "rds.db_instance", "acm.validation"];
    let at = piece.of[0] % TYPES.len();
    let kind = TYPES[at];
    if ELSEWHERE.contains(&kind.name()) {
        return None;
    }
    let [mut inputs, b] = kind.samples();
    for (bit, field) in kind.fields().iter().enumerate() {
        if piece.mask >> (bit % 32) & 1 == 1 && field.named.is_none() {
            inputs[field.name] = b.get(field.name).cloned().unwrap_or(Value::Null);
        }
    }
    if let Some(field) = kind.name_field() {
        inputs[field.name] = match piece.n[1] {
            0 => Value::Null,
            1 => inputs[field.name].clone(),
            _ => b[field.name].clone(),
        };
    }
    inputs["tags"] = match inputs.get("tags") {
        Some(_) => json!({}),
        None => return declare_sample(d, kind, inputs, address),
    };
    declare_sample(d, kind, inputs, address)
}

fn declare_sample(
    d: &mut Declared,
    kind: &'static dyn tenon_resources::resource::ResourceType,
    inputs: Value,
    address: &str,
) -> Option<()> {
    let inputs = kind.canonical(&inputs).ok()?;
    let declaration = Declaration::new(kind, inputs, "wild.rs:1");
    d.add(address, declaration);
    Some(())
}
