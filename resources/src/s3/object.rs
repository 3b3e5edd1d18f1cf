//! An object in a bucket.

use super::BucketName;
use crate::{asset::Asset, choice, prelude::*};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

choice!(
    /// The storage class of an object.
    ObjectStorageClass of s3::StorageClass {
        /// Frequent access.
        Standard = "STANDARD",
        /// Infrequent access: cheaper to store, charged by retrieval.
        StandardIa = "STANDARD_IA",
        /// Infrequent access in one availability zone.
        OnezoneIa = "ONEZONE_IA",
        /// Automatic tiers by access pattern.
        IntelligentTiering = "INTELLIGENT_TIERING",
        /// An archive with instant retrieval.
        GlacierIr = "GLACIER_IR",
        /// An archive with retrieval in minutes or hours.
        Glacier = "GLACIER",
        /// An archive with retrieval in hours.
        DeepArchive = "DEEP_ARCHIVE",
    }
);

/// An object in a bucket: a file, the zip of a folder, or a text. The plan and the state have the digest and the size of its bytes, and S3
/// is given the digest with them, so that it takes no others. In a versioned bucket a change makes a version, and the removal a delete
/// marker; the versions stay.
///
/// ```no_run
/// use tenon_resources::{asset, s3::{BucketName, Object}, value::Output};
/// let site: Output<BucketName> = Output::new("site", "id");
/// Object::new(&site, "index.html", asset::file("dist/index.html")).content_type("text/html").cache_control("no-cache");
/// Object::new(&site, "robots.txt", asset::text("User-agent: *\n")).content_type("text/plain");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.object")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList; HeadObject has no body, and so no code but this.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: "If it receives multiple write requests … the last overwrites".
#[facts(gone("NoSuchKey", "NotFound", "NoSuchBucket"), second_create = Overwritten)]
#[retag(retag)]
#[calls(PutObject, PutObjectTagging, DeleteObject)]
pub struct Object {
    /// The bucket.
    #[immutable]
    #[cfn("")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The key, up to 1,024 bytes: the name of the object, with `/` between folders.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    #[immutable]
    #[cfn("")]
    #[sample("index.html", "docs/index.html")]
    #[wrong_text_if(it.is_empty() || it.len() > 1024, "has {} bytes, and S3 takes 1 to 1024", it.len())]
    pub key: Input<String>,
    /// The bytes.
    #[by_hand]
    #[cfn("")]
    #[sample(crate::asset::text("a"), crate::asset::text("b"))]
    pub content: Asset,
    /// The media type.
    #[default("application/octet-stream".into())]
    #[by_hand]
    #[cfn("")]
    #[length(1..=255)]
    #[sample("text/html")]
    pub content_type: String,
    /// The caching along the way: a `Cache-Control` header.
    #[default(None)]
    #[by_hand]
    #[cfn("")]
    #[sample("no-cache")]
    pub cache_control: Option<String>,
    /// The presentation: a `Content-Disposition` header.
    #[default(None)]
    #[by_hand]
    #[cfn("")]
    #[sample("attachment")]
    pub content_disposition: Option<String>,
    /// The encoding that the bytes are in, such as `gzip`.
    #[default(None)]
    #[by_hand]
    #[cfn("")]
    #[sample("gzip")]
    pub content_encoding: Option<String>,
    /// The language that the content is in.
    #[default(None)]
    #[by_hand]
    #[cfn("")]
    #[sample("en")]
    pub content_language: Option<String>,
    /// The metadata: headers `x-amz-meta-…`, by names in small letters.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#object-metadata
    #[by_hand]
    #[cfn("")]
    #[sample(_, BTreeMap::from([("origin".into(), "b".into())]))]
    #[wrong_if(it.keys().any(|key| key.is_empty() || key.chars().any(char::is_uppercase)), "has a name that S3 would write in small letters: write it so")]
    #[wrong_if(it.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > 2048, "has more than 2 KB, which is what S3 takes")]
    pub metadata: BTreeMap<String, String>,
    /// The storage class. A lifecycle rule of the bucket that changes it makes drift, unless the field is left to others.
    #[default(ObjectStorageClass::Standard)]
    #[by_hand]
    #[cfn("")]
    #[sample(ObjectStorageClass::StandardIa)]
    pub storage_class: ObjectStorageClass,
    /// Tags, 10 with those of the engine.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
    #[cfn("")]
    #[wrong_if(it.0.len() > 7, "has {} tags, and an object takes 10, of which the engine sets 3", it.0.len())]
    pub tags: Tags,
}

