//! The catalogue's two services: where their images are from, and what they are told.
//!
//! What the variables mean is the catalogue's; a test holds the two against each other.

use super::{DATABASE, Env, Image, Profile, Tasks};
use tenon::{
    Scope,
    component::{Database, Program, repository},
    resources::{
        ecs::ContainerDefinition,
        text,
        value::{Arn, Input, IntoInput, Output},
    },
};

/// The port that both services listen on.
const PORT: u16 = 8080;

/// Where the API's image keeps the authorities that RDS's certificates are signed by (RDS's guide, "Using SSL/TLS").
const RDS_AUTHORITIES: &str = "/etc/catalog/rds.pem";

/// Where a service's image is from.
pub(super) struct Source {
    image: Input<String>,
    pub(super) repository: Option<Output<Arn>>,
}

impl Source {
    /// The image that was given, or `tag` of a repository of the stack's own.
    pub(super) fn of(
        s: &mut Scope<'_, Env>,
        name: &str,
        given: Option<&Image>,
        tag: &str,
        disposable: bool,
    ) -> Self {
        if let Some(given) = given {
            return Self {
                image: Input::Known(given.to_string()),
                repository: None,
            };
        }
        let repository = repository(s, name, disposable);
        s.output(&format!("{name}_repository"), &repository.uri);
        Self {
            image: text!("{}:{}", &repository.uri, tag),
            repository: Some(repository.arn),
        }
    }
}

/// The API.
pub(super) fn api(profile: &Profile, source: Source, database: &Database, tokens: Option<&Arn>) -> Program {
    let container = ContainerDefinition::new("api", source.image)
        .entry_point(["catalog"])
        .command(["api"])
        .env("HOST", "0.0.0.0")
        .env("PORT", PORT)
        .env("DB_HOST", &database.endpoint)
        .env("DB_NAME", DATABASE)
        .env("DB_TLS", "verify-full")
        .env("DB_CA", RDS_AUTHORITIES)
        // The load balancer, and nobody before it.
        .env("TRUSTED_PROXIES", 1u16);
    let tokens = tokens.map(|arn| ("API_TOKENS", Input::Known(arn.clone())));
    Program {
        container,
        secrets: [("DB_SECRET", IntoInput::into_input(&database.master_user_secret))]
            .into_iter()
            .chain(tokens)
            .collect(),
        // RDS changes the password every week, and a task has the one it was started with: one that can no longer open a
        // connection is not ready, and is replaced by one that has the new one.
        health_path: "/ready",
        paths: vec!["/api/*", "/health"],
        priority: 10,
        ..program(profile.api, profile.spot, source.repository)
    }
}

/// The front end's server.
pub(super) fn web(profile: &Profile, source: Source) -> Program {
    let container = ContainerDefinition::new("web", source.image)
        .entry_point(["catalog"])
        .command(["web"])
        .env("HOST", "0.0.0.0")
        .env("PORT", PORT);
    Program {
        container,
        ..program(profile.web, profile.spot, source.repository)
    }
}

/// What both services have in common; the paths are those that nobody else takes.
fn program(tasks: Tasks, spot: bool, repository: Option<Output<Arn>>) -> Program {
    Program {
        container: ContainerDefinition::new("", ""),
        secrets: vec![],
        repository,
        port: PORT,
        check: vec!["catalog", "check"],
        health_path: "/health",
        paths: vec!["/*"],
        priority: 100,
        cpu: tasks.cpu,
        memory: tasks.memory,
        tasks: tasks.count,
        spot,
    }
}
