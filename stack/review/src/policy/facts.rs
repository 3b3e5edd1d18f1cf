//! Facts about a resource that a rule cannot compute: what its policy documents allow, what reaches it, what it costs.

use serde_json::{Value, json};

/// The facts about a resource of type `kind` with these inputs.
pub fn facts(kind: &str, inputs: &Value, tags: &Value) -> Value {
    let mut facts = json!({"cost": cost(kind, inputs)});
    let statements: Vec<&Value> = documents(inputs);
    if !statements.is_empty() {
        facts["public"] = statements.iter().any(|s| lets_anyone_in(s)).into();
        facts["admin"] = statements.iter().any(|s| is_admin(s)).into();
        let wild: Vec<&str> = statements.iter().flat_map(|s| wildcards(s)).collect();
        facts["wildcards"] = json!(wild);
    }
    if kind == "s3.bucket" && inputs["public_access_block"].is_object() {
        let block = &inputs["public_access_block"];
        facts["public"] =
            (block["block_public_policy"] == false || block["restrict_public_buckets"] == false).into();
    }
    if let Some((from, to)) = internet(kind, inputs) {
        facts["internet"] = json!({"from": from, "to": to});
    }
    if let Some(encrypted) = encrypted(kind, inputs) {
        facts["encrypted"] = encrypted.into();
    }
    let protected = inputs["deletion_protection"] == true || tags["tenon:protected"] == "true";
    facts["protected"] = protected.into();
    facts
}

/// The statements of every policy document in the inputs.
pub fn documents(inputs: &Value) -> Vec<&Value> {
    let fields = inputs.as_object().into_iter().flat_map(|map| map.values());
    let statements = fields.filter_map(|field| field["Statement"].as_array());
    statements.flatten().collect()
}

fn texts<'a>(statement: &'a Value, member: &str) -> Vec<&'a str> {
    match &statement[member] {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => vec![one],
        _ => vec![],
    }
}

fn allows(statement: &Value) -> bool {
    statement["Effect"] == "Allow"
}

/// `true` for a statement that allows something to everyone, under no condition.
pub fn lets_anyone_in(statement: &Value) -> bool {
    let anyone = |of: &Value| of == "*" || of.as_array().is_some_and(|all| all.iter().any(|one| one == "*"));
    let principals = &statement["Principal"];
    let any = anyone(principals) || principals.as_object().is_some_and(|all| all.values().any(anyone));
    let not = statement["NotPrincipal"]
        .as_object()
        .is_some_and(|all| !all.is_empty());
    let condition = statement["Condition"]
        .as_object()
        .is_some_and(|all| !all.is_empty());
    allows(statement) && (any || not) && !condition
}

fn everything(statement: &Value) -> bool {
    texts(statement, "Resource").contains(&"*")
}

/// `true` for a statement that allows every action, or all of IAM, on everything.
fn is_admin(statement: &Value) -> bool {
    let actions = texts(statement, "Action");
    let all = actions.iter().any(|a| ["*", "*:*", "iam:*"].contains(a));
    let but = statement["NotAction"]
        .as_array()
        .is_some_and(|all| !all.is_empty());
    allows(statement) && everything(statement) && (all || but)
}

/// The actions with a wildcard that a statement allows on every resource.
fn wildcards(statement: &Value) -> Vec<&str> {
    if !allows(statement) || !everything(statement) {
        return vec![];
    }
    let actions = texts(statement, "Action").into_iter();
    actions.filter(|a| a.contains('*') || a.contains('?')).collect()
}

/// The ports that a rule of a security group opens to any address.
pub fn internet(kind: &str, inputs: &Value) -> Option<(i64, i64)> {
    if kind != "ec2.ingress_rule" {
        return None;
    }
    let cidr = inputs["source"]["cidr"]
        .as_str()
        .or_else(|| inputs["source"]["cidr6"].as_str());
    let length = |cidr: &str| {
        cidr.rsplit_once('/')
            .and_then(|(_, bits)| bits.parse::<u32>().ok())
    };
    // Two ranges that together are everything are as open as one.
    cidr.and_then(length).filter(|bits| *bits <= 1)?;
    let traffic = &inputs["traffic"];
    if traffic == "all" {
        return Some((0, 65_535));
    }
    let ports = ["tcp", "udp"].iter().find_map(|p| traffic.get(p))?;
    Some((ports["from"].as_i64()?, ports["to"].as_i64()?))
}

