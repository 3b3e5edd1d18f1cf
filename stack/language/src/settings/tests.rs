#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use super::{File, Given, of_variables};
use crate::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use tenon_resources::declaration::Declared;

crate::environments! {
    enum Env {
        Dev = "dev": DeployTarget::Sandbox;
        Prod = "prod": DeployTarget::Sandbox;
        Preview(u64) = "pr-{n}": DeployTarget::Sandbox;
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Settings {
    tasks: u16,
    image: String,
    #[serde(default)]
    spot: bool,
    domain: Option<String>,
    #[serde(default)]
    zones: Vec<String>,
    database: Database,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Database {
    class: Class,
    share: f64,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Class {
    VerySmall,
    Large,
}

const TOML: &str = r#"
[settings]
tasks = 2
image = "1.20"
zones = ["a", "b"]
database = { class = "very-small", share = 0.5 }
labels.team = "shop"

[env.prod.settings]
tasks = 4
database.class = "large"

[env."pr-{n}".settings]
tasks = 1

[env.pr-7.settings]
spot = true
"#;

fn read(env: Env, given: &Given) -> (Option<Settings>, Declared) {
    let mut read = None;
    let declared = crate::declare_with("shop", env, given, |s| read = s.settings());
    (read, declared)
}

fn given(env: Env) -> Given {
    let file = File::parse(TOML).unwrap();
    file.check(&crate::protocol::environments::<Env>()).unwrap();
    file.given(&crate::protocol::environment(env))
}

fn findings(given: &Given) -> Vec<String> {
    let (_, declared) = read(Env::Dev, given);
    declared.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn an_environments_values_are_over_its_familys_and_those_over_everybodys() {
    let (dev, declared) = read(Env::Dev, &given(Env::Dev));
    let dev = dev.unwrap();
    assert!(declared.findings.is_empty(), "{:?}", declared.findings);
    assert_eq!((dev.tasks, dev.image.as_str(), dev.spot), (2, "1.20", false));
    assert_eq!((dev.database.class, dev.database.share), (Class::VerySmall, 0.5));
    assert_eq!(
        (dev.zones, &dev.labels["team"]),
        (vec!["a".to_owned(), "b".into()], &"shop".to_owned())
    );
    let (prod, declared) = read(Env::Prod, &given(Env::Prod));
    let prod = prod.unwrap();
    assert_eq!(
        (prod.tasks, prod.database.class, prod.database.share),
        (4, Class::Large, 0.5)
    );
    let source = |name: &str| {
        declared
            .settings
            .iter()
            .find(|s| s.name == name)
            .unwrap()
            .source
            .clone()
    };
    assert_eq!(
        (source("tasks"), source("image")),
        ("tenon.toml:10".into(), "tenon.toml:4".into())
    );
    let (seven, _) = read(Env::Preview(7), &given(Env::Preview(7)));
    let (eight, _) = read(Env::Preview(8), &given(Env::Preview(8)));
    let (seven, eight) = (seven.unwrap(), eight.unwrap());
    assert_eq!(
        (seven.tasks, seven.spot, eight.tasks, eight.spot),
        (1, true, 1, false)
    );
}

#[test]
fn text_becomes_what_the_program_expects() {
    let mut given = given(Env::Dev);
    given.add_text("tasks", "7", "--set");
    given.add_text("image", "1.20", "--set");
    given.add_text("zones", r#"["c"]"#, "--set");
    let variables = [
        ("TENON_SET_DATABASE__CLASS", "large"),
        ("TENON_SET_SPOT", "true"),
        ("HOME", "/"),
    ];
    given.extend(of_variables(
        variables.map(|(name, text)| (name.to_owned(), text.to_owned())),
    ));
    let (settings, declared) = read(Env::Dev, &given);
    let settings = settings.unwrap();
    assert!(declared.findings.is_empty(), "{:?}", declared.findings);
    assert_eq!(
        (settings.tasks, settings.image.as_str(), settings.spot),
        (7, "1.20", true)
    );
    assert_eq!(
        (settings.zones, settings.database.class),
        (vec!["c".to_owned()], Class::Large)
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_its_place() {
    let mut given = Given::new();
    given.add_text("tasks", "two", "--set");
    given.add("taks", 3.into(), "tenon.toml:3");
    given.add("database.class", "huge".into(), "tenon.toml:5");
    let found = findings(&given);
    let has = |parts: &[&str]| found.iter().any(|f| parts.iter().all(|part| f.contains(part)));
    assert!(has(&["`setting tasks` is \"two\" in --set", "u16"]), "{found:#?}");
    assert!(
        has(&[
            "`setting image` is not given",
            "[env.dev.settings]",
            "TENON_SET_IMAGE"
        ]),
        "{found:#?}"
    );
    assert!(
        has(&[
            "`setting database.share` is not given",
            "TENON_SET_DATABASE__SHARE"
        ]),
        "{found:#?}"
    );
    assert!(
        has(&[
            "`setting database.class` is \"huge\" in tenon.toml:5",
            "very-small"
        ]),
        "{found:#?}"
    );
    assert!(
        has(&["`setting taks` is given by tenon.toml:3", "did you mean `tasks`?"]),
        "{found:#?}"
    );
    assert_eq!(found.len(), 5, "{found:#?}");
    let too_many = Given::new()
        .set("tasks", 70_000)
        .set("image", "x")
        .set("database.share", 1)
        .set("database.class", "large");
    assert!(
        findings(&too_many)[0].contains("70000"),
        "{:?}",
        findings(&too_many)
    );
}

#[test]
fn a_program_without_settings_is_given_none() {
    let declared = crate::declare_with("shop", Env::Dev, &Given::new().set("tasks", 1), |_| {});
    assert!(
        declared.findings[0].why.contains("reads no settings"),
        "{:?}",
        declared.findings
    );
}

#[test]
fn a_file_that_means_nothing_says_where() {
    let error = |text: &str| File::parse(text).unwrap_err().to_string();
    assert!(
        error("\n[setings]\n")
            .contains("tenon.toml:2: `setings` means nothing here: did you mean `settings`?")
    );
    assert!(error("[settings]\ntasks = \n").starts_with("tenon.toml:2:"));
    assert!(error("[env.dev]\ntasks = 1\n").starts_with("tenon.toml:2: `tasks` means nothing here"));
    let file = File::parse("[settings]\na = 1\n[env.prd.settings]\na = 2\n").unwrap();
    let error = file
        .check(&crate::protocol::environments::<Env>())
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "tenon.toml:3: there is no environment `prd`: did you mean `prod`?"
    );
}
