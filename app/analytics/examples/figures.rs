//! What a question costs: every figure over made-up events in memory, with and without filters, nothing kept in between.
//!
//! ```sh
//! cargo run --release -p analytics --example figures -- 1 10    # millions of events
//! ```
//!
//! CPU time is of the one thread that answers; it is what to compare on a machine that does other things, too.

#![expect(clippy::print_stdout, reason = "it is a program for people to read")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use analytics::engine::{
    By, Cohorts, Dimension, Filter, FunnelOrder, Interval, Question, Scope, Site, Step, borders, breakdown,
    carts, funnel, products, retention, revenue, searches, together, traffic,
};
use analytics::event::{Context, Currency, Event, Id, Item, Kind, Text};
use jiff::tz::TimeZone;
use std::time::{Duration, Instant};

/// The first millisecond, and the days.
const BEGIN: i64 = 1_795_000_000_000;
const DAYS: i64 = 28;

/// The filters of the asked questions.
const FILTERS: &[&[&str]] = &[
    &[],
    &["device:is:mobile"],
    &["country:is:DE,FR", "browser:not:Safari"],
    &["page:contains:product/1"],
    &["source:is:newsletter", "product:is:7"],
];

struct World {
    random: fastrand::Rng,
    texts: Vec<Text>,
}

impl World {
    fn pick(&mut self, list: &[&str]) -> Text {
        let word = list[self.random.usize(..list.len())];
        if let Some(text) = self.texts.iter().find(|text| &***text == word) {
            return text.clone();
        }
        self.texts.push(word.into());
        word.into()
    }

    /// The events of a session: pages, a product, often a search, sometimes a cart and an order.
    fn session(&mut self, number: u64, visitors: u64) -> Vec<Event> {
        let visitor = self.random.u64(..visitors);
        let context = Context {
            device: self.pick(&["desktop", "mobile", "mobile", "tablet"]),
            browser: self.pick(&["Chrome", "Chrome", "Safari", "Firefox"]),
            os: self.pick(&["Windows", "iOS", "Android", "Linux"]),
            country: self.pick(&["DE", "FR", "IT", "IN", "US"]),
            source: self
                .random
                .bool()
                .then(|| self.pick(&["newsletter", "google", "partner"])),
            ..Context::default()
        };
        let mut at = BEGIN + self.random.i64(..DAYS * 86_400_000);
        let kinds = [
            Kind::PageView,
            Kind::PageView,
            Kind::ProductView,
            Kind::Search,
            Kind::PageView,
            Kind::ProductView,
            Kind::AddToCart,
            Kind::CheckoutStarted,
            Kind::OrderPlaced,
        ];
        let most = 3 + self.random.usize(..7);
        let mut events = Vec::with_capacity(most);
        for kind in kinds.into_iter().take(most) {
            at += self.random.i64(500..60_000);
            events.push(self.event(kind, at, number, visitor, &context));
        }
        events
    }

    fn event(&mut self, kind: Kind, at: i64, number: u64, visitor: u64, context: &Context) -> Event {
        let id = |kind: u8, number: u64| {
            let mut id = [kind; 16];
            id[8..].copy_from_slice(&number.to_be_bytes());
            Id(id)
        };
        let product: Text = self.random.u32(..2_000).to_string().into();
        let carts = matches!(kind, Kind::ProductView | Kind::AddToCart);
        let order = kind == Kind::OrderPlaced;
        let item = Item {
            product: product.clone(),
            quantity: 1,
            amount: 4_990,
        };
        Event {
            id: Id::at(at, self.random.u128(..)),
            site: Text::default(),
            stored: at,
            at,
            session: id(1, number),
            visitor: id(2, visitor),
            user: None,
            kind,
            name: None,
            page: if carts {
                format!("/product/{product}").into()
            } else {
                self.pick(&["/", "/deals", "/search", "/cart"])
            },
            product: carts.then_some(product),
            query: (kind == Kind::Search).then(|| format!("words {}", self.random.u32(..3_000)).into()),
            number: (kind == Kind::Search).then(|| self.random.u32(..5)),
            amount: order.then_some(4_990),
            currency: order.then(|| Currency::parse("EUR").unwrap()),
            quantity: carts.then_some(1),
            order: order.then(|| number.to_string().into()),
            items: if order { vec![item] } else { Vec::new() },
            context: context.clone(),
            extra: None,
            skew: 0,
        }
    }
}

