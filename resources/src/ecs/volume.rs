//! Data volumes of a task.

use crate::prelude::*;

/// A data volume that a task's containers share. Without a source it is empty at first, and deleted with the task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Volume {
    /// The name, by which containers mount the volume.
    pub name: String,
    /// An EFS file system.
    pub efs: Option<EfsVolume>,
    /// A directory of the instance (bind mount); not on Fargate.
    pub host_path: Option<String>,
}

/// An EFS file system, with encryption in transit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EfsVolume {
    /// The file system.
    pub file_system: Input<String>,
    /// The directory that is the volume's root; `/` with an access point.
    pub root_directory: String,
    /// The EFS access point.
    pub access_point: Option<Input<String>>,
    /// IAM authorization: the file system's policy is applied to the task role.
    pub iam: bool,
}

impl Volume {
    /// A volume that is empty at first.
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.into(),
            efs: None,
            host_path: None,
        }
    }

    /// A volume in an EFS file system.
    pub fn efs(name: &str, efs: EfsVolume) -> Self {
        Self {
            efs: Some(efs),
            ..Self::empty(name)
        }
    }
}
