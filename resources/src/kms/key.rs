//! A KMS key.

use crate::{choice, iam::Policy, prelude::*};

id!(
    /// A key's ID, such as `0a1b2c3d-4e5f-6789-abcd-ef0123456789`.
    KeyId
);

choice!(
    /// The key spec: the type of key material.
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
    /// The key usage: the cryptographic operations of a key.
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

/// A KMS key. Deleting it schedules its deletion after a waiting period, in which `aws kms cancel-key-deletion` restores it; whatever
/// it encrypted is lost then.
///
/// ```
/// use tenon_resources::kms::Key;
/// Key::new().description("What the shop's database is encrypted with").rotation_in_days(365);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("kms.key", cfn = "AWS::KMS::Key", stateful)]
// https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html#API_DescribeKey_Errors
#[facts(gone("NotFoundException"), second_create = Another)]
#[create(CreateKey: kms, id = o.key_metadata?.key_id, also("kms:TagResource", "iam:CreateServiceLinkedRole to mrk.kms.amazonaws.com if multi_region"), rules(.retry_on(PRINCIPAL.0, PRINCIPAL.1)))]
#[update(UpdateKeyDescription: kms, by(key_id), on = "arn:aws:kms:{region}:{account}:key/{id}")]
#[update(PutKeyPolicy: kms, by(key_id), on = "arn:aws:kms:{region}:{account}:key/{id}", with(policy_name: String = "default".into()),
    rules(.retry_on(PRINCIPAL.0, PRINCIPAL.1)))]
#[delete(ScheduleKeyDeletion: kms, by(key_id), on = "arn:aws:kms:{region}:{account}:key/{id}", same(pending_window_in_days),
    rules(.ok_on_message("KMSInvalidStateException", "pending deletion")))]
#[retag(TagResource, UntagResource: kms, by(key_id), on = "arn:aws:kms:{region}:{account}:key/{id}")]
#[calls(EnableKeyRotation, DisableKeyRotation, EnableKey, DisableKey)]
#[sdk(kms::KeyMetadata)]
pub struct Key {
    /// The description.
    #[default(String::new())]
    #[create_with(Option<String>, Some(me.description.clone()).filter(|text| !text.is_empty()))]
    #[sample("What the database is encrypted with")]
    #[length(0..=8192)]
    pub description: String,
    /// The key policy; `"*"` as resource is the key itself. Unset: AWS's default, which leaves it to the account's IAM policies.
    #[updated_by(PutKeyPolicy)]
    #[by_hand]
    #[read(None)]
    #[cfn("KeyPolicy")]
    #[sample(Policy::allow(["kms:*"]).account("111111111111").on(["*"]))]
    #[checked(it.check_as(field, 32_768, crate::iam::Attached::Key))]
    pub policy: Option<Policy>,
    /// The rotation period of the key material, in days; unset: no automatic rotation. What was encrypted stays readable.
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    #[default(None)]
    #[range(90..=2_560)]
    #[after_create]
    #[member(update = "")]
    #[by_hand]
    #[read(None)]
    #[cfn("EnableKeyRotation")]
    #[sample(365)]
    #[wrong_if(me.key_spec != KeySpec::SymmetricDefault, "is for keys of `key_spec` SYMMETRIC_DEFAULT")]
    #[wrong_if(!me.enabled, "is for keys that are `enabled`")]
    pub rotation_in_days: Option<u32>,
    /// The key state: enabled, or disabled.
    #[default(true)]
    #[after_create]
    #[member(update = "")]
    #[by_hand]
    #[read(item.key_state != Some(sdk::kms::types::KeyState::Disabled))]
    #[sample(false, _)]
    pub enabled: bool,
    /// The key spec.
    #[immutable]
    #[default(KeySpec::SymmetricDefault)]
    #[sample(KeySpec::Rsa2048, _)]
    pub key_spec: KeySpec,
    /// The key usage.
    #[immutable]
    #[default(KeyUsage::EncryptDecrypt)]
    #[sample(KeyUsage::SignVerify, _)]
    pub key_usage: KeyUsage,
    /// Multi-Region: the key can have replicas in other regions.
    #[immutable]
    #[default(false)]
    #[sample(true, _)]
    pub multi_region: bool,
    /// The waiting period between the scheduling of its deletion and the deletion, in days.
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    #[default(30)]
    #[range(7..=30)]
    #[write_only]
    #[local]
    #[sample(7, _)]
    pub pending_window_in_days: u32,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a key.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct KeyOutputs {
    /// The ID.
    #[shape("{hex8}-0000-4000-8000-0000{hex8}")]
    pub id: KeyId,
    /// The ARN.
    #[shape("arn:aws:kms:{region}:{account}:key/{id}")]
    pub arn: Arn,
    /// The account it belongs to, 12 digits.
    #[shape("{account}")]
    pub account: String,
}

/// A new principal is unknown to KMS for a while: Terraform tries for 2 minutes.
const PRINCIPAL: (&str, u32) = ("MalformedPolicyDocumentException", minutes(2));

impl Lifecycle for Key {
    const READ: Read = Read::new(
        "kms",
        "DescribeKey",
        1,
        &[
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListKeys",
            "kms:ListResourceTags",
        ],
    );

