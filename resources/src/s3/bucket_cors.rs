//! The CORS configuration of a bucket.

use super::BucketName;
use crate::prelude::*;

choice!(
    /// The method of a cross-origin request.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
    CorsMethod {
        /// An object is read.
        Get = "GET",
        /// The headers of an object are read.
        Head = "HEAD",
        /// An object is written.
        Put = "PUT",
        /// A form is uploaded, or a multipart upload begun.
        Post = "POST",
        /// An object is deleted.
        Delete = "DELETE",
    }
);

/// A CORS rule: the origins whose pages may send requests to a bucket, and with which methods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorsRule {
    /// The ID, unique in the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The origins, such as `https://shop.example.com`; each has one `*` at the most.
    pub allowed_origins: BTreeSet<String>,
    /// The methods.
    pub allowed_methods: BTreeSet<CorsMethod>,
    /// The headers that a preflight request may name; each has one `*` at the most.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub allowed_headers: BTreeSet<String>,
    /// The response headers that a page may read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub expose_headers: BTreeSet<String>,
    /// The time for which a browser keeps the answer to a preflight request, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<u32>,
}

impl CorsRule {
    /// The rule that lets pages of `origins` send requests with `methods`.
    pub fn new<T: Into<String>>(
        origins: impl IntoIterator<Item = T>,
        methods: impl IntoIterator<Item = CorsMethod>,
    ) -> Self {
        Self {
            id: None,
            allowed_origins: texts(origins),
            allowed_methods: methods.into_iter().collect(),
            allowed_headers: BTreeSet::new(),
            expose_headers: BTreeSet::new(),
            max_age_seconds: None,
        }
    }

    /// The same with these headers allowed in a preflight request.
    #[must_use]
    pub fn allowed_headers<T: Into<String>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.allowed_headers = texts(headers);
        self
    }

    /// The same with response headers that a page may read.
    #[must_use]
    pub fn expose_headers<T: Into<String>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.expose_headers = texts(headers);
        self
    }

    /// The same, with an answer that a browser keeps for `seconds`.
    #[must_use]
    pub fn max_age_seconds(mut self, seconds: u32) -> Self {
        self.max_age_seconds = Some(seconds);
        self
    }

    /// Findings about it as one of the values of `field`.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html: "can contain at most one * wildcard character".
    fn check(&self, field: &str) -> Vec<String> {
        let mut findings = vec![];
        if self.allowed_origins.is_empty() || self.allowed_methods.is_empty() {
            findings.push(format!(
                "`{field}` has a rule without origins or without methods: name both"
            ));
        }
        let wild = self.allowed_origins.iter().chain(&self.allowed_headers);
        for text in wild.filter(|text| text.matches('*').count() > 1) {
            findings.push(format!(
                "`{field}` has `{text}`, and S3 takes one `*` at the most in an origin or a header"
            ));
        }
        findings
    }
}

fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    texts.into_iter().map(Into::into).collect()
}

/// A CORS configuration of a bucket: the pages of other origins that may reach its objects in a browser.
///
/// ```
/// use tenon_resources::{s3::{BucketCors, BucketName, CorsMethod, CorsRule}, value::Output};
/// let bucket: Output<BucketName> = Output::new("uploads", "id");
/// BucketCors::new(&bucket).rules([CorsRule::new(["https://shop.example.com"], [CorsMethod::Put]).max_age_seconds(3000)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_cors")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html: "Sets the cors configuration for your bucket. If the
// configuration exists, Amazon S3 replaces it."
#[facts(gone("NoSuchCORSConfiguration", "NoSuchBucket"), second_create = Overwritten)]
#[create(PutBucketCors: s3, puts, action = "s3:PutBucketCORS", on = "arn:aws:s3:::{id}",
    rules(.retry_on("OperationAborted", minutes(2)).retry_on("NoSuchBucket", minutes(2))))]
#[delete(DeleteBucketCors: s3, action = "s3:PutBucketCORS", on = "arn:aws:s3:::{id}", same(bucket),
    rules(.retry_on("OperationAborted", minutes(2))))]
pub struct BucketCors {
    /// The bucket.
    #[immutable]
    #[cfn("")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The rules, of which the first that fits a request is taken.
    #[create_with(Rules, Rules(me.rules.clone()))]
    #[member("cors_configuration")]
    #[cfn("")]
    #[sample(
        [CorsRule::new(["https://a.example"], [CorsMethod::Get])],
        [CorsRule::new(["*"], [CorsMethod::Put]).allowed_headers(["*"]).expose_headers(["ETag"]).max_age_seconds(3000)]
    )]
    #[missing_if(true, "is empty: say which origins may do what")]
    #[wrong_if(it.len() > 100, "has {} rules, and S3 takes up to 100", it.len())]
    #[checked(it.iter().flat_map(|rule| rule.check(field)))]
    pub rules: Vec<CorsRule>,
}

/// Outputs of a CORS configuration.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketCorsOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

/// The configuration as the call has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Rules(Vec<CorsRule>);

impl Lifecycle for BucketCors {
    const READ: Read = Read::new("s3", "GetBucketCors", 1, &["s3:GetBucketCORS"]);

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        PutBucketCors::steps(self)
    }

    fn set(&self, _: &Self, field: BucketCorsField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteBucketCors::steps(self)
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{BTreeSet, CorsMethod, CorsRule, Rules};
    use crate::aws::{ToSdk, sdk::s3::types as aws};

    impl ToSdk<aws::CorsConfiguration> for Rules {
        fn to_sdk(self) -> Option<aws::CorsConfiguration> {
            aws::CorsConfiguration::builder()
                .set_cors_rules(self.0.to_sdk())
                .build()
                .ok()
        }
    }

    impl ToSdk<aws::CorsRule> for CorsRule {
        fn to_sdk(self) -> Option<aws::CorsRule> {
            let some = |texts: BTreeSet<String>| {
                Some(texts.into_iter().collect()).filter(|t: &Vec<_>| !t.is_empty())
            };
            let methods = self.allowed_methods.iter().map(|m| m.as_str().to_owned());
            aws::CorsRule::builder()
                .set_id(self.id)
                .set_allowed_origins(some(self.allowed_origins))
                .set_allowed_methods(Some(methods.collect()))
                .set_allowed_headers(some(self.allowed_headers))
                .set_expose_headers(some(self.expose_headers))
                .set_max_age_seconds(self.max_age_seconds.to_sdk())
                .build()
                .ok()
        }
    }

    pub(super) fn rule(item: aws::CorsRule) -> CorsRule {
        let methods = item.allowed_methods.iter();
        CorsRule {
            id: item.id,
            allowed_origins: item.allowed_origins.into_iter().collect(),
            allowed_methods: methods.filter_map(|m| CorsMethod::word(m)).collect(),
            allowed_headers: item.allowed_headers.into_iter().flatten().collect(),
            expose_headers: item.expose_headers.into_iter().flatten().collect(),
            max_age_seconds: item.max_age_seconds.and_then(|s| s.try_into().ok()),
        }
    }
}

#[cfg(feature = "aws")]
impl Observe for BucketCors {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.s3.get_bucket_cors().bucket(name).send().await;
            let reply = crate::aws::present("s3", "GetBucketCors", reply, crate::aws::gone::<Self>())?;
            Ok(reply.and_then(|r| r.cors_rules).map(|rules| Seen {
                status: Status::Ready,
                inputs: Self {
                    bucket: Input::Known(name.as_str().into()),
                    rules: rules.into_iter().map(wire::rule).collect(),
                },
                outputs: BucketCorsOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }
}
