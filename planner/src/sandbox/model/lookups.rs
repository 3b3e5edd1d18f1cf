//! Lookups: what an account has, and what AWS itself has in it.
//!
//! Catalogues of AWS without an end (machine images, public parameters) have in the sandbox what is asked for, made up of the
//! question; tags of images in a repository, too, because no call of a stack pushes one.

use super::View;
use crate::sandbox::{at::At, object::Object, template};
use serde_json::{Value, json};
use tenon_resources::cloud::{Candidate, Status};

/// Everything in the sandbox that a lookup of this kind may mean.
pub(in crate::sandbox) fn candidates(view: &View<'_>, kind: &str, query: &Value) -> Vec<Candidate> {
    let at = &view.contents.at;
    let text = |member: &str| query[member].as_str().unwrap_or_default().to_owned();
    match kind {
        "ec2.vpc" => both(
            objects(
                view,
                "ec2.vpc",
                |o| json!({"is_default": false, "tags": o.inputs["tags"]}),
            ),
            default_vpc(at),
        ),
        "ec2.subnet" | "ec2.subnets" => {
            let facts = |o: &Object| json!({"vpc": o.inputs["vpc"], "availability_zone": o.inputs["availability_zone"], "tags": o.inputs["tags"]});
            both(objects(view, "ec2.subnet", facts), default_subnets(at))
        }
        "ec2.security_group" => objects(
            view,
            "ec2.security_group",
            |o| json!({"vpc": o.inputs["vpc"], "group_name": o.inputs["group_name"], "tags": o.inputs["tags"]}),
        ),
        "ec2.availability_zones" => zones(at),
        "ec2.managed_prefix_list" => prefix_lists(at),
        "ec2.ami" => image(at, &text("owner"), &text("name"), query["architecture"].as_str()),
        "route53.hosted_zone" => objects(view, "route53.zone", |o| {
            let name = o.inputs["name"]
                .as_str()
                .unwrap_or_default()
                .trim_end_matches('.')
                .to_lowercase();
            json!({"name": name, "private": o.inputs["vpcs"].as_array().is_some_and(|v| !v.is_empty())})
        }),
        "acm.certificate" => certificates(view),
        "kms.alias" => both(aliases(view), own_aliases(at)),
        "iam.role" => objects(view, "iam.role", |o| json!({"role_name": o.inputs["role_name"]})),
        "iam.policy" => own_policies(),
        "secretsmanager.secret" => objects(
            view,
            "secretsmanager.secret",
            |o| json!({"name": o.inputs["name"]}),
        ),
        "ssm.parameter" => parameters(view, &text("name")),
        "ecr.image" => tagged_image(view, &text("repository_name"), &text("tag")),
        _ => vec![],
    }
}

fn both(mut some: Vec<Candidate>, more: Vec<Candidate>) -> Vec<Candidate> {
    some.extend(more);
    some
}

/// The resources of a type that exist, sorted, with what `facts` says of each.
fn objects(view: &View<'_>, kind: &str, facts: impl Fn(&Object) -> Value) -> Vec<Candidate> {
    let live = view.contents.objects.iter();
    let live = live.filter(|((k, _), o)| k == kind && !o.gone(view.now) && !o.leaving());
    let mut found: Vec<_> = live
        .map(|((_, id), object)| {
            let mut facts = facts(object);
            facts["id"] = json!(id);
            let label = match object.inputs["tags"]["Name"].as_str() {
                Some(name) => format!("{name} ({id})"),
                None => id.clone(),
            };
            let outputs = object.outputs.value();
            Candidate {
                label,
                facts,
                outputs,
            }
        })
        .collect();
    found.sort_by(|a, b| a.label.cmp(&b.label));
    found
}

/// Every region of an account comes with a VPC and a subnet in each zone.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
const DEFAULT_VPC: &str = "vpc-0default";

