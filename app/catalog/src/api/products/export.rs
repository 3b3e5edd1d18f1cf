//! `GET /api/products/export`, streamed.

use crate::app::App;
use crate::database::products;
use crate::product::export::Layout;
use crate::product::{Filter, Parameters, Sort, Status, Stock};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use deadpool_postgres::Object;
use service::http::{Failure, Problem};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Bytes that are buffered before they are sent.
const CHUNK: usize = 32 * 1024;

/// Time after which an export is dropped whose client reads nothing.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);

/// Returns products as a CSV file: all, those that match the filters, or those with the given ids. A text that a
/// spreadsheet would evaluate as a formula begins with an apostrophe, which an import removes.
#[utoipa::path(get, operation_id = "export_products", path = "/api/products/export", tag = "products",
    params(
        ("q" = Option<String>, Query, description = "Words that name, SKU or description have, in any order, ignoring case and accents", max_length = 200),
        ("category" = Option<String>, Query, description = "The category", max_length = 100),
        ("status" = Option<Status>, Query, description = "The status"),
        ("min_price" = Option<String>, Query, description = "The lowest price", pattern = r"^\d{1,8}(\.\d{1,2})?$"),
        ("max_price" = Option<String>, Query, description = "The highest price", pattern = r"^\d{1,8}(\.\d{1,2})?$"),
        ("stock" = Option<Stock>, Query, description = "`in` stock, `out` of stock, or `low`: 1 to `low_stock` pieces, as `/api/me` has it"),
        ("sort" = Option<Sort>, Query, description = "The order; `-` is descending"),
        ("delimiter" = Option<String>, Query, description = "What separates cells: `comma`, the default, `semicolon` or `tab`. Excel reads commas where decimals have a point, and semicolons where they have a comma", pattern = "^(comma|semicolon|tab)$"),
        ("decimal" = Option<String>, Query, description = "What is before decimals: `point`, the default, or `comma`", pattern = "^(point|comma)$"),
        ("bom" = Option<bool>, Query, description = "Begin with a byte order mark, without which Excel mistakes the letters of the file"),
        ("ids" = Option<String>, Query, description = "Ids, separated by commas", pattern = r"^\d{1,18}(,\d{1,18})*$"),
    ),
    responses(
        (status = 200, description = "CSV with a header", body = String, content_type = "text/csv"),
        (status = 422, body = Failure, description = "Invalid or unknown parameters"),
    ))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (filter, sort, layout) = Parameters::parse(query.as_deref().unwrap_or_default()).export()?;
    let permit = tokio::time::timeout(Duration::from_secs(5), Arc::clone(&app.exports).acquire_owned()).await;
    let Ok(Ok(permit)) = permit else {
        let sentence = "Other exports are running; try again in a moment";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("2")));
    };
    let client = app.client().await?;
    let low_stock = app.settings.low_stock;
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        if let Err(error) = send(client, &filter, low_stock, sort, layout, permit, &sender).await {
            tracing::warn!(error = %service::error::chain(&error), "an export broke off");
            // The client gets a broken download instead of a short file.
            let _ = sender.send(Err(io::Error::other("the export broke off"))).await;
        }
    });
    let chunks = futures::stream::unfold(
        receiver,
        async |mut receiver: mpsc::Receiver<io::Result<Bytes>>| {
            receiver.recv().await.map(|chunk| (chunk, receiver))
        },
    );
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    let disposition = HeaderValue::from_static("attachment; filename=\"products.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

async fn send(
    mut client: Object,
    filter: &Filter,
    low_stock: i32,
    sort: Sort,
    layout: Layout,
    _permit: OwnedSemaphorePermit,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<(), tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("set local statement_timeout = '10min'")
        .await?;
    let mut chunk = layout.header();
    let mut rows = products::export(&transaction, filter, low_stock, sort).await?;
    let mut sent = true;
    while sent && let Some(product) = rows.next().await {
        chunk.extend(layout.line(&product?));
        if chunk.len() >= CHUNK {
            sent = sender
                .send_timeout(Ok(std::mem::take(&mut chunk).into()), WRITE_TIMEOUT)
                .await
                .is_ok();
        }
    }
    if sent {
        // An error means that the client has disconnected.
        let _ = sender.send_timeout(Ok(chunk.into()), WRITE_TIMEOUT).await;
    }
    Ok(())
}
