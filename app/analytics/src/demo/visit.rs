//! A visit, from the first page to the last.

use super::person::{Person, origin, person, weighted};
use crate::event::Id;
use fastrand::Rng;
use serde_json::{Value, json};

const DAY: i64 = 86_400_000;

/// The products: name, category, price in cents, and how much they are liked.
const PRODUCTS: &[(&str, &str, i64, u32)] = &[
    ("arc-floor-lamp", "lighting", 18_900, 14),
    ("linen-table-lamp", "lighting", 6_900, 18),
    ("paper-pendant", "lighting", 4_490, 22),
    ("brass-wall-light", "lighting", 9_900, 8),
    ("reading-light", "lighting", 5_990, 11),
    ("oak-dining-table", "tables", 74_900, 6),
    ("walnut-side-table", "tables", 15_900, 12),
    ("folding-desk", "tables", 22_900, 9),
    ("birch-stool", "seating", 7_900, 20),
    ("wool-armchair", "seating", 48_900, 9),
    ("cane-chair", "seating", 12_900, 16),
    ("two-seat-sofa", "seating", 89_900, 5),
    ("stoneware-mug", "kitchen", 1_490, 30),
    ("enamel-pan", "kitchen", 3_990, 17),
    ("bread-board", "kitchen", 2_990, 15),
    ("linen-apron", "kitchen", 3_490, 9),
    ("wool-blanket", "textiles", 8_900, 19),
    ("cotton-sheets", "textiles", 7_490, 13),
    ("velvet-cushion", "textiles", 3_290, 24),
    ("jute-rug", "textiles", 11_900, 10),
];

const QUERIES: &[(&str, u32, u32)] = &[
    ("lamp", 5, 20),
    ("floor lamp", 1, 12),
    ("chair", 2, 14),
    ("sofa", 1, 9),
    ("mug", 1, 8),
    ("rug", 1, 8),
    ("blanket", 1, 7),
    ("desk", 1, 7),
    ("wardrobe", 0, 6),
    ("outdoor bench", 0, 4),
    ("led strip", 0, 4),
    ("curtain", 0, 5),
    ("kids bed", 0, 2),
];

/// The visits of each hour of a day, of a thousand.
const HOURS: [u32; 24] = [
    9, 5, 3, 2, 3, 7, 18, 34, 46, 52, 55, 57, 60, 56, 52, 50, 52, 58, 66, 78, 86, 78, 50, 23,
];

/// Something that happens in a visit.
#[derive(Clone, Debug)]
pub struct Step {
    /// The milliseconds since the visit's begin.
    pub after: i64,
    kind: &'static str,
    name: Option<&'static str>,
    page: String,
    props: Value,
    number: u32,
}

impl Step {
    /// The event on the wire.
    pub(super) fn wire(&self, at: i64, visit: u64) -> Value {
        let id = Id::at(at, u128::from(visit) << 20 | u128::from(self.number));
        let mut event = json!({ "id": id.to_string(), "t": at, "type": self.kind, "page": self.page, "props": self.props });
        if let Some(name) = self.name {
            event["name"] = name.into();
        }
        event
    }
}

/// A visit.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The milliseconds since 1970 of the first event.
    pub start: i64,
    /// What happens, by time.
    pub steps: Vec<Step>,
    /// The `User-Agent`.
    pub agent: &'static str,
    pub(super) country: &'static str,
    pub(super) number: u64,
    visitor: String,
    user: Option<String>,
    origin: [Option<&'static str>; 4],
}

impl Visit {
    /// The sender on the wire.
    pub(super) fn who(&self) -> Value {
        let [source, medium, campaign, referrer] = self.origin;
        json!({
            "v": self.visitor, "s": format!("demo-{:x}", self.number), "u": self.user,
            "c": { "source": source, "medium": medium, "campaign": campaign, "ref": referrer },
        })
    }
}

/// The visits of a day, `shoppers` on an average one, by their begin. `day` is the number of days since 1970, in UTC.
pub fn visits(day: i64, shoppers: u32) -> Vec<Visit> {
    let mut random = Rng::with_seed(day.unsigned_abs());
    // 1970 began with a Thursday: more come on Sundays, fewer on Fridays.
    let weekday = [104, 90, 98, 122, 100, 94, 92][usize::try_from(day.rem_euclid(7)).unwrap_or(0)];
    let count = shoppers * weekday * random.u32(88..114) / 10_000;
    let mut visits: Vec<Visit> = (0..count).map(|number| visit(day, number, shoppers)).collect();
    visits.sort_by_key(|visit| visit.start);
    visits
}

fn visit(day: i64, number: u32, shoppers: u32) -> Visit {
    let person = person(day, number, shoppers);
    let mut random =
        Rng::with_seed(person.key ^ day.unsigned_abs().rotate_left(32) ^ u64::from(number).rotate_left(20));
    let hours: Vec<(i64, u32)> = (0..).zip(HOURS).collect();
    let hour = weighted(&mut random, &hours).unwrap_or(12);
    let (source, medium, campaign, referrer) = origin(&mut random);
    let start = day * DAY + hour * 3_600_000 + random.i64(0..3_600_000);
    let mut walk = Walk {
        random,
        steps: Vec::new(),
        after: 0,
        order: format!("D{day}-{number}"),
    };
    walk.shop(&person);
    Visit {
        start,
        steps: walk.steps,
        agent: person.agent,
        country: person.country,
        number: day.unsigned_abs() << 24 | u64::from(number),
        visitor: format!("demo-visitor-{:x}", person.key),
        user: person.user,
        origin: [source, medium, campaign, referrer],
    }
}

