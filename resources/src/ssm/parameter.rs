//! A parameter in Parameter Store.

#[cfg(feature = "aws")]
use crate::aws::FromSdk;
use crate::{choice, prelude::*};

id!(
    /// A parameter's name, such as `/shop/prod/log-level`.
    ParameterName
);

choice!(
    /// The type of a parameter.
    ParameterType of ssm::ParameterType {
        /// Text.
        String = "String",
        /// Texts, separated by commas.
        StringList = "StringList",
        /// Text that KMS encrypts.
        SecureString = "SecureString",
    }
);

choice!(
    /// The tier of a parameter.
    ParameterTier of ssm::ParameterTier {
        /// Up to 4 KB; free.
        Standard = "Standard",
        /// Up to 8 KB; charged by the month, and cannot become a standard one again.
        Advanced = "Advanced",
    }
);

choice!(
    /// The resource type that has the tags.
    TaggedAs of ssm::ResourceTypeForTagging {
        /// A parameter.
        Parameter = "Parameter",
    }
);

/// A parameter in Parameter Store. The value of a `SecureString` is written from its source, and never read back.
///
/// ```
/// use tenon_resources::{ssm::Parameter, value::Secret};
/// Parameter::string("info").name("/shop/log-level");
/// Parameter::list(["eu-west-1a", "eu-west-1b"]);
/// Parameter::secure(Secret::env("PAYMENT_TOKEN")).kms_key("alias/shop");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ssm.parameter", cfn = "AWS::SSM::Parameter")]
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html#API_DeleteParameter_Errors
#[facts(gone("ParameterNotFound"), second_create = Refused("ParameterAlreadyExists"))]
#[delete(DeleteParameter: ssm, by(name), on = "arn:aws:ssm:{region}:{account}:parameter/*")]
#[retag(AddTagsToResource, RemoveTagsFromResource: ssm, by(resource_id), on = "arn:aws:ssm:{region}:{account}:parameter/*", with(resource_type: TaggedAs = TaggedAs::Parameter))]
#[calls(PutParameter)]
#[sdk(ssm::ParameterMetadata)]
pub struct Parameter {
    /// The type.
    #[immutable]
    #[read(FromSdk::from_sdk(item.r#type.clone()).ok_or(Missing("type"))?)]
    #[cfn("Type")]
    pub kind: ParameterType,
    /// The name, unique in the region; a path of up to 15 parts when it begins with `/`.
    #[immutable]
    // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html: "The maximum length constraint for the parameter
    // name that you specify is 1011 characters", the ARN before it included, which has up to 59.
    #[named(max = 952, also = "-_./", reserved("aws", "ssm", "/aws", "/ssm"))]
    pub name: Option<Input<String>>,
    /// The value, unless the type is `SecureString`.
    #[default(None)]
    #[read(None)]
    pub value: Option<Input<String>>,
    /// The source of the value of a `SecureString`.
    #[write_only]
    #[cfn("")]
    pub secret: Option<Secret>,
    /// The description.
    #[default(String::new())]
    #[length(0..=1_024)]
    #[length(0..=1024)]
    pub description: String,
    /// The allowed pattern: a regular expression that every value must match; empty for any.
    #[default(String::new())]
    #[length(0..=1_024)]
    #[length(0..=1024)]
    pub allowed_pattern: String,
    /// The tier.
    #[default(ParameterTier::Standard)]
    pub tier: ParameterTier,
    /// The KMS key of a `SecureString`: its ID, ARN or alias. Unset: AWS's own for SSM.
    #[default(None)]
    #[read(item.key_id.clone().filter(|key| key != AWS_KEY).map(Input::Known))]
    #[cfn("")]
    pub kms_key: Option<Input<String>>,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a parameter.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ParameterOutputs {
    /// The name.
    #[shape("{name}")]
    pub id: ParameterName,
    /// The ARN.
    #[shape("arn:aws:ssm:{region}:{account}:parameter/{id}")]
    pub arn: Arn,
}

/// AWS's own key: what an absent one means, and what restores it.
const AWS_KEY: &str = "alias/aws/ssm";

impl Parameter {
    /// A parameter of type `String`.
    pub fn string(value: impl IntoInput<String>) -> Self {
        Self::new(ParameterType::String).value(value)
    }

