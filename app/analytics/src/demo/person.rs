//! The persons who shop: where they live, what they use, how they came.

use fastrand::Rng;

const COUNTRIES: &[(&str, u32)] = &[
    ("DE", 30),
    ("FR", 18),
    ("IT", 12),
    ("GB", 10),
    ("NL", 7),
    ("ES", 6),
    ("US", 6),
    ("AT", 4),
    ("CH", 4),
    ("IN", 3),
];

const AGENTS: &[(&str, u32)] = &[
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
        30,
    ),
    (
        "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36",
        24,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
        20,
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
        10,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0",
        6,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0",
        5,
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/604.1",
        4,
    ),
    (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        1,
    ),
];

/// The origins of a visit: source, medium, campaign, referring host.
type Origin = (
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
);

const ORIGINS: &[(Origin, u32)] = &[
    ((None, None, None, None), 34),
    ((None, None, None, Some("www.google.com")), 26),
    (
        (Some("newsletter"), Some("email"), Some("autumn-lights"), None),
        11,
    ),
    (
        (Some("google"), Some("cpc"), Some("brand"), Some("www.google.com")),
        10,
    ),
    (
        (
            Some("instagram"),
            Some("social"),
            Some("new-arrivals"),
            Some("l.instagram.com"),
        ),
        8,
    ),
    ((None, None, None, Some("www.pinterest.com")), 6),
    (
        (
            Some("partner"),
            Some("affiliate"),
            Some("home-magazine"),
            Some("home.example"),
        ),
        5,
    ),
];

/// One of a list, as often as its weight says.
pub(super) fn weighted<T: Copy>(random: &mut Rng, list: &[(T, u32)]) -> Option<T> {
    let mut left = random.u32(0..list.iter().map(|(_, weight)| weight).sum::<u32>().max(1));
    list.iter().find_map(|(value, weight)| {
        if left < *weight {
            return Some(*value);
        }
        left -= weight;
        None
    })
}

/// A person.
pub(super) struct Person {
    pub(super) key: u64,
    pub(super) country: &'static str,
    pub(super) agent: &'static str,
    /// The shop's user, for those who have an account.
    pub(super) user: Option<String>,
}

/// A number for a day and a visitor of it.
fn seed(day: i64, number: u32) -> u64 {
    day.unsigned_abs()
        .wrapping_mul(1_000_003)
        .wrapping_add(u64::from(number))
}

/// The visitor `number` of a day: somebody new, or somebody of the three weeks before.
pub(super) fn person(day: i64, number: u32, most: u32) -> Person {
    let mut key = seed(day, number);
    let mut random = Rng::with_seed(key);
    // Each return leads to an earlier day, so this ends.
    let mut back = 0;
    while back < 40 && random.u8(..100) < 38 {
        // Yesterday is likelier than the day three weeks ago.
        let days = 1 + i64::from(random.u8(..21)) * i64::from(random.u8(..21)) / 20;
        let earlier = day - days;
        key = seed(earlier, random.u32(..most.max(1)));
        random = Rng::with_seed(key);
        back += 1;
    }
    let mut own = Rng::with_seed(key ^ 0x5eed);
    Person {
        key,
        country: weighted(&mut own, COUNTRIES).unwrap_or("DE"),
        agent: weighted(&mut own, AGENTS).unwrap_or_default(),
        user: (own.u8(..100) < 35).then(|| format!("u{}", 1001 + own.u32(..600))),
    }
}

/// The way by which a visit came.
pub(super) fn origin(random: &mut Rng) -> Origin {
    weighted(random, ORIGINS).unwrap_or((None, None, None, None))
}