/// A visit that is being told.
struct Walk {
    random: Rng,
    steps: Vec<Step>,
    after: i64,
    order: String,
}

impl Walk {
    fn chance(&mut self, of_hundred: u8) -> bool {
        self.random.u8(..100) < of_hundred
    }

    /// Something happens, after as many seconds.
    fn step(&mut self, seconds: std::ops::Range<i64>, kind: &'static str, page: &str, props: Value) {
        if !self.steps.is_empty() {
            self.after += self.random.i64(seconds.start * 1_000..seconds.end * 1_000);
        }
        let number = u32::try_from(self.steps.len()).unwrap_or(0);
        self.steps.push(Step {
            after: self.after,
            kind,
            name: None,
            page: page.to_owned(),
            props,
            number,
        });
    }

    fn shop(&mut self, person: &Person) {
        let product = self.product();
        let landing = match self.random.u8(..10) {
            0..=4 => "/".to_owned(),
            5..=6 => format!("/category/{}", product.1),
            7..=8 => format!("/product/{}", product.0),
            _ => "/journal/warm-light".to_owned(),
        };
        self.step(0..1, "page_view", &landing, json!({}));
        if self.chance(34) {
            return;
        }
        if self.chance(55) {
            let depth = [25, 50, 75, 100][self.random.usize(..4)];
            self.step(3..40, "scroll_depth", &landing, json!({ "depth": depth }));
        }
        let mut cart: Vec<(&str, i64, i64)> = Vec::new();
        for _ in 0..self.random.u8(1..5) {
            if self.chance(26) {
                self.search();
                // Some look no further.
                if self.chance(30) {
                    continue;
                }
            }
            self.look(&mut cart);
        }
        if person.user.is_none() && self.chance(4) {
            self.step(5..40, "custom", "/account", json!({}));
            if let Some(step) = self.steps.last_mut() {
                step.name = Some("signup");
            }
        }
        self.buy(&cart);
    }

    fn product(&mut self) -> (&'static str, &'static str, i64) {
        let list: Vec<((&str, &str, i64), u32)> = PRODUCTS
            .iter()
            .map(|(name, kind, price, liked)| ((*name, *kind, *price), *liked))
            .collect();
        weighted(&mut self.random, &list).unwrap_or(("stoneware-mug", "kitchen", 1_490))
    }

    fn search(&mut self) {
        let list: Vec<((&str, u32), u32)> = QUERIES
            .iter()
            .map(|(words, results, often)| ((*words, *results), *often))
            .collect();
        let (words, results) = weighted(&mut self.random, &list).unwrap_or(("lamp", 5));
        self.step(
            4..30,
            "search",
            "/search",
            json!({ "query": words, "results": results }),
        );
    }

    fn look(&mut self, cart: &mut Vec<(&'static str, i64, i64)>) {
        let (name, kind, price) = self.product();
        if self.chance(40) {
            self.step(5..40, "page_view", &format!("/category/{kind}"), json!({}));
        }
        let page = format!("/product/{name}");
        self.step(4..60, "page_view", &page, json!({}));
        self.step(
            0..2,
            "product_view",
            &page,
            json!({ "product": name, "price": decimal(price) }),
        );
        if self.chance(21) {
            let quantity = if price < 5_000 && self.chance(40) { 2 } else { 1 };
            cart.push((name, price, quantity));
            let props = json!({ "product": name, "price": decimal(price), "quantity": quantity });
            self.step(8..90, "add_to_cart", &page, props);
        }
    }

    fn buy(&mut self, cart: &[(&'static str, i64, i64)]) {
        if cart.is_empty() {
            return;
        }
        self.step(4..60, "page_view", "/cart", json!({}));
        let mut kept = cart.to_vec();
        if self.chance(14)
            && let Some((name, price, quantity)) = kept.pop()
        {
            let props = json!({ "product": name, "price": decimal(price), "quantity": quantity });
            self.step(3..30, "remove_from_cart", "/cart", props);
        }
        if kept.is_empty() || !self.chance(58) {
            return;
        }
        let total: i64 = kept.iter().map(|(_, price, quantity)| price * quantity).sum();
        self.step(
            5..60,
            "checkout_started",
            "/checkout",
            json!({ "amount": decimal(total) }),
        );
        if !self.chance(72) {
            return;
        }
        let items: Vec<Value> = kept
            .iter()
            .map(|(name, price, quantity)| json!({ "product": name, "price": decimal(*price), "quantity": quantity }))
            .collect();
        let props = json!({ "order": self.order, "amount": decimal(total), "items": items });
        self.step(40..240, "order_placed", "/checkout", props);
        self.step(0..2, "page_view", "/thank-you", json!({}));
    }
}

/// Cents as a decimal number.
fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
