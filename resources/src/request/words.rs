//! The meanings of a call's own words, by the shape that AWS has in their place.

use super::s3;
use serde_json::{Map, Value, json};

/// The parameters of an operation that looks something up when it is sent.
pub(super) fn of_operation(operation: &str, params: &Value) -> Option<Value> {
    let mut out = params.clone();
    let members = out.as_object_mut()?;
    match operation {
        "ReplaceNetworkAclAssociation" => {
            let subnet = members.remove("subnet_id")?;
            let subnet = subnet.as_str().unwrap_or("the subnet").to_owned();
            let of = |what: String| json!({ "$lookup": what });
            members.insert(
                "association_id".into(),
                of(format!("looked up: the association of {subnet}")),
            );
            members
                .entry("network_acl_id")
                .or_insert_with(|| of("looked up: the VPC's default network ACL".into()));
        }
        "DeleteObjects" => {
            let everything = "listed: each version and delete marker, up to 1,000 a call";
            members.insert("delete".into(), json!({ "$lookup": everything }));
        }
        _ => return None,
    }
    Some(out)
}

/// The value in AWS's words, where the call has its own for this shape.
// Long: a line or a few for each shape.
pub(super) fn of_shape(service: &str, shape: &str, value: &Value) -> Option<Value> {
    let map = value.as_object();
    Some(match (service, shape) {
        ("ec2", "TagSpecification") => renamed(map?, &[("of", "ResourceType")]),
        ("ec2", "IpPermission") => ip_permission(map?),
        ("ec2", "AttributeBooleanValue") if !value.is_object() => json!({ "Value": value }),
        ("ec2", "AttributeValue" | "BlobAttributeValue" | "SecureBlobAttributeValue")
            if !value.is_object() =>
        {
            json!({ "Value": value })
        }
        ("ec2", "InstanceMetadataOptionsRequest" | "LaunchTemplateInstanceMetadataOptionsRequest") => {
            metadata_options(map?)
        }
        ("ec2", "RequestLaunchTemplateData") => launch_template(map?),
        ("ec2", "NewDhcpConfigurationList") if value.is_object() => pairs(map?, "Key", "Values"),
        ("ec2", "IcmpTypeCode") => {
            let number = |name: &str| map?.get(name).filter(|v| !v.is_null()).cloned();
            let any = || json!(-1);
            json!({"Type": number("kind").unwrap_or_else(any), "Code": number("code").unwrap_or_else(any)})
        }
        ("ecs", "ClusterConfiguration") => execute_command(map?),
        ("ecs", "DeploymentConfiguration") => deployment(map?),
        ("ecs", "NetworkConfiguration") => {
            let mut vpc = map?.clone();
            let public = vpc.get("assign_public_ip") == Some(&json!(true));
            vpc.insert(
                "assign_public_ip".into(),
                if public { "ENABLED" } else { "DISABLED" }.into(),
            );
            json!({ "awsvpcConfiguration": vpc })
        }
        ("ecs", "ContainerDefinition") => container(map?),
        ("ecs", "FirelensConfiguration") => renamed(map?, &[("router", "type")]),
        ("ecs", "EnvironmentFile") if map.is_none_or(|map| !map.contains_key("value")) => {
            json!({ "type": "s3", "value": value })
        }
        ("ecs", "LogConfiguration") => renamed(map?, &[("driver", "logDriver")]),
        ("ecs", "EphemeralStorage") if !value.is_object() => json!({ "sizeInGiB": value }),
        ("ecs", "RuntimePlatform") => renamed(map?, &[("operating_system", "operatingSystemFamily")]),
        ("ecs", "ContainerDependency") if !value.is_object() => return None,
        ("ecs", "ContainerDependencies") => pairs(map?, "containerName", "condition"),
        ("ecs", "Volume") => volume(map?),
        ("elb", "Certificate") if !value.is_object() => json!({ "CertificateArn": value }),
        ("elb", "Action") => action(map?)?,
        ("elb", "RuleCondition") => condition(map?)?,
        ("elb", "Matcher") => {
            let grpc = map?.get("grpc") == Some(&json!(true));
            json!({ if grpc { "GrpcCode" } else { "HttpCode" }: map?.get("codes")? })
        }
        ("appscaling", "SuspendedState") => renamed(
            map?,
            &[
                ("scale_in", "DynamicScalingInSuspended"),
                ("scale_out", "DynamicScalingOutSuspended"),
                ("scheduled", "ScheduledScalingSuspended"),
            ],
        ),
        ("appscaling", "TargetTrackingScalingPolicyConfiguration") => tracking(map?)?,
        ("secretsmanager", "RotationRulesType") => renamed(map?, &[("schedule", "ScheduleExpression")]),
        ("cloudwatch", "MetricDataQueries") => value.as_object()?.iter().map(metric_query).collect(),
        ("rds", "CloudwatchLogsExportConfiguration") => renamed(
            map?,
            &[("enable", "EnableLogTypes"), ("disable", "DisableLogTypes")],
        ),
        ("rds", "Parameter") => renamed(map?, &[("name", "ParameterName"), ("value", "ParameterValue")]),
        ("rds", ".string") => {
            let (of, operation) = (map?.get("of")?, map?.get("operation")?);
            json!({ "$join": [of, "-", operation] })
        }
        ("route53", "VPC") => renamed(map?, &[("region", "VPCRegion")]),
        ("route53", "ChangeBatch") => changes(map?)?,
        ("s3", "Tagging") if map?.get("TagSet").is_none() => json!({ "TagSet": value }),
        ("s3", "VersioningConfiguration") if value.is_string() => json!({ "Status": value }),
        ("s3", "OwnershipControls") if value.is_string() => {
            json!({ "Rules": [{ "ObjectOwnership": value }] })
        }
        ("s3", "CORSConfiguration") if value.is_array() => json!({ "CORSRules": value }),
        ("s3", "WebsiteConfiguration") => s3::website(map?)?,
        ("s3", "NotificationConfiguration") => s3::notification(map?),
        ("s3", "TopicConfiguration" | "QueueConfiguration" | "LambdaFunctionConfiguration") => {
            s3::event_target(shape, map?)
        }
        ("s3", "ReplicationRule") => s3::replication_rule(map?),
        ("s3", "ServerSideEncryptionConfiguration") => s3::bucket_encryption(value),
        ("s3", "BucketLifecycleConfiguration") => {
            let rules: Vec<Value> = value.as_array()?.iter().map(s3::lifecycle_rule).collect();
            json!({ "Rules": rules })
        }
        ("ecr", "EncryptionConfiguration") => match (value.as_str(), map.and_then(|m| m.get("kms"))) {
            (Some(_), _) | (_, None) => json!({ "encryptionType": "AES256" }),
            (_, Some(key)) => json!({ "encryptionType": "KMS", "kmsKey": key }),
        },
        ("ecr", ".string") => {
            let rules = value.as_array()?;
            rules.first()?.get("images")?;
            let rules = rules.iter().enumerate().filter_map(image_rule);
            json!({ "rules": rules.collect::<Vec<_>>() })
        }
        _ => return None,
    })
}

