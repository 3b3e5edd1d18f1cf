//! Approval: a signature over the digest of a plan, with its serial, account and expiry.
//!
//! An approval is a text of two parts: a line of JSON, the [`Statement`], and a signature of that line, its end included, in
//! OpenSSH's format for files (<https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig>), so that `ssh-keygen -Y verify`
//! agrees and `ssh-keygen -Y sign` can make it with a key of an agent or of a security key. Signers are listed in a file of OpenSSH's
//! format `allowed_signers`.
//!
//! There is one form of each approval: a text that says the same in another form is refused, so no bit of it can be another.

mod signers;

pub use signers::Signers;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ssh_key::{HashAlg, LineEnding, PrivateKey, SshSig};
use tenon_planner::Plan;

/// The namespace of the signatures: a signature of the same key for another purpose is none of these.
pub const NAMESPACE: &str = "tenon-approval";

/// The version of the statement.
const FORMAT: u64 = 1;

/// The version of OpenSSH's format of signatures.
const VERSION: u32 = 1;

/// The longest text that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// The statement that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The version.
    format: u64,
    /// The stack.
    pub stack: String,
    /// The environment.
    pub env: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The lineage of the state.
    pub lineage: String,
    /// The serial of the state.
    pub serial: u64,
    /// The digest of the plan.
    pub digest: String,
    /// The digest of its calls.
    pub calls_digest: String,
    /// The signer, as in the list of signers.
    pub by: String,
    /// The end of the approval.
    pub expires: Timestamp,
}

/// An approval: a statement and its signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// The statement.
    pub statement: Statement,
    signature: SshSig,
}

/// The reason why something is no approval of a plan, or cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovalError {
    /// The text is no approval.
    #[error("this is no approval: {0}")]
    Unreadable(String),
    /// The approval is of something else.
    #[error("the approval is of another {what}: it says {said}, and this is {is}")]
    Other {
        /// The member of the statement that differs.
        what: &'static str,
        /// The text in the approval.
        said: String,
        /// The text that belongs there.
        is: String,
    },
    /// The approval has ended.
    #[error("the approval of {by} ended at {at}")]
    Expired {
        /// The signer.
        by: String,
        /// The end.
        at: Timestamp,
    },
    /// The signer is not listed, or not with this key.
    #[error("{0} is not listed as a signer with the key of this signature")]
    NotListed(String),
    /// The signature is not one of this statement.
    #[error("the signature is not of this statement")]
    NotSigned,
    /// The list of signers cannot be used.
    #[error("line {line} of the signers: {why}")]
    Signers {
        /// The line, from 1.
        line: usize,
        /// The mistake.
        why: String,
    },
    /// The key cannot sign.
    #[error("the key cannot sign: {0}")]
    Key(String),
}

impl Statement {
    /// The statement that `by` approves `plan` until `expires`.
    pub fn new(plan: &Plan, by: &str, expires: Timestamp) -> Self {
        Self {
            format: FORMAT,
            stack: plan.stack.clone(),
            env: plan.env.clone(),
            account: plan.account.clone(),
            region: plan.region.clone(),
            lineage: plan.lineage.clone(),
            serial: plan.serial,
            digest: plan.digest.clone(),
            calls_digest: plan.calls_digest.clone(),
            by: by.into(),
            expires,
        }
    }

    /// The bytes that are signed: one line, its end included.
    pub fn line(&self) -> String {
        let mut text = serde_json::to_string(self).expect("a statement is plain data");
        text.push('\n');
        text
    }

    /// Signs with a private key in OpenSSH's format.
    ///
    /// # Errors
    /// The text is no such key, or the key is encrypted.
    pub fn sign(self, key: &str) -> Result<Approval, ApprovalError> {
        let failed = |e: ssh_key::Error| ApprovalError::Key(e.to_string());
        let key = PrivateKey::from_openssh(key).map_err(failed)?;
        if key.is_encrypted() {
            return Err(ApprovalError::Key("it is encrypted".into()));
        }
        let line = self.line();
        let signature = key
            .sign(NAMESPACE, HashAlg::Sha512, line.as_bytes())
            .map_err(failed)?;
        Ok(Approval {
            statement: self,
            signature,
        })
    }
}

impl Approval {
    /// The stored form.
    ///
    /// # Errors
    /// The signature cannot be written.
    pub fn to_text(&self) -> Result<String, ApprovalError> {
        let pem = self.signature.to_pem(LineEnding::LF);
        let pem = pem.map_err(|e| ApprovalError::Unreadable(e.to_string()))?;
        Ok(format!("{}{}\n", self.statement.line(), pem.trim_end()))
    }

    /// Reads the stored form; whether it is right is for [`verify`](Self::verify) to say.
    ///
    /// # Errors
    /// The text is no approval, or not in the one form that it has.
    pub fn from_text(text: &str) -> Result<Self, ApprovalError> {
        let unreadable = |why: String| ApprovalError::Unreadable(why);
        if text.len() > LONGEST {
            return Err(unreadable("it is too long".into()));
        }
        let (line, pem) = text
            .split_once('\n')
            .ok_or_else(|| unreadable("it has one line".into()))?;
        let statement: Statement = serde_json::from_str(line).map_err(|e| unreadable(e.to_string()))?;
        if statement.format != FORMAT {
            return Err(unreadable(format!("it is of format {}", statement.format)));
        }
        let signature = SshSig::from_pem(pem).map_err(|e| unreadable(e.to_string()))?;
        let approval = Self { statement, signature };
        if approval.to_text()? == text {
            Ok(approval)
        } else {
            Err(unreadable("it is not in the form in which it was written".into()))
        }
    }

    /// Holds the approval against the plan, the list of signers and the time.
    ///
    /// # Errors
    /// The approval is of another plan, has ended, or is not signed by one who is listed.
    pub fn verify(&self, plan: &Plan, signers: &Signers, now: Timestamp) -> Result<(), ApprovalError> {
        let Statement { by, expires, .. } = &self.statement;
        let want = Statement::new(plan, by, *expires);
        for (what, said, is) in self
            .statement
            .members()
            .into_iter()
            .zip(want.members())
            .map(|(a, b)| (a.0, a.1, b.1))
        {
            if said != is {
                return Err(ApprovalError::Other { what, said, is });
            }
        }
        // What the signature does not cover is what it always is.
        let form = (
            self.signature.version(),
            self.signature.hash_alg(),
            self.signature.namespace(),
        );
        if form != (VERSION, HashAlg::Sha512, NAMESPACE) {
            return Err(ApprovalError::NotSigned);
        }
        let Some(key) = signers.key(by, self.signature.public_key()) else {
            return Err(ApprovalError::NotListed(by.clone()));
        };
        let line = self.statement.line();
        key.verify(NAMESPACE, line.as_bytes(), &self.signature)
            .map_err(|_| ApprovalError::NotSigned)?;
        if *expires <= now {
            let (by, at) = (by.clone(), *expires);
            return Err(ApprovalError::Expired { by, at });
        }
        Ok(())
    }
}

impl Statement {
    fn members(&self) -> [(&'static str, String); 9] {
        [
            ("format", self.format.to_string()),
            ("stack", self.stack.clone()),
            ("environment", self.env.clone()),
            ("account", self.account.clone()),
            ("region", self.region.clone()),
            ("state", self.lineage.clone()),
            ("serial of the state", self.serial.to_string()),
            ("plan", self.digest.clone()),
            ("list of calls", self.calls_digest.clone()),
        ]
    }
}
