//! The schemas of request bodies and of enumerations in the OpenAPI document. They are made from the tables that the
//! parser in [`crate::product`] reads by, so that a field, a name or a limit is written once.

use crate::product::{ActionName, Body, Bulk, Field, Sort, Status, Stock, check};
use serde_json::json;
use std::borrow::Cow;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// Schemas by their name, as [`ToSchema::schemas`] collects them.
type Schemas = Vec<(String, RefOr<Schema>)>;

fn named<T: ToSchema>() -> (String, RefOr<Schema>) {
    (<T as ToSchema>::name().into_owned(), T::schema())
}

/// The schema of a text that is one of `names`.
fn enumeration(description: &str, names: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(names))
        .into()
}

impl PartialSchema for Stock {
    fn schema() -> RefOr<Schema> {
        enumeration("A state of stock.", Self::ALL.map(Self::name))
    }
}

impl ToSchema for Stock {
    fn name() -> Cow<'static, str> {
        "StockState".into()
    }
}

impl PartialSchema for Sort {
    fn schema() -> RefOr<Schema> {
        enumeration("An order of a list.", Self::NAMES)
    }
}

impl ToSchema for Sort {}

impl PartialSchema for ActionName {
    fn schema() -> RefOr<Schema> {
        enumeration("The action of a bulk call.", Self::ALL.map(Self::name))
    }
}

impl ToSchema for ActionName {
    fn name() -> Cow<'static, str> {
        "BulkAction".into()
    }
}

/// The part of a member's schema that differs from body to body.
#[derive(Default)]
struct Member {
    description: Option<&'static str>,
    example: Option<&'static str>,
}

/// The schema of a body whose members are fields of a product.
fn body(
    description: &str,
    fields: &[Field],
    required: &[Field],
    about: impl Fn(Field) -> Member,
) -> RefOr<Schema> {
    let mut object = closed().description(Some(description));
    for field in fields {
        object = object.property(field.name(), value(*field, &about(*field)));
    }
    for field in required {
        object = object.required(field.name());
    }
    object.into()
}

/// An object without additional members.
fn closed() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

/// The schema of a field's values, within the limits that [`check`] applies. Description, category and image may be null, which
/// empties them.
#[expect(
    deprecated,
    reason = "the schemas that utoipa derives have `example` too, and the document keeps one form"
)]
fn value(field: Field, member: &Member) -> RefOr<Schema> {
    let of = |kind: Type| {
        let kinds = if matches!(field, Field::Description | Field::Category | Field::Image) {
            SchemaType::from_iter([kind, Type::Null])
        } else {
            SchemaType::new(kind)
        };
        ObjectBuilder::new()
            .schema_type(kinds)
            .description(member.description)
            .example(member.example.map(Into::into))
    };
    match field {
        Field::Sku => of(Type::String).pattern(Some(check::SKU_PATTERN)).into(),
        Field::Name => of(Type::String)
            .min_length(Some(1))
            .max_length(Some(check::NAME_LENGTH))
            .pattern(Some(check::NAME_PATTERN))
            .into(),
        Field::Description => of(Type::String)
            .max_length(Some(check::DESCRIPTION_LENGTH))
            .pattern(Some(check::TEXT_PATTERN))
            .into(),
        Field::Price => amount().into(),
        Field::Stock => of(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(0))
            .into(),
        Field::Category => of(Type::String)
            .max_length(Some(check::CATEGORY_LENGTH))
            .pattern(Some(check::LINE_PATTERN))
            .into(),
        Field::Status => reference::<Status>(member.description),
        Field::Image => of(Type::String).pattern(Some(check::IMAGE_PATTERN)).into(),
    }
}

/// A reference to a schema.
fn reference<T: ToSchema>(description: Option<&str>) -> RefOr<Schema> {
    let reference = Ref::builder()
        .ref_location_from_schema_name(T::name())
        .description(description);
    RefOr::Ref(reference.build())
}

