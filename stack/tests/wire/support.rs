//! What the samples stand on: a stack of its own, whose ids and outputs take the place of the literals in samples.

use super::gaps::Home;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tenon::{environments, prelude::*};
use tenon_planner::Declared;
use tenon_resources::{
    acm::Certificate,
    aws::Aws,
    ec2::{SecurityGroupId, SubnetId},
    ecs::{Cluster, ContainerDefinition, Service, TaskDefinition},
    elb::{Action, Listener, ListenerProtocol, LoadBalancer, TargetGroup},
    iam::{InstanceProfile, Policy, Role, User},
    kms::Key,
    logs::LogGroup,
    rds::{DbParameterGroup, DbSubnetGroup},
    route53::Zone,
    s3::Bucket,
    sns::Topic,
    sqs::Queue,
    value::Output,
};

environments! {
    /// The one environment of what is made for these tests.
    pub(crate) enum Wire {
        /// An emulator; nothing in it is worth keeping.
        Wire = "wire": DeployTarget::FirstApply, disposable;
    }
}

/// Literals of samples that are not the address of what stands for them: the literal, and `address.output`.
const STANDS_FOR: &[(&str, &str)] = &[
    ("Z1", "zone-1.id"),
    ("Z2", "zone-2.id"),
    (
        "arn:aws:acm:eu-west-1:111111111111:certificate/a",
        "certificate-1.id",
    ),
    (
        "arn:aws:acm:eu-west-1:111111111111:certificate/b",
        "certificate-2.id",
    ),
    ("service/shop/a", "service.scalable"),
    ("web:1", "definition-1.id"),
    ("web:2", "definition-2.id"),
    ("11111111-1111-1111-1111-111111111111", "key-1.id"),
    ("22222222-2222-2222-2222-222222222222", "key-2.id"),
    ("arn:aws:kms:eu-west-1:111111111111:key/b", "key-2.arn"),
    ("arn:aws:sns:eu-west-1:111111111111:a", "topic-1.id"),
    ("arn:aws:sns:eu-west-1:111111111111:b", "topic-2.id"),
    ("arn:aws:sqs:eu-west-1:111111111111:dead.fifo", "dead.arn"),
    ("arn:aws:logs:eu-west-1:123456789012:log-group:a", "logs.arn"),
    ("arn:aws:logs:eu-west-1:111111111111:log-group:b:*", "logs.arn"),
    ("arn:aws:iam::123456789012:role/a", "role-1.arn"),
    ("arn:aws:iam::111111111111:role/b", "role-2.arn"),
    ("arn:aws:iam::111111111111:role/monitoring", "role-2.arn"),
];

/// The same where one literal means different things in different types: type, field, literal, `address.output`.
const STANDS_FOR_IN: &[(&str, &str, &str, &str)] = &[
    (
        "acm.validation",
        "records",
        "_1.a.example CNAME _2.acm-validations.aws",
        "certificate-1.validation_records",
    ),
    (
        "acm.validation",
        "records",
        "_1.b.example CNAME _3.acm-validations.aws",
        "certificate-2.validation_records",
    ),
    ("ec2.flow_log", "destination", "arn:aws:s3:::b", "bucket-2.arn"),
    ("cloudtrail.trail", "bucket", "aaa", "bucket-1.id"),
    ("cloudtrail.trail", "bucket", "bbb", "bucket-2.id"),
    ("ec2.instance", "iam_instance_profile", "a", "profile-1.id"),
    ("ec2.instance", "iam_instance_profile", "b", "profile-2.id"),
    ("ec2.instance", "key_name", "a", "key-pair.key_name"),
    ("ec2.launch_template", "iam_instance_profile", "a", "profile-1.id"),
    ("ec2.launch_template", "iam_instance_profile", "b", "profile-2.id"),
    ("ec2.launch_template", "key_name", "a", "key-pair.key_name"),
    ("ecs.service", "load_balancers", "tg-1", "tg-1.id"),
    ("iam.instance_profile", "role", "a", "role-1.id"),
    ("iam.instance_profile", "role", "b", "role-2.id"),
    ("iam.policy_attachment", "role", "a", "role-1.id"),
    ("iam.policy_attachment", "role", "b", "role-2.id"),
    ("iam.role_policy", "role", "a", "role-1.id"),
    ("iam.role_policy", "role", "b", "role-2.id"),
    ("iam.user_policy", "user", "a", "user-1.id"),
    ("iam.user_policy", "user", "b", "user-2.id"),
    ("logs.log_stream", "log_group", "a", "logs.id"),
    ("logs.log_stream", "log_group", "b", "logs.id"),
    ("secretsmanager.rotation", "secret", "a", "secret-1.id"),
    ("secretsmanager.rotation", "secret", "b", "secret-2.id"),
    ("rds.db_instance", "db_subnet_group", "private", "subnet-group.id"),
    (
        "rds.db_instance",
        "db_parameter_group",
        "mysql84",
        "parameter-group.id",
    ),
    ("logs.metric_filter", "log_group", "a", "logs.id"),
    ("logs.metric_filter", "log_group", "b", "logs.id"),
    ("logs.subscription_filter", "log_group", "a", "logs.id"),
    ("logs.subscription_filter", "log_group", "b", "logs.id"),
    ("s3.bucket_cors", "bucket", "aaa", "bucket-1.id"),
    ("s3.bucket_cors", "bucket", "bbb", "bucket-2.id"),
    ("s3.bucket_logging", "bucket", "aaa", "bucket-1.id"),
    ("s3.bucket_logging", "bucket", "bbb", "bucket-2.id"),
    ("s3.bucket_notification", "bucket", "aaa", "bucket-1.id"),
    ("s3.bucket_notification", "bucket", "bbb", "bucket-2.id"),
    ("s3.bucket_replication", "bucket", "aaa", "versioned-1.id"),
    ("s3.bucket_replication", "bucket", "bbb", "versioned-2.id"),
    ("s3.bucket_website", "bucket", "aaa", "bucket-1.id"),
    ("s3.bucket_website", "bucket", "bbb", "bucket-2.id"),
    ("s3.bucket_logging", "target_bucket", "ccc", "versioned-2.id"),
    ("s3.bucket_logging", "target_bucket", "ddd", "versioned-1.id"),
    (
        "s3.bucket_replication",
        "rules",
        "arn:aws:s3:::copy",
        "versioned-2.arn",
    ),
    (
        "s3.bucket_replication",
        "rules",
        "arn:aws:s3:::b",
        "versioned-1.arn",
    ),
    ("s3.bucket_policy", "bucket", "a", "bucket-1.id"),
    ("s3.bucket_policy", "bucket", "b", "bucket-2.id"),
    ("s3.object", "bucket", "aaa", "bucket-1.id"),
    ("s3.object", "bucket", "bbb", "bucket-2.id"),
];