fn default_vpc(At { account, region }: &At) -> Vec<Candidate> {
    vec![Candidate {
        label: format!("default ({DEFAULT_VPC})"),
        facts: json!({"id": DEFAULT_VPC, "is_default": true, "tags": {}}),
        outputs: json!({"id": DEFAULT_VPC, "arn": format!("arn:aws:ec2:{region}:{account}:vpc/{DEFAULT_VPC}"), "cidr_block": "172.31.0.0/16"}),
    }]
}

const ZONES: [&str; 3] = ["a", "b", "c"];

fn default_subnets(At { account, region }: &At) -> Vec<Candidate> {
    let subnet = |zone: &str| {
        let (id, zone) = (format!("subnet-0default{zone}"), format!("{region}{zone}"));
        Candidate {
            label: id.clone(),
            facts: json!({"id": id, "vpc": DEFAULT_VPC, "availability_zone": zone, "tags": {}}),
            outputs: json!({"id": id, "arn": format!("arn:aws:ec2:{region}:{account}:subnet/{id}"), "availability_zone": zone}),
        }
    };
    ZONES.into_iter().map(subnet).collect()
}

/// The short name of a region in the ids of its zones: `euw1`, `use1`, `apne1`.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
fn short(region: &str) -> String {
    let part = |part: &str| match part {
        "northeast" => "ne".to_owned(),
        "southeast" => "se".to_owned(),
        "us" | "eu" | "ap" | "ca" | "sa" | "me" | "af" | "il" | "mx" | "cn" => part.to_owned(),
        part => part.chars().take(1).collect(),
    };
    region.split('-').map(part).collect()
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZone.html
fn zones(At { region, .. }: &At) -> Vec<Candidate> {
    let zone = |(at, letter): (usize, &str)| Candidate {
        label: format!("{region}{letter}"),
        facts: json!({"state": "available", "zone_type": "availability-zone"}),
        outputs: json!({"name": format!("{region}{letter}"), "id": format!("{}-az{}", short(region), at + 1)}),
    };
    ZONES.into_iter().enumerate().map(zone).collect()
}

// https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
fn prefix_lists(At { region, .. }: &At) -> Vec<Candidate> {
    let names = [
        "com.amazonaws.global.cloudfront.origin-facing".to_owned(),
        "com.amazonaws.global.groundstation".to_owned(),
        format!("com.amazonaws.{region}.dynamodb"),
        format!("com.amazonaws.{region}.ec2-instance-connect"),
        format!("com.amazonaws.{region}.route53-healthchecks"),
        format!("com.amazonaws.{region}.s3"),
        format!("com.amazonaws.{region}.vpc-lattice"),
    ];
    let list = |name: String| Candidate {
        facts: json!({ "name": name }),
        outputs: json!({"id": format!("pl-{}", &template::hash(&[&name])[..17])}),
        label: name,
    };
    names.into_iter().map(list).collect()
}

/// The newest image that an owner has published under a name: for other accounts than the sandbox's, one that fits.
fn image(At { account, .. }: &At, owner: &str, name: &str, architecture: Option<&str>) -> Vec<Candidate> {
    if owner == "self" || owner == account {
        return vec![];
    }
    let named = name.replace('*', "sandbox");
    let id = format!("ami-{}", &template::hash(&[owner, &named])[..17]);
    vec![Candidate {
        label: format!("{named} ({id})"),
        facts: json!({"owner": owner, "name": named, "architecture": architecture.unwrap_or("x86_64"), "created": "2024-01-01T00:00:00.000Z"}),
        outputs: json!({"id": id, "name": named}),
    }]
}

// https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateSummary.html
fn certificates(view: &View<'_>) -> Vec<Candidate> {
    let mut found = objects(view, "acm.certificate", |o| {
        let states = super::find("acm.certificate").map_or(super::AT_ONCE, |entry| entry.states);
        let status = match o.status(view.now, states) {
            Status::Ready => "ISSUED",
            Status::Failed(_) => "FAILED",
            _ => "PENDING_VALIDATION",
        };
        json!({"domain_name": o.inputs["domain_name"], "status": status})
    });
    for one in &mut found {
        let domain = one.facts["domain_name"].as_str().unwrap_or_default();
        one.label = format!("{domain} ({})", one.facts["status"].as_str().unwrap_or_default());
        let id = one.facts["id"].clone();
        one.outputs = json!({"id": id, "arn": id});
    }
    found
}

fn key(At { account, region }: &At, name: &str, key: &str) -> Candidate {
    Candidate {
        label: name.into(),
        facts: json!({ "name": name }),
        outputs: json!({
            "key": key,
            "key_arn": format!("arn:aws:kms:{region}:{account}:key/{key}"),
            "arn": format!("arn:aws:kms:{region}:{account}:{name}"),
        }),
    }
}

fn aliases(view: &View<'_>) -> Vec<Candidate> {
    let found = objects(view, "kms.alias", |o| json!({"key": o.inputs["key"]}));
    let named = |c: &Candidate| {
        Some(key(
            &view.contents.at,
            c.facts["id"].as_str()?,
            c.facts["key"].as_str()?,
        ))
    };
    found.iter().filter_map(named).collect()
}

/// The keys that AWS makes in an account for its services.
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
fn own_aliases(at: &At) -> Vec<Candidate> {
    let services = [
        "acm",
        "ebs",
        "lambda",
        "rds",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
    ];
    let alias = |service: &str| {
        let name = format!("alias/aws/{service}");
        key(at, &name, &template::hash(&[&at.named(&name)]))
    };
    services.into_iter().map(alias).collect()
}

/// Some of the policies that AWS manages.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
fn own_policies() -> Vec<Candidate> {
    let paths = [
        "AdministratorAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSSMManagedInstanceCore",
        "CloudWatchAgentServerPolicy",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "SecurityAudit",
        "job-function/ViewOnlyAccess",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "service-role/AmazonECSTaskExecutionRolePolicy",
        "service-role/AmazonRDSEnhancedMonitoringRole",
    ];
    let policy = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        Candidate {
            label: name.into(),
            facts: json!({"policy_name": name, "of": "AWS"}),
            outputs: json!({"arn": format!("arn:aws:iam::aws:policy/{path}")}),
        }
    };
    paths.into_iter().map(policy).collect()
}

