//! How slow things are, in AWS's own time.
//!
//! Durations are the middle of what public apply logs show (NAT gateway: 84 to 121 s, n = 9; load balancer: 135 to
//! 187 s, n = 6; database: 5 to 17 min, n = 7), or of AWS's documentation.

use std::time::Duration;

/// Type, seconds to create, to change, to delete.
const SLOW: &[(&str, u64, u64, u64)] = &[
    ("acm.certificate", 120, 0, 0),
    ("appscaling.scalable_target", 2, 0, 0),
    ("cloudtrail.trail", 2, 0, 0),
    ("ec2.nat_gateway", 100, 0, 50),
    ("ec2.vpc_endpoint", 60, 20, 60),
    ("ecs.cluster", 5, 5, 5),
    ("ecs.service", 90, 90, 60),
    ("elb.load_balancer", 150, 10, 30),
    ("rds.db_instance", 600, 120, 285),
    ("route53.record", 30, 30, 0),
];

fn entry(kind: &str) -> Option<&'static (&'static str, u64, u64, u64)> {
    SLOW.iter().find(|(k, ..)| *k == kind)
}

/// How long a new one takes to be ready; a second for what is not listed.
pub(super) fn create(kind: &str) -> Duration {
    Duration::from_secs(entry(kind).map_or(1, |e| e.1))
}

/// How long it takes to be ready again after a change.
pub(super) fn change(kind: &str) -> Duration {
    Duration::from_secs(entry(kind).map_or(0, |e| e.2))
}

/// How long it takes to be gone after its delete was accepted.
pub(super) fn delete(kind: &str) -> Duration {
    Duration::from_secs(entry(kind).map_or(0, |e| e.3))
}