/// A public key whose private half nobody has kept.
const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOrhyHk7VZfEs/SQ52rDEXLEOWkPjuFBQruFGmH5pJ8O";

/// The stack. Addresses are the literals that samples use, as far as those can be addresses.
pub(crate) fn stack(home: Home) -> Declared {
    tenon::declare("support", Wire::Wire, |s| {
        network(s);
        for n in [1, 2] {
            s.add(&format!("bucket-{n}"), Bucket::new());
            s.add(&format!("versioned-{n}"), Bucket::new().versioning(true));
            s.add(&format!("topic-{n}"), Topic::new());
            s.add(&format!("secret-{n}"), secretsmanager::Secret::new());
            s.add(&format!("key-{n}"), Key::new());
            s.add(
                &format!("role-{n}"),
                Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")),
            );
            if home == Home::Moto {
                s.add(&format!("profile-{n}"), InstanceProfile::new());
                s.add(&format!("user-{n}"), User::new());
            }
            s.add(&format!("zone-{n}"), Zone::new(["a.example", "b.example"][n - 1]));
        }
        s.add("logs", LogGroup::new());
        // Only moto has what asks for one.
        if home == Home::Moto {
            s.add("key-pair", ec2::KeyPair::new(PUBLIC_KEY));
        }
        s.add("dead", Queue::new().fifo(true));
        s.add(
            "parameter-group",
            DbParameterGroup::new("mysql8.4", "of the samples"),
        );
    })
}

