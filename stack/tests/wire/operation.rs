//! Which call a request is: each protocol says it in its own place.

/// The service's name as plans have it, and the operation's.
pub(crate) fn of(head: &str, body: &[u8]) -> (String, String) {
    let scope = header(head, "authorization")
        .and_then(|a| a.split("Credential=").nth(1))
        .unwrap_or_default();
    let service = match scope.split('/').nth(3).unwrap_or("?") {
        "application-autoscaling" => "appscaling",
        "elasticloadbalancing" => "elb",
        "monitoring" => "cloudwatch",
        other => other,
    };
    let first = head.lines().next().unwrap_or_default();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let body = String::from_utf8_lossy(body);
    let operation = if let Some(target) = header(head, "x-amz-target") {
        target.rsplit('.').next().unwrap_or(target).to_owned()
    } else if let Some(action) = body.split('&').find_map(|p| p.strip_prefix("Action=")) {
        action.to_owned()
    } else if let Some((_, operation)) = path.split_once("/operation/") {
        operation.to_owned()
    } else {
        let known = match service {
            "s3" => s3(method, path),
            "route53" => route53(method, path),
            _ => None,
        };
        // One that nobody knows is no plan's: the comparison shows it as it is.
        known.map_or_else(|| format!("{method} {path}"), ToOwned::to_owned)
    };
    (service.to_owned(), operation)
}

/// A header's value.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|l| l.split_once(':'));
    lines
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, v)| v.trim())
}

/// S3 says it by the method and the name of the subresource.
fn s3(method: &str, path: &str) -> Option<&'static str> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let bucket = !path.trim_matches('/').contains('/');
    let subresource = query
        .split('&')
        .map(|p| p.split('=').next().unwrap_or(p))
        .find(|p| *p != "x-id")
        .unwrap_or_default();
    if path.trim_matches('/').is_empty() {
        return (method == "GET").then_some("ListBuckets");
    }
    Some(match (method, bucket, subresource) {
        ("PUT", true, "") => "CreateBucket",
        ("PUT", true, "cors") => "PutBucketCors",
        ("PUT", true, "logging") => "PutBucketLogging",
        ("PUT", true, "notification") => "PutBucketNotificationConfiguration",
        ("PUT", true, "replication") => "PutBucketReplication",
        ("PUT", true, "website") => "PutBucketWebsite",
        ("PUT", true, "encryption") => "PutBucketEncryption",
        ("PUT", true, "lifecycle") => "PutBucketLifecycleConfiguration",
        ("PUT", true, "ownershipControls") => "PutBucketOwnershipControls",
        ("PUT", true, "policy") => "PutBucketPolicy",
        ("PUT", true, "publicAccessBlock") => "PutPublicAccessBlock",
        ("PUT", true, "tagging") => "PutBucketTagging",
        ("PUT", true, "versioning") => "PutBucketVersioning",
        ("GET", true, "cors") => "GetBucketCors",
        ("GET", true, "logging") => "GetBucketLogging",
        ("GET", true, "notification") => "GetBucketNotificationConfiguration",
        ("GET", true, "replication") => "GetBucketReplication",
        ("GET", true, "website") => "GetBucketWebsite",
        ("GET", true, "encryption") => "GetBucketEncryption",
        ("GET", true, "lifecycle") => "GetBucketLifecycleConfiguration",
        ("GET", true, "ownershipControls") => "GetBucketOwnershipControls",
        ("GET", true, "policy") => "GetBucketPolicy",
        ("GET", true, "publicAccessBlock") => "GetPublicAccessBlock",
        ("GET", true, "tagging") => "GetBucketTagging",
        ("GET", true, "versioning") => "GetBucketVersioning",
        ("GET", true, "versions") => "ListObjectVersions",
        ("HEAD", true, _) => "HeadBucket",
        ("PUT", false, "") => "PutObject",
        ("PUT", false, "tagging") => "PutObjectTagging",
        ("GET", false, "tagging") => "GetObjectTagging",
        ("HEAD", false, _) => "HeadObject",
        ("DELETE", false, "") => "DeleteObject",
        ("POST", true, "delete") => "DeleteObjects",
        ("DELETE", true, "") => "DeleteBucket",
        ("DELETE", true, "cors") => "DeleteBucketCors",
        ("DELETE", true, "replication") => "DeleteBucketReplication",
        ("DELETE", true, "website") => "DeleteBucketWebsite",
        ("DELETE", true, "encryption") => "DeleteBucketEncryption",
        ("DELETE", true, "lifecycle") => "DeleteBucketLifecycle",
        ("DELETE", true, "ownershipControls") => "DeleteBucketOwnershipControls",
        ("DELETE", true, "policy") => "DeleteBucketPolicy",
        ("DELETE", true, "publicAccessBlock") => "DeletePublicAccessBlock",
        ("DELETE", true, "tagging") => "DeleteBucketTagging",
        _ => return None,
    })
}

/// Route 53 says it by the method and the path.
fn route53(method: &str, path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or(path).trim_matches('/');
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    Some(match (method, parts.as_slice()) {
        ("GET", ["hostedzone"]) => "ListHostedZones",
        ("GET", ["hostedzone", _]) => "GetHostedZone",
        ("GET", ["hostedzone", _, "rrset"]) => "ListResourceRecordSets",
        ("GET", ["tags", "hostedzone", _]) => "ListTagsForResource",
        ("POST", ["hostedzone"]) => "CreateHostedZone",
        ("POST", ["hostedzone", _]) => "UpdateHostedZoneComment",
        ("DELETE", ["hostedzone", _]) => "DeleteHostedZone",
        ("POST", ["hostedzone", _, "rrset"]) => "ChangeResourceRecordSets",
        ("POST", ["hostedzone", _, "associatevpc"]) => "AssociateVPCWithHostedZone",
        ("POST", ["hostedzone", _, "disassociatevpc"]) => "DisassociateVPCFromHostedZone",
        ("POST", ["tags", "hostedzone", _]) => "ChangeTagsForResource",
        _ => return None,
    })
}
