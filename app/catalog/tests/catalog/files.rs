//! The container files and the compose file run what there is, as who they should, with variables that are read.

use crate::harness::process;
use catalog::settings::{Presence, Reader, VARIABLES};
use serde_yaml_ng::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

/// The instructions of a container file, continued lines joined, comments left out; one list per stage.
fn stages(name: &str) -> Vec<Vec<(String, String)>> {
    let text = std::fs::read_to_string(root().join(name))
        .unwrap()
        .replace("\\\n", " ");
    let mut stages: Vec<Vec<(String, String)>> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
    {
        let (word, rest) = line.split_once(' ').unwrap();
        if word == "FROM" {
            stages.push(Vec::new());
        }
        stages.last_mut().unwrap().push((
            word.to_owned(),
            rest.split_whitespace().collect::<Vec<_>>().join(" "),
        ));
    }
    stages
}

fn all<'a>(stage: &'a [(String, String)], word: &'a str) -> impl Iterator<Item = &'a str> {
    stage
        .iter()
        .filter(move |(own, _)| own == word)
        .map(|(_, rest)| rest.as_str())
}

fn reader(subcommand: &str) -> Reader {
    match subcommand {
        "api" => Reader::Api,
        "web" => Reader::Web,
        "seed" | "migrate" => Reader::Task,
        _ => panic!("{subcommand} reads no settings"),
    }
}

fn read_by(reader: Reader) -> BTreeSet<&'static str> {
    VARIABLES
        .iter()
        .filter(|variable| variable.readers.contains(&reader))
        .map(|variable| variable.name)
        .collect()
}

#[test]
fn images_run_the_program_as_nobody_special_and_say_whether_it_is_healthy() {
    for subcommand in ["api", "web"] {
        let stages = stages(&format!("app/catalog/{subcommand}.Dockerfile"));
        assert!(stages.len() >= 3, "several stages");
        for stage in &stages {
            let from = all(stage, "FROM").next().unwrap();
            assert!(
                from.contains(':') && !from.contains("latest"),
                "{from} names its release"
            );
            for copy in all(stage, "COPY").filter(|copy| !copy.starts_with("--from")) {
                let mut words: Vec<&str> = copy.split(' ').collect();
                words.pop();
                for source in words {
                    assert!(root().join(source).exists(), "{subcommand}: COPY {source}");
                }
            }
        }
        let last = stages.last().unwrap();
        let user = all(last, "USER").last().unwrap();
        let ids: Vec<u32> = user.split(':').map(|id| id.parse().unwrap()).collect();
        assert!(ids.len() == 2 && ids.iter().all(|id| *id >= 1000), "{user}");
        assert_eq!(all(last, "ENTRYPOINT").next(), Some(r#"["catalog"]"#));
        assert_eq!(
            all(last, "CMD").next(),
            Some(format!("[\"{subcommand}\"]").as_str())
        );
        assert!(
            all(last, "HEALTHCHECK")
                .next()
                .unwrap()
                .ends_with(r#"CMD ["catalog", "check"]"#)
        );
        assert!(all(last, "RUN").next().is_none(), "nothing is installed");
        let set: BTreeMap<&str, &str> = all(last, "ENV")
            .flat_map(|env| env.split(' '))
            .map(|pair| pair.split_once('=').unwrap())
            .collect();
        let read = read_by(reader(subcommand));
        assert!(set.keys().all(|name| read.contains(name)), "{set:?}");
        assert_eq!(all(last, "EXPOSE").next(), set.get("PORT").copied());
        // The health check reads the same address as the server.
        let (code, _, _) = process::run(&[subcommand, "--help"], &[]);
        assert_eq!(code, Some(0), "there is a subcommand {subcommand}");
    }
}

#[test]
fn images_are_built_the_way_the_repository_builds() {
    let rust = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let release = rust
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .unwrap()
        .trim_matches('"');
    let package = std::fs::read_to_string(root().join("app/web/catalog/package.json")).unwrap();
    for name in ["app/catalog/api.Dockerfile", "app/catalog/web.Dockerfile"] {
        let stages = stages(name);
        let program = &stages[0];
        assert!(
            all(program, "FROM")
                .next()
                .unwrap()
                .starts_with(&format!("rust:{release}-")),
            "{name}"
        );
        let run = all(program, "RUN").next().unwrap();
        assert!(
            run.contains("cargo build --locked --release --package catalog --bin catalog"),
            "{run}"
        );
        for run in stages
            .iter()
            .flat_map(|stage| all(stage, "RUN"))
            .filter(|run| run.starts_with("npm run "))
        {
            assert!(
                package.contains(&format!("\"{}\":", run.trim_start_matches("npm run "))),
                "{run}"
            );
        }
    }
}

#[test]
fn compose_sets_what_is_read_and_nothing_else() {
    let text = std::fs::read_to_string(root().join("app/catalog/compose.yaml")).unwrap();
    let mut compose: Value = serde_yaml_ng::from_str(&text).unwrap();
    compose.apply_merge().unwrap();
    for (name, subcommand) in [("seed", "seed"), ("api", "api"), ("web", "web"), ("shop", "web")] {
        let service = &compose["services"][name];
        let file = root()
            .join("app/catalog")
            .join(service["build"]["context"].as_str().unwrap());
        assert!(
            file.join(service["build"]["dockerfile"].as_str().unwrap())
                .is_file(),
            "{name}"
        );
        let set: BTreeSet<&str> = service["environment"]
            .as_mapping()
            .unwrap()
            .keys()
            .map(|name| name.as_str().unwrap())
            .collect();
        let reader = reader(subcommand);
        let read = read_by(reader);
        assert!(
            set.is_subset(&read),
            "{name} sets {set:?}, of which not all are read"
        );
        for variable in VARIABLES
            .iter()
            .filter(|variable| variable.readers.contains(&reader))
        {
            let there = match variable.presence {
                Presence::Required => set.contains(variable.name),
                Presence::OneOf(names) => names.iter().any(|name| set.contains(name)),
                Presence::Default(_) | Presence::Optional => true,
            };
            assert!(there, "{name} lacks {}", variable.name);
            if variable.secret && set.contains(variable.name) {
                let value = service["environment"][variable.name].as_str().unwrap();
                assert!(
                    value.starts_with("${"),
                    "{name} has {} in plain text",
                    variable.name
                );
            }
        }
        assert_eq!(service["read_only"], Value::Bool(true), "{name}");
        assert_eq!(service["cap_drop"][0], "ALL", "{name}");
    }
    for (name, service) in compose["services"].as_mapping().unwrap() {
        for port in service["ports"].as_sequence().into_iter().flatten() {
            assert!(
                port.as_str().unwrap().starts_with("127.0.0.1:"),
                "{name:?} is open to others"
            );
        }
    }
}
