//! A KMS key.

use crate::{choice, iam::Policy, prelude::*};

id!(
    /// Names a key, such as `0a1b2c3d-4e5f-6789-abcd-ef0123456789`.
    KeyId
);

choice!(
    /// What a key is made of.
    KeySpec of kms::KeySpec {
        /// 256 bits for AES: what AWS services encrypt with.
        SymmetricDefault = "SYMMETRIC_DEFAULT",
        /// RSA, 2,048 bits.
        Rsa2048 = "RSA_2048",
        /// RSA, 3,072 bits.
        Rsa3072 = "RSA_3072",
        /// RSA, 4,096 bits.
        Rsa4096 = "RSA_4096",
        /// The NIST curve P-256.
        EccNistP256 = "ECC_NIST_P256",
        /// The NIST curve P-384.
        EccNistP384 = "ECC_NIST_P384",
        /// The NIST curve P-521.
        EccNistP521 = "ECC_NIST_P521",
        /// The curve secp256k1.
        EccSecgP256k1 = "ECC_SECG_P256K1",
        /// Curve 25519, for Ed25519 signatures.
        EccNistEdwards25519 = "ECC_NIST_EDWARDS25519",
        /// For HMACs with SHA-256.
        Hmac256 = "HMAC_256",
        /// For HMACs with SHA-384.
        Hmac384 = "HMAC_384",
        /// For HMACs with SHA-512.
        Hmac512 = "HMAC_512",
    }
);

choice!(
    /// What a key is for.
    KeyUsage of kms::KeyUsageType {
        /// Encrypting.
        EncryptDecrypt = "ENCRYPT_DECRYPT",
        /// Signing.
        SignVerify = "SIGN_VERIFY",
        /// Message authentication codes.
        GenerateVerifyMac = "GENERATE_VERIFY_MAC",
        /// Agreeing on a secret.
        KeyAgreement = "KEY_AGREEMENT",
    }
);

