//! An `OpenID` Connect provider.

use crate::prelude::*;

id!(
    /// An OIDC provider's ARN, such as `arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com`.
    OidcProviderArn
);

/// An IAM OIDC identity provider: holders of its tokens, such as jobs of GitHub Actions, assume roles without a stored
/// credential.
///
/// ```
/// use tenon_resources::iam::OidcProvider;
/// OidcProvider::new("https://token.actions.githubusercontent.com").client_ids(["sts.amazonaws.com"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.oidc_provider", cfn = "AWS::IAM::OIDCProvider")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
#[facts(gone("NoSuchEntity"), second_create = Refused("EntityAlreadyExists"))]
#[on("{id}")]
#[create(CreateOpenIdConnectProvider: iam, name = "CreateOpenIDConnectProvider", id = o.open_id_connect_provider_arn?,
    also("iam:TagOpenIDConnectProvider"), on = "arn:aws:iam::{account}:oidc-provider/*")]
#[update(UpdateOpenIdConnectProviderThumbprint: iam, name = "UpdateOpenIDConnectProviderThumbprint", by(open_id_connect_provider_arn))]
#[delete(DeleteOpenIdConnectProvider: iam, name = "DeleteOpenIDConnectProvider", by(open_id_connect_provider_arn))]
#[retag(TagOpenIdConnectProvider, UntagOpenIdConnectProvider: iam, by(open_id_connect_provider_arn),
    names("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"))]
#[calls(AddClientIdToOpenIdConnectProvider, RemoveClientIdFromOpenIdConnectProvider)]
pub struct OidcProvider {
    /// The URL of the tokens' issuer, `https://` and no slash at the end.
    #[immutable]
    #[sample("https://token.actions.githubusercontent.com", "https://gitlab.com")]
    #[wrong_text_if(!it.starts_with("https://") || it.ends_with('/'), "is `{it}`: begin it with `https://` and end it without a slash")]
    #[length(1..=255)]
    pub url: Input<String>,
    /// The client IDs, also known as audiences, for which tokens are issued.
    #[member(create = "client_id_list", update = "")]
    #[by_hand]
    #[cfn("ClientIdList")]
    #[sample(["sts.amazonaws.com"], ["https://gitlab.com", "aws"])]
    #[missing_if(true, "is empty: name at least one audience, such as `sts.amazonaws.com`")]
    pub client_ids: BTreeSet<String>,
    /// SHA-1 thumbprints of the issuer's certificates, 40 hex digits each. Unset: AWS retrieves them, and they are not changed.
    #[member("thumbprint_list")]
    #[cfn("ThumbprintList")]
    #[sample(["b".repeat(40)])]
    #[checked(it
        .iter()
        .find(|t| t.len() != 40 || !t.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(|bad| format!("`{field}` has `{bad}`, and a SHA-1 thumbprint is 40 hex digits")))]
    pub thumbprints: Option<BTreeSet<String>>,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of an OIDC provider.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct OidcProviderOutputs {
    /// The ARN.
    #[shape("arn:aws:iam::{account}:oidc-provider/{hex17}")]
    pub id: OidcProviderArn,
}

impl Lifecycle for OidcProvider {
    const READ: Read = Read::new(
        "iam",
        "GetOpenIDConnectProvider",
        1,
        &["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"],
    );

    fn create(&self) -> Steps {
        CreateOpenIdConnectProvider::steps(self)
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
        }
    }

    fn delete(&self) -> Steps {
        DeleteOpenIdConnectProvider::steps(self)
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html: an account has one of a URL.
    fn claims(&self) -> Vec<Claim> {
        vec![Claim::of("identity provider of", &self.url)]
    }
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
            let reply = crate::aws::present(
                "iam",
                "GetOpenIDConnectProvider",
                reply,
                crate::aws::gone::<Self>(),
            )?;
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