    /// A parameter of type `StringList`, none of whose values has a comma.
    pub fn list(values: impl IntoIterator<Item = impl IntoInput<String>>) -> Self {
        let mut joined = text!("");
        for (i, value) in values.into_iter().enumerate() {
            let value = value.into_input();
            joined = if i == 0 {
                value
            } else {
                text!("{},{}", &joined, &value)
            };
        }
        Self::new(ParameterType::StringList).value(joined)
    }

    /// A parameter of type `SecureString`.
    pub fn secure(secret: Secret) -> Self {
        Self::new(ParameterType::SecureString).secret(secret)
    }

    fn put(&self) -> PutParameter {
        PutParameter {
            name: self.name.clone(),
            r#type: self.kind,
            value: Held {
                plain: self.value.clone(),
                secret: self.secret.clone(),
            },
            description: self.description.clone(),
            allowed_pattern: Some(self.allowed_pattern.clone()).filter(|p| !p.is_empty()),
            tier: self.tier,
            key_id: self.kms_key.clone(),
            overwrite: false,
            tags: None,
        }
    }

    /// The same call over what exists; what is unset is sent, too, so that it does not stay.
    fn over(&self) -> PutParameter {
        let key = self
            .kms_key
            .clone()
            .unwrap_or_else(|| Input::Known(AWS_KEY.into()));
        PutParameter {
            allowed_pattern: Some(self.allowed_pattern.clone()),
            key_id: Some(key).filter(|_| self.kind == ParameterType::SecureString),
            overwrite: true,
            ..self.put()
        }
    }
}

impl Lifecycle for Parameter {
    const READ: Read = Read::new(
        "ssm",
        "GetParameters",
        10,
        &[
            "ssm:GetParameters",
            "ssm:DescribeParameters",
            "ssm:ListTagsForResource",
        ],
    );

    fn identity(&self) -> Identity {
        Identity::named(self.name.as_ref())
    }

    fn create(&self) -> Steps {
        // Never over one that exists: that would be somebody's. Only this call takes tags.
        Steps::create(PutParameter {
            tags: Some(self.tags.clone()),
            ..self.put()
        })
        .retry_on("TooManyUpdates", minutes(1))
    }

    fn set(&self, _: &Self, field: ParameterField) -> Steps {
        match field {
            // The call has every member.
            ParameterField::Value
            | ParameterField::Secret
            | ParameterField::Description
            | ParameterField::AllowedPattern
            | ParameterField::Tier
            | ParameterField::KmsKey => Steps::update(self.over()).retry_on("TooManyUpdates", minutes(1)),
        }
    }

