//! Elastic Container Registry.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/>.

use super::{
    entry::{Entry, replace, succeeds},
    facts::{AT_ONCE, Absent, Differs, Id, Refusal, Second, by, op, refused, unique, unseen_role},
    view::{Call, View, texts},
};

/// The member of a repository for the tags of the images that were pushed to it.
pub(in crate::sandbox) const PUSHED: &str = "pushed";
/// Stands among those tags for every tag that is asked for.
pub(in crate::sandbox) const EVERY: &str = "*";

/// An image is only described once it was pushed. A repository that nobody has made here stands for one that has it.
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html>
fn image(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let (name, tag) = (call.text("repository_name"), call.text("image_ids.image_tag"));
    let repository = name.as_ref().and_then(|name| view.get("ecr.repository", name));
    let Some((repository, tag)) = repository.zip(tag) else {
        return Ok(());
    };
    let pushed = texts(&repository.members, PUSHED);
    if pushed.iter().any(|t| t == EVERY || *t == tag) {
        return Ok(());
    }
    let why = format!(
        "The image with imageId {{imageDigest:'null', imageTag:'{tag}'}} does not exist within the repository with name '{}' in the registry with id '000000000000'",
        name.unwrap_or_default()
    );
    refused("ImageNotFoundException", why)
}

/// A repository with images is only deleted by force.
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html>: "If the repository isn't empty when you delete
/// it, the request must use the force option"
fn repository(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    if call.operation != "DeleteRepository" || call.params["force"] == true {
        return Ok(());
    }
    let name = call.id.unwrap_or_default();
    let pushed = view
        .subject("ecr.repository", call)
        .map(|repository| texts(&repository.members, PUSHED));
    let pushed = pushed.into_iter().flatten().any(|tag| tag != EVERY);
    if pushed || !view.users("ecr.image", "repository_name", name).is_empty() {
        let why = format!(
            "The repository with name '{name}' in registry with id '000000000000' cannot be deleted because it still contains images"
        );
        return refused("RepositoryNotEmptyException", why);
    }
    Ok(())
}

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    Entry {
        kind: "ecr.repository",
        creates: &[op("CreateRepository")],
        deletes: &[op("DeleteRepository")],
        id: Id::Member("repository_name"),
        states: AT_ONCE,
        absent: Absent::Refused("RepositoryNotFoundException"),
        name: Some(("repository_name", 256)),
        token: None,
        unique: &[unique(
            &["repository_name"],
            Second::Refused(
                "RepositoryAlreadyExistsException",
                "The repository already exists in the registry",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[by("ecr.image", "repository_name")],
        busy: None,
        unseen: &[unseen_role(
            "SetRepositoryPolicy",
            "policy_text.Statement.Principal.AWS",
            "InvalidParameterException",
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'",
        )],
        merge: replace,
        refuse: repository,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html: an image is made by a push, which is no call of
    // this API, and stays.
    Entry {
        kind: "ecr.image",
        creates: &[op("DescribeImages")],
        deletes: &[],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ImageNotFoundException"),
        name: None,
        token: None,
        unique: &[unique(
            &["repository_name", "image_ids.image_tag"],
            Second::Returned(Differs {
                settings: None,
                tags: None,
            }),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: image,
        fails: succeeds,
    },
];