fn parameters(view: &View<'_>, name: &str) -> Vec<Candidate> {
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
    if name.starts_with("/aws/service/") {
        let hash = template::hash(&[name]);
        let value = if name.contains("ami") {
            format!("ami-{}", &hash[..17])
        } else {
            format!("sandbox-{hash}")
        };
        return vec![Candidate {
            label: name.into(),
            facts: json!({"name": name, "type": "String"}),
            outputs: json!({ "value": value }),
        }];
    }
    let mut found = objects(
        view,
        "ssm.parameter",
        |o| json!({"name": o.inputs["name"], "type": o.inputs["kind"], "value": o.inputs["value"]}),
    );
    for one in &mut found {
        let encrypted = one.facts["type"] == "SecureString";
        if encrypted {
            one.label = format!("{} (encrypted)", one.label);
        }
        let value = one.facts.as_object_mut().and_then(|facts| facts.remove("value"));
        one.outputs = json!({"value": value.filter(|_| !encrypted)});
    }
    found
}

fn tagged_image(view: &View<'_>, repository: &str, tag: &str) -> Vec<Candidate> {
    let found = objects(
        view,
        "ecr.repository",
        |o| json!({"repository_name": o.inputs["repository_name"]}),
    );
    let own = found.into_iter().filter(|c| c.facts["id"] == repository);
    let image = |c: Candidate| {
        let hash = template::hash(&[repository, tag]);
        let digest = format!("sha256:{hash:0<64}");
        let uri = c.outputs["uri"].as_str().unwrap_or_default();
        Candidate {
            label: format!("{repository}:{tag}"),
            facts: json!({"repository_name": repository, "tag": tag}),
            outputs: json!({"digest": digest, "uri": format!("{uri}@{digest}")}),
        }
    };
    own.map(image).collect()
}
