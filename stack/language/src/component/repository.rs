//! An ECR repository for the images of one service.

use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ecr::{Count, ImageRule, Images, Repository, RepositoryOutputs, TagMutability},
    resource::Outputs,
};

/// Declares an ECR repository with immutable tags, so that a deployment can be rolled back to a tag, and with scanning on
/// push. The latest fifty images are kept. `empty_on_delete` deletes the images with the repository; without it AWS refuses to
/// delete one that contains images.
///
/// ```
/// use tenon_language::{component::repository, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// let images = repository(s, "blog", true);
/// s.output("repository", &images.uri);
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[track_caller]
pub fn repository<E: Environment>(
    s: &mut Scope<'_, E>,
    name: &str,
    empty_on_delete: bool,
) -> <RepositoryOutputs as Outputs>::Refs {
    let repository = Repository::new()
        .image_tag_mutability(TagMutability::Immutable)
        .scan_on_push(true)
        .lifecycle([
            ImageRule::new(Images::Untagged, Count::OlderThanDays(7)),
            ImageRule::new(Images::Any, Count::MoreThan(50)).description("What can be rolled back to"),
        ])
        .empty_on_delete(empty_on_delete);
    s.add(name, repository)
}
