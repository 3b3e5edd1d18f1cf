//! `POST /api/images` and `GET /api/images/{name}`: the images of products.

use crate::api::schema::ImageBytes;
use crate::app::App;
use crate::database::images;
use crate::product::{ImageKind, Input, check};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::http::caller::Editor;
use service::http::{Failure, FieldError, FieldErrors, Problem, Success, body, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// The content types of an upload. The bytes say which kind of image it is.
const TYPES: [&str; 4] = [
    "application/octet-stream",
    "image/png",
    "image/jpeg",
    "image/webp",
];

/// An image that was uploaded.
#[derive(Serialize, ToSchema)]
pub(crate) struct Image {
    /// The address of the image, for the field `image` of products.
    #[schema(pattern = r"^/api/images/[0-9a-f]{32}\.(png|jpg|webp)$")]
    image: String,
}

/// Uploads a PNG, JPEG or WebP image. Its address is the hash of its contents: the same image has the same address, and
/// is kept once.
#[utoipa::path(post, operation_id = "upload_image", path = "/api/images", tag = "images",
    request_body(content = ImageBytes, content_type = "application/octet-stream", description = "The bytes of the image; `image/png`, `image/jpeg` and `image/webp` are taken, too", example = "RIFF....WEBP...."),
    responses((status = 201, description = "The image is kept", body = Success<Image>, headers(("location" = String)))))]
pub(crate) async fn upload(
    State(app): State<Arc<App>>,
    _: Editor,
    request: Request<Body>,
) -> Result<Response, Problem> {
    if !body::has_content_type(request.headers(), &TYPES) {
        return Err(body::unsupported(
            "image/png, image/jpeg, image/webp or application/octet-stream",
        ));
    }
    let bytes = body::bytes(request.into_body(), app.settings.image_limit).await?;
    let Some(kind) = ImageKind::of(&bytes) else {
        let error = FieldError::new("not_an_image", "must be a PNG, JPEG or WebP image");
        return Err(FieldErrors::single("file", error).into());
    };
    let image = kind.address(&bytes);
    images::keep(&app.client().await?, &image, &bytes).await?;
    let location = HeaderValue::try_from(&image).map_err(|e| Problem::internal(&e))?;
    let mut response = json(StatusCode::CREATED, &Success::new(Image { image }));
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Returns an image. It needs no token, which an `<img>` cannot send; its address cannot be guessed.
#[utoipa::path(get, operation_id = "get_image", path = "/api/images/{name}", tag = "images",
    params(("name" = String, Path, description = "The last part of the image's address")),
    responses(
        (status = 200, description = "The image, which may be kept for ever", content(
            (ImageBytes = "image/png"), (ImageBytes = "image/jpeg"), (ImageBytes = "image/webp"))),
        (status = 404, body = Failure, description = "There is no such image"),
    ))]
pub(crate) async fn read(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::not_found("There is no such image");
    let address = format!("/api/images/{name}");
    let address = check::image(&Input::text(&address))
        .ok()
        .flatten()
        .ok_or_else(missing)?;
    let kind = ImageKind::of_address(&address).ok_or_else(missing)?;
    let found = app
        .reads
        .read("image", |client| {
            let address = address.clone();
            async move { images::find(&client, &address).await }
        })
        .await?;
    let mut response = found.ok_or_else(missing)?.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(kind.content_type()),
    );
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    // The pages of an origin that may call the API show its images.
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}