fn renamed(map: &Map<String, Value>, names: &[(&str, &str)]) -> Value {
    let name = |of: &String| {
        let new = names.iter().find(|(old, _)| old == of);
        new.map_or_else(|| of.clone(), |(_, new)| (*new).to_owned())
    };
    Value::Object(map.iter().map(|(of, value)| (name(of), value.clone())).collect())
}

/// The switches of metadata options are words.
fn metadata_options(map: &Map<String, Value>) -> Value {
    let word = |value: &Value| match value {
        Value::Bool(true) => json!("enabled"),
        Value::Bool(false) => json!("disabled"),
        other => other.clone(),
    };
    Value::Object(map.iter().map(|(of, value)| (of.clone(), word(value))).collect())
}

/// The settings of a launch template, of which some are structures or lists of one.
fn launch_template(map: &Map<String, Value>) -> Value {
    let mut out = map.clone();
    let mut take = |name: &str| out.remove(name).filter(|value| !value.is_null());
    let (profile, monitoring) = (take("iam_instance_profile"), take("monitoring"));
    let (root, tags) = (take("root_device"), take("instance_tags"));
    if let Some(profile) = profile {
        out.insert("IamInstanceProfile".into(), json!({ "Name": profile }));
    }
    if let Some(on) = monitoring {
        out.insert("Monitoring".into(), json!({ "Enabled": on }));
    }
    if let Some(root) = root {
        let ebs = json!({"VolumeSize": root["size"], "VolumeType": root["volume_type"], "Encrypted": root["encrypted"], "DeleteOnTermination": true});
        let mapping = json!([{ "DeviceName": root["device_name"], "Ebs": ebs }]);
        out.insert("BlockDeviceMappings".into(), mapping);
    }
    if let Some(tags) = tags.filter(|tags| *tags != json!({})) {
        let of = |resource: &str| json!({ "ResourceType": resource, "Tags": tags });
        out.insert("TagSpecifications".into(), json!([of("instance"), of("volume")]));
    }
    Value::Object(out)
}

