//! The rotation of a secret.

use super::SecretName;
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

/// Rotation of a secret (a rotation schedule): a Lambda function that puts a new value, and when. Secrets Manager must be allowed to call
/// the function, and the function to change the secret.
///
/// ```
/// use tenon_resources::{secretsmanager::{Rotation, SecretName}, value::{Arn, Output}};
/// let secret: Output<SecretName> = Output::new("database", "id");
/// let function: Output<Arn> = Output::new("rotate", "arn");
/// Rotation::new(&secret, &function, "rate(30 days)").duration("3h");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("secretsmanager.rotation", cfn = "AWS::SecretsManager::RotationSchedule")]
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: "Configures and starts the asynchronous process of
// rotating the secret"; the configuration that a secret has is replaced.
#[facts(gone("ResourceNotFoundException"), second_create = Overwritten)]
#[on("arn:aws:secretsmanager:{region}:{account}:secret:{id}-*")]
// The permission to call the function may be a moment old: "AccessDeniedException ... Secrets Manager cannot invoke the specified Lambda
// function"; so may the secret. Terraform retries for 1 minute.
#[create(RotateSecret: secretsmanager, puts, also("lambda:InvokeFunction on arn:aws:lambda:{region}:{account}:function:*"),
    with(client_request_token: Token = Token::Fill, rotation_rules: Rules = Rules::of(me)),
    create_rules(.retry_on("ResourceNotFoundException", minutes(2))),
    rules(.retry_on_message("AccessDeniedException", "cannot invoke", minutes(2))
        .retry_on_message("InvalidRequestException", "previous rotation", minutes(10))))]
#[delete(CancelRotateSecret: secretsmanager, same(secret))]
pub struct Rotation {
    /// The secret.
    #[immutable]
    #[member("secret_id")]
    #[cfn("SecretId")]
    #[sample("a", "b")]
    pub secret: Input<SecretName>,
    /// The ARN of the Lambda function that puts new values.
    #[member("rotation_lambda_arn")]
    #[cfn("RotationLambdaARN")]
    #[length(1..=2_048)]
    #[sample(
        "arn:aws:lambda:eu-west-1:111111111111:function:a",
        "arn:aws:lambda:eu-west-1:111111111111:function:b"
    )]
    pub function: Input<Arn>,
    /// The schedule: `rate(30 days)`, or `cron(0 4 1 * ? *)` in UTC.
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
    #[member("")]
    #[in_struct(Rules)]
    #[cfn("RotationRules")]
    #[sample("rate(30 days)", "cron(0 4 1 * ? *)")]
    #[wrong_if(
        !(it.starts_with("rate(") || it.starts_with("cron(")) || !it.ends_with(')'),
        "is `{it}`: write `rate(30 days)`, or `cron(0 4 1 * ? *)`"
    )]
    #[length(1..=256)]
    pub schedule: String,
    /// The rotation window's length in hours, such as `3h`. Unset: the rest of the day, or the hour of a schedule in hours.
    #[default(None)]
    #[member("")]
    #[in_struct(Rules)]
    #[cfn("RotationRules")]
    #[sample("3h")]
    #[pattern("[0-9]{1,2}h")]
    pub duration: Option<String>,
    /// A value is put as soon as the rotation is made or changed, instead of in the next window.
    #[default(true)]
    #[write_only]
    #[member("rotate_immediately")]
    #[cfn("RotateImmediatelyOnUpdate")]
    #[sample(false)]
    pub rotate_immediately: bool,
}

/// Outputs of a rotation.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RotationOutputs {
    /// The secret's name.
    #[shape("{secret}")]
    pub id: SecretName,
}

impl Lifecycle for Rotation {
    const READ: Read = Read::new(
        "secretsmanager",
        "DescribeSecret",
        1,
        &["secretsmanager:DescribeSecret"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(self.secret.text())
    }

    fn create(&self) -> Steps {
        RotateSecret::steps(self)
    }

    fn set(&self, _: &Self, field: RotationField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        CancelRotateSecret::steps(self)
    }
}

#[cfg(feature = "aws")]
impl ToSdk<sdk::secretsmanager::types::RotationRulesType> for Rules {
    fn to_sdk(self) -> Option<sdk::secretsmanager::types::RotationRulesType> {
        let rules = sdk::secretsmanager::types::RotationRulesType::builder();
        let rules = rules.schedule_expression(self.schedule);
        Some(rules.set_duration(self.duration).build())
    }
}

#[cfg(feature = "aws")]
impl Observe for Rotation {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let reply = aws.secretsmanager.describe_secret().secret_id(name).send().await;
            let gone = crate::aws::gone::<Self>();
            let secret = crate::aws::present("secretsmanager", "DescribeSecret", reply, gone)?;
            let rotated = secret.filter(|s| s.deleted_date.is_none() && s.rotation_enabled == Some(true));
            let Some(secret) = rotated else {
                return Ok(None);
            };
            let rules = secret.rotation_rules;
            let days = rules.as_ref().and_then(|rules| rules.automatically_after_days);
            let schedule = rules.as_ref().and_then(|rules| rules.schedule_expression.clone());
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    secret: Input::Known(name.as_str().into()),
                    function: Input::Known(secret.rotation_lambda_arn.unwrap_or_default().into()),
                    // Whoever said a number of days has no schedule.
                    schedule: schedule.unwrap_or_else(|| format!("rate({} days)", days.unwrap_or_default())),
                    duration: rules.and_then(|rules| rules.duration),
                    rotate_immediately: true,
                },
                outputs: RotationOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }
}
