//! Other availability zones than before: no subnet ever asks for the range of another.

use super::{declared_with, of, settings};
use shop::{Env, Settings};
use std::collections::BTreeMap;
use tenon::{Trial, planner::Declared};

fn in_zones(zones: &[&str]) -> Declared {
    let settings = Settings {
        zones: zones.iter().map(|&zone| zone.to_owned()).collect(),
        ..settings(Env::Staging)
    };
    declared_with(Env::Staging, &settings)
}

/// The range of each subnet.
fn ranges(declared: &Declared) -> BTreeMap<&str, &str> {
    let subnets = of(declared, "ec2.subnet");
    subnets
        .map(|(address, d)| (address, d.inputs["cidr_block"].as_str().unwrap()))
        .collect()
}

#[test]
fn no_zone_has_the_range_of_another_whichever_zones_there_are() {
    let all = ["a", "b", "c", "d", "e", "f"];
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (n, first) in all.iter().enumerate() {
        for second in &all[n + 1..] {
            for zones in [[*first, *second], [*second, *first]] {
                for (address, range) in ranges(&in_zones(&zones)) {
                    let before = known.insert(address.into(), range.into());
                    assert!(
                        before.is_none_or(|before| before == range),
                        "{address} in {zones:?}"
                    );
                }
            }
        }
    }
    assert_eq!(known.len(), 18);
}

/// <https://github.com/pulumi/pulumi-awsx/issues/520>, <https://github.com/pulumi/pulumi-awsx/issues/910>,
/// <https://github.com/cloudposse/terraform-aws-dynamic-subnets/issues/120>
#[tokio::test]
async fn another_zone_never_takes_the_range_of_one_that_stays() {
    for next in [&["b", "c"][..], &["a", "c"], &["a", "b", "c"], &["c", "d"]] {
        let trial = Trial::new();
        let (_, made) = trial.apply(&in_zones(&["a", "b"])).await.unwrap();
        assert!(made.complete(), "{:?}", made.failed);
        assert!(trial.plan(&in_zones(&["b", "a"])).await.unwrap().is_empty());
        let (plan, done) = trial.apply(&in_zones(next)).await.unwrap();
        assert!(done.complete(), "{next:?}: {:?}", done.failed);
        let stays = |address: &str| {
            let kept = next.iter().any(|zone| address.ends_with(&format!("-{zone}")));
            kept && (address.ends_with("-a") || address.ends_with("-b"))
        };
        let subnets = plan.mutating().filter(|c| c.kind == "ec2.subnet");
        let touched: Vec<_> = subnets
            .filter(|c| stays(&c.address))
            .map(tenon::planner::PlannedCall::title)
            .collect();
        assert!(touched.is_empty(), "{next:?}: {touched:?}");
        assert!(trial.plan(&in_zones(next)).await.unwrap().is_empty());
    }
}
