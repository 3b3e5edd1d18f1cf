//! The stack `ecommerce`, which the product catalogue runs on: a VPC, a public load balancer, the API and the front end on
//! Fargate, PostgreSQL, logs, alarms and an audit trail.
//!
//! [`Profile`] has the differences between its environments, [`Settings`] the values that an operator sets, and
//! [`tenon::component`] the parts that it is made of. The catalogue itself, and how its images are built, is in `app/`.

mod catalogue;
mod profile;
mod settings;
mod variables;

pub use profile::{DatabaseSize, Env, Profile, TaskSize};
pub use settings::{Image, Settings, SettingsError};
pub use variables::{VARIABLES, Variable};

use catalogue::{ImageSource, api_spec, web_spec};
use tenon::{
    Environment, Scope,
    component::{
        AuditTrail, Database, DatabaseSpec, DeletionPolicy, GithubDeployRole, LoadBalancerConfig, Logs,
        MonitoringTargets, Network, NetworkConfig, Observability, PublicLoadBalancer, ServiceContext,
        WebService,
    },
    resources::{
        declaration::Experiment,
        ec2::Traffic,
        ecs::{CapacityShare, Cluster, ContainerInsights},
        value::{Arn, Cidr4, Input, Output},
    },
};

/// Name of the catalogue's database.
const DATABASE: &str = "catalog";

/// Declares the stack with the settings in the process's environment variables.
pub fn stack(s: &mut Scope<'_, Env>) {
    match Settings::from_env() {
        Ok(settings) => with(s, &settings),
        Err(why) => s.refuse(format!("has an invalid setting: {why}")),
    }
}

/// Declares the stack with `settings`.
///
/// ```
/// use shop::{Env, Settings};
/// use tenon::planner::Check as _;
/// let declared = tenon::declare("ecommerce", Env::Dev, |s| shop::with(s, &Settings::default()));
/// declared.check().unwrap();
/// assert!(declared.outputs.contains_key("alb_url"));
/// ```
// Long: the whole platform, top to bottom; each part is one call of a component.
pub fn with(s: &mut Scope<'_, Env>, settings: &Settings) {
    let profile = s.env().profile();
    if settings.api_tokens.is_none() && !profile.allow_anonymous {
        s.refuse(
            "would be open to everyone: put the API's tokens into a Secrets Manager secret and set TENON_API_TOKENS_ARN \
             to its ARN",
        );
    }
    let env = s.env();
    s.tag("environment", env.name());
    renamed_scopes(s, settings);

    let config = NetworkConfig {
        cidr_block: Cidr4::lit(profile.cidr_block),
        zones: settings.zones.clone(),
        nat: profile.nat,
        isolated_ingress: Traffic::tcp(Database::PORT),
    };
    let network = s.within("network", |s| Network::new(s, &config));
    let logs = s.within("logs", |s| Logs::new(s, profile.log_retention_days));
    s.within("network", |s| logs.flow_log(s, &network));
    let config = LoadBalancerConfig {
        certificate: settings.certificate.clone().map(Input::Known),
        deletion_protection: profile.deletion_protection,
    };
    let alb = s.within("alb", |s| PublicLoadBalancer::new(s, &network, &config));
    let database = s.within("database", |s| {
        Database::new(s, &network, &logs, database_spec(env))
    });

    let cluster = s.add("cluster", cluster()).id;
    let context = ServiceContext {
        network: &network,
        load_balancer: &alb,
        cluster: &cluster,
        logs: &logs,
    };
    let (api, web, images) = services(s, settings, &context, &database);

    let targets = MonitoringTargets {
        load_balancer: &alb,
        cluster: &cluster,
        services: &[("api", &api), ("web", &web)],
        database: &database,
        own: &catalogue::alarms(&s.full_name("catalogue")),
    };
    let observability = s.within("observability", |s| {
        Observability::new(s, &targets, &logs, settings.alarm_email.as_deref())
    });

    if matches!(env, Env::Local | Env::Staging) {
        experiments(s, settings, (&network, &api, &database), &observability);
    }

    s.within("audit", |s| AuditTrail::new(s, profile.audit_retention_days));
    if let Some(github) = &settings.github {
        let (images, services) = (images.iter().collect::<Vec<_>>(), [&api, &web]);
        let deploy = s.within("github-deploy", |s| {
            GithubDeployRole::new(s, github, &images, &services)
        });
        s.output("deploy_role_arn", &deploy.role);
    }

    s.output("vpc_id", &network.vpc);
    s.output("alb_url", &alb.url);
    s.output("cluster_name", &cluster);
    s.output("api_service_name", &api.name);
    s.output("web_service_name", &web.name);
    s.output("db_endpoint", &database.endpoint);
    s.output("alarm_topic_arn", &observability.topic);
}