fn pairs(map: &Map<String, Value>, key: &str, to: &str) -> Value {
    map.iter()
        .map(|(name, value)| json!({ key: name, to: value }))
        .collect()
}

/// A peer of a security group's rule is in a list of its kind, with the description.
fn ip_permission(map: &Map<String, Value>) -> Value {
    const PEERS: [(&str, &str, &str); 5] = [
        ("cidr_ip", "IpRanges", "CidrIp"),
        ("cidr_ipv4", "IpRanges", "CidrIp"),
        ("cidr_ipv6", "Ipv6Ranges", "CidrIpv6"),
        ("prefix_list_id", "PrefixListIds", "PrefixListId"),
        ("referenced_group_id", "UserIdGroupPairs", "GroupId"),
    ];
    let mut out = map.clone();
    let description = out.remove("description");
    for (name, list, member) in PEERS {
        if let Some(peer) = out.remove(name) {
            let mut entry = Map::from_iter([(member.to_owned(), peer)]);
            if let Some(text) = &description {
                entry.insert("Description".into(), text.clone());
            }
            out.insert(list.into(), json!([entry]));
        }
    }
    // What a new group allows to go out is about every protocol.
    out.entry("ip_protocol").or_insert_with(|| "-1".into());
    Value::Object(out)
}

fn execute_command(map: &Map<String, Value>) -> Value {
    let mut command = Map::new();
    if let Some(key) = map.get("kms_key").filter(|v| !v.is_null()) {
        command.insert("kmsKeyId".into(), key.clone());
    }
    let group = map.get("log_group").filter(|v| !v.is_null());
    let logging = if group.is_some() { "OVERRIDE" } else { "DEFAULT" };
    command.insert("logging".into(), logging.into());
    if let Some(group) = group {
        command.insert(
            "logConfiguration".into(),
            json!({ "cloudWatchLogGroupName": group }),
        );
    }
    json!({ "executeCommandConfiguration": command })
}

fn deployment(map: &Map<String, Value>) -> Value {
    let mut out = map.clone();
    if let Some(Value::String(word)) = out.remove("circuit_breaker") {
        let breaker = json!({ "enable": word != "off", "rollback": word == "roll_back" });
        out.insert("deploymentCircuitBreaker".into(), breaker);
    }
    if let Some(Value::Array(names)) = out.remove("alarms") {
        let watched = !names.is_empty();
        let alarms = json!({ "alarmNames": names, "enable": watched, "rollback": watched });
        out.insert("alarms".into(), alarms);
    }
    Value::Object(out)
}

fn container(map: &Map<String, Value>) -> Value {
    let mut out = map.clone();
    let full = |value: Option<Value>| value.filter(|v| v.as_array().is_some_and(|a| !a.is_empty()));
    let (add, drop) = (
        full(out.remove("add_capabilities")),
        full(out.remove("drop_capabilities")),
    );
    let init = out.remove("init_process_enabled") == Some(json!(true));
    let mut linux = Map::new();
    if add.is_some() || drop.is_some() {
        let some = |name: &str, list: Option<Value>| Some((name.to_owned(), list?));
        let capabilities = [some("add", add), some("drop", drop)].into_iter().flatten();
        linux.insert("capabilities".into(), Value::Object(capabilities.collect()));
    }
    if init || !linux.is_empty() {
        linux.insert("initProcessEnabled".into(), init.into());
        out.insert("linuxParameters".into(), Value::Object(linux));
    }
    if let Some(Value::String(secret)) = out.get("repository_credentials").cloned() {
        out.insert(
            "repository_credentials".into(),
            json!({ "credentialsParameter": secret }),
        );
    }
    Value::Object(out)
}

