//! Who reaches whom, computed from the rules of the security groups.

use super::{all, of, text};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon::planner::Declared;

fn port(traffic: &Value) -> u64 {
    assert_eq!(traffic["tcp"]["from"], traffic["tcp"]["to"], "{traffic}");
    traffic["tcp"]["from"].as_u64().unwrap()
}

/// Group, peer and port of each rule of a type.
fn rules(declared: &Declared, kind: &str, peer: &str) -> BTreeSet<(String, String, u64)> {
    let rule = |(_, d): (&str, &tenon::planner::Declaration)| {
        let peer = d.inputs[peer].as_object().unwrap().values().next().unwrap();
        (text(&d.inputs["group"]), text(peer), port(&d.inputs["traffic"]))
    };
    of(declared, kind).map(rule).collect()
}

#[test]
fn nothing_is_reached_from_the_internet_and_the_load_balancer_by_cloudfront_alone() {
    for (name, declared) in all() {
        let group = |address: &str| format!("{address}/security-group.id");
        let ingress = rules(&declared, "ec2.ingress_rule", "source");
        let mut expected: BTreeSet<_> = [
            (group("ingest"), group("site"), 4000),
            (group("read"), group("site"), 4001),
            (group("site"), "lookup/site/cloudfront.id".to_owned(), 80),
        ]
        .into();
        if declared.resources.contains_key("documents/cluster") {
            expected.insert((group("documents"), group("work"), 27017));
            expected.insert((group("documents"), group("read"), 27017));
        }
        let seen: BTreeSet<_> = ingress
            .into_iter()
            .map(|(g, peer, port)| {
                (
                    g,
                    if peer.contains("cloudfront") {
                        "lookup/site/cloudfront.id".into()
                    } else {
                        peer
                    },
                    port,
                )
            })
            .collect();
        assert_eq!(seen, expected, "{name}");
        let (_, balancer) = of(&declared, "elb.load_balancer").next().unwrap();
        assert_eq!(balancer.inputs["scheme"], "internal", "{name}");
    }
}

#[test]
fn the_firewall_asks_about_the_viewer_and_not_about_cloudfront() {
    // The request comes from CloudFront, so a rule that takes its source address matches everybody or nobody.
    for (name, declared) in all() {
        let (_, acl) = of(&declared, "AWS::WAFv2::WebACL").next().unwrap();
        for rule in acl.inputs["Rules"].as_array().unwrap() {
            let forwarded = &rule["Statement"]["RateBasedStatement"]["ForwardedIPConfig"];
            assert_eq!(forwarded["HeaderName"], "x-viewer-ip", "{name}: {rule}");
        }
    }
}

#[test]
fn ingest_does_not_reach_the_document_store() {
    for (name, declared) in all() {
        let egress = rules(&declared, "ec2.egress_rule", "destination");
        let of_ingest: Vec<_> = egress
            .iter()
            .filter(|(group, ..)| group == "ingest/security-group.id")
            .map(|(_, _, port)| *port)
            .collect();
        assert_eq!(of_ingest, [443], "{name}");
    }
}
