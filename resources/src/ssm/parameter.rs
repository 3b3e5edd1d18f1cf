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
// Never over one that exists at first: that would be somebody's.
#[create(PutParameter: ssm, puts, folds, also("ssm:AddTagsToResource", "kms:Encrypt", "kms:GenerateDataKey"),
    on = "arn:aws:ssm:{region}:{account}:parameter/*", with(overwrite: bool = false),
    again(overwrite = true, allowed_pattern = Some(me.allowed_pattern.clone()), key_id = me.key_again()),
    rules(.retry_on("TooManyUpdates", minutes(1))))]
#[delete(DeleteParameter: ssm, by(name), on = "arn:aws:ssm:{region}:{account}:parameter/*")]
#[retag(AddTagsToResource, RemoveTagsFromResource: ssm, by(resource_id), on = "arn:aws:ssm:{region}:{account}:parameter/*", with(resource_type: TaggedAs = TaggedAs::Parameter))]
#[sdk(ssm::ParameterMetadata)]
pub struct Parameter {
    /// The type.
    #[immutable]
    #[read(FromSdk::from_sdk(item.r#type.clone()).ok_or(Missing("type"))?)]
    #[cfn("Type")]
    #[sample(ParameterType::String, ParameterType::SecureString)]
    #[wrong_if(me.is_secure() && (me.value.is_some() || me.secret.is_none()), "is SecureString: set `secret`, and leave `value` out")]
    #[wrong_if(!me.is_secure() && (me.value.is_none() || me.secret.is_some()), "is {it}: set `value`, and leave `secret` out")]
    #[member(create = "r#type")]
    pub kind: ParameterType,
    /// The name, unique in the region; a path of up to 15 parts when it begins with `/`.
    #[immutable]
    // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html: "The maximum length constraint for the parameter
    // name that you specify is 1011 characters", the ARN before it included, which has up to 59.
    #[named(max = 952, id, also = "-_./", reserved("aws", "ssm", "/aws", "/ssm"))]
    #[sample("/a/level", "/b/token")]
    #[wrong_text_if(it.contains('/') && !it.starts_with('/'), "is `{it}`: begin a path with `/`")]
    #[wrong_text_if(
        is_kept(it),
        "is `{it}`, and AWS keeps `aws` and `ssm` at the beginning to itself"
    )]
    pub name: Option<Input<String>>,
    /// The value, unless the type is `SecureString`.
    #[default(None)]
    #[read(None)]
    #[sample("info", _)]
    #[wrong_text_if(it.is_empty() || it.len() > me.tier.bytes(), "has {} bytes, and AWS takes 1 to {} in tier {}", it.len(), me.tier.bytes(), me.tier)]
    #[create_with(Held, me.held())]
    pub value: Option<Input<String>>,
    /// The source of the value of a `SecureString`, which may be a [password](crate::value::Password) that is made here.
    #[write_only]
    #[cfn("")]
    #[sample(Secret::env("PAYMENT_TOKEN"))]
    #[part_of(value)]
    pub secret: Option<Secret>,
    /// The description.
    #[default(String::new())]
    #[length(0..=1_024)]
    #[sample("For the payment provider")]
    pub description: String,
    /// The allowed pattern: a regular expression that every value must match; empty for any.
    #[default(String::new())]
    #[length(0..=1_024)]
    #[sample("^[a-z]+$")]
    #[create_with(Option<String>, me.pattern())]
    pub allowed_pattern: String,
    /// The tier.
    #[default(ParameterTier::Standard)]
    #[sample(ParameterTier::Advanced)]
    pub tier: ParameterTier,
    /// The KMS key of a `SecureString`: its ID, ARN or alias. Unset: AWS's own for SSM.
    #[default(None)]
    #[read(item.key_id.clone().filter(|key| key != AWS_KEY).map(Input::Known))]
    #[cfn("")]
    #[sample("alias/shop")]
    #[wrong_if(!me.is_secure(), "is for a SecureString, and `kind` is {}", me.kind)]
    #[member("key_id")]
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

impl ParameterTier {
    /// The size of a value at the most.
    fn bytes(self) -> usize {
        match self {
            Self::Standard => 4096,
            Self::Advanced => 8192,
        }
    }
}

/// `true` if AWS keeps such names to itself.
fn is_kept(path: &str) -> bool {
    let first = path.trim_start_matches('/').to_ascii_lowercase();
    first.starts_with("aws") || first.starts_with("ssm")
}

impl Parameter {
    fn is_secure(&self) -> bool {
        self.kind == ParameterType::SecureString
    }

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

    fn held(&self) -> Held {
        Held {
            plain: self.value.clone(),
            secret: self.secret.clone(),
        }
    }

    /// The pattern, as a create call takes it.
    fn pattern(&self) -> Option<String> {
        Some(self.allowed_pattern.clone()).filter(|pattern| !pattern.is_empty())
    }

    /// The key in a call over what exists: what is unset is sent, too, so that it does not stay.
    fn key_again(&self) -> Option<Input<String>> {
        let own = self.kms_key.clone();
        let key = own.unwrap_or_else(|| Input::Known(AWS_KEY.into()));
        self.is_secure().then_some(key)
    }
}

impl Lifecycle for Parameter {
    const KEEPS_SECRETS: bool = true;
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

    fn create(&self) -> Steps {
        PutParameter::steps(self)
    }

    fn set(&self, _: &Self, field: ParameterField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteParameter::steps(self)
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
