//! An `OpenID` Connect provider: whose tokens the account trusts.

use crate::prelude::*;

id!(
    /// Names an OIDC provider by its ARN, such as `arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com`.
    OidcProviderArn
);

/// Lets holders of another service's tokens, such as GitHub Actions, take on roles without any stored credential.
///
/// ```
/// use tenon_resources::iam::OidcProvider;
/// OidcProvider::new("https://token.actions.githubusercontent.com").client_ids(["sts.amazonaws.com"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.oidc_provider", cfn = "AWS::IAM::OIDCProvider")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
#[facts(gone("NoSuchEntity"), second_create = Refused("EntityAlreadyExists"))]
pub struct OidcProvider {
    /// The issuer of the tokens, `https://` and no slash at the end.
    #[immutable]
    pub url: Input<String>,
    /// Whom the tokens are meant for: their audiences.
    #[cfn("ClientIdList")]
    pub client_ids: BTreeSet<String>,
    /// SHA-1 thumbprints of the certificates behind the issuer, 40 hex digits each. Unset: AWS finds them itself.
    #[cfn("ThumbprintList")]
    pub thumbprints: Option<BTreeSet<String>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct OidcProviderOutputs {
    /// Its ARN.
    #[shape("arn:aws:iam::{account}:oidc-provider/{hex17}")]
    pub id: OidcProviderArn,
}

impl Lifecycle for OidcProvider {
    const CALLS: &'static [CallInfo] = &[
        CreateOpenIdConnectProvider::INFO,
        AddClientIdToOpenIdConnectProvider::INFO,
        RemoveClientIdFromOpenIdConnectProvider::INFO,
        UpdateOpenIdConnectProviderThumbprint::INFO,
        TagOpenIdConnectProvider::INFO,
        UntagOpenIdConnectProvider::INFO,
        DeleteOpenIdConnectProvider::INFO,
    ];
    const READ: Read = Read {
        service: "iam",
        operation: "GetOpenIDConnectProvider",
        batch: 1,
        actions: &["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateOpenIdConnectProvider {
            url: self.url.clone(),
            client_id_list: self.client_ids.clone(),
            thumbprint_list: self.thumbprints.clone(),
            tags: self.tags.clone(),
        })
    }

    fn set(&self, was: &Self, field: OidcProviderField) -> Steps {
        match field {
            OidcProviderField::ClientIds => {
                let new = self.client_ids.difference(&was.client_ids).map(|client_id| {
                    Steps::update(AddClientIdToOpenIdConnectProvider {
                        open_id_connect_provider_arn: this(),
                        client_id: client_id.clone(),
                    })
                });
                let gone = was.client_ids.difference(&self.client_ids).map(|client_id| {
                    Steps::update(RemoveClientIdFromOpenIdConnectProvider {
                        open_id_connect_provider_arn: this(),
                        client_id: client_id.clone(),
                    })
                });
                new.chain(gone).fold(Steps::none(), Steps::then)
            }
            OidcProviderField::Thumbprints => match self.thumbprints.clone() {
                Some(thumbprint_list) => Steps::update(UpdateOpenIdConnectProviderThumbprint {
                    open_id_connect_provider_arn: this(),
                    thumbprint_list,
                }),
                // Left to AWS from now on: what is there stays until somebody says otherwise.
                None => Steps::none(),
            },
            OidcProviderField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagOpenIdConnectProvider {
                            open_id_connect_provider_arn: this(),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagOpenIdConnectProvider {
                            open_id_connect_provider_arn: this(),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteOpenIdConnectProvider {
            open_id_connect_provider_arn: this(),
        })
        .ok_on("NoSuchEntity")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(url) = self.url.known()
            && (!url.starts_with("https://") || url.ends_with('/'))
        {
            findings.push(format!(
                "`url` is `{url}`: begin it with `https://` and end it without a slash"
            ));
        }
        if self.client_ids.is_empty() {
            findings.push(
                "`client_ids` is empty: name at least one audience, such as `sts.amazonaws.com`".into(),
            );
        }
        let bad = self
            .thumbprints
            .iter()
            .flatten()
            .find(|t| t.len() != 40 || !t.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(bad) = bad {
            findings.push(format!(
                "`thumbprints` has `{bad}`, and a SHA-1 thumbprint is 40 hex digits"
            ));
        }
        findings
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html: an account has one of a URL.
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("identity provider of", &self.url)]
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("https://token.actions.githubusercontent.com")
                .client_ids(["sts.amazonaws.com"])
                .tags([("Name", "a")]),
            Self::new("https://gitlab.com")
                .client_ids(["https://gitlab.com", "aws"])
                .thumbprints(["b".repeat(40)])
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "CreateOpenIDConnectProvider", id = o.open_id_connect_provider_arn?, also("iam:TagOpenIDConnectProvider"), on = "arn:aws:iam::{account}:oidc-provider/*")]
struct CreateOpenIdConnectProvider {
    url: Input<String>,
    client_id_list: BTreeSet<String>,
    thumbprint_list: Option<BTreeSet<String>>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "AddClientIDToOpenIDConnectProvider", on = "{id}")]
