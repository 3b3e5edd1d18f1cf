//! The two services of the catalogue: where their images come from, and the environment that their containers get.
//!
//! A test compares the environment with the settings that the catalogue reads.

use super::{DATABASE, Env, Image, Profile, TaskSize};
use tenon::{
    Scope,
    component::{Database, OwnAlarm, OwnCondition, ServiceSpec, repository},
    resources::{
        cloudwatch::Metric,
        ecr::Image as ExpectedImage,
        ecs::ContainerDefinition,
        value::{Arn, Input, IntoInput, Output},
    },
};

/// TCP port of both services.
const PORT: u16 = 8080;

/// File in the API's image with the certificate authorities of RDS (RDS guide, "Using SSL/TLS").
const RDS_AUTHORITIES: &str = "/etc/catalog/rds.pem";

/// Image of a service, and its ECR repository when that is the stack's: then the image is waited for, until somebody pushes it.
pub(super) struct ImageSource {
    image: Input<String>,
    pub(super) repository: Option<Output<Arn>>,
}

impl ImageSource {
    /// `image` when one is set, and otherwise `tag` of a repository that is declared here.
    pub(super) fn of(
        s: &mut Scope<'_, Env>,
        name: &str,
        image: Option<&Image>,
        tag: &str,
        disposable: bool,
    ) -> Self {
        if let Some(image) = image {
            return Self {
                image: Input::Known(image.to_string()),
                repository: None,
            };
        }
        let repository = repository(s, name, disposable);
        s.output(&format!("{name}_repository"), &repository.uri);
        // Whoever applies for the first time has pushed nothing yet: the services wait for it.
        let image = s.add(&format!("{name}-image"), ExpectedImage::new(&repository.id, tag));
        Self {
            image: Input::of(&image.uri),
            repository: Some(repository.arn),
        }
    }
}

/// Specification of the API's service.
pub(super) fn api_spec(
    profile: &Profile,
    source: ImageSource,
    database: &Database,
    tokens: Option<&Arn>,
    metrics: &str,
) -> ServiceSpec {
    let container = ContainerDefinition::new("api", source.image)
        .entry_point(["catalog"])
        .command(["api"])
        .env("HOST", "0.0.0.0")
        .env("PORT", PORT)
        .env("DB_HOST", &database.endpoint)
        .env("DB_NAME", DATABASE)
        .env("DB_TLS", "verify-full")
        .env("DB_CA", RDS_AUTHORITIES)
        // The load balancer is the only proxy whose X-Forwarded-For counts.
        .env("TRUSTED_PROXIES", 1u16)
        .env("METRICS_NAMESPACE", metrics);
    let tokens = tokens.map(|arn| ("API_TOKENS", Input::Known(arn.clone())));
    ServiceSpec {
        secrets: [("DB_SECRET", IntoInput::into_input(&database.master_user_secret))]
            .into_iter()
            .chain(tokens)
            .collect(),
        // RDS rotates the password every 7 days (RDS guide, "Password management with Secrets Manager"), and a task keeps the
        // one that it was started with. When it cannot open a connection any more, `/ready` fails, and its successor starts
        // with the new password.
        health_check_path: "/ready",
        path_patterns: vec!["/api/*", "/health"],
        priority: 10,
        ..spec(container, profile.api, profile.spot, source.repository)
    }
}

/// Alarms on the figures that the API counts itself and sends to `namespace` in its log, every minute and from every task.
pub(super) fn alarms(namespace: &str) -> [OwnAlarm; 4] {
    let metric = |name, statistic| {
        Metric::new(namespace, name)
            .dimension("Service", "catalog")
            .statistic(statistic)
            .period(60)
    };
    let alarm = |name, metric, condition, description| OwnAlarm {
        name,
        metric,
        condition,
        periods: 5,
        description,
    };
    [
        alarm(
            "catalogue-errors",
            metric("ServerErrors", "Sum"),
            OwnCondition::Above(5.0),
            "The catalogue fails more than 5 requests a minute; its log has the cause of each",
        ),
        alarm(
            "catalogue-silent",
            metric("Requests", "SampleCount"),
            OwnCondition::Silent,
            "The catalogue has sent no figures for 5 minutes: no task runs, or its log does not arrive",
        ),
        alarm(
            "catalogue-connections",
            metric("ConnectionsWaitedFor", "Maximum"),
            OwnCondition::Above(5.0),
            "Requests wait for a connection to the database: it is slow, or the pool of a task is too small",
        ),
        alarm(
            "catalogue-refusals",
            metric("RateLimited", "Sum"),
            OwnCondition::Above(300.0),
            "More than 300 requests a minute are refused by the rate limit; the log names the callers",
        ),
    ]
}

/// Specification of the front end's service.
pub(super) fn web_spec(profile: &Profile, source: ImageSource) -> ServiceSpec {
    let container = ContainerDefinition::new("web", source.image)
        .entry_point(["catalog"])
        .command(["web"])
        .env("HOST", "0.0.0.0")
        .env("PORT", PORT);
    spec(container, profile.web, profile.spot, source.repository)
}

/// Specification of a service that takes the requests that no other one takes.
fn spec(
    container: ContainerDefinition,
    size: TaskSize,
    spot: bool,
    repository: Option<Output<Arn>>,
) -> ServiceSpec {
    ServiceSpec {
        container,
        secrets: vec![],
        repository,
        port: PORT,
        health_check_command: vec!["catalog", "check"],
        health_check_path: "/health",
        path_patterns: vec!["/*"],
        priority: 100,
        cpu: size.cpu,
        memory: size.memory,
        min_tasks: size.min_tasks,
        max_tasks: size.max_tasks,
        spot,
    }
}