    fn delete(&self) -> Steps {
        DeleteParameter::steps(self)
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let (secure, kind) = (self.kind == ParameterType::SecureString, self.kind);
        if secure && (self.value.is_some() || self.secret.is_none()) {
            findings.push("`kind` is SecureString: set `secret`, and leave `value` out".to_owned());
        }
        if !secure && (self.value.is_none() || self.secret.is_some()) {
            findings.push(format!("`kind` is {kind}: set `value`, and leave `secret` out"));
        }
        if !secure && self.kms_key.is_some() {
            findings.push(format!("`kms_key` is for a SecureString, and `kind` is {kind}"));
        }
        if let Some(value) = self.value.as_ref().and_then(Input::known) {
            let max = if self.tier == ParameterTier::Advanced {
                8192
            } else {
                4096
            };
            if value.is_empty() || value.len() > max {
                let length = value.len();
                findings.push(format!(
                    "`value` has {length} bytes, and AWS takes 1 to {max} in tier {}",
                    self.tier
                ));
            }
        }
        if let Some(name) = self.name.as_ref().and_then(Input::known) {
            if name.contains('/') && !name.starts_with('/') {
                findings.push(format!("`name` is `{name}`: begin a path with `/`"));
            }
            let first = name.trim_start_matches('/').to_ascii_lowercase();
            if first.starts_with("aws") || first.starts_with("ssm") {
                findings.push(format!(
                    "`name` is `{name}`, and AWS keeps `aws` and `ssm` at the beginning to itself"
                ));
            }
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::string("info").name("/a/level").tags([("Name", "a")]),
            Self::secure(Secret::env("PAYMENT_TOKEN"))
                .name("/b/token")
                .description("For the payment provider")
                .allowed_pattern("^[a-z]+$")
                .tier(ParameterTier::Advanced)
                .kms_key("alias/shop")
                .tags([("Name", "b")]),
        ]
    }
}

/// A parameter's value: text, or the reference to a secret.
#[derive(Clone, Debug)]
struct Held {
    plain: Option<Input<String>>,
    secret: Option<Secret>,
}

impl Serialize for Held {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (&self.plain, &self.secret) {
            (_, Some(secret)) => secret.serialize(s),
            (plain, None) => plain.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = serde_json::Value::deserialize(d)?;
        if value.get("$secret").is_some() || value.get("$plain").is_some() {
            let secret = serde_json::from_value(value).map_err(D::Error::custom)?;
            return Ok(Self {
                plain: None,
                secret: Some(secret),
            });
        }
        Ok(Self {
            plain: serde_json::from_value(value).map_err(D::Error::custom)?,
            secret: None,
        })
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<String> for Held {
    fn to_sdk(self) -> Option<String> {
        self.secret
            .and_then(Secret::expose)
            .or_else(|| self.plain?.known().cloned())
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ssm,
    folds,
    also("ssm:AddTagsToResource", "kms:Encrypt", "kms:GenerateDataKey"),
    on = "arn:aws:ssm:{region}:{account}:parameter/*"
)]
struct PutParameter {
    name: Option<Input<String>>,
    r#type: ParameterType,
    value: Held,
    description: String,
    allowed_pattern: Option<String>,
    tier: ParameterTier,
    key_id: Option<Input<String>>,
    overwrite: bool,
    tags: Option<Tags>,
}

#[cfg(feature = "aws")]
impl Observe for Parameter {
    // Long: three calls, the names of one being the request of the next.
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use sdk::ssm::types::{ParameterMetadata, ParameterStringFilter, ResourceTypeForTagging};
        let filter = |key: &str, values: &[String]| {
            ParameterStringFilter::builder()
                .key(key)
                .set_values(Some(values.to_vec()))
                .build()
                .ok()
        };
        let filters: Vec<_> = match by {
            By::Ids(ids) => ids.chunks(10).map(|ids| filter("Name", ids)).collect(),
            By::Owner(owner) => vec![filter(
                &format!("tag:{}", crate::value::Owner::STACK),
                std::slice::from_ref(&owner.stack),
            )],
        };
        let mut listed: Vec<ParameterMetadata> = vec![];
        for filter in filters {
            let request = aws
                .ssm
                .describe_parameters()
                .set_parameter_filters(filter.map(|f| vec![f]));
            for page in aws.all("ssm", "DescribeParameters", pages!(request)).await? {
                listed.extend(page.parameters.unwrap_or_default());
            }
        }
        let mut values = BTreeMap::new();
        let names: Vec<String> = listed.iter().filter_map(|p| p.name.clone()).collect();
        for names in names.chunks(10) {
            // Not decrypted: nobody needs to see a secret to see that it is there.
            let reply = aws
                .ssm
                .get_parameters()
                .set_names(Some(names.to_vec()))
                .with_decryption(false)
                .send()
                .await;
            let reply = reply.map_err(|e| crate::aws::call_error("ssm", "GetParameters", e))?;
            values.extend(
                reply
                    .parameters
                    .into_iter()
                    .flatten()
                    .filter_map(|p| Some((p.name?, p.value))),
            );
        }
        let listed = listed.into_iter().filter_map(|p| {
            let value = values.remove(p.name.as_ref()?)?;
            Some((p, value))
        });
        crate::aws::each(listed, |(p, value)| async move {
            let mut inputs = Self::from_sdk(&p).map_err(broken::<Self>)?;
            let Some(name) = p.name else { return Ok(None) };
            let of = ResourceTypeForTagging::Parameter;
            let reply = aws
                .ssm
                .list_tags_for_resource()
                .resource_type(of)
                .resource_id(&name)
                .send()
                .await;
            let reply = crate::aws::present("ssm", "ListTagsForResource", reply, &["InvalidResourceId"])?;
            let Some(reply) = reply else { return Ok(None) };
            inputs.tags = reply.tag_list.into();
            let plain = inputs.kind != ParameterType::SecureString;
            inputs.value = value.filter(|_| plain).map(Input::Known);
            Ok(Some(Seen {
                status: Status::Ready,
                inputs,
                outputs: ParameterOutputs {
                    id: name.clone().into(),
                    arn: aws.arn("ssm", &format!("parameter/{}", name.trim_start_matches('/'))),
                },
                id: name,
            }))
        })
        .await
    }
}
