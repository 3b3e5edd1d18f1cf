//! The variables that fleets get, compared with the settings that the application reads.

use super::{all, of, text};
use analytics::settings::{Reader, Settings, VARIABLES};
use service::settings::Presence;
use std::collections::BTreeMap;
use tenon::planner::Declared;

/// The processes of each fleet.
const FLEETS: [(&str, &[Reader]); 3] = [
    ("ingest", &[Reader::Collect]),
    // `analytics replay` is a task that an operator runs there.
    ("work", &[Reader::Consume, Reader::Archive, Reader::Task]),
    ("read", &[Reader::Query]),
];

/// Variables that are the host's own, and AWS's SDK's.
const OF_THE_HOST: [&str; 3] = ["AWS_REGION", "LOG_GROUP", "RELEASES"];

/// The lines of a fleet's parameter: name, whether it is a secret, and the value.
fn lines(declared: &Declared, fleet: &str) -> BTreeMap<String, (bool, String)> {
    let (_, parameter) = of(declared, "ssm.parameter")
        .find(|(address, _)| *address == format!("{fleet}/variables"))
        .unwrap();
    let text = text(&parameter.inputs["value"]);
    let line = |line: &str| {
        let (name, value) = line.split_once('=').unwrap();
        let (name, kind) = name.split_once('@').unwrap_or((name, ""));
        (name.to_owned(), (!kind.is_empty(), value.to_owned()))
    };
    text.lines().map(line).collect()
}

#[test]
fn every_variable_is_set_or_has_a_default_and_nothing_else_is_set() {
    for (name, declared) in all() {
        for (fleet, readers) in FLEETS {
            let set = lines(&declared, fleet);
            let read: Vec<_> = VARIABLES
                .iter()
                .filter(|v| readers.iter().any(|reader| v.readers.contains(reader)))
                .collect();
            for variable in &read {
                let there = |name: &str| set.contains_key(name);
                let enough = match variable.presence {
                    Presence::Required => there(variable.name),
                    Presence::OneOf(names) => names.iter().filter(|n| there(n)).count() == 1,
                    Presence::Default(_) | Presence::Optional => true,
                };
                assert!(
                    enough,
                    "{name}: {fleet} reads {}: {}",
                    variable.name, variable.what
                );
                let secret = set
                    .get(variable.name)
                    .is_none_or(|(secret, _)| *secret == variable.secret);
                assert!(
                    secret,
                    "{name}: {fleet} has {} as a secret, or not",
                    variable.name
                );
            }
            for set in set.keys().filter(|name| !OF_THE_HOST.contains(&name.as_str())) {
                assert!(
                    read.iter().any(|v| v.name == *set),
                    "{name}: {fleet} has {set}, which it does not read"
                );
            }
        }
    }
}

#[test]
fn the_application_takes_what_it_is_told() {
    for (name, declared) in all() {
        for (fleet, readers) in FLEETS {
            let set = lines(&declared, fleet);
            let value = |variable: &str| {
                let (secret, text) = set.get(variable)?;
                Some(match (*secret, variable) {
                    (false, _) => text.clone(),
                    (true, "MONGODB_URI") => "mongodb://analytics:word@documents:27017/?tls=true".into(),
                    (true, "API_TOKENS") => "dashboard:viewer:0123456789abcdef".into(),
                    (true, "SITE_TOKENS") => "shop:0123456789abcdef".into(),
                    (true, _) => "0123456789abcdef0123456789abcdef01234567".into(),
                })
            };
            for reader in readers {
                let read = Settings::from_lookup(*reader, value);
                let read = read.unwrap_or_else(|why| panic!("{name}: {fleet}: {why}"));
                // Two proxies append to X-Forwarded-For; with fewer, everyone would share one limit.
                let proxied = matches!(reader, Reader::Collect | Reader::Query);
                assert!(
                    !proxied || (read.edge.trusted_proxies == 2 && !read.listen.ip().is_loopback()),
                    "{name}: {fleet}"
                );
            }
        }
    }
}

#[test]
fn a_fleet_reads_the_secrets_of_its_variables_and_no_others() {
    for (name, declared) in all() {
        for (fleet, _) in FLEETS {
            let lines = lines(&declared, fleet);
            let mut told: Vec<&str> = lines
                .values()
                .filter(|(secret, _)| *secret)
                .map(|(_, value)| value.split_whitespace().next().unwrap().trim_matches(['{', '}']))
                .collect();
            let (_, policy) = of(&declared, "iam.role_policy")
                .find(|(address, _)| *address == format!("{fleet}/role-policy"))
                .unwrap();
            let mut may: Vec<String> = super::list(&policy.inputs["policy"]["Statement"])
                .into_iter()
                .filter(|s| s["Action"].to_string().contains("secretsmanager:"))
                .flat_map(|s| {
                    super::list(&s["Resource"])
                        .into_iter()
                        .map(text)
                        .collect::<Vec<_>>()
                })
                .map(|resource| resource.trim_matches(['{', '}']).to_owned())
                .collect();
            told.sort_unstable();
            may.sort_unstable();
            assert_eq!(told, may, "{name}: {fleet}");
        }
    }
}
