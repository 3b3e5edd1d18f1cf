//! The website configuration of a bucket.

use super::BucketName;
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

choice!(
    /// The protocol of a redirect.
    WebsiteProtocol of s3::Protocol {
        /// HTTP.
        Http = "http",
        /// HTTPS.
        Https = "https",
    }
);

/// The content of a website: pages, or a redirect of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Website {
    /// Objects of the bucket.
    Pages {
        /// The index document: the end of a key that answers for a folder, such as `index.html`.
        index: String,
        /// The key of the error document, which answers when a page is not there, such as `404.html`.
        error: Option<String>,
    },
    /// A redirect of every request to another host.
    RedirectTo {
        /// The host's name.
        host_name: String,
        /// The protocol. `None`: that of the request.
        protocol: Option<WebsiteProtocol>,
    },
}

impl Website {
    /// Pages with this index document, such as `index.html`, and none of their own for errors.
    pub fn pages(index: &str) -> Self {
        let index = index.into();
        Self::Pages { index, error: None }
    }

    /// Pages with this index document and this error document.
    pub fn pages_and_error(index: &str, error: &str) -> Self {
        Self::Pages {
            index: index.into(),
            error: Some(error.into()),
        }
    }

    /// A redirect of every request to `host_name`, by the protocol that it came with.
    pub fn redirect_to(host_name: &str) -> Self {
        let host_name = host_name.into();
        Self::RedirectTo {
            host_name,
            protocol: None,
        }
    }

    /// Finding about it as the value of `field`.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_IndexDocument.html: "The suffix must not be empty and must not include a slash".
    fn check(&self, field: &str) -> Option<String> {
        match self {
            Self::Pages { index, .. } if index.is_empty() || index.contains('/') => Some(format!(
                "`{field}` has `index` `{index}`, and S3 takes the end of a key, such as `index.html`, without a slash"
            )),
            Self::RedirectTo { host_name, .. } if host_name.is_empty() || host_name.contains('/') => {
                Some(format!(
                    "`{field}` redirects to `{host_name}`: name a host, such as `www.example.com`, without a path"
                ))
            }
            _ => None,
        }
    }
}

/// A website configuration of a bucket: S3 answers as a web server, by HTTP alone, for objects that a bucket policy lets everyone read.
///
/// ```
/// use tenon_resources::{s3::{BucketName, BucketWebsite, Website}, value::Output};
/// let bucket: Output<BucketName> = Output::new("site", "id");
/// BucketWebsite::new(&bucket, Website::pages_and_error("index.html", "404.html"));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_website")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html: the configuration that a bucket has is replaced.
#[facts(gone("NoSuchWebsiteConfiguration", "NoSuchBucket"), second_create = Overwritten)]
#[create(PutBucketWebsite: s3, puts, on = "arn:aws:s3:::{id}",
    rules(.retry_on("OperationAborted", minutes(2)).retry_on("NoSuchBucket", minutes(2))))]
#[delete(DeleteBucketWebsite: s3, on = "arn:aws:s3:::{id}", same(bucket),
    rules(.retry_on("OperationAborted", minutes(2))))]
pub struct BucketWebsite {
    /// The bucket.
    #[immutable]
    #[cfn("")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The content: pages, or a redirect.
    #[member("website_configuration")]
    #[cfn("")]
    #[sample(
        Website::pages_and_error("index.html", "404.html"),
        Website::redirect_to("www.example.com")
    )]
    #[checked(it.check(field))]
    pub website: Website,
}

/// Outputs of a website configuration.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketWebsiteOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

impl Lifecycle for BucketWebsite {
    const READ: Read = Read::new("s3", "GetBucketWebsite", 1, &["s3:GetBucketWebsite"]);

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        PutBucketWebsite::steps(self)
    }

    fn set(&self, _: &Self, field: BucketWebsiteField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteBucketWebsite::steps(self)
    }
}

#[cfg(feature = "aws")]
impl ToSdk<sdk::s3::types::WebsiteConfiguration> for Website {
    fn to_sdk(self) -> Option<sdk::s3::types::WebsiteConfiguration> {
        use sdk::s3::types::{ErrorDocument, IndexDocument, RedirectAllRequestsTo, WebsiteConfiguration};
        let website = WebsiteConfiguration::builder();
        Some(match self {
            Self::Pages { index, error } => {
                let error = error.and_then(|key| ErrorDocument::builder().key(key).build().ok());
                let index = IndexDocument::builder().suffix(index).build().ok();
                website
                    .set_index_document(index)
                    .set_error_document(error)
                    .build()
            }
            Self::RedirectTo { host_name, protocol } => {
                let to = RedirectAllRequestsTo::builder().host_name(host_name);
                let to = to.set_protocol(protocol.to_sdk()).build().ok();
                website.set_redirect_all_requests_to(to).build()
            }
        })
    }
}

#[cfg(feature = "aws")]
impl Observe for BucketWebsite {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.s3.get_bucket_website().bucket(name).send().await;
            let reply = crate::aws::present("s3", "GetBucketWebsite", reply, crate::aws::gone::<Self>())?;
            let website = reply.and_then(|reply| match reply.redirect_all_requests_to {
                Some(to) => Some(Website::RedirectTo {
                    host_name: to.host_name,
                    protocol: to.protocol.and_then(|p| WebsiteProtocol::word(p.as_str())),
                }),
                None => Some(Website::Pages {
                    index: reply.index_document?.suffix,
                    error: reply.error_document.map(|error| error.key),
                }),
            });
            Ok(website.map(|website| Seen {
                status: Status::Ready,
                inputs: Self {
                    bucket: Input::Known(name.as_str().into()),
                    website,
                },
                outputs: BucketWebsiteOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }
}
