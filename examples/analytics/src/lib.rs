//! The stack `analytics`, which the event analytics platform runs on: CloudFront over a private bucket and an internal load
//! balancer, three fleets of hosts, a queue, a document store, the archive, logs, metrics and alarms.
//!
//! [`Profile`] has the differences between its environments, [`Settings`] the values that an operator sets. Types that Tenon has
//! no file for are in `aws`, as `tenon add` writes them. The application itself is in `app/analytics`.

mod aws;
mod delivery;
mod documents;
mod fleet;
mod host;
mod processes;
mod profile;
mod queue;
mod settings;
mod shield;
mod site;
mod storage;
mod variables;
mod watch;

pub use profile::{DocumentsSize, Env, FleetSize, Profile};
pub use settings::{Settings, SettingsError};
pub use variables::{VARIABLES, Variable};

use documents::Documents;
use fleet::{Fleet, Ground};
use queue::Queue;
use site::Site;
use storage::Releases;
use tenon::{
    Environment, Scope,
    component::{Logs, Network, NetworkConfig},
    resources::{
        ec2::Traffic,
        lookup,
        value::{Cidr4, Input},
    },
};

/// Parameter in which AWS publishes the newest image of Amazon Linux 2023 for arm64 (AL2023 guide, "Launching the latest AL2023 AMI").
const NEWEST_AMI: &str = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

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
/// use analytics_stack::{Env, Settings};
/// use tenon::planner::Check as _;
/// let declared = tenon::declare("analytics", Env::Local, |s| analytics_stack::with(s, &Settings::default()));
/// declared.check().unwrap();
/// assert!(declared.outputs.contains_key("site_url"));
/// ```
// Long: the whole platform, top to bottom; each part is one call.
pub fn with(s: &mut Scope<'_, Env>, settings: &Settings) {
    let profile = s.env().profile();
    refusals(s, settings, &profile);
    let env = s.env();
    s.tag("environment", env.name());

    let config = NetworkConfig {
        cidr_block: Cidr4::lit(profile.cidr_block),
        zones: settings.zones.clone(),
        nat: profile.nat,
        isolated_ingress: Traffic::tcp(Documents::PORT),
    };
    let network = s.within("network", |s| Network::new(s, &config));
    let logs = s.within("logs", |s| Logs::new(s, profile.log_retention_days));
    s.within("network", |s| logs.flow_log(s, &network));
    let queue = s.within("events", Queue::new);
    let archive = s.within("archive", storage::archive);
    let releases = s.within("releases", Releases::new);
    let documents = s.within("documents", |s| match &settings.mongodb_uri {
        Some(secret) => Documents::given(secret),
        None => Documents::new(s, &network, profile.documents),
    });
    let site = s.within("site", |s| {
        Site::new(s, &network, settings, profile.deletion_protection)
    });
    s.within("shield", |s| {
        shield::rate_limits(s, &site.load_balancer, profile.requests_per_address);
    });

    let image = match &settings.ami {
        Some(ami) => Input::Known(ami.clone()),
        None => Input::of(s.lookup("image", lookup::Parameter::named(NEWEST_AMI)).value),
    };
    let ground = Ground {
        network: &network,
        logs: &logs,
        releases: &releases.bucket,
        image: &image,
    };
    let parts = processes::Parts {
        settings,
        queue: &queue,
        documents: &documents,
        archive: &archive,
    };
    let ingest = s.within("ingest", |s| {
        let role = processes::ingest(s, &parts);
        Fleet::new(
            s,
            &ground,
            profile.ingest,
            &role,
            Some((&site, 10, &["/e", "/api/events"])),
        )
    });
    let work = s.within("work", |s| {
        let role = processes::work(&parts);
        Fleet::new(s, &ground, profile.work, &role, None)
    });
    let read = s.within("read", |s| {
        let role = processes::read(&parts);
        Fleet::new(s, &ground, profile.read, &role, Some((&site, 20, &["/api/*"])))
    });
    for (name, fleet) in [("work", &work), ("read", &read)] {
        s.within(name, |s| documents.allow_from(s, &fleet.security_group, name));
    }
    s.within("work", |s| work.follows_the_queue(s, &queue));

    let targets = watch::Targets {
        site: &site,
        fleets: &[("ingest", &ingest), ("work", &work), ("read", &read)],
        queue: &queue,
    };
    let topic = s.within("watch", |s| {
        watch::watch(s, &targets, &logs, settings.alarm_email.as_deref())
    });
    if let Some(github) = &settings.github {
        let deploy = s.within("github-deploy", |s| delivery::role(s, github, &site, &releases));
        s.output("deploy_role_arn", &deploy);
    }

    s.output("site_url", &site.url);
    s.output("site_bucket", &site.bucket);
    s.output("distribution_id", &site.distribution);
    s.output("releases_bucket", &releases.bucket.id);
    s.output("release_document", releases.document.as_str());
    s.output("queue_url", &queue.url);
    s.output("archive_bucket", &archive.id);
    s.output("alarm_topic_arn", &topic);
}

/// Settings that cannot be together, or that this environment does not do without.
fn refusals(s: &mut Scope<'_, Env>, settings: &Settings, profile: &Profile) {
    if settings.api_tokens.is_none() && !profile.allow_anonymous {
        s.refuse(
            "would make everyone an administrator of its API: put the API's tokens into a Secrets Manager secret and set TENON_API_TOKENS_ARN \
             to its ARN",
        );
    }
    if settings.sites.is_none() && s.env() != Env::Local {
        s.refuse(
            "knows no site whose browsers may post: set TENON_SITES to names and origins, such as `shop=https://shop.example`",
        );
    }
    if settings.domain.is_some() != settings.certificate.is_some() {
        s.refuse("has one of TENON_SITE_DOMAIN and TENON_CERTIFICATE_ARN: set both, or none");
    }
}
