//! A secret that AWS keeps.

use crate::{prelude::*, value::Secret as SecretValue};

id!(
    /// Names a secret, such as `shop-prod-token-1a2b3c`.
    SecretName
);

/// Keeps a secret for those who may read it. Its value is never read back, and stands in no plan and no state: there is
/// only where it comes from.
///
/// ```
/// use tenon_resources::{secretsmanager::Secret, value};
/// Secret::new().value(value::Secret::env("PAYMENT_TOKEN")).description("For the payment provider");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("secretsmanager.secret", cfn = "AWS::SecretsManager::Secret", stateful)]
pub struct Secret {
    /// Its name, unique in the region.
    #[immutable]
    #[named(max = 512, also = "-_/+=.@")]
    pub name: Option<Input<String>>,
    /// Where its value comes from; unset: somebody else puts it there.
    #[write_only]
    #[cfn("SecretString")]
    pub value: Option<SecretValue>,
    /// What it is for, up to 2,048 characters.
    #[default(String::new())]
    pub description: String,
    /// The KMS key that encrypts it: its id, ARN or alias. Unset: AWS's own for Secrets Manager.
    #[default(None)]
    #[cfn("KmsKeyId")]
    pub kms_key: Option<Input<String>>,
    /// For how many days it can be restored after it was deleted, 7 to 30; its name is taken as long. 0: not at all.
    #[default(30)]
    #[write_only]
    #[cfn("")]
    pub recovery_window_in_days: u32,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SecretOutputs {
    /// Its name.
    #[shape("{name}")]
    pub id: SecretName,
    /// Its ARN, which ends with six characters that AWS chooses.
    #[shape("arn:aws:secretsmanager:{region}:{account}:secret:{id}-{hex8}")]
    pub arn: Arn,
}

/// AWS's own key: what an absent one means, and what puts it back.
const AWS_KEY: &str = "alias/aws/secretsmanager";

impl Lifecycle for Secret {
    const CALLS: &'static [CallInfo] = &[
        CreateSecret::INFO,
        PutSecretValue::INFO,
        UpdateSecret::INFO,
        TagResource::INFO,
        UntagResource::INFO,
        DeleteSecret::INFO,
    ];
    const READ: Read = Read {
        service: "secretsmanager",
        operation: "DescribeSecret",
        batch: 1,
        actions: &["secretsmanager:DescribeSecret", "secretsmanager:ListSecrets"],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.name.as_ref())
    }

    fn create(&self) -> Steps {
        // A name is free only some seconds after its secret was deleted without recovery.
        Steps::create(CreateSecret {
            name: self.name.clone(),
            client_request_token: Token::Fill,
            description: Some(self.description.clone()).filter(|d| !d.is_empty()),
            kms_key_id: self.kms_key.clone(),
            secret_string: self.value.clone(),
            tags: self.tags.clone(),
        })
        .retry_on_message("InvalidRequestException", "scheduled for deletion", minutes(2))
    }

    fn set(&self, was: &Self, field: SecretField) -> Steps {
        match field {
            SecretField::Value => self.value.clone().map_or_else(Steps::none, |secret_string| {
                Steps::update(PutSecretValue {
                    secret_id: this(),
                    client_request_token: Token::Fill,
                    secret_string,
                })
            }),
            SecretField::Description | SecretField::KmsKey => Steps::update(UpdateSecret {
                secret_id: this(),
                description: (field == SecretField::Description).then(|| self.description.clone()),
                kms_key_id: (field == SecretField::KmsKey).then(|| {
                    self.kms_key
                        .clone()
                        .unwrap_or_else(|| Input::Known(AWS_KEY.into()))
                }),
            }),
            // It is said when the secret is deleted.
            SecretField::RecoveryWindowInDays => Steps::none(),
            SecretField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagResource {
                            secret_id: this(),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagResource {
                            secret_id: this(),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        let days = self.recovery_window_in_days;
        let steps = Steps::delete(DeleteSecret {
            secret_id: this(),
            recovery_window_in_days: Some(days).filter(|d| *d > 0),
            force_delete_without_recovery: Some(true).filter(|_| days == 0),
        })
        .ok_on("ResourceNotFoundException")
        .ok_on_message("InvalidRequestException", "scheduled for deletion");
        if days == 0 {
            steps.destroys("its value, which cannot be restored")
        } else {
            steps
        }
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let days = self.recovery_window_in_days;
        if days != 0 && !(7..=30).contains(&days) {
            findings.push(format!(
                "`recovery_window_in_days` is {days}, and AWS takes 7 to 30, or 0 for none"
            ));
        }
        if self
            .kms_key
            .as_ref()
            .and_then(Input::known)
            .is_some_and(|k| k == AWS_KEY)
        {
            findings.push(format!(
                "`kms_key` is `{AWS_KEY}`: leave it out, which means the same"
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new().name("a").tags([("Name", "a")]),
            Self::new()
                .name("b")
                .value(SecretValue::env("PAYMENT_TOKEN"))
                .description("For the payment provider")
                .kms_key("alias/shop")
                .recovery_window_in_days(0u32)
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    secretsmanager,
    also("secretsmanager:TagResource"),
    on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*"
)]
struct CreateSecret {
    name: Option<Input<String>>,
    client_request_token: Token,
    description: Option<String>,
    kms_key_id: Option<Input<String>>,
    secret_string: Option<SecretValue>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    secretsmanager,
    on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*"
)]
struct PutSecretValue {
    secret_id: Input<SecretName>,
    client_request_token: Token,
    secret_string: SecretValue,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    secretsmanager,
    folds,
    on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*"
)]
struct UpdateSecret {
    secret_id: Input<SecretName>,
    description: Option<String>,
    kms_key_id: Option<Input<String>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    secretsmanager,
    on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*"
)]
struct TagResource {
    secret_id: Input<SecretName>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    secretsmanager,
    on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*"
)]
struct UntagResource {
    secret_id: Input<SecretName>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    secretsmanager,
    on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*"
)]
struct DeleteSecret {
    secret_id: Input<SecretName>,
    recovery_window_in_days: Option<u32>,
    force_delete_without_recovery: Option<bool>,
}

