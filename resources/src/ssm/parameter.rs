//! A parameter: a setting that programs read when they need it.

use crate::{choice, prelude::*};

id!(
    /// Names a parameter, such as `/shop/prod/log-level`.
    ParameterName
);

choice!(
    /// What a parameter holds.
    ParameterType of ssm::ParameterType {
        /// Text.
        String = "String",
        /// Texts with commas between.
        StringList = "StringList",
        /// Text that KMS encrypts.
        SecureString = "SecureString",
    }
);

choice!(
    /// How much a parameter holds, and whether it costs.
    ParameterTier of ssm::ParameterTier {
        /// Up to 4 KB; free.
        Standard = "Standard",
        /// Up to 8 KB; costs by the month, and cannot become a standard one again.
        Advanced = "Advanced",
    }
);

choice!(
    /// Which of SSM's things has the tags.
    TaggedAs of ssm::ResourceTypeForTagging {
        /// A parameter.
        Parameter = "Parameter",
    }
);

/// A setting that programs read by name. A secret one is written from where it comes from, and never read back.
///
/// ```
/// use tenon_resources::{ssm::Parameter, value::Secret};
/// Parameter::string("info").name("/shop/log-level");
/// Parameter::list(["eu-west-1a", "eu-west-1b"]);
/// Parameter::secure(Secret::env("PAYMENT_TOKEN")).kms_key("alias/shop");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ssm.parameter", cfn = "AWS::SSM::Parameter")]
pub struct Parameter {
    /// What it holds.
    #[immutable]
    #[cfn("Type")]
    pub kind: ParameterType,
    /// Its name, unique in the region; a path of up to 15 parts when it begins with `/`.
    #[immutable]
    #[named(max = 1011, also = "-_./")]
    pub name: Option<Input<String>>,
    /// Its value, unless it is a `SecureString`.
    #[default(None)]
    pub value: Option<Input<String>>,
    /// Where the value of a `SecureString` comes from.
    #[write_only]
    #[cfn("")]
    pub secret: Option<Secret>,
    /// What it is for, up to 1,024 characters.
    #[default(String::new())]
    pub description: String,
    /// A regular expression that every value must match; empty for any.
    #[default(String::new())]
    pub allowed_pattern: String,
    /// How much it holds, and whether it costs.
    #[default(ParameterTier::Standard)]
    pub tier: ParameterTier,
    /// The KMS key that encrypts a `SecureString`: its id, ARN or alias. Unset: AWS's own for SSM.
    #[default(None)]
    #[cfn("")]
    pub kms_key: Option<Input<String>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ParameterOutputs {
    /// Its name.
    #[shape("{name}")]
    pub id: ParameterName,
    /// Its ARN.
    #[shape("arn:aws:ssm:{region}:{account}:parameter/{id}")]
    pub arn: Arn,
}

/// AWS's own key: what an absent one means, and what puts it back.
const AWS_KEY: &str = "alias/aws/ssm";

impl Parameter {
    /// One that holds text.
    pub fn string(value: impl IntoInput<String>) -> Self {
        Self::new(ParameterType::String).value(value)
    }

    /// One that holds texts, none of which has a comma.
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

    /// One that holds a secret.
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

    /// The same over what is there; what is unset is said, so that it does not stay.
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
    const CALLS: &'static [CallInfo] = &[
        PutParameter::INFO,
        AddTagsToResource::INFO,
        RemoveTagsFromResource::INFO,
        DeleteParameter::INFO,
    ];
    const READ: Read = Read {
        service: "ssm",
        operation: "GetParameters",
        batch: 10,
        actions: &[
            "ssm:GetParameters",
            "ssm:DescribeParameters",
            "ssm:ListTagsForResource",
        ],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.name.as_ref())
    }

    fn create(&self) -> Steps {
        // Never over one that exists: that would be somebody's. And only this call takes tags.
        Steps::create(PutParameter {
            tags: Some(self.tags.clone()),
            ..self.put()
        })
        .retry_on("TooManyUpdates", minutes(1))
    }

    fn set(&self, was: &Self, field: ParameterField) -> Steps {
        match field {
            // The call says everything.
            ParameterField::Value
            | ParameterField::Secret
            | ParameterField::Description
            | ParameterField::AllowedPattern
            | ParameterField::Tier
            | ParameterField::KmsKey => Steps::update(self.over()).retry_on("TooManyUpdates", minutes(1)),
            ParameterField::Tags => {
                let of = || TaggedAs::Parameter;
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(AddTagsToResource {
                            resource_type: of(),
                            resource_id: this(),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(RemoveTagsFromResource {
                            resource_type: of(),
                            resource_id: this(),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteParameter { name: this() }).ok_on("ParameterNotFound")
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
    also("ssm:AddTagsToResource"),
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

#[derive(Call, Serialize, Deserialize)]
#[call(ssm, on = "arn:aws:ssm:{region}:{account}:parameter/*")]
struct AddTagsToResource {
    resource_type: TaggedAs,
    resource_id: Input<ParameterName>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ssm, on = "arn:aws:ssm:{region}:{account}:parameter/*")]
struct RemoveTagsFromResource {
    resource_type: TaggedAs,
    resource_id: Input<ParameterName>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ssm, on = "arn:aws:ssm:{region}:{account}:parameter/*")]
struct DeleteParameter {
    name: Input<ParameterName>,
}

#[cfg(feature = "aws")]
impl Observe for Parameter {
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
            let kind = p.r#type.and_then(|t| ParameterType::word(t.as_str()));
            let (Some(reply), Some(kind)) = (reply, kind) else {
                return Ok(None);
            };
            let tier = p.tier.and_then(|t| ParameterTier::word(t.as_str()));
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    kind,
                    name: Some(Input::Known(name.clone())),
                    value: value
                        .filter(|_| kind != ParameterType::SecureString)
                        .map(Input::Known),
                    secret: None,
                    description: p.description.unwrap_or_default(),
                    allowed_pattern: p.allowed_pattern.unwrap_or_default(),
                    tier: tier.unwrap_or(ParameterTier::Standard),
                    kms_key: p.key_id.filter(|k| k != AWS_KEY).map(Input::Known),
                    tags: reply.tag_list.into(),
                },
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
