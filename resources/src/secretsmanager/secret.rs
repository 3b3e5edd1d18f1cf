//! A secret in Secrets Manager.

use crate::{prelude::*, value::Secret as SecretValue};

id!(
    /// A secret's name, such as `shop-prod-token-1a2b3c`.
    SecretName
);

/// A secret. Its value is never read back, and stands in no plan and no state: there is only where it comes from.
///
/// ```
/// use tenon_resources::{secretsmanager::Secret, value};
/// Secret::new().value(value::Secret::env("PAYMENT_TOKEN")).description("For the payment provider");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("secretsmanager.secret", cfn = "AWS::SecretsManager::Secret", stateful)]
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html#API_CreateSecret_Errors
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html#API_DescribeSecret_Errors
#[facts(gone("ResourceNotFoundException"), second_create = Refused("ResourceExistsException"))]
// A name is free only some seconds after its secret was deleted without recovery.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, API_UpdateSecret.html: "you need …" of each key.
#[create(CreateSecret: secretsmanager, also("secretsmanager:TagResource", "kms:GenerateDataKey", "kms:Decrypt"), on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*",
    with(client_request_token: Token = Token::Fill),
    rules(.retry_on_message("InvalidRequestException", SCHEDULED, minutes(2))))]
#[update(UpdateSecret: secretsmanager, folds, by(secret_id), also("kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"), on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*")]
#[delete(DeleteSecret: secretsmanager, by(secret_id), on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*", with(
    recovery_window_in_days: Option<u32> = Some(me.recovery_window_in_days).filter(|days| *days > 0),
    force_delete_without_recovery: Option<bool> = (me.recovery_window_in_days == 0).then_some(true),
), rules(.ok_on_message("InvalidRequestException", SCHEDULED)))]
#[retag(TagResource, UntagResource: secretsmanager, by(secret_id), on = "arn:aws:secretsmanager:{region}:{account}:secret:{id}-*")]
#[calls(PutSecretValue)]
pub struct Secret {
    /// The name, unique in the region.
    #[immutable]
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html: "Do not end your secret name with a hyphen
    // followed by six characters"; and the name of a secret is taken as long as the secret can be restored.
    #[named(max = 512, id, also = "-_/+=.@", separator = '_', kept)]
    pub name: Option<Input<String>>,
    /// The source of the value, which may be a [password](crate::value::Password) that is made here; unset: somebody else puts the value
    /// there.
    #[write_only]
    #[member(create = "secret_string", update = "")]
    #[by_hand]
    #[cfn("SecretString")]
    #[sample(SecretValue::env("PAYMENT_TOKEN"))]
    pub value: Option<SecretValue>,
    /// The description.
    #[default(String::new())]
    #[length(0..=2_048)]
    #[create_with(Option<String>, Some(me.description.clone()).filter(|text| !text.is_empty()))]
    #[sample("For the payment provider")]
    pub description: String,
    /// The KMS key: its ID, ARN or alias. Unset: AWS's own for Secrets Manager.
    #[default(None)]
    #[member("kms_key_id")]
    #[by_hand]
    #[cfn("KmsKeyId")]
    #[sample("alias/shop")]
    #[wrong_text_if(it == AWS_KEY, "is `{it}`: leave it out, which means the same")]
    #[length(0..=2048)]
    pub kms_key: Option<Input<String>>,
    /// The recovery window, in days, 7 to 30: the secret can be restored, and its name is taken as long. 0: no recovery.
    #[default(30)]
    #[write_only]
    #[local]
    #[cfn("")]
    #[sample(0)]
    #[wrong_if(*it != 0 && !(7..=30).contains(it), "is {it}, and AWS takes 7 to 30, or 0 for none")]
    pub recovery_window_in_days: u32,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a secret.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SecretOutputs {
    /// The name.
    #[shape("{name}")]
    pub id: SecretName,
    /// The ARN, which ends with six characters that AWS chooses.
    #[shape("arn:aws:secretsmanager:{region}:{account}:secret:{id}-{hex6}")]
    pub arn: Arn,
}

/// AWS's own key: what an absent one means, and what restores it.
const AWS_KEY: &str = "alias/aws/secretsmanager";
const SCHEDULED: &str = "scheduled for deletion";

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

impl Lifecycle for Secret {
    const KEEPS_SECRETS: bool = true;
    const READ: Read = Read::new(
        "secretsmanager",
        "DescribeSecret",
        1,
        &["secretsmanager:DescribeSecret", "secretsmanager:ListSecrets"],
    );

    fn create(&self) -> Steps {
        CreateSecret::steps(self)
    }

    fn set(&self, _: &Self, field: SecretField) -> Steps {
        match field {
            SecretField::Value => self.value.clone().map_or_else(Steps::none, |secret_string| {
                Steps::update(PutSecretValue {
                    secret_id: this(),
                    client_request_token: Token::Fill,
                    secret_string,
                })
                // The token is this operation's own, so the version is what an attempt whose reply was lost has put; a password is another
                // in each attempt. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html: "If a version
                // with this value already exists and the version of the SecretString … values are different …, then the operation fails".
                .ok_on("ResourceExistsException")
            }),
            SecretField::KmsKey => {
                let mut call = UpdateSecret::unchanged(self);
                let aws = || Input::Known(AWS_KEY.into());
                call.kms_key_id = Some(self.kms_key.clone().unwrap_or_else(aws));
                call.steps()
            }
        }
    }

    fn delete(&self) -> Steps {
        let steps = DeleteSecret::steps(self);
        if self.recovery_window_in_days == 0 {
            steps.destroys("its value, which cannot be restored")
        } else {
            steps
        }
    }
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
            let gone = crate::aws::gone::<Self>();
            let secret = crate::aws::present("secretsmanager", "DescribeSecret", reply, gone)?;
            // A secret within its recovery window still has its name, and nothing else.
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
