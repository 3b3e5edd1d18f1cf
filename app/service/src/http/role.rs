//! The schema of a role in an OpenAPI document.

use crate::settings::Role;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

impl PartialSchema for Role {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A role."))
            .enum_values(Some(Self::ALL.map(Self::name)))
            .into()
    }
}

impl ToSchema for Role {}
