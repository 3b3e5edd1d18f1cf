//! The variables that the stack sets, compared with the settings that the catalogue reads.

use super::{all, of};
use catalog::settings::{Presence, Reader, VARIABLES, figures};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon::planner::Declared;

/// Names of the variables in the container of a service: plain ones, and secrets.
fn environment(declared: &Declared, service: &str) -> [BTreeSet<String>; 2] {
    let (_, task) = of(declared, "ecs.task_definition")
        .find(|(a, _)| a.starts_with(service))
        .unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect();
    let container = &task.inputs["containers"][0];
    [names(&container["environment"]), names(&container["secrets"])]
}

#[test]
fn every_variable_is_set_or_has_a_default_and_nothing_else_is_set() {
    for (name, declared) in all() {
        for (service, reader) in [("api/", Reader::Api), ("web/", Reader::Web)] {
            let [plain, secret] = environment(&declared, service);
            let set = |variable: &str| plain.contains(variable) || secret.contains(variable);
            let read: Vec<_> = VARIABLES.iter().filter(|v| v.readers.contains(&reader)).collect();
            for variable in &read {
                let enough = match variable.presence {
                    Presence::Required => set(variable.name),
                    Presence::OneOf(names) => names.iter().filter(|n| set(n)).count() == 1,
                    Presence::Default(_) | Presence::Optional => true,
                };
                assert!(
                    enough,
                    "{name}: {service} reads {}, which is not set: {}",
                    variable.name, variable.what
                );
                let wrong = if variable.secret { &plain } else { &secret };
                assert!(
                    !wrong.contains(variable.name),
                    "{name}: {service} has {} as a plain variable instead of a secret, or the other way round",
                    variable.name
                );
            }
            for set in plain.iter().chain(&secret) {
                assert!(
                    read.iter().any(|v| v.name == *set),
                    "{name}: {service} has {set}, which it does not read"
                );
            }
        }
    }
}

#[test]
fn what_must_not_be_left_to_its_default_behind_a_load_balancer_is_set() {
    for (name, declared) in all() {
        let [plain, secret] = environment(&declared, "api/");
        // Loopback would answer nobody; without the proxy's address everyone would share one limit; RDS's authorities are
        // in no operating system's list.
        for variable in [
            "HOST",
            "PORT",
            "TRUSTED_PROXIES",
            "DB_TLS",
            "DB_CA",
            "METRICS_NAMESPACE",
        ] {
            assert!(plain.contains(variable), "{name}: {variable}");
        }
        assert!(secret.contains("DB_SECRET"), "{name}");
        let open = !secret.contains("API_TOKENS");
        assert_eq!(open, matches!(name, "local" | "dev"), "{name}");
        let [plain, secret] = environment(&declared, "web/");
        assert!(
            plain.contains("HOST") && plain.contains("PORT") && secret.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn no_alarm_watches_a_metric_that_the_catalogue_does_not_send() {
    for (name, declared) in all() {
        let (_, task) = of(&declared, "ecs.task_definition")
            .find(|(a, _)| a.starts_with("api/"))
            .unwrap();
        let namespace = &task.inputs["containers"][0]["environment"]["METRICS_NAMESPACE"];
        let own: Vec<&Value> = of(&declared, "cloudwatch.alarm")
            .map(|(_, alarm)| &alarm.inputs["measure"]["metric"])
            .filter(|metric| {
                metric["namespace"]
                    .as_str()
                    .is_some_and(|space| !space.starts_with("AWS/"))
            })
            .collect();
        assert_eq!(own.len(), 4, "{name}");
        for metric in own {
            assert_eq!(&metric["namespace"], namespace, "{name}");
            assert!(
                figures::ALL.contains(&metric["name"].as_str().unwrap()),
                "{name}: {metric}"
            );
            let (dimension, value) = figures::DIMENSION;
            assert_eq!(
                metric["dimensions"],
                serde_json::json!({dimension: value}),
                "{name}"
            );
        }
    }
}