fn volume(map: &Map<String, Value>) -> Value {
    let mut out = json!({ "name": map.get("name") });
    if let Some(path) = map.get("host_path").filter(|v| !v.is_null()) {
        out["host"] = json!({ "sourcePath": path });
    }
    if let Some(efs) = map.get("efs").filter(|v| !v.is_null()) {
        let mut to = json!({
            "fileSystemId": efs["file_system"], "rootDirectory": efs["root_directory"], "transitEncryption": "ENABLED",
        });
        if !efs["access_point"].is_null() {
            let iam = if efs["iam"] == true { "ENABLED" } else { "DISABLED" };
            to["authorizationConfig"] = json!({ "accessPointId": efs["access_point"], "iam": iam });
        }
        out["efsVolumeConfiguration"] = to;
    }
    out
}

fn action(map: &Map<String, Value>) -> Option<Value> {
    let (kind, value) = map.iter().next()?;
    Some(match kind.as_str() {
        "forward" => {
            let mut config = json!({ "TargetGroups": value["to"] });
            if !value["stickiness_seconds"].is_null() {
                config["TargetGroupStickinessConfig"] =
                    json!({ "Enabled": true, "DurationSeconds": value["stickiness_seconds"] });
            }
            json!({ "Type": "forward", "ForwardConfig": config })
        }
        "redirect" => {
            json!({ "Type": "redirect", "RedirectConfig": renamed(value.as_object()?, &[("status", "StatusCode")]) })
        }
        "fixed_response" => {
            let mut config = json!({ "StatusCode": value["status"], "ContentType": value["content_type"] });
            if value["body"].as_str().is_none_or(|body| !body.is_empty()) {
                config["MessageBody"] = value["body"].clone();
            }
            json!({ "Type": "fixed-response", "FixedResponseConfig": config })
        }
        _ => return None,
    })
}

fn condition(map: &Map<String, Value>) -> Option<Value> {
    let (kind, value) = map.iter().next()?;
    Some(match kind.as_str() {
        "path" => json!({ "Field": "path-pattern", "PathPatternConfig": { "Values": value } }),
        "host" => json!({ "Field": "host-header", "HostHeaderConfig": { "Values": value } }),
        "method" => json!({ "Field": "http-request-method", "HttpRequestMethodConfig": { "Values": value } }),
        "header" => json!({
            "Field": "http-header", "HttpHeaderConfig": { "HttpHeaderName": value["name"], "Values": value["values"] },
        }),
        "query" => json!({ "Field": "query-string", "QueryStringConfig": { "Values": value } }),
        "source_ip" | "source" => json!({ "Field": "source-ip", "SourceIpConfig": { "Values": value } }),
        _ => return None,
    })
}

fn tracking(map: &Map<String, Value>) -> Option<Value> {
    let mut out = map.clone();
    let metric = out.remove("metric")?;
    let predefined = |word: Value| json!({ "PredefinedMetricType": word });
    let (member, value) = match (metric.as_str(), metric.as_object()) {
        (Some("ecs_service_average_cpu"), _) => (true, predefined("ECSServiceAverageCPUUtilization".into())),
        (Some("ecs_service_average_memory"), _) => {
            (true, predefined("ECSServiceAverageMemoryUtilization".into()))
        }
        (_, Some(map)) => {
            let (kind, value) = map.iter().next()?;
            match kind.as_str() {
                "alb_requests_per_target" => {
                    let mut of = predefined("ALBRequestCountPerTarget".into());
                    of["ResourceLabel"] = value["resource_label"].clone();
                    (true, of)
                }
                "predefined" => (true, predefined(value.clone())),
                _ => (false, value.clone()),
            }
        }
        _ => return None,
    };
    let member = if member {
        "PredefinedMetricSpecification"
    } else {
        "CustomizedMetricSpecification"
    };
    out.insert(member.into(), value);
    Some(Value::Object(out))
}