/// Experiments, where no customer is: a zone that fails, tasks that stop, and a database that cannot be reached.
///
/// What has one copy stops with its zone, as `chaos plan` says: here the database, and in the sandbox the task of each service.
/// Production has a standby and a NAT gateway in each zone instead.
fn experiments(
    s: &mut Scope<'_, Env>,
    settings: &Settings,
    (network, api, database): (&Network, &WebService, &Database),
    observability: &Observability,
) {
    let refused = || Experiment::minutes(10, &observability.elb_5xx);
    for zone in &settings.zones {
        s.experiment(&format!("zone-{zone}"), refused().fail_zone(&network.vpc, zone));
    }
    s.experiment("one-task", refused().stop_tasks(&api.service, 1));
    s.experiment("no-task", refused().stop_tasks(&api.service, 0));
    let failing = Experiment::minutes(10, &observability.target_5xx);
    s.experiment("no-database", failing.cut_network(&database.security_group));
}

fn cluster() -> Cluster {
    Cluster::new()
        .container_insights(ContainerInsights::Enabled)
        .capacity_providers(["FARGATE", "FARGATE_SPOT"])
        .default_capacity([CapacityShare::new("FARGATE", 1)])
}

/// Moves from scopes that had other names. A move is one step: the old address in the old scope, the new one in the new.
///
/// Only what this environment declares is moved: a move to an address that is not declared is an error, and not every
/// environment has HTTPS or a role for GitHub.
fn renamed_scopes(s: &mut Scope<'_, Env>, settings: &Settings) {
    let always = [
        ("edge/door", "alb/security-group"),
        ("edge/http-in", "alb/http-ingress"),
        ("edge/balancer", "alb/load-balancer"),
        ("edge/http", "alb/http-listener"),
    ];
    let https = [
        ("edge/https-in", "alb/https-ingress"),
        ("edge/https", "alb/https-listener"),
    ];
    let github = [
        ("delivery/role", "github-deploy/role"),
        ("delivery/role-may", "github-deploy/role-policy"),
    ];
    let https = https.iter().filter(|_| settings.certificate.is_some());
    let github = github.iter().filter(|_| settings.github.is_some());
    for (old, new) in always.iter().chain(https).chain(github) {
        s.moved(old, new);
    }
    // An account has one provider for GitHub, which its other stacks use, too: `bootstrap github` looks after it.
    for provider in ["delivery/github", "github-deploy/oidc-provider"] {
        s.forget(provider);
    }
}

/// The API, the front end, and the ECR repositories of their images that are declared here.
fn services(
    s: &mut Scope<'_, Env>,
    settings: &Settings,
    context: &ServiceContext<'_>,
    database: &Database,
) -> (WebService, WebService, Vec<Output<Arn>>) {
    let (profile, disposable) = (s.env().profile(), s.env().disposable());
    let [api_source, web_source] = s.within("images", |s| {
        [("api", &settings.api_image), ("web", &settings.web_image)]
            .map(|(name, image)| ImageSource::of(s, name, image.as_ref(), &settings.image_tag, disposable))
    });
    let images = [&api_source, &web_source]
        .into_iter()
        .filter_map(|s| s.repository.clone())
        .collect();
    let api = api_spec(
        &profile,
        api_source,
        database,
        settings.api_tokens.as_ref(),
        &s.full_name("catalogue"),
    );
    let api = s.within("api", |s| {
        let api = WebService::new(s, context, &api);
        database.allow_from(s, &api.security_group, "api");
        api
    });
    let web = web_spec(&profile, web_source);
    let web = s.within("web", |s| WebService::new(s, context, &web));
    (api, web, images)
}

fn database_spec(env: Env) -> DatabaseSpec {
    let profile = env.profile();
    let DatabaseSize {
        instance_class,
        memory_mib,
        allocated_storage,
        max_allocated_storage,
        multi_az,
        performance_insights,
    } = profile.database;
    DatabaseSpec {
        db_name: DATABASE,
        instance_class,
        memory_mib,
        allocated_storage,
        max_allocated_storage,
        multi_az,
        performance_insights,
        backup_retention_days: 7,
        deletion_policy: match (profile.deletion_protection, env.disposable()) {
            (true, _) => DeletionPolicy::Protect,
            (false, false) => DeletionPolicy::Snapshot,
            (false, true) => DeletionPolicy::Delete,
        },
    }
}