/// The CPU time of this thread.
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn question(filters: &[&str]) -> Question {
    Question {
        from: BEGIN / 1000 + 86_400,
        to: BEGIN / 1000 + 22 * 86_400,
        filters: filters.iter().map(|text| Filter::parse(text).unwrap()).collect(),
        bots: false,
    }
}

type Figure = (&'static str, fn(&Scope<'_>, &[i64]) -> usize);

const FIGURES: &[Figure] = &[
    ("traffic by day", |scope, steps| traffic(scope, steps).1.len()),
    ("revenue by day", |scope, steps| revenue(scope, steps).1.len()),
    ("pages", |scope, _| breakdown(scope, By::Page, 10).rows.len()),
    ("countries", |scope, _| {
        breakdown(scope, By::Session(Dimension::Country), 10).rows.len()
    }),
    ("products", |scope, _| products(scope, 10).len()),
    ("bought together", |scope, _| together(scope, 10).len()),
    ("searches", |scope, _| searches(scope, 10).top.len()),
    ("carts", |scope, _| {
        usize::try_from(carts(scope, i64::MAX, 3_600_000).opened).unwrap()
    }),
    ("funnel of 4 steps", |scope, _| {
        let steps = ["product_view", "add_to_cart", "checkout_started", "order_placed"];
        let steps: Vec<Step> = steps.iter().map(|text| Step::parse(text).unwrap()).collect();
        funnel(scope, &steps, 86_400, FunnelOrder::Strict).0.len()
    }),
    ("retention by week", |scope, _| {
        let weeks = borders(scope.from / 1000, scope.to / 1000, Interval::Week, &TimeZone::UTC).unwrap();
        retention(scope, &weeks, Cohorts::Visits).len()
    }),
];

fn main() {
    let sizes: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok())
        .collect();
    for millions in if sizes.is_empty() { vec![1] } else { sizes } {
        measure(millions);
    }
}

fn measure(millions: u64) {
    let mut world = World {
        random: fastrand::Rng::with_seed(millions),
        texts: Vec::new(),
    };
    let mut site = Site::default();
    let (begun, mut events, mut number) = (Instant::now(), Vec::new(), 0);
    while site.events() < millions * 1_000_000 {
        events.clear();
        for _ in 0..20_000 {
            number += 1;
            events.extend(world.session(number, millions * 50_000));
        }
        site.extend(&events);
    }
    site.shrink();
    #[expect(clippy::cast_precision_loss, reason = "a size for people to read")]
    let bytes = site.bytes() as f64 / site.events() as f64;
    println!(
        "{} events, {number} sessions, {bytes:.1} bytes each, in memory after {:.1} s",
        site.events(),
        begun.elapsed().as_secs_f64()
    );
    println!(
        "{:<18} {:>12} {:>12} {:>12}",
        "", "no filter", "filtered", "worst"
    );
    for (name, figure) in FIGURES {
        let mut times = Vec::new();
        for filters in FILTERS {
            let question = question(filters);
            let steps = borders(
                question.from,
                question.to,
                Interval::Day,
                &TimeZone::get("Europe/Berlin").unwrap(),
            )
            .unwrap();
            let best = (0..5).map(|_| {
                let before = cpu();
                let found = figure(&Scope::new(&site, &question), &steps);
                assert!(found < usize::MAX);
                cpu().saturating_sub(before)
            });
            times.push(best.min().unwrap_or_default());
        }
        let milliseconds = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
        let filtered = times[1..].iter().sum::<Duration>() / u32::try_from(times.len() - 1).unwrap_or(1);
        let worst = times.iter().max().copied().unwrap_or_default();
        println!(
            "{name:<18} {:>12} {:>12} {:>12}",
            milliseconds(times[0]),
            milliseconds(filtered),
            milliseconds(worst)
        );
    }
}