fn metric_query((id, query): (&String, &Value)) -> Value {
    let mut out = json!({ "Id": id, "ReturnData": query["return_data"] });
    for (name, member) in [
        ("expression", "Expression"),
        ("label", "Label"),
        ("period", "Period"),
    ] {
        if !query[name].is_null() {
            out[member] = query[name].clone();
        }
    }
    let metric = &query["metric"];
    if metric.is_object() {
        let mut of = json!({ "Namespace": metric["namespace"], "MetricName": metric["name"] });
        if metric["dimensions"].is_object() {
            of["Dimensions"] = metric["dimensions"].clone();
        }
        out["MetricStat"] = json!({ "Metric": of, "Period": metric["period"], "Stat": metric["statistic"] });
    }
    out
}

/// A routing policy: a member of its own for each kind.
fn routed(routing: &Value) -> (&'static str, Value) {
    let (kind, value) = match routing.as_object().and_then(|map| map.iter().next()) {
        Some((kind, value)) => (kind.as_str(), value.clone()),
        None => ("", json!(true)),
    };
    match kind {
        "weight" => ("Weight", value),
        "failover" => ("Failover", value),
        "region" => ("Region", value),
        "country" => ("GeoLocation", json!({ "CountryCode": value })),
        _ => ("MultiValueAnswer", value),
    }
}

fn changes(map: &Map<String, Value>) -> Option<Value> {
    let mut set = map.clone();
    let action = set.remove("action")?;
    if let Some(routing) = set.remove("routing") {
        let (member, value) = routed(&routing);
        set.insert(member.into(), value);
    }
    let change = |set: Value| json!({ "Action": action, "ResourceRecordSet": set });
    let records = match set.remove("records") {
        // The records that validate a certificate, `NAME CNAME VALUE`, as AWS says them.
        Some(Value::String(text)) => text
            .lines()
            .flat_map(|line| line.split(", "))
            .filter_map(|line| line.split_once(" CNAME "))
            .map(|(name, value)| {
                change(json!({ "Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{ "Value": value }] }))
            })
            .collect(),
        Some(_) => return Some(json!({ "$lookup": "read from the certificate: its records" })),
        None => {
            let quoted = set.get("type") == Some(&json!("TXT"));
            let values = set.remove("resource_records").and_then(|v| v.as_array().cloned());
            let value = |v: Value| match v.as_str() {
                Some(text) if quoted && !text.starts_with('"') => json!({ "Value": format!("\"{text}\"") }),
                _ => json!({ "Value": v }),
            };
            let values: Vec<Value> = values.into_iter().flatten().map(value).collect();
            if !values.is_empty() {
                set.insert("ResourceRecords".into(), json!(values));
            }
            vec![change(Value::Object(set))]
        }
    };
    Some(json!({ "Changes": records }))
}

/// "Lifecycle policy properties": <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>
fn image_rule((index, rule): (usize, &Value)) -> Option<Value> {
    let images = &rule["images"];
    let mut selection = match images.as_str() {
        Some(word) => json!({ "tagStatus": word }),
        None => match images.as_object()?.iter().next()? {
            (kind, patterns) if kind == "tagged" => {
                json!({ "tagStatus": "tagged", "tagPatternList": patterns })
            }
            (_, prefixes) => json!({ "tagStatus": "tagged", "tagPrefixList": prefixes }),
        },
    };
    match rule["expire"].as_object()?.iter().next()? {
        (kind, count) if kind == "more_than" => {
            selection["countType"] = "imageCountMoreThan".into();
            selection["countNumber"] = count.clone();
        }
        (_, days) => {
            selection["countType"] = "sinceImagePushed".into();
            selection["countUnit"] = "days".into();
            selection["countNumber"] = days.clone();
        }
    }
    let mut out =
        json!({ "rulePriority": index + 1, "selection": selection, "action": { "type": "expire" } });
    if rule["description"].as_str().is_some_and(|text| !text.is_empty()) {
        out["description"] = rule["description"].clone();
    }
    Some(out)
}
