//! Random events of a small world, in which everything collides.

use analytics::event::{Context, Currency, Event, Id, Item, Kind, UserKey};

/// The first millisecond of the world: a Saturday before the summer time of Europe begins.
pub(crate) const BEGIN: i64 = 1_774_656_000_000;

/// The world's length: 12 days.
pub(crate) const LENGTH: i64 = 12 * 86_400_000;

fn pick<'a>(random: &mut fastrand::Rng, list: &[&'a str]) -> &'a str {
    list[random.usize(..list.len())]
}

fn maybe(random: &mut fastrand::Rng, list: &[&str]) -> Option<analytics::event::Text> {
    random.bool().then(|| pick(random, list).into())
}

fn id(kind: u8, number: u64) -> Id {
    let mut id = [kind; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    Id(id)
}

fn context(random: &mut fastrand::Rng, server: bool) -> Context {
    Context {
        device: pick(random, &["desktop", "mobile", "tablet"]).into(),
        browser: pick(random, &["Chrome", "Firefox", "Safari"]).into(),
        os: pick(random, &["Windows", "iOS", "Linux"]).into(),
        country: pick(random, &["DE", "FR", "IN"]).into(),
        source: maybe(random, &["newsletter", "ads"]),
        medium: maybe(random, &["email", "cpc"]),
        campaign: maybe(random, &["spring", "fall,sale"]),
        referrer: maybe(random, &["example.org"]),
        bot: random.u8(..12) == 0 && !server,
        server,
    }
}

/// A random event. Few sessions, visitors, pages and times, so that ties and overlaps are frequent.
// Long: one field after the other.
pub(crate) fn event(random: &mut fastrand::Rng) -> Event {
    let kind = Kind::ALL[random.usize(..9)];
    let server = kind == Kind::OrderPlaced && random.u8(..3) == 0;
    let session = random.u64(..10);
    let near = BEGIN + random.i64(0..LENGTH / 3_600_000) * 3_600_000;
    let at = match random.u8(..4) {
        0 => BEGIN + random.i64(0..LENGTH),
        1 => near,
        _ => near + random.i64(0..20) * 500,
    };
    let product = pick(random, &["1", "2", "3"]).into();
    let priced = random.u8(..5) > 0;
    let cart = matches!(kind, Kind::AddToCart | Kind::RemoveFromCart);
    let order = kind == Kind::OrderPlaced;
    let currency = Currency::parse(if order && random.u8(..4) == 0 {
        "JPY"
    } else {
        "EUR"
    });
    let amount = (order || cart && priced).then(|| random.i64(0..5000));
    let item = |random: &mut fastrand::Rng| Item {
        product: pick(random, &["1", "2", "3", "4"]).into(),
        quantity: random.u32(1..4),
        amount: random.i64(0..900),
    };
    let items: Vec<Item> = (0..random.usize(..4)).map(|_| item(random)).collect();
    let number = match kind {
        Kind::Search => random.bool().then(|| random.u32(..3)),
        Kind::ScrollDepth => Some(50),
        _ => None,
    };
    Event {
        id: Id::at(at, random.u128(..)),
        site: "shop".into(),
        stored: at + 100,
        at,
        session: if server && random.bool() {
            Id::default()
        } else {
            id(1, session)
        },
        visitor: id(
            2,
            if random.u8(..8) == 0 {
                random.u64(..4)
            } else {
                session % 4
            },
        ),
        user: (random.u8(..5) == 0).then(|| UserKey::of_text("shop", &(session % 4).to_string())),
        kind,
        name: (kind == Kind::Custom).then(|| pick(random, &["signup", "share"]).into()),
        page: pick(random, &["/", "/cart", "/product/1", "/a,b"]).into(),
        product: (cart || kind == Kind::ProductView).then_some(product),
        query: (kind == Kind::Search).then(|| pick(random, &["shoes", "hat", "red hat"]).into()),
        number,
        amount,
        currency: amount.and(currency),
        quantity: (order || cart).then(|| random.u32(1..4)),
        order: order.then(|| random.u8(..6).to_string().into()),
        items: if order { items } else { Vec::new() },
        context: context(random, server),
        extra: None,
        skew: 0,
    }
}
