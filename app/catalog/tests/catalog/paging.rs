//! Lists against a model: whatever the filters, the order and the size of pages, the pages together are exactly the
//! rows that a plain sort and a plain filter of all rows give.

use crate::harness::{Api, server};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

const PRODUCTS: u32 = 150;

async fn seeded() -> (Api, Vec<Value>) {
    let api = Api::start().await;
    let mut client = server::client(&api.database).await;
    catalog::database::seed::seed(&mut client, PRODUCTS)
        .await
        .unwrap();
    // Equal names, prices, stocks and times, so that only the id tells rows apart; and letters beyond ASCII.
    client
        .batch_execute(
            "update products set name = 'Same' where id % 7 = 0;
             update products set name = 'É ' || name where id % 11 = 0;
             update products set price = 5, stock = 0 where id % 5 = 0;
             update products set updated_at = now() + make_interval(secs => id % 10);",
        )
        .await
        .unwrap();
    let mut all = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let body = api
            .get(&format!("/api/products?limit=200&cursor={cursor}"))
            .await
            .expect(200)
            .json();
        all.extend(body["data"].as_array().unwrap().clone());
        next = body["page"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(all.len(), PRODUCTS as usize);
    (api, all)
}

#[derive(Clone, Debug)]
struct Asked {
    sort: &'static str,
    limit: u16,
    text: Option<&'static str>,
    category: Option<&'static str>,
    status: Option<&'static str>,
    least: Option<u32>,
    most: Option<u32>,
    stock: Option<&'static str>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let sort = prop::sample::select(catalog::product::Sort::NAMES.to_vec());
    let text = prop::option::weighted(
        0.3,
        prop::sample::select(vec![
            "mug",
            "MUG-00",
            "é",
            "oak",
            "%",
            "_",
            "lot 1",
            "1 LOT mug",
            "  mug   oak ",
        ]),
    );
    let category = prop::option::weighted(0.2, prop::sample::select(vec!["Kitchen", "Garden", "none such"]));
    let status = prop::option::weighted(0.2, prop::sample::select(vec!["draft", "active", "archived"]));
    let stock = prop::option::weighted(0.2, prop::sample::select(vec!["in", "out", "low"]));
    let prices = (
        prop::option::weighted(0.2, 0_u32..100),
        prop::option::weighted(0.2, 100_u32..200),
    );
    (sort, 1_u16..60, text, category, status, prices, stock).prop_map(
        |(sort, limit, text, category, status, (least, most), stock)| Asked {
            sort,
            limit,
            text,
            category,
            status,
            least,
            most,
            stock,
        },
    )
}

/// A part of a name, in the order of a dictionary.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Space,
    Number(u64),
    Letter(char),
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in name.to_lowercase().replace('é', "e").chars() {
        match (c.to_digit(10).map(u64::from), pieces.last_mut()) {
            (Some(digit), Some(Piece::Number(number))) => *number = *number * 10 + digit,
            (Some(digit), _) => pieces.push(Piece::Number(digit)),
            (None, _) if c == ' ' => pieces.push(Piece::Space),
            (None, _) => pieces.push(Piece::Letter(c)),
        }
    }
    pieces
}