/// Outputs of an object.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ObjectOutputs {
    /// The bucket and the key, with a `/` between.
    #[shape("{bucket}/{key}")]
    pub id: String,
    /// The bucket's name.
    #[shape("{bucket}")]
    pub bucket: BucketName,
    /// The key.
    #[shape("{key}")]
    pub key: String,
    /// The ARN.
    #[shape("arn:aws:s3:::{bucket}/{key}")]
    pub arn: Arn,
}

/// The characters that a query string has as they are.
const AS_THEY_ARE: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Tags as the parameters of a query string, which is how `PutObject` takes them.
fn query(tags: &Tags) -> Option<String> {
    let escaped = |text: &String| utf8_percent_encode(text, &AS_THEY_ARE).to_string();
    let pairs = tags
        .0
        .iter()
        .map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    let pairs: Vec<_> = pairs.collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// The tags of an object.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Tagging(Tags);

/// `PutObject`, with everything that the object has: what it lacks is removed.
#[derive(Serialize, Deserialize)]
struct PutObject {
    bucket: Input<BucketName>,
    key: Input<String>,
    body: Asset,
    content_type: String,
    cache_control: Option<String>,
    content_disposition: Option<String>,
    content_encoding: Option<String>,
    content_language: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    storage_class: ObjectStorageClass,
    tagging: Option<String>,
}

impl Call for PutObject {
    const INFO: CallInfo = CallInfo {
        service: "s3",
        operation: "PutObject",
        folds: true,
        actions: &["s3:PutObject", "s3:PutObjectTagging"],
        needs: &["s3:PutObjectTagging"],
        on: "arn:aws:s3:::{id}",
        not_yet: super::SERVICE.not_yet,
    };
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, on = "arn:aws:s3:::{id}")]
struct PutObjectTagging {
    bucket: Input<BucketName>,
    key: Input<String>,
    tagging: Tagging,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, on = "arn:aws:s3:::{id}")]
struct DeleteObject {
    bucket: Input<BucketName>,
    key: Input<String>,
}

/// The call that sets the tags: it takes all of them, and removes the others.
fn retag(tags: &Tags, _: &Tags) -> Steps {
    Steps::update(PutObjectTagging {
        bucket: own("bucket"),
        key: own("key"),
        tagging: Tagging(tags.clone()),
    })
}

impl Object {
    fn put(&self) -> PutObject {
        PutObject {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: self.content.clone(),
            content_type: self.content_type.clone(),
            cache_control: self.cache_control.clone(),
            content_disposition: self.content_disposition.clone(),
            content_encoding: self.content_encoding.clone(),
            content_language: self.content_language.clone(),
            metadata: self.metadata.clone(),
            storage_class: self.storage_class,
            tagging: query(&self.tags),
        }
    }
}

impl Lifecycle for Object {
    const READ: Read = Read::new(
        "s3",
        "HeadObject",
        1,
        &["s3:GetObject", "s3:GetObjectTagging", "s3:ListBucket"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}/{}", &self.bucket, &self.key))
    }

    fn create(&self) -> Steps {
        // A bucket that was created a moment ago may be unknown for a while.
        Steps::create(self.put()).retry_on("NoSuchBucket", minutes(2))
    }

    fn set(&self, _: &Self, field: ObjectField) -> Steps {
        match field {
            ObjectField::Content
            | ObjectField::ContentType
            | ObjectField::CacheControl
            | ObjectField::ContentDisposition
            | ObjectField::ContentEncoding
            | ObjectField::ContentLanguage
            | ObjectField::Metadata
            | ObjectField::StorageClass => Steps::update(self.put()),
        }
    }

    fn delete(&self) -> Steps {
        let call = DeleteObject {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
        };
        Steps::delete(call).expecting(Self::FACTS)
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{PutObject, Tagging};
    use crate::{
        asset::Source,
        aws::{
            Aws, SendFuture, Sendable, ToSdk, call_error,
            sdk::s3::{primitives::ByteStream, types},
        },
        cloud::{CallError, Reply},
    };

    const OPERATION: &str = "PutObject";

    impl Sendable for PutObject {
        fn send(self, aws: &Aws) -> SendFuture<'_> {
            Box::pin(send(self, aws))
        }
    }