#[cfg(feature = "aws")]
impl Observe for Secret {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(owner) => {
                use sdk::secretsmanager::types::{Filter, FilterNameStringType::TagValue};
                // A filter on the key and one on the value need not be of the same tag; the caller sees to that.
                let value = Filter::builder().key(TagValue).values(&owner.stack).build();
                let pages = pages!(aws.secretsmanager.list_secrets().filters(value));
                let pages = aws.all("secretsmanager", "ListSecrets", pages).await?;
                pages
                    .into_iter()
                    .flat_map(|p| p.secret_list.unwrap_or_default())
                    .filter_map(|s| s.name)
                    .collect()
            }
        };
        crate::aws::each(names, |name| async move {
            let reply = aws.secretsmanager.describe_secret().secret_id(&name).send().await;
            let gone = ["ResourceNotFoundException"];
            let secret = crate::aws::present("secretsmanager", "DescribeSecret", reply, &gone)?;
            // One that waits for its end has its name still, and nothing else.
            let Some(secret) = secret.filter(|s| s.deleted_date.is_none()) else {
                return Ok(None);
            };
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    name: Some(Input::Known(name.clone())),
                    value: None,
                    description: secret.description.unwrap_or_default(),
                    kms_key: secret.kms_key_id.filter(|k| k != AWS_KEY).map(Input::Known),
                    recovery_window_in_days: 30,
                    tags: secret.tags.into(),
                },
                outputs: SecretOutputs {
                    id: name.clone().into(),
                    arn: secret.arn.unwrap_or_default().into(),
                },
                id: name,
            }))
        })
        .await
    }
}
