//! An alias of a KMS key.

use super::KeyId;
use crate::prelude::*;

id!(
    /// An alias's name, such as `alias/shop-prod`.
    AliasName
);

/// An alias: a name for a KMS key. What uses the alias follows it to another key.
///
/// ```
/// use tenon_resources::{kms::{Alias, KeyId}, value::Output};
/// let key: Output<KeyId> = Output::new("key", "id");
/// Alias::new(&key).name("shop-prod");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("kms.alias", cfn = "AWS::KMS::Alias")]
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html#API_CreateAlias_Errors
// https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html#API_DeleteAlias_Errors
#[facts(gone("NotFoundException"), second_create = Refused("AlreadyExistsException"))]
#[create(CreateAlias: kms, rules(.retry_on("NotFoundException", minutes(2))))]
#[update(UpdateAlias: kms, with(alias_name: Input<String> = me.full_name()))]
#[delete(DeleteAlias: kms, with(alias_name: Input<String> = me.full_name()))]
pub struct Alias {
    /// The key.
    #[member("target_key_id")]
    #[cfn("TargetKeyId")]
    #[sample(
        "11111111-1111-1111-1111-111111111111",
        "22222222-2222-2222-2222-222222222222"
    )]
    #[wrong_text_if(it.0.starts_with("arn:"), "is `{it}`: give the key's id, which is what AWS gives back")]
    #[length(1..=256)]
    pub key: Input<KeyId>,
    /// The name without the `alias/` in front, unique in the region.
    #[immutable]
    #[member("alias_name")]
    #[create_with(Input<String>, me.full_name())]
    #[cfn("AliasName")]
    #[named(max = 250, also = "-_/", reserved("aws/"))]
    #[wrong_text_if(it.starts_with("alias/"), "is `{it}`: leave out `alias/`")]
    pub name: Option<Input<String>>,
}

/// Outputs of an alias.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct AliasOutputs {
    /// The name, with the `alias/` in front: what services take for a key.
    #[shape("alias/{name}")]
    pub id: AliasName,
    /// The ARN.
    #[shape("arn:aws:kms:{region}:{account}:{id}")]
    pub arn: Arn,
}

impl Lifecycle for Alias {
    const READ: Read = Read::new("kms", "ListAliases", 1000, &["kms:ListAliases"]);

    fn identity(&self) -> Identity {
        self.name
            .as_ref()
            .map_or(Identity::Assigned, |_| Identity::Natural(self.full_name()))
    }

    fn create(&self) -> Steps {
        CreateAlias::steps(self)
    }

    fn set(&self, _: &Self, field: AliasField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteAlias::steps(self)
    }

    // https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html: "The current and new KMS key must be the same type (both
    // symmetric or both asymmetric or both HMAC), and they must have the same key usage."
    fn refuses(&self, was: &Self, field: &str, look: Look<'_>) -> Option<String> {
        let of = |key: &Input<KeyId>| {
            let key = serde_json::to_value(key).ok()?;
            let spec = look(&key, "key_spec")?.as_str().map(family)?;
            Some((spec, look(&key, "key_usage")?))
        };
        let (from, to) = (of(&was.key)?, of(&self.key)?);
        (field == "key" && from != to).then(|| {
            "is moved to a key of another type or usage, which AWS refuses: give the alias another name, or replace it, too (`replaced_with` the key)".into()
        })
    }
}

/// The type of a key of this spec.
fn family(spec: &str) -> &'static str {
    match spec {
        "SYMMETRIC_DEFAULT" => "symmetric",
        hmac if hmac.starts_with("HMAC") => "HMAC",
        _ => "asymmetric",
    }
}

impl Alias {
    fn full_name(&self) -> Input<String> {
        self.name
            .as_ref()
            .map_or_else(this, |name| text!("alias/{}", name))
    }
}

#[cfg(feature = "aws")]
impl Observe for Alias {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default();
        let aliases = aws
            .all("kms", "ListAliases", items!(aws.kms.list_aliases()))
            .await?;
        let observed = aliases.into_iter().filter_map(|alias| {
            let id = alias.alias_name.filter(|name| ids.contains(name))?;
            Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    key: Input::Known(alias.target_key_id?.into()),
                    name: Some(Input::Known(id.strip_prefix("alias/")?.to_owned())),
                },
                outputs: AliasOutputs {
                    id: id.clone().into(),
                    arn: alias.alias_arn.unwrap_or_default().into(),
                },
                id,
            })
        });
        Ok(observed.collect())
    }
}
