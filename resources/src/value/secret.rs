//! Secrets: where one comes from, never its bytes.

use super::Password;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::{Value, json};
use std::fmt;

/// The store of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// An environment variable of the process that applies.
    Env(String),
    /// An SSM parameter, by name; decrypted when it is a `SecureString`.
    SsmParameter(String),
    /// A Secrets Manager secret, by name or ARN; its current `SecretString`.
    SecretsManager(String),
    /// Nowhere yet: a password that Secrets Manager makes when the call is sent that puts it where it is kept.
    Generated(Password),
}

impl SecretSource {
    /// `true` if there is no value yet: each reading makes another.
    pub fn is_generated(&self) -> bool {
        matches!(self, Self::Generated(_))
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "environment variable `{name}`"),
            Self::SsmParameter(name) => write!(f, "SSM parameter `{name}`"),
            Self::SecretsManager(id) => write!(f, "secret `{id}`"),
            Self::Generated(password) => password.fmt(f),
        }
    }
}

/// A secret by reference. It prints as `****` and serialises as its source and a keyed fingerprint; its bytes exist
/// only between the moment the call is sent and its reply, and cannot be serialised.
///
/// ```
/// use tenon_resources::value::Secret;
/// let token = Secret::env("PAYMENT_TOKEN");
/// assert_eq!(format!("{token:?}"), "****");
/// assert_eq!(serde_json::to_string(&token).unwrap(), r#"{"$secret":{"env":"PAYMENT_TOKEN"}}"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Inner);

#[derive(Clone, PartialEq, Eq)]
enum Inner {
    Source {
        source: SecretSource,
        print: Option<String>,
    },
    Plain(String),
}

impl Secret {
    /// The secret in environment variable `name`.
    pub fn env(name: &str) -> Self {
        Self::from_source(SecretSource::Env(name.into()))
    }

    /// The secret in SSM parameter `name`.
    pub fn ssm_parameter(name: &str) -> Self {
        Self::from_source(SecretSource::SsmParameter(name.into()))
    }

    /// The current value of Secrets Manager secret `id`, a name or an ARN.
    pub fn secrets_manager(id: &str) -> Self {
        Self::from_source(SecretSource::SecretsManager(id.into()))
    }

    /// A password that is made where it is kept, in a [secret](crate::secretsmanager::Secret) or a [parameter](crate::ssm::Parameter).
    pub fn generated(password: Password) -> Self {
        Self::from_source(SecretSource::Generated(password))
    }

    fn from_source(source: SecretSource) -> Self {
        Self(Inner::Source { source, print: None })
    }

    /// The secret's bytes, in a call that is about to be sent; `None` anywhere else.
    pub fn expose(self) -> Option<String> {
        match self.0 {
            Inner::Plain(text) => Some(text),
            Inner::Source { .. } => None,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Inner::Source { source, print } => {
                let mut body = serde_json::to_value(source).map_err(S::Error::custom)?;
                if let Some(print) = print {
                    body["print"] = json!(print);
                }
                json!({ "$secret": body }).serialize(s)
            }
            Inner::Plain(_) => Err(S::Error::custom("a secret's bytes are never written")),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        if let Some(Value::String(plain)) = value.get("$plain") {
            return Ok(Self(Inner::Plain(plain.clone())));
        }
        let Some(Value::Object(mut body)) = value.get("$secret").cloned() else {
            return Err(D::Error::custom(
                "expected a secret's source, `{\"$secret\": {\"env\": \"NAME\"}}`",
            ));
        };
        let print = body.remove("print").and_then(|p| p.as_str().map(Into::into));
        let source = serde_json::from_value(Value::Object(body)).map_err(D::Error::custom)?;
        Ok(Self(Inner::Source { source, print }))
    }
}

/// `text` with `****` where the bytes of a secret stand, as they are or as JSON or a form writes them: errors repeat what
/// was sent.
pub fn without(text: &str, plain: &str) -> String {
    if plain.is_empty() {
        return text.to_owned();
    }
    let json = Value::from(plain).to_string();
    let form: String = plain
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    [plain, json.trim_matches('"'), form.as_str()]
        .iter()
        .fold(text.to_owned(), |text, written| text.replace(written, "****"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hidden_however_they_are_written() {
        let secret = "p&ss \"word\"";
        for text in [
            r#"`p&ss "word"` is too short"#,
            r#"Invalid: {"Value":"p&ss \"word\""}"#,
            "Action=PutParameter&Value=p%26ss%20%22word%22",
        ] {
            let hidden = without(text, secret);
            assert!(hidden.contains("****") && !hidden.contains("word"), "{hidden}");
        }
        assert_eq!(without("as it is", ""), "as it is");
    }

    #[test]
    fn bytes_are_neither_printed_nor_written() {
        let secret: Secret = serde_json::from_value(json!({"$plain": "canary"})).unwrap();
        assert_eq!(format!("{secret:?}"), "****");
        assert!(serde_json::to_string(&secret).is_err());
        assert_eq!(secret.expose().as_deref(), Some("canary"));
    }
}
