//! The OpenAPI document beside the package, from which the dashboard's types are made, is the program's.

#[test]
fn the_document_is_the_one_that_the_program_prints() {
    let printed = service::http::docs::text(&analytics::query::document()).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == printed,
        "openapi.json is stale: cargo run -p analytics -- openapi > app/analytics/openapi.json"
    );
}