/// A key that encrypts, decrypts and signs inside KMS. Deleting it schedules its end after a waiting time in which it can be
/// taken back with `aws kms cancel-key-deletion`; whatever it encrypted is lost then.
///
/// ```
/// use tenon_resources::kms::Key;
/// Key::new().description("What the shop's database is encrypted with").rotation_in_days(365u32);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("kms.key", cfn = "AWS::KMS::Key", stateful)]
pub struct Key {
    /// What it is for.
    #[default(String::new())]
    pub description: String,
    /// Who may do what with it; `"*"` as resource is the key itself. Unset: what AWS gives, which leaves it to the account's
    /// IAM policies.
    #[cfn("KeyPolicy")]
    pub policy: Option<Policy>,
    /// Makes new key material every so many days, 90 to 2,560; unset: never. What was encrypted stays readable.
    #[default(None)]
    #[after_create]
    #[cfn("EnableKeyRotation")]
    pub rotation_in_days: Option<u32>,
    /// Whether it can be used.
    #[default(true)]
    #[after_create]
    pub enabled: bool,
    /// What it is made of.
    #[immutable]
    #[default(KeySpec::SymmetricDefault)]
    pub key_spec: KeySpec,
    /// What it is for.
    #[immutable]
    #[default(KeyUsage::EncryptDecrypt)]
    pub key_usage: KeyUsage,
    /// Can have replicas in other regions.
    #[immutable]
    #[default(false)]
    pub multi_region: bool,
    /// How many days pass between its deletion and its end, 7 to 30.
    #[default(30)]
    #[write_only]
    pub pending_window_in_days: u32,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct KeyOutputs {
    /// Its id.
    #[shape("{hex8}-0000-4000-8000-0000{hex8}")]
    pub id: KeyId,
    /// Its ARN.
    #[shape("arn:aws:kms:{region}:{account}:key/{id}")]
    pub arn: Arn,
    /// The account it belongs to, 12 digits.
    #[shape("{account}")]
    pub account: String,
}

/// A new principal is unknown to KMS for a while: Terraform tries for 2 minutes.
const PRINCIPAL: (&str, u32) = ("MalformedPolicyDocumentException", minutes(2));

impl Lifecycle for Key {
    const CALLS: &'static [CallInfo] = &[
        CreateKey::INFO,
        UpdateKeyDescription::INFO,
        PutKeyPolicy::INFO,
        EnableKeyRotation::INFO,
        DisableKeyRotation::INFO,
        EnableKey::INFO,
        DisableKey::INFO,
        TagResource::INFO,
        UntagResource::INFO,
        ScheduleKeyDeletion::INFO,
    ];
    const READ: Read = Read {
        service: "kms",
        operation: "DescribeKey",
        batch: 1,
        actions: &[
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListKeys",
            "kms:ListResourceTags",
        ],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateKey {
            description: Some(self.description.clone()).filter(|d| !d.is_empty()),
            policy: self.policy.clone(),
            key_spec: self.key_spec,
            key_usage: self.key_usage,
            multi_region: self.multi_region,
            tags: self.tags.clone(),
        })
        .retry_on(PRINCIPAL.0, PRINCIPAL.1)
    }

    fn set(&self, was: &Self, field: KeyField) -> Steps {
        // What was just made may be unknown to the next call for a moment.
        let late = |steps: Steps| steps.retry_on("NotFoundException", minutes(1));
        match field {
            KeyField::Description => Steps::update(UpdateKeyDescription {
                key_id: this(),
                description: self.description.clone(),
            }),
            KeyField::Policy => Steps::update(PutKeyPolicy {
                key_id: this(),
                policy_name: "default".into(),
                policy: self.policy.clone().unwrap_or_else(default_policy),
            })
            .retry_on(PRINCIPAL.0, PRINCIPAL.1),
            KeyField::RotationInDays => late(match self.rotation_in_days {
                Some(rotation_period_in_days) => Steps::update(EnableKeyRotation {
                    key_id: this(),
                    rotation_period_in_days,
                }),
                None => Steps::update(DisableKeyRotation { key_id: this() }),
            }),
            KeyField::Enabled if self.enabled => late(Steps::update(EnableKey { key_id: this() })),
            KeyField::Enabled => late(Steps::update(DisableKey { key_id: this() })),
            // It is said when the key is deleted.
            KeyField::PendingWindowInDays => Steps::none(),
            KeyField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagResource { key_id: this(), tags })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagResource {
                            key_id: this(),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(ScheduleKeyDeletion {
            key_id: this(),
            pending_window_in_days: self.pending_window_in_days,
        })
        .ok_on("NotFoundException")
        .ok_on_message("KMSInvalidStateException", "pending deletion")
        .destroys("everything that is encrypted with it, once the waiting time is over")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if !(7..=30).contains(&self.pending_window_in_days) {
            let days = self.pending_window_in_days;
            findings.push(format!(
                "`pending_window_in_days` is {days}, and AWS takes 7 to 30"
            ));
        }
        if let Some(days) = self.rotation_in_days {
            if !(90..=2560).contains(&days) {
                findings.push(format!("`rotation_in_days` is {days}, and AWS takes 90 to 2560"));
            }
            if self.key_spec != KeySpec::SymmetricDefault {
                findings.push("`rotation_in_days` is for keys of `key_spec` SYMMETRIC_DEFAULT".into());
            }
            if !self.enabled {
                findings.push("`rotation_in_days` is for keys that are `enabled`".into());
            }
        }
        findings.extend(self.policy.iter().flat_map(|p| p.check("policy", 32_768)));
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new()
                .enabled(false)
                .key_spec(KeySpec::Rsa2048)
                .key_usage(KeyUsage::SignVerify)
                .multi_region(true)
                .pending_window_in_days(7u32)
                .tags([("Name", "a")]),
            Self::new()
                .description("What the database is encrypted with")
                .policy(Policy::allow(["kms:*"]).account("111111111111").on(["*"]))
                .rotation_in_days(365u32)
                .tags([("Name", "b")]),
        ]
    }
}