struct AddClientIdToOpenIdConnectProvider {
    open_id_connect_provider_arn: Input<OidcProviderArn>,
    client_id: String,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "RemoveClientIDFromOpenIDConnectProvider", on = "{id}")]
struct RemoveClientIdFromOpenIdConnectProvider {
    open_id_connect_provider_arn: Input<OidcProviderArn>,
    client_id: String,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "UpdateOpenIDConnectProviderThumbprint", on = "{id}")]
struct UpdateOpenIdConnectProviderThumbprint {
    open_id_connect_provider_arn: Input<OidcProviderArn>,
    thumbprint_list: BTreeSet<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "TagOpenIDConnectProvider", on = "{id}")]
struct TagOpenIdConnectProvider {
    open_id_connect_provider_arn: Input<OidcProviderArn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "UntagOpenIDConnectProvider", on = "{id}")]
struct UntagOpenIdConnectProvider {
    open_id_connect_provider_arn: Input<OidcProviderArn>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, name = "DeleteOpenIDConnectProvider", on = "{id}")]
struct DeleteOpenIdConnectProvider {
    open_id_connect_provider_arn: Input<OidcProviderArn>,
}

#[cfg(feature = "aws")]
impl Observe for OidcProvider {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let arns = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let list = aws.iam.list_open_id_connect_providers().send().await;
                let list =
                    list.map_err(|e| crate::aws::call_error("iam", "ListOpenIDConnectProviders", e))?;
                list.open_id_connect_provider_list
                    .into_iter()
                    .flatten()
                    .filter_map(|p| p.arn)
                    .collect()
            }
        };
        crate::aws::each(arns, |arn| async move {
            let reply = aws
                .iam
                .get_open_id_connect_provider()
                .open_id_connect_provider_arn(&arn)
                .send()
                .await;
            let reply = crate::aws::present("iam", "GetOpenIDConnectProvider", reply, &["NoSuchEntity"])?;
            Ok(reply.map(|p| {
                // AWS gives the issuer back without its scheme.
                let issuer = p.url.unwrap_or_default();
                let url = if issuer.starts_with("https://") {
                    issuer
                } else {
                    format!("https://{issuer}")
                };
                Seen {
                    status: Status::Ready,
                    inputs: Self {
                        url: Input::Known(url),
                        client_ids: p.client_id_list.into_iter().flatten().collect(),
                        thumbprints: p.thumbprint_list.map(|t| t.into_iter().collect()),
                        tags: p.tags.into(),
                    },
                    outputs: OidcProviderOutputs {
                        id: arn.clone().into(),
                    },
                    id: arn,
                }
            }))
        })
        .await
    }
}