impl Asked {
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("sort", self.sort)
            .append_pair("limit", &self.limit.to_string());
        for (name, value) in [
            ("q", self.text),
            ("category", self.category),
            ("status", self.status),
            ("stock", self.stock),
        ] {
            value.map(|value| query.append_pair(name, value));
        }
        self.least
            .map(|least| query.append_pair("min_price", &least.to_string()));
        self.most
            .map(|most| query.append_pair("max_price", &format!("{most}.50")));
        query.finish()
    }

    fn lets_through(&self, product: &Value) -> bool {
        let text = |field: &str| product[field].as_str().unwrap_or_default().to_owned();
        let price: f64 = text("price").parse().unwrap();
        let stock = product["stock"].as_i64().unwrap();
        let form = |text: &str| text.to_lowercase().replace('é', "e");
        let all = form(&format!(
            "{} {} {}",
            text("name"),
            text("sku"),
            text("description")
        ));
        self.text
            .is_none_or(|words| form(words).split_whitespace().all(|word| all.contains(word)))
            && self.category.is_none_or(|category| text("category") == category)
            && self.status.is_none_or(|status| text("status") == status)
            && self.least.is_none_or(|least| price >= f64::from(least))
            && self.most.is_none_or(|most| price <= f64::from(most) + 0.5)
            && self.stock.is_none_or(|state| match state {
                "in" => stock > 0,
                "out" => stock == 0,
                _ => (1..=10).contains(&stock),
            })
    }

    fn model(&self, all: &[Value]) -> Vec<i64> {
        let mut rows: Vec<&Value> = all.iter().filter(|product| self.lets_through(product)).collect();
        let id = |product: &Value| product["id"].as_i64().unwrap();
        rows.sort_by(|a, b| {
            let order = match self.sort.trim_start_matches('-') {
                "name" => pieces(a["name"].as_str().unwrap()).cmp(&pieces(b["name"].as_str().unwrap())),
                "price" => {
                    let price = |p: &Value| p["price"].as_str().unwrap().parse::<f64>().unwrap();
                    price(a).total_cmp(&price(b))
                }
                "stock" => a["stock"].as_i64().cmp(&b["stock"].as_i64()),
                "updated" => {
                    let at = |p: &Value| {
                        p["updated_at"]
                            .as_str()
                            .unwrap()
                            .parse::<jiff::Timestamp>()
                            .unwrap()
                    };
                    at(a).cmp(&at(b))
                }
                _ => std::cmp::Ordering::Equal,
            };
            order.then(id(a).cmp(&id(b)))
        });
        if self.sort.starts_with('-') {
            rows.reverse();
        }
        rows.into_iter().map(id).collect()
    }
}

#[test]
fn pages_together_are_the_whole_list_in_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (api, all) = runtime.block_on(seeded());
    let mut runner = TestRunner::new(Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&asked(), |asked| {
        let expected = asked.model(&all);
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/products?{}&cursor={cursor}", asked.query());
            let body = runtime.block_on(api.get(&path)).expect(200).json();
            prop_assert_eq!(body["page"]["total"].as_u64(), Some(expected.len() as u64));
            let rows = body["data"].as_array().unwrap();
            prop_assert!(rows.len() <= usize::from(asked.limit));
            found.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
            match body["page"]["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        prop_assert_eq!(found, expected);
        Ok(())
    });
    outcome.unwrap();
}

#[tokio::test]
async fn rows_that_come_and_go_neither_hide_nor_repeat_the_others() {
    let (api, all) = seeded().await;
    let first = api.get("/api/products?limit=50").await.json();
    let cursor = first["page"]["next"].as_str().unwrap().to_owned();
    for id in [3, 50, 51] {
        api.delete(&format!("/api/products/{id}")).await.expect(200);
    }
    let second = api
        .get(&format!("/api/products?limit=50&cursor={cursor}"))
        .await
        .json();
    let ids: Vec<i64> = second["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_i64().unwrap())
        .collect();
    let expected: Vec<i64> = all
        .iter()
        .map(|p| p["id"].as_i64().unwrap())
        .filter(|id| *id > 51)
        .take(50)
        .collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn parameters_that_do_not_fit_are_told() {
    let api = Api::start().await;
    for (query, field, code) in [
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=1.5", "limit", "not_an_integer"),
        ("sort=colour", "sort", "bad_sort"),
        ("sort=-category", "sort", "bad_sort"),
        ("status=gone", "status", "bad_status"),
        ("stock=much", "stock", "bad_stock"),
        ("min_price=cheap", "min_price", "not_a_number"),
        ("min_price=5&max_price=4", "max_price", "out_of_order"),
        ("cursor=!!", "cursor", "bad_cursor"),
        // A cursor of another order.
        ("sort=price&cursor=aWQgMiA", "cursor", "bad_cursor"),
    ] {
        let reply = api.get(&format!("/api/products?{query}")).await.expect(422);
        assert_eq!(reply.field(field), code, "{query}");
    }
    api.get("/api/products?q=&sort=&cursor=&category=")
        .await
        .expect(200);
}
