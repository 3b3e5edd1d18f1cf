//! The meanings of the words of S3's calls.

use serde_json::{Map, Value, json};

pub(super) fn website(map: &Map<String, Value>) -> Option<Value> {
    let (kind, value) = map.iter().next()?;
    let mut out = Map::new();
    let mut put = |member: &str, name: &str, value: &Value| {
        if !value.is_null() {
            out.insert(member.into(), json!({ name: value }));
        }
    };
    if kind == "pages" {
        put("IndexDocument", "Suffix", &value["index"]);
        put("ErrorDocument", "Key", &value["error"]);
    } else {
        out.insert("RedirectAllRequestsTo".into(), value.clone());
    }
    Some(Value::Object(out))
}

pub(super) fn notification(map: &Map<String, Value>) -> Value {
    let mut out = map.clone();
    if out.remove("event_bridge_configuration") == Some(json!(true)) {
        out.insert("EventBridgeConfiguration".into(), json!({}));
    }
    Value::Object(out)
}

pub(super) fn event_target(shape: &str, map: &Map<String, Value>) -> Value {
    let arn = shape.replace("Configuration", "Arn");
    let rule = |name: &str| Some(json!({ "Name": name, "Value": map.get(name)? }));
    let rules: Vec<Value> = ["prefix", "suffix"].into_iter().filter_map(rule).collect();
    let mut out = json!({ arn: map.get("arn"), "Events": map.get("events") });
    if !rules.is_empty() {
        out["Filter"] = json!({ "Key": { "FilterRules": rules } });
    }
    out
}

pub(super) fn replication_rule(map: &Map<String, Value>) -> Value {
    let of = |name: &str| map.get(name).cloned().unwrap_or_default();
    let mut destination = json!({ "Bucket": of("destination") });
    if !of("storage_class").is_null() {
        destination["StorageClass"] = of("storage_class");
    }
    let copied = if of("delete_markers") == true {
        "Enabled"
    } else {
        "Disabled"
    };
    json!({
        "ID": of("id"), "Priority": of("priority"), "Filter": { "Prefix": of("prefix") }, "Status": "Enabled",
        "Destination": destination, "DeleteMarkerReplication": { "Status": copied },
    })
}

pub(super) fn bucket_encryption(value: &Value) -> Value {
    let by = match value.get("kms") {
        None => json!({ "SSEAlgorithm": "AES256" }),
        Some(Value::Null) => json!({ "SSEAlgorithm": "aws:kms" }),
        Some(key) => json!({ "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key }),
    };
    let bucket_key = value.get("kms").is_some();
    json!({ "Rules": [{ "ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": bucket_key }] })
}

pub(super) fn lifecycle_rule(rule: &Value) -> Value {
    let prefix = rule["prefix"].as_str().unwrap_or_default();
    let tags = rule["tags"].as_array();
    let filter = match tags {
        None => json!({ "Prefix": prefix }),
        Some(tags) => {
            let tags: Vec<Value> = tags
                .iter()
                .map(|t| json!({ "Key": t[0], "Value": t[1] }))
                .collect();
            let mut and = json!({ "Tags": tags });
            if !prefix.is_empty() {
                and["Prefix"] = prefix.into();
            }
            json!({ "And": and })
        }
    };
    let status = if rule["enabled"] == true {
        "Enabled"
    } else {
        "Disabled"
    };
    let mut out = json!({ "ID": rule["id"], "Filter": filter, "Status": status });
    let moved = |list: &Value, days: &str| -> Option<Value> {
        let one = |t: &Value| json!({ days: t["days"], "StorageClass": t["storage_class"] });
        Some(list.as_array()?.iter().map(one).collect())
    };
    let days = |name: &str, member: &str| rule.get(name).map(|days| json!({ member: days }));
    let parts = [
        ("Expiration", days("expire_after", "Days")),
        ("Transitions", moved(&rule["transitions"], "Days")),
        (
            "NoncurrentVersionExpiration",
            days("expire_old_versions_after", "NoncurrentDays"),
        ),
        (
            "NoncurrentVersionTransitions",
            moved(&rule["old_version_transitions"], "NoncurrentDays"),
        ),
        (
            "AbortIncompleteMultipartUpload",
            days("abort_uploads_after", "DaysAfterInitiation"),
        ),
    ];
    for (member, value) in parts {
        if let Some(value) = value {
            out[member] = value;
        }
    }
    out
}