    async fn send(call: PutObject, aws: &Aws) -> Result<Reply, CallError> {
        let unsendable = |why: String| CallError::refused("s3", OPERATION, CallError::UNSENDABLE, why);
        let checksum = super::checksum(call.body.sha256());
        let checksum = checksum.ok_or_else(|| unsendable("the digest of the content is none".into()))?;
        let body = match call.body.source() {
            // S3 compares what it gets with the digest.
            Some(Source::File(path)) => {
                let stream = ByteStream::from_path(path).await;
                stream.map_err(|e| unsendable(format!("{path} could not be read: {e}")))?
            }
            _ => ByteStream::from(call.body.read().map_err(|e| unsendable(e.to_string()))?),
        };
        let reply = aws
            .s3
            .put_object()
            .set_bucket(call.bucket.to_sdk())
            .set_key(call.key.to_sdk())
            .body(body)
            .checksum_algorithm(types::ChecksumAlgorithm::Sha256)
            .checksum_sha256(checksum)
            .content_type(call.content_type)
            .set_cache_control(call.cache_control)
            .set_content_disposition(call.content_disposition)
            .set_content_encoding(call.content_encoding)
            .set_content_language(call.content_language)
            .set_metadata(call.metadata.to_sdk())
            .set_storage_class(call.storage_class.to_sdk())
            .set_tagging(call.tagging)
            .send()
            .await;
        reply.map_err(|e| call_error("s3", OPERATION, e))?;
        Ok(Reply::default())
    }

    impl ToSdk<types::Tagging> for Tagging {
        fn to_sdk(self) -> Option<types::Tagging> {
            types::Tagging::builder()
                .set_tag_set(self.0.to_sdk())
                .build()
                .ok()
        }
    }
}

/// A digest in hex as S3 writes it, in base64; `None` for what is no digest.
#[cfg(feature = "aws")]
fn checksum(sha256: &str) -> Option<String> {
    let digits = sha256.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Option<Vec<u8>> = bytes.collect();
    bytes
        .filter(|bytes| bytes.len() == 32)
        .map(aws_smithy_types::base64::encode)
}

#[cfg(feature = "aws")]
impl Observe for Object {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        // Nothing lists objects by their tags: they are read by their bucket and key alone.
        let ids = by.ids().unwrap_or_default().iter();
        let ids = ids.filter_map(|id| id.split_once('/'));
        crate::aws::each(ids, |(bucket, key)| read(aws, bucket, key)).await
    }
}

// Long: a call for each part of an object, and the value of each field.
#[cfg(feature = "aws")]
async fn read(aws: &Aws, bucket: &str, key: &str) -> Result<Option<Seen<Object>>, CallError> {
    use std::fmt::Write as _;
    let gone = crate::aws::gone::<Object>();
    let head = aws.s3.head_object().bucket(bucket).key(key);
    let head = head
        .checksum_mode(sdk::s3::types::ChecksumMode::Enabled)
        .send()
        .await;
    let Some(head) = crate::aws::present("s3", "HeadObject", head, gone)? else {
        return Ok(None);
    };
    let tags = aws.s3.get_object_tagging().bucket(bucket).key(key).send().await;
    let Some(tags) = crate::aws::present("s3", "GetObjectTagging", tags, gone)? else {
        return Ok(None);
    };
    // What was put without this checksum has another digest than ours, whatever its bytes are.
    let digest = head
        .checksum_sha256
        .as_deref()
        .and_then(|text| aws_smithy_types::base64::decode(text).ok());
    let digest = digest
        .unwrap_or_default()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    let size = head
        .content_length
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or_default();
    let class = head
        .storage_class
        .and_then(|class| ObjectStorageClass::word(class.as_str()));
    let media = head
        .content_type
        .unwrap_or_else(|| "application/octet-stream".into());
    let id = format!("{bucket}/{key}");
    Ok(Some(Seen {
        status: Status::Ready,
        inputs: Object {
            bucket: Input::Known(bucket.into()),
            key: Input::Known(key.into()),
            content: Asset::with_digest(digest, size),
            content_type: media,
            cache_control: head.cache_control,
            content_disposition: head.content_disposition,
            // The SDK writes how it sends the bytes before what they are in.
            content_encoding: head.content_encoding.filter(|text| text != "aws-chunked"),
            content_language: head.content_language,
            metadata: head.metadata.into_iter().flatten().collect(),
            storage_class: class.unwrap_or(ObjectStorageClass::Standard),
            tags: Some(tags.tag_set).into(),
        },
        outputs: ObjectOutputs {
            bucket: bucket.into(),
            key: key.to_owned(),
            arn: format!("arn:aws:s3:::{id}").into(),
            id: id.clone(),
        },
        id,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_the_parameters_of_a_query_string() {
        let tags = Tags(
            [("a b", "1&2"), ("tenon:stack", "shop/prod")]
                .map(|(k, v)| (k.into(), v.into()))
                .into(),
        );
        assert_eq!(
            query(&tags).as_deref(),
            Some("a%20b=1%262&tenon%3Astack=shop%2Fprod")
        );
        assert_eq!(query(&Tags::default()), None);
    }
}
