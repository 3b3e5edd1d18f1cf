//! Import and export.

use crate::harness::{Api, Reply};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

async fn import(api: &Api, dry: bool, text: &str) -> Reply {
    let path = format!("/api/products/import?dry_run={dry}");
    api.send(
        "POST",
        &path,
        &[("content-type", "text/csv; charset=utf-8")],
        text.to_owned(),
    )
    .await
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let api = Api::start().await;
    api.create(&json!({"sku": "A-1", "name": "Old", "price": "1.00", "stock": 3}))
        .await;
    api.create(&json!({"sku": "A-2", "name": "Same", "price": "2.00"}))
        .await;
    let file = "sku,name,price\na-1,New,1.50\nA-2,Same,2\nA-3,Fresh,3\n";
    let report = import(&api, true, file).await.expect(200).data();
    assert_eq!(report["rows"], 3);
    assert_eq!(
        (&report["created"], &report["updated"], &report["unchanged"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(report["errors"], json!([]));
    let first = &report["preview"][0];
    assert_eq!(first["row"], 2);
    assert_eq!(first["action"], "update");
    assert_eq!(first["changes"]["name"], json!(["Old", "New"]));
    assert_eq!(first["changes"]["price"], json!(["1.00", "1.50"]));
    // The row writes its SKU in other letters, which is a change, too.
    assert_eq!(first["changes"]["sku"], json!(["A-1", "a-1"]));
    assert_eq!(api.get("/api/products").await.json()["page"]["total"], 2);
    let mut done = import(&api, false, file).await.expect(200).data();
    assert_eq!(done["change_set"].take(), 1);
    assert_eq!(done, report);
    assert_eq!(
        api.get("/api/products/1").await.data()["stock"],
        3,
        "a column that is not there is left alone"
    );
    let again = import(&api, false, file).await.expect(200).data();
    assert_eq!(again["unchanged"], 3);
}

#[tokio::test]
async fn one_bad_row_and_nothing_is_written() {
    let api = Api::start().await;
    let file = "sku,name,price,stock,status\nB-1,Good,1,1,active\nB-2,,x,-1,gone\n,No SKU,1,1,draft\nB-1,Twice,1,1,draft\nB-5,short\n";
    let reply = import(&api, false, file).await.expect(422);
    assert_eq!(reply.code(), "import_rejected");
    let report = reply.json()["report"].clone();
    let errors: Vec<(u64, String, String)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            assert!(e["error"].as_str().is_some_and(|e| !e.is_empty()));
            let word = |name: &str| e[name].as_str().unwrap().to_owned();
            (e["row"].as_u64().unwrap(), word("field"), word("code"))
        })
        .collect();
    let error = |row, field: &str, code: &str| (row, field.to_owned(), code.to_owned());
    for expected in [
        error(3, "price", "not_a_number"),
        error(3, "status", "bad_status"),
        error(3, "stock", "negative"),
        error(4, "sku", "blank"),
        error(5, "sku", "given_twice"),
        error(6, "row", "wrong_cells"),
    ] {
        assert!(errors.contains(&expected), "{expected:?} is not in {errors:?}");
    }
    assert_eq!(api.get("/api/products").await.json()["page"]["total"], 0);
    assert_eq!(
        import(&api, true, file).await.expect(200).data(),
        report,
        "a dry run says the same"
    );
}

#[tokio::test]
async fn a_new_product_needs_a_name_and_a_price() {
    let api = Api::start().await;
    let report = import(&api, true, "sku,stock\nC-1,4\n").await.expect(200).data();
    let fields: Vec<&str> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["name", "price"]);
}

#[tokio::test]
async fn what_spreadsheets_write_is_read() {
    let api = Api::start().await;
    let file = "\u{feff}SKU;Name;Price;Description\r\nD-1;\"Two; halves\";1.00;\"a \"\"b\"\"\nc\"\r\n";
    import(&api, false, file).await.expect(200);
    let product = api.get("/api/products/1").await.data();
    assert_eq!(product["name"], "Two; halves");
    assert_eq!(product["description"], "a \"b\"\nc");
}

