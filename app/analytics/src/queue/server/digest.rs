//! The MD5 digests that SQS answers with, and that its clients compare with what they sent.

use md5::{Digest, Md5};
use serde_json::{Map, Value};

/// The digest of a body.
pub(super) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// The digest of message attributes: by name, each with the lengths of its parts.
///
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>
pub(super) fn of_attributes(attributes: &Map<String, Value>) -> Option<String> {
    use base64::Engine as _;
    if attributes.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let put = |bytes: &mut Vec<u8>, content: &[u8]| {
        bytes.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(content);
    };
    let mut names: Vec<&String> = attributes.keys().collect();
    names.sort();
    for name in names {
        let value = &attributes[name];
        let text = |member: &str| value[member].as_str().unwrap_or_default();
        put(&mut bytes, name.as_bytes());
        put(&mut bytes, text("DataType").as_bytes());
        if text("DataType").starts_with("Binary") {
            let content = base64::engine::general_purpose::STANDARD.decode(text("BinaryValue"));
            bytes.push(2);
            put(&mut bytes, &content.unwrap_or_default());
        } else {
            bytes.push(1);
            put(&mut bytes, text("StringValue").as_bytes());
        }
    }
    Some(hex::encode(Md5::digest(&bytes)))
}