    // https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html: a key that is pending deletion can only be restored;
    // a person must import the material of one that waits for it.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "KeyState",
        words: &[
            ("Enabled", Meaning::Ready),
            ("Disabled", Meaning::Ready),
            ("Creating", Meaning::Pending),
            ("Updating", Meaning::Pending),
            ("PendingImport", Meaning::Impaired),
            ("Unavailable", Meaning::Impaired),
            ("PendingDeletion", Meaning::Gone),
            ("PendingReplicaDeletion", Meaning::Gone),
        ],
    }];

    fn ineffective(&self) -> Vec<String> {
        let policy = self.policy.as_ref();
        policy
            .map(|policy| policy.of_no_resource("policy"))
            .unwrap_or_default()
    }

    fn create(&self) -> Steps {
        CreateKey::steps(self)
    }

    fn set(&self, _: &Self, field: KeyField) -> Steps {
        let steps = match field {
            KeyField::Policy => {
                let mut call = PutKeyPolicy::unchanged(self);
                call.policy = Some(self.policy.clone().unwrap_or_else(default_policy));
                return call.steps();
            }
            KeyField::RotationInDays => match self.rotation_in_days {
                Some(rotation_period_in_days) => Steps::update(EnableKeyRotation {
                    key_id: this(),
                    rotation_period_in_days,
                }),
                None => Steps::update(DisableKeyRotation { key_id: this() }),
            },
            KeyField::Enabled if self.enabled => Steps::update(EnableKey { key_id: this() }),
            KeyField::Enabled => Steps::update(DisableKey { key_id: this() }),
        };
        // A key that was created a moment ago may be unknown to the next call.
        steps.retry_on("NotFoundException", minutes(1))
    }

    fn delete(&self) -> Steps {
        ScheduleKeyDeletion::steps(self)
            .destroys("everything that is encrypted with it, once the waiting time is over")
    }
}

/// The policy that AWS gives a key without a policy of its own: "Default key policy" in the KMS developer guide.
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
    use crate::aws::{gone, present};
    let gone = gone::<Key>();
    let reply = aws.kms.describe_key().key_id(&id).send().await;
    let reply = present("kms", "DescribeKey", reply, gone)?;
    let Some(key) = reply.and_then(|r| r.key_metadata) else {
        return Ok(None);
    };
    let state = key
        .key_state
        .as_ref()
        .map_or("Enabled", |s| s.as_str())
        .to_owned();
    let ours = key.key_manager.as_ref().is_none_or(|m| m.as_str() == "CUSTOMER");
    let why = (state == "Unavailable").then_some("the key store it is kept in is not connected");
    let Some(status) = Key::STATUSES[0].status(&state, why) else {
        return Ok(None);
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
    let policy = present("kms", "GetKeyPolicy", policy, gone)?.and_then(|p| p.policy);
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
    let mut inputs = Key::from_sdk(&key).map_err(broken::<Key>)?;
    inputs.policy = policy
        .map(|p| crate::iam::policy::document("kms", "GetKeyPolicy", &p))
        .transpose()?;
    inputs.rotation_in_days = rotation.map(|r| {
        let days = r.rotation_period_in_days.and_then(|d| d.try_into().ok());
        // The period that AWS uses where the reply has none.
        days.unwrap_or(365)
    });
    inputs.tags = Some(tags).into();
    Ok(Some(Seen {
        status,
        inputs,
        outputs: KeyOutputs {
            id: key.key_id.clone().into(),
            arn: key.arn.unwrap_or_default().into(),
            account: key.aws_account_id.unwrap_or_default(),
        },
        id: key.key_id,
    }))
}
