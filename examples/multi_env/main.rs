//! One stack, three environments. Each pins the account and the region that it may touch; what differs between them is a
//! `match`, so that a fourth environment does not compile until every difference is decided.

use tenon::prelude::*;

environments! {
    /// Environments of the store.
    enum Env {
        /// The sandbox on this machine.
        Local = "local": DeployTarget::Sandbox, disposable;
        /// Shared by the team.
        Dev = "dev": DeployTarget::Account { account: "111111111111", region: "eu-west-1" }, disposable;
        /// Has customers: an apply asks for its name.
        Prod = "prod": DeployTarget::Account { account: "222222222222", region: "eu-central-1" }, confirm;
    }
}

/// Differences between the environments.
struct Size {
    range: &'static str,
    zones: &'static [&'static str],
    log_days: u32,
}

impl Env {
    fn size(self) -> Size {
        match self {
            Self::Local | Self::Dev => Size {
                range: "10.1.0.0/16",
                zones: &["a"],
                log_days: 7,
            },
            Self::Prod => Size {
                range: "10.2.0.0/16",
                zones: &["a", "b", "c"],
                log_days: 365,
            },
        }
    }
}

/// A component: a VPC with a subnet in each zone of the region, and a security group.
fn network(s: &mut Scope<Env>, size: &Size) -> (Vec<Output<ec2::SubnetId>>, Output<ec2::SecurityGroupId>) {
    let range = Cidr4::lit(size.range);
    let vpc = s.add("vpc", ec2::Vpc::new(range));
    let mut subnets = vec![];
    for (i, letter) in size.zones.iter().enumerate() {
        let Some(slice) = range.slice(20, i) else { break };
        let zone: Input<AvailabilityZone> = text!("{}{}", &s.region(), *letter).typed();
        subnets.push(s.add(letter, ec2::Subnet::new(&vpc.id, slice, zone)).id);
    }
    let security_group = s
        .add(
            "security-group",
            ec2::SecurityGroup::new(&vpc.id, "Servers of the store"),
        )
        .id;
    (subnets, security_group)
}

fn store(s: &mut Scope<Env>) {
    let size = s.env().size();
    s.tag("team", "store");
    let (_, security_group) = s.within("network", |s| network(s, &size));
    // The scope was called `vpc` once: the resources that are recorded under that name are kept.
    s.moved("vpc", "network");
    let log = s.add("log", logs::LogGroup::new().retention_in_days(size.log_days));
    s.output("log_group", &log.id);
    s.output("security_group", &security_group);
}

fn main() -> ExitCode {
    tenon::run("store", store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_environment_stands_up_and_comes_down() {
        let mut created = vec![];
        for &env in Env::ALL {
            let declared = tenon::declare("store", env, store);
            created.push((
                env.name(),
                tenon_examples::stands_up(&declared).await.counts().create,
            ));
        }
        assert_eq!(created, [("local", 4), ("dev", 4), ("prod", 6)]);
    }

    #[test]
    fn an_environment_may_touch_one_account_and_region() {
        let target = tenon::declare("store", Env::Prod, store).target.unwrap();
        assert_eq!(
            (target.account.as_str(), target.region.as_str()),
            ("222222222222", "eu-central-1")
        );
        assert!(tenon::declare("store", Env::Local, store).target.is_none());
    }
}