#[tokio::test]
async fn files_that_are_none_are_told() {
    let api = Api::start().await;
    let csv = [("content-type", "text/csv")];
    let reply = api
        .send("POST", "/api/products/import", &csv, b"sku\na\xe9\n".to_vec())
        .await
        .expect(422);
    assert_eq!(reply.field("file"), "not_utf8");
    let reply = import(&api, true, "").await.expect(422);
    assert_eq!(reply.field("file"), "empty");
    for (file, field, code) in [
        ("name,price\na,1\n", "sku", "required"),
        ("sku,colour\na,red\n", "colour", "unknown_field"),
        ("sku,sku\na,b\n", "sku", "given_twice"),
    ] {
        let report = import(&api, true, file).await.expect(200).data();
        let error = &report["errors"][0];
        assert_eq!(
            (&error["row"], &error["field"], &error["code"]),
            (&json!(1), &json!(field), &json!(code)),
            "{file}"
        );
        import(&api, false, file).await.expect(422);
    }
    let json = [("content-type", "application/json")];
    assert_eq!(
        api.send("POST", "/api/products/import", &json, "{}")
            .await
            .expect(415)
            .code(),
        "unsupported_type"
    );
    let reply = api
        .send("POST", "/api/products/import?dry_run=maybe", &csv, "sku\n")
        .await
        .expect(422);
    assert_eq!(reply.field("dry_run"), "not_a_truth_value");
}

#[tokio::test]
async fn an_export_is_what_the_filters_let_through() {
    let api = Api::start().await;
    for (sku, status) in [("E-1", "active"), ("E-2", "draft"), ("E-3", "active")] {
        api.create(&json!({"sku": sku, "name": sku, "price": "1", "status": status}))
            .await;
    }
    let skus = |reply: Reply| -> Vec<String> {
        let text = reply.expect(200).text();
        text.lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect()
    };
    let all = api.get("/api/products/export").await;
    assert_eq!(all.header("content-type"), "text/csv; charset=utf-8");
    assert!(all.header("content-disposition").contains("products.csv"));
    assert!(
        all.text()
            .starts_with("sku,name,description,price,stock,category,status,image\r\n")
    );
    assert_eq!(skus(all), ["E-1", "E-2", "E-3"]);
    assert_eq!(
        skus(api.get("/api/products/export?status=active&sort=-name").await),
        ["E-3", "E-1"]
    );
    assert_eq!(
        skus(api.get("/api/products/export?ids=3,2").await),
        ["E-2", "E-3"]
    );
    assert_eq!(
        api.get("/api/products/export?ids=a")
            .await
            .expect(422)
            .field("ids"),
        "bad_ids"
    );
    assert_eq!(
        api.get("/api/products/export?limit=3")
            .await
            .expect(422)
            .field("limit"),
        "unknown_parameter"
    );
}

#[tokio::test]
async fn an_export_has_no_formulas() {
    let api = Api::start().await;
    for name in ["=1+1", "+x", "-x", "@x", "'=x", "plain", "'quoted'"] {
        api.create(&json!({"name": name, "price": "1"})).await;
    }
    let text = api.get("/api/products/export").await.text();
    let names: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(names, ["'=1+1", "'+x", "'-x", "'@x", "''=x", "plain", "'quoted'"]);
}

#[tokio::test]
async fn a_large_export_arrives_whole() {
    let api = Api::start().await;
    let mut client = crate::harness::server::client(&api.database).await;
    catalog::database::seed::seed(&mut client, 20_000).await.unwrap();
    let text = api.get("/api/products/export").await.expect(200).text();
    assert_eq!(text.lines().count(), 20_001);
    assert!(text.ends_with("\r\n"));
}

