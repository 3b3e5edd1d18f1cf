//! An alias: a name for a key, that can be pointed at another one.

use super::KeyId;
use crate::prelude::*;

id!(
    /// Names an alias, such as `alias/shop-prod`.
    AliasName
);

/// A name for a key. What uses the alias follows it to another key.
///
/// ```
/// use tenon_resources::{kms::{Alias, KeyId}, value::Output};
/// let key: Output<KeyId> = Output::new("key", "id");
/// Alias::new(&key).name("shop-prod");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("kms.alias", cfn = "AWS::KMS::Alias")]
pub struct Alias {
    /// The key it stands for.
    #[cfn("TargetKeyId")]
    pub key: Input<KeyId>,
    /// Its name without the `alias/` in front, unique in the region.
    #[immutable]
    #[cfn("AliasName")]
    #[named(max = 250, also = "-_/")]
    pub name: Option<Input<String>>,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct AliasOutputs {
    /// Its name, with the `alias/` in front: what services take for a key.
    #[shape("alias/{name}")]
    pub id: AliasName,
    /// Its ARN.
    #[shape("arn:aws:kms:{region}:{account}:{id}")]
    pub arn: Arn,
}

impl Lifecycle for Alias {
    const CALLS: &'static [CallInfo] = &[CreateAlias::INFO, UpdateAlias::INFO, DeleteAlias::INFO];
    const READ: Read = Read {
        service: "kms",
        operation: "ListAliases",
        batch: 1000,
        actions: &["kms:ListAliases"],
    };

    fn identity(&self) -> Identity {
        self.name
            .as_ref()
            .map_or(Identity::Assigned, |_| Identity::Natural(self.full_name()))
    }

    fn create(&self) -> Steps {
        Steps::create(CreateAlias {
            alias_name: self.full_name(),
            target_key_id: self.key.clone(),
        })
        .retry_on("NotFoundException", minutes(2))
    }

    fn set(&self, _was: &Self, field: AliasField) -> Steps {
        match field {
            AliasField::Key => Steps::update(UpdateAlias {
                alias_name: self.full_name(),
                target_key_id: self.key.clone(),
            }),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteAlias {
            alias_name: self.full_name(),
        })
        .ok_on("NotFoundException")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(name) = self.name.as_ref().and_then(Input::known)
            && (name.starts_with("alias/") || name.starts_with("aws/"))
        {
            findings.push(format!(
                "`name` is `{name}`: leave out `alias/`, and AWS keeps `aws/` to itself"
            ));
        }
        if let Some(key) = self.key.known()
            && key.0.starts_with("arn:")
        {
            findings.push(format!(
                "`key` is `{key}`: give the key's id, which is what AWS gives back"
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("11111111-1111-1111-1111-111111111111").name("a"),
            Self::new("22222222-2222-2222-2222-222222222222").name("b"),
        ]
    }
}

impl Alias {
    fn full_name(&self) -> Input<String> {
        self.name
            .as_ref()
            .map_or_else(this, |name| text!("alias/{}", name))
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms)]
struct CreateAlias {
    alias_name: Input<String>,
    target_key_id: Input<KeyId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms)]
struct UpdateAlias {
    alias_name: Input<String>,
    target_key_id: Input<KeyId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms)]
struct DeleteAlias {
    alias_name: Input<String>,
}

#[cfg(feature = "aws")]
impl Observe for Alias {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default();
        let aliases = aws
            .all("kms", "ListAliases", items!(aws.kms.list_aliases()))
            .await?;
        let seen = aliases.into_iter().filter_map(|alias| {
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
        Ok(seen.collect())
    }
}