/// What AWS gives a key without a policy of its own: "Default key policy" in the KMS developer guide.
fn default_policy() -> Policy {
    let account: Input<String> = own("account");
    let statement = Policy::allow(["kms:*"])
        .sid("EnableIAMUserPermissions")
        .account(account)
        .on(["*"]);
    Policy {
        id: Some("key-default-1".into()),
        ..statement.into()
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, id = o.key_metadata?.key_id, also("kms:TagResource"))]
struct CreateKey {
    description: Option<String>,
    policy: Option<Policy>,
    key_spec: KeySpec,
    key_usage: KeyUsage,
    multi_region: bool,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct UpdateKeyDescription {
    key_id: Input<KeyId>,
    description: String,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct PutKeyPolicy {
    key_id: Input<KeyId>,
    /// The only name there is.
    policy_name: String,
    policy: Policy,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct EnableKeyRotation {
    key_id: Input<KeyId>,
    rotation_period_in_days: u32,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct DisableKeyRotation {
    key_id: Input<KeyId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct EnableKey {
    key_id: Input<KeyId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct DisableKey {
    key_id: Input<KeyId>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct TagResource {
    key_id: Input<KeyId>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct UntagResource {
    key_id: Input<KeyId>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(kms, on = "arn:aws:kms:{region}:{account}:key/{id}")]
struct ScheduleKeyDeletion {
    key_id: Input<KeyId>,
    pending_window_in_days: u32,
}

/// KMS's tags lag behind the key: Terraform gives them 10 minutes. A key that carries none of ours yet is simply not
/// found by its tags, and found later.
#[cfg(feature = "aws")]
impl Observe for Key {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let keys = aws.all("kms", "ListKeys", items!(aws.kms.list_keys())).await?;
                keys.into_iter().filter_map(|k| k.key_id).collect()
            }
        };
        crate::aws::each(ids, |id| read(aws, id)).await
    }
}

#[cfg(feature = "aws")]
async fn read(aws: &Aws, id: String) -> Result<Option<Seen<Key>>, CallError> {
    use crate::aws::present;
    let gone = ["NotFoundException"];
    let reply = present(
        "kms",
        "DescribeKey",
        aws.kms.describe_key().key_id(&id).send().await,
        &gone,
    )?;
    let Some(key) = reply.and_then(|r| r.key_metadata) else {
        return Ok(None);
    };
    let state = key
        .key_state
        .as_ref()
        .map_or("Enabled", |s| s.as_str())
        .to_owned();
    let ours = key.key_manager.as_ref().is_none_or(|m| m.as_str() == "CUSTOMER");
    let status = match state.as_str() {
        // It can no longer be used, only taken back.
        "PendingDeletion" | "PendingReplicaDeletion" => return Ok(None),
        "Enabled" | "Disabled" => Status::Ready,
        "Unavailable" => Status::Impaired("the key store it is kept in is not connected".into()),
        other => Status::Pending(other.into()),
    };
    if !ours {
        return Ok(None);
    }
    let policy = aws
        .kms
        .get_key_policy()
        .key_id(&id)
        .policy_name("default")
        .send()
        .await;
    let policy = present("kms", "GetKeyPolicy", policy, &gone)?.and_then(|p| p.policy);
    let rotation = aws.kms.get_key_rotation_status().key_id(&id).send().await;
    let refused = [
        "NotFoundException",
        "UnsupportedOperationException",
        "KMSInvalidStateException",
    ];
    let rotation =
        present("kms", "GetKeyRotationStatus", rotation, &refused)?.filter(|r| r.key_rotation_enabled);
    let tags = items!(aws.kms.list_resource_tags().key_id(&id));
    let tags = aws.all("kms", "ListResourceTags", tags).await?;
    Ok(Some(Seen {
        status,
        inputs: Key {
            description: key.description.unwrap_or_default(),
            policy: policy
                .map(|p| crate::iam::policy::document("kms", "GetKeyPolicy", &p))
                .transpose()?,
            // The period that AWS uses where it says none.
            rotation_in_days: rotation.map(|r| {
                r.rotation_period_in_days
                    .and_then(|d| d.try_into().ok())
                    .unwrap_or(365)
            }),
            enabled: state != "Disabled",
            key_spec: key
                .key_spec
                .and_then(|s| KeySpec::word(s.as_str()))
                .unwrap_or(KeySpec::SymmetricDefault),
            key_usage: key
                .key_usage
                .and_then(|u| KeyUsage::word(u.as_str()))
                .unwrap_or(KeyUsage::EncryptDecrypt),
            multi_region: key.multi_region.unwrap_or(false),
            pending_window_in_days: 30,
            tags: Some(tags).into(),
        },
        outputs: KeyOutputs {
            id: key.key_id.clone().into(),
            arn: key.arn.unwrap_or_default().into(),
            account: key.aws_account_id.unwrap_or_default(),
        },
        id: key.key_id,
    }))
}
