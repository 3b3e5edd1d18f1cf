//! Questions that moto does not understand as they are asked, put as it does; and what it overhears, said again.
//!
//! No mutating call is touched or written down, and what is answered is moto's own.

/// What a request becomes, and what in the answer means "nothing".
pub(crate) struct Question {
    /// The body to send.
    pub(crate) body: String,
    /// The list that an empty answer has, and the operation.
    operation: &'static str,
    list: &'static str,
    member: &'static str,
}

/// Operation, filter, member of the request, code of the answer when one is missing, list in the answer. moto has no such
/// filter (it answers that it is not implemented) and takes the same ids as a list.
const ASKED_BY_FILTER: &[(&str, &str, &str, &str)] = &[
    (
        "DescribeNetworkAcls",
        "network-acl-id",
        "NetworkAclId",
        "networkAclSet",
    ),
    (
        "DescribeVpcEndpoints",
        "vpc-endpoint-id",
        "VpcEndpointId",
        "vpcEndpointSet",
    ),
];

impl Question {
    /// How moto is asked the same, when it has to be asked otherwise.
    pub(crate) fn for_moto(operation: &str, body: &str) -> Option<Self> {
        let (operation, filter, member, list) = *ASKED_BY_FILTER.iter().find(|(o, ..)| *o == operation)?;
        let asked = format!("Filter.1.Name={filter}");
        if !body.split('&').any(|p| p == asked) {
            return None;
        }
        let rest = body.split('&').filter(|p| *p != asked).map(|pair| {
            pair.strip_prefix("Filter.1.Value.")
                .map_or_else(|| pair.to_owned(), |value| format!("{member}.{value}"))
        });
        Some(Self {
            body: rest.collect::<Vec<_>>().join("&"),
            operation,
            list,
            member,
        })
    }

    /// The question without an id that `answer` says does not exist; `None` when it says nothing of the kind.
    pub(crate) fn without_missing(&self, answer: &str) -> Option<Self> {
        if !answer.contains(".NotFound</Code>") {
            return None;
        }
        let missing = |pair: &&str| {
            let id = pair.strip_prefix(self.member).and_then(|p| p.split_once('='));
            !id.is_some_and(|(_, id)| answer.contains(id))
        };
        let pairs: Vec<&str> = self.body.split('&').collect();
        let rest: Vec<&str> = pairs.iter().copied().filter(missing).collect();
        (rest.len() < pairs.len()).then(|| Self {
            body: rest.join("&"),
            ..*self
        })
    }

    /// Whether it still asks for anything.
    pub(crate) fn asks(&self) -> bool {
        self.body.split('&').any(|p| p.starts_with(self.member))
    }

    /// The answer to a question about nothing.
    pub(crate) fn nothing(&self) -> String {
        let Self { operation, list, .. } = self;
        format!(
            "<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>none</requestId><{list}/></{operation}Response>"
        )
    }
}

/// Answers that moto gives another root than AWS: operation, moto's, AWS's. A bucket that never had versions or notifications has them.
const ROOTS: [(&str, &str, &str); 2] = [
    (
        "GetBucketVersioning",
        "GetBucketVersioningResponse",
        "VersioningConfiguration",
    ),
    (
        "GetBucketNotificationConfiguration",
        "GetBucketNotificationResponse",
        "NotificationConfiguration",
    ),
];

/// An answer as AWS words it, where moto's cannot be read.
pub(crate) fn readable(operation: &str, body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, motos, aws) = ROOTS.iter().find(|(of, ..)| *of == operation)?;
    text.contains(motos).then(|| text.replace(motos, aws))
}

/// An answer about flow logs as AWS gives it: moto looks for a log group by `LogGroupName` alone, so a flow log whose group is named by
/// its ARN fails to deliver, whether there is such a group or not.
pub(crate) fn delivered(operation: &str, body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let by_arn = operation == "DescribeFlowLogs" && text.contains(":log-group:");
    by_arn.then(|| {
        text.replace(
            "<deliverLogsErrorMessage>Access error</deliverLogsErrorMessage>",
            "",
        )
        .replace(
            "<deliverLogsStatus>FAILED</deliverLogsStatus>",
            "<deliverLogsStatus>SUCCESS</deliverLogsStatus>",
        )
    })
}

/// The tags that a new bucket is asked to have, as `PutBucketTagging` takes them: `CreateBucket` takes them since
/// 2025, and moto passes over them.
pub(crate) fn tags_of_new_bucket(operation: &str, body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (from, to) = (text.find("<Tags>")?, text.find("</Tags>")?);
    let tags = text.get(from + "<Tags>".len()..to)?;
    let space = "http://s3.amazonaws.com/doc/2006-03-01/";
    (operation == "CreateBucket")
        .then(|| format!("<Tagging xmlns=\"{space}\"><TagSet>{tags}</TagSet></Tagging>"))
}

/// The tags that a new set of DHCP options is asked to have, as `CreateTags` takes them: moto passes over those of the create.
pub(crate) fn tags_of_new_options(operation: &str, body: &[u8], answer: &[u8]) -> Option<String> {
    let (body, answer) = (std::str::from_utf8(body).ok()?, std::str::from_utf8(answer).ok()?);
    let (_, id) = answer.split_once("<dhcpOptionsId>")?;
    let (id, _) = id.split_once("</dhcpOptionsId>")?;
    let version = body.split('&').find(|pair| pair.starts_with("Version="))?;
    let tags = body
        .split('&')
        .filter_map(|pair| pair.strip_prefix("TagSpecification.1."))
        .filter(|pair| pair.starts_with("Tag."));
    let head = [
        "Action=CreateTags".to_owned(),
        version.to_owned(),
        format!("ResourceId.1={id}"),
    ];
    let pairs: Vec<String> = head.into_iter().chain(tags.map(ToOwned::to_owned)).collect();
    (operation == "CreateDhcpOptions" && pairs.len() > 3).then(|| pairs.join("&"))
}