/// What the samples stand on and no type of ours makes, or not as moto asks for it.
pub(crate) async fn beside(aws: &Aws, ids: &BTreeMap<String, Value>) {
    let options = aws
        .rds
        .create_option_group()
        .option_group_name("audit")
        .option_group_description("of the samples")
        .engine_name("mysql")
        .major_engine_version("8.0");
    options.send().await.unwrap();
    // The targets of access logs. Of a policy moto reads a resource and a principal that are texts, and no lists of one.
    for bucket in ["versioned-1.id", "versioned-2.id"].map(|id| ids[id].as_str().unwrap()) {
        let allow = json!({
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": format!("arn:aws:s3:::{bucket}/*"),
        });
        let policy = json!({"Version": "2012-10-17", "Statement": [allow]}).to_string();
        let put = aws.s3.put_bucket_policy().bucket(bucket).policy(policy);
        put.send().await.unwrap();
    }
}

fn network(s: &mut Scope<'_, Wire>) {
    let (mut subnets, mut groups) = (vec![], vec![]);
    for n in [1, 2] {
        let options = ec2::DhcpOptions::new().domain_name(["a.example", "b.example"][n - 1]);
        s.add(&format!("dopt-{n}"), options);
        let vpc = s
            .add(
                &format!("vpc-{n}"),
                ec2::Vpc::new(format!("10.{}.0.0/16", n - 1).as_str()),
            )
            .id;
        s.add(&format!("igw-{n}"), ec2::InternetGateway::new(&vpc));
        s.add(&format!("eigw-{n}"), ec2::EgressOnlyInternetGateway::new(&vpc));
        s.add(&format!("rtb-{n}"), ec2::RouteTable::new(&vpc));
        s.add(&format!("eipalloc-{n}"), ec2::ElasticIp::new());
        // Two subnets each, in two zones.
        for (m, zone) in ["eu-west-1a", "eu-west-1b"].into_iter().enumerate() {
            let number = 2 * (n - 1) + m + 1;
            let range = format!("10.{}.{}.0/24", n - 1, 200 + number);
            let subnet = ec2::Subnet::new(&vpc, range.as_str(), zone);
            subnets.push(s.add(&format!("subnet-{number}"), subnet).id);
        }
        if n == 1 {
            s.add("subnet-5", ec2::Subnet::new(&vpc, "10.0.205.0/24", "eu-west-1c"));
            for m in 1..=4 {
                let group = ec2::SecurityGroup::new(&vpc, format!("group {m}").as_str());
                groups.push(s.add(&format!("sg-{m}"), group).id);
            }
            // Subnets of the first network alone are associated with them.
            for m in [1, 2] {
                s.add(&format!("acl-{m}"), ec2::NetworkAcl::new(&vpc));
            }
            for m in [1, 2] {
                s.add(&format!("tg-{m}"), TargetGroup::new(&vpc, 8080u16));
            }
        }
    }
    for m in [1, 2] {
        let balancer = LoadBalancer::new()
            .subnets([&subnets[0], &subnets[1]])
            .security_groups([&groups[0]]);
        let balancer = s.add(&format!("lb-{m}"), balancer).id;
        let listener = Listener::new(
            &balancer,
            8000u16,
            ListenerProtocol::Http,
            Action::redirect_to_https(),
        );
        s.add(&format!("listener-{m}"), listener);
        s.add(
            &format!("certificate-{m}"),
            Certificate::new(["a.example", "b.example"][m - 1]),
        );
    }
    s.add(
        "subnet-group",
        DbSubnetGroup::new("of the samples").subnets([&subnets[0], &subnets[1]]),
    );
    compute(s, &subnets[0], &groups[0]);
}

fn compute(s: &mut Scope<'_, Wire>, subnet: &Output<SubnetId>, group: &Output<SecurityGroupId>) {
    let clusters = [1, 2].map(|n| s.add(&format!("cluster-{n}"), Cluster::new()).id);
    let definitions = [1, 2].map(|n| {
        let web = ContainerDefinition::new("web", "nginx:1.29").port(8080);
        let definition = TaskDefinition::new(format!("web-{n}").as_str()).containers([web]);
        s.add(&format!("definition-{n}"), definition).id
    });
    let service = Service::new(&clusters[0], &definitions[0])
        .subnets([subnet])
        .security_groups([group]);
    s.add("service", service);
}

/// Makes the samples fit where they are put.
pub(crate) fn adapt(kind: &str, samples: &mut [Value; 2]) {
    match kind {
        // An alarm's name may have one character, a trail's may not.
        "cloudtrail.trail" => {
            samples[0]["trail_name"] = json!("first");
            samples[1]["trail_name"] = json!("second");
        }
        // Images that moto has, and the name of the root volume that it gives every instance.
        "ec2.instance" => {
            for (sample, image) in samples.iter_mut().zip(["ami-12c6146b", "ami-785db401"]) {
                (sample["image"], sample["root_device_name"]) = (json!(image), json!("/dev/sda1"));
            }
        }
        // What moto runs of a new service, which it never makes more.
        // And the deployments that it has.
        "ecs.service" => {
            samples[0]["desired_count"] = json!(1);
            samples[0]["strategy"] = samples[1]["strategy"].clone();
            samples[0]["bake_time_in_minutes"] = Value::Null;
        }
        // moto deletes DHCP options with the network that has them, so that the second network is made with those that are left.
        "ec2.vpc" => samples[1]["dhcp_options"] = samples[0]["dhcp_options"].clone(),
        // Nobody is there to accept it in another account.
        "ec2.vpc_peering_connection" => {
            for end in ["vpc", "peer_vpc"] {
                samples[1][end] = samples[0][end].clone();
            }
            for sample in samples {
                (sample["peer_owner"], sample["peer_region"]) = (Value::Null, Value::Null);
            }
        }
        // AWS refuses windows that touch.
        "rds.db_instance" => samples[1]["preferred_maintenance_window"] = json!("sun:05:00-sun:06:00"),
        // A group's subnets are one network's.
        "rds.db_subnet_group" => samples[1]["subnets"] = json!(["subnet-2", "subnet-5"]),
        // A zone is private or public for good.
        "route53.zone" => samples[0]["vpcs"] = json!([samples[1]["vpcs"][0]]),
        // Variables that every test has: cargo sets them.
        "secretsmanager.secret" => samples[1]["value"]["$secret"]["env"] = json!("CARGO_PKG_NAME"),
        "ssm.parameter" => samples[1]["secret"]["$secret"]["env"] = json!("CARGO_PKG_NAME"),
        _ => {}
    }
}

/// What the fields of sample `n` are changed to, where the other's value does not go with the rest of it.
pub(crate) fn target(kind: &str, n: usize, other: &mut Value) {
    match (kind, n) {
        ("ec2.vpc", 0) => other["dhcp_options"] = json!("dopt-2"),
        ("ecs.service", 0) => {
            other["capacity"] = json!([{"base": 0, "capacity_provider": "FARGATE", "weight": 2}]);
        }
        // The engine stays, and with it what goes with it.
        ("rds.db_instance", 0) => {
            for (field, value) in [("engine_version", json!("17")), ("exact_version", json!("17.2"))] {
                other[field] = value;
            }
            (other["storage_type"], other["iops"]) = (json!("gp3"), json!(12000));
            other["storage_throughput"] = json!(500);
        }
        ("rds.db_instance", 1) => {
            (other["engine_version"], other["exact_version"]) = (json!("8.4"), json!("8.4.5"));
            (other["storage_type"], other["iops"]) = (json!("io1"), json!(4000));
        }
        // One of the two types has none, the other needs one.
        ("ec2.vpc_endpoint", 1) => other["security_groups"] = json!(["sg-2"]),
        // The two are records of different types.
        ("route53.record", 0) => {
            other["values"] = json!(["192.0.2.1"]);
            // What names a record with a routing policy does not change.
            other["routing"] = Value::Null;
        }
        ("route53.record", 1) => {
            other["values"] = json!(["v=spf1 ~all"]);
            other["routing"] = json!({"weight": 20});
            other["alias"] = Value::Null;
        }
        // Firehose alone takes a role, and does not go without one.
        ("sns.subscription", 1) => other["role"] = json!("arn:aws:iam::123456789012:role/a"),
        // One is a standard queue without a KMS key: what is of FIFO queues and of keys stays away from it.
        ("sqs.queue", 0) => {
            other["content_based_deduplication"] = json!(false);
            other["kms_data_key_reuse_period_seconds"] = json!(300);
            for field in ["deduplication_scope", "fifo_throughput_limit", "redrive_policy"] {
                other[field] = Value::Null;
            }
        }
        // The other is a standard queue: the FIFO queue changes between the values that FIFO queues have.
        ("sqs.queue", 1) => {
            other["deduplication_scope"] = json!("queue");
            other["fifo_throughput_limit"] = json!("perQueue");
        }
        // One is plain, the other a secret.
        ("ssm.parameter", 0) => other["value"] = json!("debug"),
        ("ssm.parameter", 1) => other["secret"] = json!({"$secret": {"env": "CARGO_PKG_VERSION"}}),
        _ => {}
    }
}

/// Fields that AWS takes together or not at all.
pub(crate) const TOGETHER: &[(&str, &[&str])] = &[
    ("cloudtrail.trail", &["log_group", "log_group_role"]),
    ("elb.listener", &["protocol", "certificate"]),
    ("rds.db_instance", &["monitoring_interval", "monitoring_role"]),
    ("route53.record", &["values", "alias"]),
];

/// Puts what stands in the emulator into a sample's inputs.
pub(crate) fn stand_in(kind: &str, inputs: &mut Value, ids: &BTreeMap<String, Value>) {
    let Value::Object(fields) = inputs else { return };
    for (field, value) in fields.iter_mut().filter(|(field, _)| *field != "tags") {
        walk(value, &|text| {
            let here = STANDS_FOR_IN
                .iter()
                .find(|(k, f, literal, _)| (*k, *f, *literal) == (kind, field.as_str(), text));
            let anywhere = || {
                STANDS_FOR
                    .iter()
                    .find(|(literal, _)| *literal == text)
                    .map(|(_, at)| *at)
            };
            let output = here.map(|(.., at)| *at).or_else(anywhere);
            let output = output.map_or_else(|| format!("{text}.id"), ToOwned::to_owned);
            ids.get(&output).cloned()
        });
    }
}

fn walk(value: &mut Value, known: &impl Fn(&str) -> Option<Value>) {
    match value {
        Value::String(text) => {
            if let Some(stands) = known(text) {
                *value = stands;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| walk(v, known)),
        Value::Object(map) => map.values_mut().for_each(|v| walk(v, known)),
        _ => {}
    }
}