/// The schema of a price: text, which no program turns into a float, or a number, which is read digit by digit.
fn amount() -> OneOfBuilder {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(check::PRICE_PATTERN))
        .examples([json!("12.50")]);
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(0))
        .maximum(Some(99_999_999.99))
        .multiple_of(Some(0.01));
    OneOfBuilder::new().item(text).item(number)
}

/// The schema of a percentage, as text or as a number.
fn percentage() -> OneOfBuilder {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(check::PERCENT_PATTERN))
        .examples([json!("-10.00")]);
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(check::LEAST_PERCENT))
        .maximum(Some(check::MOST_PERCENT))
        .multiple_of(Some(0.01));
    OneOfBuilder::new().item(text).item(number)
}

/// The body of `POST /api/products`.
pub(crate) struct NewProduct;

impl PartialSchema for NewProduct {
    fn schema() -> RefOr<Schema> {
        let about = |field| {
            let (description, example) = match field {
                Field::Sku => (
                    Some("Letters, digits, dots, dashes and underscores; generated when left out."),
                    Some("MUG-350"),
                ),
                Field::Name => (None, Some("Enamel mug")),
                Field::Stock => (Some("0 when left out."), None),
                Field::Status => (Some("Active when left out."), None),
                Field::Image => (Some("The address of an uploaded image."), None),
                Field::Description | Field::Price | Field::Category => (None, None),
            };
            Member { description, example }
        };
        body(
            "The fields of a new product. Only name and price are required.",
            &Field::ALL,
            &Body::REQUIRED_TO_CREATE,
            about,
        )
    }
}

impl ToSchema for NewProduct {
    fn schemas(schemas: &mut Schemas) {
        schemas.push(named::<Status>());
    }
}

/// The body of `PUT /api/products/{id}`.
pub(crate) struct WholeProduct;

impl PartialSchema for WholeProduct {
    fn schema() -> RefOr<Schema> {
        body(
            "The fields that replace those of a product. SKU, category, status and image stay when they are left out.",
            &Field::ALL,
            &Body::REQUIRED_TO_REPLACE,
            |_| Member::default(),
        )
    }
}

impl ToSchema for WholeProduct {
    fn schemas(schemas: &mut Schemas) {
        schemas.push(named::<Status>());
    }
}

/// The body of `PATCH /api/products/{id}`.
pub(crate) struct ProductChange;

impl PartialSchema for ProductChange {
    fn schema() -> RefOr<Schema> {
        body("The fields of a product that change.", &Field::ALL, &[], |_| {
            Member::default()
        })
    }
}

impl ToSchema for ProductChange {
    fn schemas(schemas: &mut Schemas) {
        schemas.push(named::<Status>());
    }
}

/// The body of a bulk call.
pub(crate) struct BulkRequest;

impl PartialSchema for BulkRequest {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
        let ids = ArrayBuilder::new()
            .items(id)
            .min_items(Some(1))
            .max_items(Some(Bulk::MOST_IDS));
        closed()
            .description(Some("An action on many products."))
            .property("ids", ids)
            .property("action", reference::<ActionName>(None))
            .property(
                "set",
                reference::<BulkSettings>(Some("The fields to set, with `update`.")),
            )
            .property("percent", percentage())
            .required("ids")
            .required("action")
            .into()
    }
}

impl ToSchema for BulkRequest {
    fn schemas(schemas: &mut Schemas) {
        schemas.push(named::<ActionName>());
        schemas.push(named::<BulkSettings>());
        BulkSettings::schemas(schemas);
    }
}

/// The fields that a bulk call sets.
pub(crate) struct BulkSettings;

impl PartialSchema for BulkSettings {
    fn schema() -> RefOr<Schema> {
        body(
            "The fields that a bulk call can set.",
            &Bulk::SETTABLE,
            &[],
            |_| Member::default(),
        )
    }
}

impl ToSchema for BulkSettings {
    fn schemas(schemas: &mut Schemas) {
        schemas.push(named::<Status>());
    }
}

/// The bytes of an image.
pub(crate) struct ImageBytes;

impl PartialSchema for ImageBytes {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The bytes of an image."))
            .into()
    }
}

impl ToSchema for ImageBytes {}