/// Whatever is exported, importing it back changes nothing.
#[test]
fn an_export_can_be_imported_again() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let api = runtime.block_on(Api::start());
    let text = r#"[ -~éß€=+@'",;]{0,20}"#;
    let product = (text, text, 0_u32..10_000_000, 0_i32..1000, prop::option::of(text)).prop_map(
        |(name, description, cents, stock, category)| {
            json!({"name": format!("{name}x"), "description": description, "stock": stock, "category": category,
                "price": format!("{}.{:02}", cents / 100, cents % 100)})
        },
    );
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome =
        TestRunner::new(config).run(&prop::collection::vec(product, 1..12), |products: Vec<Value>| {
            for product in &products {
                runtime.block_on(api.create(product));
            }
            let file = runtime
                .block_on(api.get("/api/products/export"))
                .expect(200)
                .text();
            let report = runtime.block_on(import(&api, true, &file)).expect(200).data();
            prop_assert_eq!(&report["errors"], &json!([]));
            prop_assert_eq!(&report["unchanged"], &report["rows"], "{}", report);
            Ok(())
        });
    outcome.unwrap();
}

#[tokio::test]
async fn imports_of_the_same_new_products_at_once_do_not_clash() {
    let api = std::sync::Arc::new(Api::start().await);
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..6 {
        let api = std::sync::Arc::clone(&api);
        calls.spawn(async move {
            let rows: Vec<String> = (0..50).map(|row| format!("F-{row},name {number},1\n")).collect();
            let rows = rows.concat();
            import(&api, false, &format!("sku,name,price\n{rows}"))
                .await
                .expect(200);
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    assert_eq!(api.get("/api/products").await.json()["page"]["total"], 50);
}

async fn report(api: &Api, query: &str, text: &str) -> Value {
    let path = format!("/api/products/import?{query}");
    let headers = [("content-type", "text/csv")];
    let reply = api.send("POST", &path, &headers, text.to_owned()).await;
    let body = reply.json();
    if reply.status == 200 {
        body["data"].clone()
    } else {
        assert_eq!(reply.status, 422, "{body}");
        body["report"].clone()
    }
}

#[tokio::test]
async fn rows_behind_an_open_quote_are_not_swallowed() {
    let api = Api::start().await;
    let file =
        "sku,name,price,description\nQ-1,One,1.00,fine\nQ-2,Two,1.00,\"never closed\nQ-3,Three,1.00,x\n";
    let report = report(&api, "dry_run=false", file).await;
    let error = &report["errors"][0];
    assert_eq!((&error["row"], &error["code"]), (&json!(3), &json!("open_quote")));
    assert_eq!(api.get("/api/products").await.json()["page"]["total"], 0);
}

#[tokio::test]
async fn errors_do_not_hide_value_sku_and_row() {
    let api = Api::start().await;
    let file = "\u{feff}sku;name;price;;\r\nR-1;Tea;12,50;;\r\n;;;;\r\nR-2;Thé;douze;;\r\nR-3;;1,00;;\r\n";
    let report = report(&api, "dry_run=true", file).await;
    let shown = |index: usize, name: &str| report["errors"][index][name].clone();
    assert_eq!(report["errors"].as_array().unwrap().len(), 2, "{report}");
    let wanted = [
        (4, "R-2", "price", "douze", "not_a_number"),
        (5, "R-3", "name", "", "required"),
    ];
    for (index, (row, sku, field, value, code)) in wanted.into_iter().enumerate() {
        assert_eq!(shown(index, "row"), row);
        assert_eq!(shown(index, "sku"), sku);
        assert_eq!(shown(index, "field"), field);
        assert_eq!(shown(index, "value"), value);
        assert_eq!(shown(index, "code"), code);
    }
    let right = file.replace("douze", "2,00").replace("R-3;;", "R-3;Milk;");
    assert_eq!(import(&api, false, &right).await.expect(200).data()["created"], 3);
    assert_eq!(api.get("/api/products/1").await.data()["price"], "12.50");
}

#[tokio::test]
async fn a_number_that_can_mean_two_things_is_not_guessed() {
    let api = Api::start().await;
    let report = report(&api, "dry_run=true", "sku\tname\tprice\nS-1\tSofa\t2,500\n").await;
    assert_eq!(report["errors"][0]["code"], "ambiguous_number");
    assert_eq!(report["errors"][0]["value"], "2,500");
}

#[tokio::test]
async fn texts_are_not_erased_by_empty_cells_unasked() {
    let api = Api::start().await;
    let lamp = json!({"sku": "L-1", "name": "Lamp", "price": "1", "description": "Made of enamel", "category": "Light"});
    api.create(&lamp).await;
    let file = "sku,price,description,category\nL-1,2.00,,\n";
    let reply = import(&api, false, file).await.expect(422);
    assert_eq!(reply.code(), "would_erase");
    let report = &reply.json()["report"];
    assert_eq!(report["erased"], 2);
    let first =
        json!({"row": 2, "sku": "L-1", "name": "Lamp", "field": "description", "text": "Made of enamel"});
    assert_eq!(report["erases"][0], first);
    assert_eq!(api.get("/api/products/1").await.data()["version"], 1);

    let send = async |empty: &str| {
        let path = format!("/api/products/import?empty={empty}");
        api.send("POST", &path, &[("content-type", "text/plain")], file)
            .await
    };
    let kept = send("keep").await.expect(200).data();
    assert_eq!((&kept["updated"], &kept["erased"]), (&json!(1), &json!(0)));
    let product = api.get("/api/products/1").await.data();
    assert_eq!(
        (&product["description"], &product["category"]),
        (&json!("Made of enamel"), &json!("Light"))
    );
    send("erase").await.expect(200);
    let product = api.get("/api/products/1").await.data();
    assert_eq!(
        (&product["description"], &product["category"]),
        (&json!(""), &json!(null))
    );
    assert_eq!(send("perhaps").await.expect(422).field("empty"), "not_a_choice");
}

#[tokio::test]
async fn an_export_for_excel_is_not_in_one_column_and_its_letters_are_not_mistaken() {
    let api = Api::start().await;
    let cafe =
        json!({"sku": "X-1", "name": "Café; noir", "description": "a\tb", "price": "1234.50", "stock": 7});
    api.create(&cafe).await;
    for (query, line) in [
        (
            "delimiter=semicolon&decimal=comma",
            "X-1;\"Café; noir\";\"a\tb\";\"1234,50\";7;;active;",
        ),
        (
            "delimiter=comma&decimal=point",
            "X-1,\"Café; noir\",\"a\tb\",1234.50,7,,active,",
        ),
        (
            "delimiter=tab&decimal=comma",
            "X-1\t\"Café; noir\"\t\"a\tb\"\t\"1234,50\"\t7\t\tactive\t",
        ),
    ] {
        let path = format!("/api/products/export?bom=true&{query}");
        let text = api.get(&path).await.expect(200).text();
        assert!(text.starts_with('\u{feff}'), "{text}");
        assert_eq!(text.lines().nth(1), Some(line));
        // What is exported in any form can be imported again, and changes nothing.
        let report = report(&api, "dry_run=true", &text).await;
        assert_eq!(
            (&report["unchanged"], &report["errors"]),
            (&json!(1), &json!([])),
            "{report}"
        );
    }
}

#[tokio::test]
async fn a_preview_is_not_miscounted_for_apostrophes_and_other_scripts() {
    let api = Api::start().await;
    let names = [
        "O'Reilly's mug",
        "'quoted'",
        "''",
        "l\u{2019}\u{e9}toile",
        "मग",
        "東京 マグ",
        "كوب",
        "🫖 pot",
        "a\u{301}rbol",
    ];
    let mut file = "sku,name,price\n".to_owned();
    for (number, name) in names.iter().enumerate() {
        file.push_str(&format!("U-{number},{name},1.00\n"));
    }
    let count = json!(names.len());
    let report = import(&api, true, &file).await.expect(200).data();
    assert_eq!(
        (&report["rows"], &report["created"], &report["errors"]),
        (&count, &count, &json!([]))
    );
    assert_eq!(report["preview"].as_array().unwrap().len(), names.len());
    assert_eq!(
        import(&api, false, &file).await.expect(200).data()["created"],
        count
    );
    let again = import(&api, true, &file).await.expect(200).data();
    assert_eq!(
        (&again["unchanged"], &again["created"], &again["updated"]),
        (&count, &json!(0), &json!(0))
    );
    let page = api.get("/api/products?sort=id").await.data();
    let kept: Vec<&str> = page
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    assert_eq!(kept, names);
}
