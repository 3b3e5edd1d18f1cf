//! Network access, computed from the declared rules.

use super::{all, declared, of, text};
use serde_json::Value;
use shop::Env;
use std::collections::BTreeSet;
use tenon::{Environment, planner::Declared};

/// `who > whom tcp 8080`, once for the rule at either end.
fn rules(declared: &Declared) -> [BTreeSet<String>; 2] {
    let who = |peer: &Value| {
        let (_, value) = peer.as_object().unwrap().iter().next().unwrap();
        text(value).trim_end_matches(".id").to_owned()
    };
    let traffic = |value: &Value| match value.get("tcp") {
        Some(ports) if ports["from"] == ports["to"] => format!("tcp {}", ports["from"]),
        _ => value.to_string(),
    };
    let group = |inputs: &Value| text(&inputs["group"]).trim_end_matches(".id").to_owned();
    let into = of(declared, "ec2.ingress_rule").map(|(_, d)| {
        format!(
            "{} > {} {}",
            who(&d.inputs["source"]),
            group(&d.inputs),
            traffic(&d.inputs["traffic"])
        )
    });
    let out = of(declared, "ec2.egress_rule").map(|(_, d)| {
        format!(
            "{} > {} {}",
            group(&d.inputs),
            who(&d.inputs["destination"]),
            traffic(&d.inputs["traffic"])
        )
    });
    [into.collect(), out.collect()]
}

#[test]
fn only_what_must_speak_speaks() {
    for (name, declared) in all() {
        let [into, out] = rules(&declared);
        let mut may_enter = BTreeSet::from([
            "0.0.0.0/0 > alb/security-group tcp 80".to_owned(),
            "alb/security-group > api/security-group tcp 8080".into(),
            "alb/security-group > web/security-group tcp 8080".into(),
            "api/security-group > database/security-group tcp 5432".into(),
        ]);
        if declared.resources.contains_key("alb/https-ingress") {
            may_enter.insert("0.0.0.0/0 > alb/security-group tcp 443".into());
        }
        assert_eq!(into, may_enter, "{name}");
        let may_leave = BTreeSet::from([
            "alb/security-group > api/security-group tcp 8080".to_owned(),
            "alb/security-group > web/security-group tcp 8080".into(),
            "api/security-group > database/security-group tcp 5432".into(),
            "api/security-group > 0.0.0.0/0 tcp 443".into(),
            "web/security-group > 0.0.0.0/0 tcp 443".into(),
        ]);
        assert_eq!(out, may_leave, "{name}");
    }
}

#[test]
fn https_is_open_only_where_it_is_served() {
    for (name, declared) in all() {
        let open: BTreeSet<_> = rules(&declared)[0]
            .iter()
            .filter(|r| r.starts_with("0.0.0.0/0"))
            .cloned()
            .collect();
        let served: BTreeSet<_> = of(&declared, "elb.listener")
            .map(|(_, d)| format!("0.0.0.0/0 > alb/security-group tcp {}", d.inputs["port"]))
            .collect();
        assert_eq!(open, served, "{name}");
    }
}

#[test]
fn everything_is_private_but_the_balancer_and_the_nat_gateways() {
    for (name, declared) in all() {
        let public = |value: &Value| value.to_string().contains("network/subnet-public-");
        let outside: BTreeSet<_> = declared
            .resources
            .values()
            .filter(|d| public(&d.inputs))
            .map(|d| d.kind.name())
            .collect();
        let expected = [
            "ec2.nat_gateway",
            "ec2.route_table_association",
            "elb.load_balancer",
        ]
        .into_iter()
        .collect::<BTreeSet<_>>();
        assert_eq!(outside, expected, "{name}");
        for (address, service) in of(&declared, "ecs.service") {
            assert_eq!(service.inputs["assign_public_ip"], false, "{name}: {address}");
            assert!(
                service.inputs["subnets"]
                    .to_string()
                    .contains("network/subnet-private-"),
                "{name}: {address}"
            );
        }
        for (address, instance) in of(&declared, "rds.db_instance") {
            assert_eq!(instance.inputs["publicly_accessible"], false, "{name}: {address}");
        }
        for (address, subnets) in of(&declared, "rds.db_subnet_group") {
            assert!(
                !subnets.inputs["subnets"].to_string().contains("private"),
                "{name}: {address}"
            );
            assert!(
                subnets.inputs["subnets"]
                    .to_string()
                    .contains("network/subnet-isolated-"),
                "{name}: {address}"
            );
        }
    }
}

#[test]
fn isolated_subnets_have_no_way_out_and_let_in_one_port() {
    for (name, declared) in all() {
        let routes: BTreeSet<_> = of(&declared, "ec2.route")
            .map(|(_, d)| text(&d.inputs["route_table"]))
            .collect();
        let isolated = "network/route-table-isolated";
        assert!(declared.resources.contains_key(isolated), "{name}");
        assert!(!routes.contains(&format!("{isolated}.id")), "{name}");
        let guarded = of(&declared, "ec2.network_acl_association").count();
        assert_eq!(
            guarded,
            declared
                .resources
                .keys()
                .filter(|a| a.starts_with("network/subnet-isolated-"))
                .count()
        );
        let (_, acl) = of(&declared, "ec2.network_acl").next().unwrap();
        let private: BTreeSet<_> = declared
            .resources
            .iter()
            .filter(|(a, _)| a.starts_with("network/subnet-private-"))
            .map(|(_, d)| d.inputs["cidr_block"].clone().to_string())
            .collect();
        for entry in acl.inputs["entries"].as_array().unwrap() {
            let port = if entry["direction"] == "ingress" {
                5432
            } else {
                1024
            };
            assert_eq!(entry["traffic"]["tcp"]["from"], port, "{name}: {entry}");
            assert!(
                private.contains(&entry["range"]["cidr"].to_string()),
                "{name}: {entry}"
            );
        }
    }
}

#[test]
fn every_zone_has_its_own_way_out_in_production() {
    let nats = |env| of(&declared(env), "ec2.nat_gateway").count();
    assert_eq!(
        Env::ALL
            .iter()
            .map(|&env| (env.name(), nats(env)))
            .collect::<Vec<_>>(),
        [("local", 1), ("dev", 1), ("staging", 1), ("prod", 2)]
    );
}
