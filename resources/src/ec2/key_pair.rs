//! A key pair whose public half is imported.

use super::{CreateTags, DeleteTags};
use crate::prelude::*;

id!(
    /// A key pair's id, such as `key-0a1b2c3d4e5f67890`.
    KeyPairId
);
id!(
    /// A key pair's name, by which instances refer to it.
    KeyName
);

/// A public key in the form of OpenSSH: its type and its data, without the comment, which EC2 puts another one in place of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct PublicKey(String);

impl PublicKey {
    /// Finding about it as the value of `field`.
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html#how-to-generate-your-own-key-and-import-it-to-aws: RSA of
    // 1024, 2048 or 4096 bits, and ED25519; DSA and ECDSA are not taken.
    fn check(&self, field: &str) -> Option<String> {
        let (kind, data) = self.0.split_once(' ').unwrap_or((self.0.as_str(), ""));
        let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        let fine = ["ssh-rsa", "ssh-ed25519"].contains(&kind) && !data.is_empty() && data.chars().all(base64);
        (!fine).then(|| {
            format!("`{field}` is no public key of OpenSSH: EC2 takes `ssh-ed25519` or `ssh-rsa`, a space, and the key in Base64")
        })
    }
}

impl From<String> for PublicKey {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}
impl From<&str> for PublicKey {
    fn from(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().take(2).collect();
        Self(words.join(" "))
    }
}
impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.0
    }
}
impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl IntoInput<PublicKey> for &str {
    fn into_input(self) -> Input<PublicKey> {
        Input::Known(self.into())
    }
}
#[cfg(feature = "aws")]
impl crate::aws::ToSdk<aws_smithy_types::Blob> for PublicKey {
    fn to_sdk(self) -> Option<aws_smithy_types::Blob> {
        Some(aws_smithy_types::Blob::new(self.0))
    }
}
#[cfg(feature = "aws")]
impl crate::aws::FromSdk<Option<String>> for PublicKey {
    fn from_sdk(text: Option<String>) -> Option<Self> {
        text.map(Self::from)
    }
}

/// A key pair, of which EC2 has the public half and its owner keeps the private one: instances that are started with it let its
/// owner log in. EC2 never makes the private half here, where it would be recorded.
///
/// ```
/// use tenon_resources::ec2::KeyPair;
/// KeyPair::new("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk4bXvJ0H1n0dXg9Y5Qy0n5o1k5J0sX2N4bD3mQ8h1F operator");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.key_pair", cfn = "AWS::EC2::KeyPair", by_name)]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(gone("InvalidKeyPair.NotFound"), second_create = Refused("InvalidKeyPair.Duplicate"))]
#[create(ImportKeyPair: ec2, id = o.key_pair_id?, also("ec2:CreateTags"))]
// The ARN has the name, not the id: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
#[delete(DeleteKeyPair: ec2, by(key_pair_id), on = "arn:aws:ec2:{region}:{account}:key-pair/*")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::KeyPairInfo)]
pub struct KeyPair {
    /// The public key in the form of OpenSSH, as in a file that ends with `.pub`: RSA or ED25519. A comment does not count.
    #[immutable]
    #[member(create = "public_key_material", read = "public_key")]
    #[cfn("PublicKeyMaterial")]
    #[sample(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOrhyHk7VZfEs/SQ52rDEXLEOWkPjuFBQruFGmH5pJ8O",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ/F9iT5Wl6S6Igi8gLApLn9Y2BIOs1PBtVQp25xrGW"
    )]
    #[checked(it.known().and_then(|key| key.check(field)))]
    pub public_key: Input<PublicKey>,
    /// The name, unique in the region.
    #[immutable]
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
    #[named(max = 255, also = "-_+=,.@ ")]
    pub key_name: Option<Input<String>>,
    /// Tags.
    #[tag_specification("key-pair")]
    pub tags: Tags,
}

/// Outputs of a key pair.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct KeyPairOutputs {
    /// The id.
    #[shape("key-{hex17}")]
    pub id: KeyPairId,
    /// The ARN, which has the name in it.
    #[shape("arn:aws:ec2:{region}:{account}:key-pair/{key_name}")]
    pub arn: Arn,
    /// The name, by which instances refer to it.
    #[shape("{key_name}")]
    pub key_name: KeyName,
}

impl Lifecycle for KeyPair {
    const READ: Read = Read::new("ec2", "DescribeKeyPairs", 200, &["ec2:DescribeKeyPairs"]);

    fn create(&self) -> Steps {
        ImportKeyPair::steps(self)
    }

    fn set(&self, _: &Self, field: KeyPairField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteKeyPair::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for KeyPair {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut pairs = vec![];
        for filters in by.filters("key-pair-id") {
            // This operation has no pages.
            let request = aws.ec2.describe_key_pairs().set_filters(Some(filters));
            let reply = request.include_public_key(true).send().await;
            let reply = reply.map_err(|e| crate::aws::call_error("ec2", "DescribeKeyPairs", e))?;
            for item in reply.key_pairs() {
                pairs.push(read(aws, item).map_err(broken::<Self>)?);
            }
        }
        Ok(pairs)
    }
}

#[cfg(feature = "aws")]
impl ByName for KeyPair {
    /// A name is taken once in a region (EC2 API reference, `ImportKeyPair`).
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let Some(name) = wanted.key_name.as_ref().and_then(Input::known) else {
            return Ok(vec![]);
        };
        let filter = sdk::ec2::types::Filter::builder().name("key-name");
        let request = aws.ec2.describe_key_pairs();
        let reply = request.filters(filter.values(name).build()).send().await;
        let reply = reply.map_err(|e| crate::aws::call_error("ec2", "DescribeKeyPairs", e))?;
        let pairs = reply.key_pairs.into_iter().flatten();
        Ok(pairs.filter_map(|pair| pair.key_pair_id).collect())
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::KeyPairInfo) -> Result<Seen<KeyPair>, Missing> {
    let name = item.key_name.clone().unwrap_or_default();
    let id = item.key_pair_id.clone().ok_or(Missing("key_pair_id"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs: KeyPair::from_sdk(item)?,
        outputs: KeyPairOutputs {
            id: id.clone().into(),
            arn: aws.arn("ec2", &format!("key-pair/{name}")),
            key_name: name.into(),
        },
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_no_part_of_a_key() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKhr";
        let with = PublicKey::from(format!("{key}  me@example.com\n"));
        assert_eq!(with, PublicKey::from(key));
        assert_eq!(with.check("public_key"), None);
    }

    #[test]
    fn what_ec2_does_not_take_is_said() {
        for wrong in [
            "",
            "ssh-ed25519",
            "ecdsa-sha2-nistp256 AAAA",
            "-----BEGIN PUBLIC KEY-----",
        ] {
            assert!(PublicKey::from(wrong).check("public_key").is_some(), "{wrong}");
        }
    }
}
