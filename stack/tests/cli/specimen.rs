//! A small stack for the transcripts, with one environment for each thing that can be wrong with it.

use std::process::ExitCode;
use tenon::prelude::*;

tenon::environments! {
    /// What is special about the stack.
    enum Env {
        /// Nothing: it is right.
        Local = "local": DeployTarget::Sandbox, disposable;
        /// As `local`, until it is changed: one resource goes, one changes, one is replaced.
        Changed = "changed": DeployTarget::Sandbox, disposable;
        /// As `local`, but asks for its name.
        Careful = "careful": DeployTarget::Sandbox, confirm;
        /// Two resources have one address.
        Duplicate = "duplicate": DeployTarget::Sandbox;
        /// Two resources refer to each other.
        Cycle = "cycle": DeployTarget::Sandbox;
        /// A range that no VPC takes, and a name that is too long.
        BadValues = "bad-values": DeployTarget::Sandbox;
        /// As `local`, with a parameter whose value is secret.
        Secret = "secret": DeployTarget::Sandbox, disposable;
        /// A log group wants the name of one that somebody else has, which only AWS can know.
        Clash = "clash": DeployTarget::Sandbox, disposable;
        /// As `local`, with a door that is open, and experiments on it.
        Chaos = "chaos": DeployTarget::Sandbox, disposable;
        /// A reference to something that is not declared.
        Dangling = "dangling": DeployTarget::Sandbox;
        /// A range that is none: the program panics.
        Panic = "panic": DeployTarget::Sandbox;
        /// As `local`, with what it is given: a range and a count of subnets.
        Sized = "sized": DeployTarget::Sandbox, disposable;
        /// The preview of a pull request: as `sized`.
        Preview(u64) = "pr-{n}": DeployTarget::Sandbox, disposable, expires_days(3), limit(2);
        /// On AWS, in an account that nobody has.
        Aws = "aws": DeployTarget::Account { account: "111111111111", region: "eu-west-1" }, confirm;
    }
}

/// Values that `sized` and the previews are given.
#[derive(serde::Deserialize)]
struct Settings {
    range: String,
    #[serde(default = "one")]
    subnets: u8,
    team: Option<Team>,
}

#[derive(serde::Deserialize)]
struct Team {
    name: String,
    cost_center: u32,
}

fn one() -> u8 {
    1
}

fn sized(s: &mut Scope<'_, Env>) {
    let Some(settings) = s.settings::<Settings>() else {
        return;
    };
    if let Some(team) = &settings.team {
        s.tag("team", &team.name);
        s.tag("cost-center", &team.cost_center.to_string());
    }
    let vpc = s.add("vpc", ec2::Vpc::new(settings.range.as_str()));
    for n in 0..settings.subnets {
        let range = format!("10.30.{n}.0/24");
        s.add(
            &format!("subnet-{n}"),
            ec2::Subnet::new(&vpc.id, range.as_str(), "eu-west-1a"),
        );
    }
}

// Long: one stack, and one arm for each environment that has something wrong in it.
fn program(s: &mut Scope<'_, Env>) {
    if matches!(s.env(), Env::Sized | Env::Preview(_)) {
        return sized(s);
    }
    // The transcripts cannot set variables; a file is how they say that the program was changed.
    let changed = s.env() == Env::Changed && std::path::Path::new("changed").exists();
    if s.env() == Env::Panic {
        s.add("vpc", ec2::Vpc::new("10.20.0.0/8"));
    }
    let vpc = s.within("network", |s| {
        let range = if s.env() == Env::BadValues {
            "10.0.0.0/8"
        } else {
            "10.20.0.0/16"
        };
        let vpc = s.add("vpc", ec2::Vpc::new(range).enable_dns_hostnames(!changed));
        for (zone, range) in [("eu-west-1a", "10.20.0.0/20"), ("eu-west-1b", "10.20.16.0/20")] {
            s.add(zone, ec2::Subnet::new(&vpc.id, range, zone));
        }
        vpc
    });
    let description = if changed {
        "The front door, now wider"
    } else {
        "The front door"
    };
    let door = s.add("door", ec2::SecurityGroup::new(&vpc.id, description));
    if !changed {
        s.add("back-door", ec2::SecurityGroup::new(&vpc.id, "The back door"));
    }
    match s.env() {
        Env::Duplicate => {
            s.add("door", ec2::SecurityGroup::new(&vpc.id, "Another door"));
        }
        Env::Cycle => {
            let promise = |of: &str| Output::<ec2::SecurityGroupId>::new(of, "id");
            s.after(&promise("b"))
                .add("a", ec2::SecurityGroup::new(&vpc.id, "a"));
            s.after(&promise("a"))
                .add("b", ec2::SecurityGroup::new(&vpc.id, "b"));
        }
        Env::BadValues => {
            s.add(
                "long",
                ec2::SecurityGroup::new(&vpc.id, "A name that is too long").group_name("n".repeat(300)),
            );
        }
        Env::Clash => {
            s.add(
                "other",
                tenon::resources::logs::LogGroup::new().log_group_name("taken"),
            );
        }
        Env::Secret => {
            s.add("token", ssm::Parameter::secure(Secret::env("SPECIMEN_TOKEN")));
        }
        Env::Chaos => {
            let peers = Cidr4::ANYWHERE;
            s.add(
                "door-in",
                ec2::IngressRule::new(&door.id, peers, ec2::Traffic::tcp(443)),
            );
            let refused = cloudwatch::Metric::new("Specimen", "Refused")
                .statistic("Sum")
                .period(60);
            let condition = cloudwatch::Comparison::GreaterThanThreshold;
            let alarm = s.add("refused", cloudwatch::Alarm::new(refused, condition, 0)).id;
            s.experiment("no-door", Experiment::minutes(5, &alarm).cut_network(&door.id));
            s.experiment("zone-a", Experiment::minutes(5, &alarm).fail_zone(&vpc.id, "a"));
            s.experiment("zone-c", Experiment::minutes(5, &alarm).fail_zone(&vpc.id, "c"));
        }
        Env::Dangling => {
            s.add(
                "lost",
                ec2::SecurityGroup::new(Output::<ec2::VpcId>::new("network/vcp", "id"), "Nowhere"),
            );
        }
        _ => {}
    }
    s.output("vpc_id", &vpc.id);
    s.output("door", &door.id);
}

pub(crate) fn main() -> ExitCode {
    tenon::run("specimen", program)
}