/// Encryption at rest of what is stored, for types where AWS does not do so by itself.
fn encrypted(kind: &str, inputs: &Value) -> Option<bool> {
    match kind {
        "rds.db_instance" => inputs["storage_encrypted"].as_bool(),
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html: on unless turned off.
        "sqs.queue" => {
            let own = inputs["kms_master_key_id"].is_null() && inputs["sqs_managed_sse_enabled"] == false;
            Some(!own)
        }
        _ => None,
    }
}

/// The class of the price: 0 nothing or by use, 1 tens, 2 hundreds, 3 thousands of dollars a month.
///
/// By type and size alone, and not by a price list: <https://aws.amazon.com/rds/pricing/>,
/// <https://aws.amazon.com/vpc/pricing/>, <https://aws.amazon.com/elasticloadbalancing/pricing/>.
fn cost(kind: &str, inputs: &Value) -> i64 {
    match kind {
        "ec2.nat_gateway" | "elb.load_balancer" => 1,
        "ec2.vpc_endpoint" => i64::from(!inputs["subnets"].as_array().is_none_or(Vec::is_empty)),
        "rds.db_instance" => {
            let size = inputs["db_instance_class"].as_str().unwrap_or_default();
            let size = size.rsplit('.').next().unwrap_or_default();
            let class = match size {
                "micro" | "small" | "medium" => 1,
                "large" | "xlarge" | "2xlarge" => 2,
                _ => 3,
            };
            let twice = inputs["multi_az"] == true && size == "2xlarge";
            class + i64::from(twice)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, inputs: &Value) -> Value {
        facts(kind, inputs, &Value::Null)
    }

    #[test]
    fn what_a_policy_document_allows_is_seen_whatever_its_form() {
        let policy =
            |statement: Value| json!({"policy": {"Version": "2012-10-17", "Statement": [statement]}});
        let admin = |s| of("iam.role_policy", &policy(s))["admin"] == true;
        assert!(admin(
            json!({"Effect": "Allow", "Action": ["*"], "Resource": ["*"]})
        ));
        assert!(admin(
            json!({"Effect": "Allow", "Action": "iam:*", "Resource": "*"})
        ));
        assert!(admin(
            json!({"Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"]})
        ));
        assert!(!admin(
            json!({"Effect": "Deny", "Action": ["*"], "Resource": ["*"]})
        ));
        assert!(!admin(
            json!({"Effect": "Allow", "Action": ["*"], "Resource": ["arn:aws:s3:::a"]})
        ));
        let public = |s| of("s3.bucket_policy", &policy(s))["public"] == true;
        let read = |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::a/*"]});
        assert!(
            public(read(json!("*")))
                && public(read(json!({"AWS": ["*"]})))
                && public(read(json!({"AWS": "*"})))
        );
        assert!(!public(read(json!({"AWS": ["111111111111"]}))));
        let mut only = read(json!("*"));
        only["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": ["o-1"]}});
        assert!(!public(only));
        let mut deny = read(json!("*"));
        deny["Effect"] = json!("Deny");
        assert!(!public(deny));
        let wild = of(
            "iam.role_policy",
            &policy(json!({"Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"], "Resource": ["*"]})),
        );
        assert_eq!(wild["wildcards"], json!(["s3:Get*"]));
    }

    #[test]
    fn a_rule_is_open_to_the_internet_by_its_range_and_ports() {
        let rule = |cidr: &str, traffic: Value| json!({"source": {"cidr": cidr}, "traffic": traffic});
        let open = |inputs| internet("ec2.ingress_rule", &inputs);
        assert_eq!(
            open(rule("0.0.0.0/0", json!({"tcp": {"from": 20, "to": 30}}))),
            Some((20, 30))
        );
        assert_eq!(open(rule("128.0.0.0/1", json!("all"))), Some((0, 65_535)));
        assert_eq!(open(rule("10.0.0.0/8", json!("all"))), None);
        let six = json!({"source": {"cidr6": "::/0"}, "traffic": {"udp": {"from": 53, "to": 53}}});
        assert_eq!(open(six), Some((53, 53)));
        assert_eq!(open(json!({"source": {"group": "sg-1"}, "traffic": "all"})), None);
        assert_eq!(
            internet("ec2.egress_rule", &rule("0.0.0.0/0", json!("all"))),
            None
        );
    }
}
