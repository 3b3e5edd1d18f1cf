//! `POST /api/change-sets/{id}/undo`.

use super::id::Id;
use crate::app::App;
use crate::database::products::{self, Author, UndoOutcome};
use crate::settings::Role;
use axum::extract::State;
use service::http::caller::Editor;
use service::http::{Failure, Problem, Success};
use std::sync::Arc;

/// Takes the changes of an import or of a bulk call back in one transaction. What others have changed since is left as it
/// is, field by field, and the products are named. Needs the role admin where products were created or deleted.
#[utoipa::path(post, operation_id = "undo_change_set", path = "/api/change-sets/{id}/undo", tag = "products",
    params(("id" = i64, Path, description = "`change_set` of the answer to the import or the bulk call")),
    responses(
        (status = 200, description = "What was taken back", body = Success<UndoOutcome>),
        (status = 404, body = Failure, description = "There is no such change set"),
        (status = 409, body = Failure, description = "The changes are undone already"),
        (status = 422, body = Failure, description = "The id is not a number"),
    ))]
pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    Editor(caller): Editor,
    Id(id): Id,
) -> Result<Success<UndoOutcome>, Problem> {
    let author = Author {
        who: caller.name.clone(),
        action: "undo",
        key: None,
    };
    let permit = |recorded: &products::Recorded| {
        if recorded.counts || recorded.action == "import" {
            caller.at_least(Role::Admin)
        } else {
            Ok(())
        }
    };
    let outcome = products::undo(&mut app.client().await?, &author, id, permit).await?;
    app.metrics.written("undo", outcome.restored);
    Ok(Success::new(outcome))
}
