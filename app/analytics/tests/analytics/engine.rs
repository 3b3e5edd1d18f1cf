//! The engine answers as the oracle does, whatever the events, filters, zones and their order of arrival.

use crate::oracle::World;
use crate::sample::{BEGIN, LENGTH, event};
use analytics::engine::{
    By, Cohorts, Dimension, Filter, FunnelOrder, Interval, Question, Scope, Site, Step, borders, breakdown,
    carts, funnel, products, retention, revenue, searches, together, traffic,
};
use analytics::event::{Event, Id, UserKey};
use jiff::tz::TimeZone;

fn question(random: &mut fastrand::Rng) -> Question {
    const FILTERS: &[&str] = &[
        "device:is:mobile",
        "device:not:mobile,tablet",
        "country:is:DE,FR",
        "source:is:",
        "campaign:contains:sale",
        r"campaign:is:fall\,sale",
        "landing:is:/",
        "page:is:/cart",
        r"page:not:/a\,b",
        "product:is:1,2",
        "product:not:3",
        "query:contains:hat",
        "event:is:signup",
        "browser:is:Chrome",
    ];
    let second = |millis: i64| millis.div_euclid(1000);
    let from = second(BEGIN + random.i64(-LENGTH / 4..LENGTH));
    let length = [3600, 86_400, 3 * 86_400, 20 * 86_400][random.usize(..4)];
    let filters =
        (0..random.usize(..4)).map(|_| Filter::parse(FILTERS[random.usize(..FILTERS.len())]).unwrap());
    Question {
        from,
        to: from + length,
        filters: filters.collect(),
        bots: random.bool(),
    }
}

const STEPS: &[&str] = &[
    "page_view",
    "page_view:/product/*",
    "product_view:1",
    "search",
    "add_to_cart",
    "checkout_started",
    "order_placed",
    "custom:signup",
];

// Long: one case of all figures.
#[expect(clippy::too_many_lines, reason = "one case of all figures")]
fn case(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let count = random.usize(..120);
    let mut events: Vec<Event> = (0..count).map(|_| event(&mut random)).collect();
    let question = question(&mut random);
    random.shuffle(&mut events);
    let mut site = Site::default();
    for part in events.chunks(random.usize(1..50)) {
        site.extend(part);
    }
    let zone = ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"][random.usize(..4)];
    let zone = TimeZone::get(zone).unwrap();
    let interval = [Interval::Hour, Interval::Day, Interval::Week, Interval::Month][random.usize(..4)];
    let limit = random.usize(1..6);
    let now = BEGIN + random.i64(0..LENGTH * 2);

    let scope = Scope::new(&site, &question);
    let world = World::new(&events, &question);
    let steps = borders(question.from, question.to, interval, &zone).unwrap();
    let (total, by_step) = traffic(&scope, &steps);
    assert_eq!(
        total,
        world.traffic(question.from, question.to),
        "traffic of {seed}"
    );
    let expected: Vec<_> = steps
        .windows(2)
        .map(|pair| world.traffic(pair[0], pair[1]))
        .collect();
    assert_eq!(by_step, expected, "traffic by interval of {seed}");
    let (total, by_step) = revenue(&scope, &steps);
    assert_eq!(
        total,
        world.revenue(question.from, question.to),
        "revenue of {seed}"
    );
    let expected: Vec<_> = steps
        .windows(2)
        .map(|pair| world.revenue(pair[0], pair[1]))
        .collect();
    assert_eq!(by_step, expected, "revenue by interval of {seed}");
    for by in Dimension::ALL
        .map(By::Session)
        .into_iter()
        .chain([By::Landing, By::Page, By::Name])
    {
        assert_eq!(
            breakdown(&scope, by, limit),
            world.breakdown(by, limit),
            "{by:?} of {seed}"
        );
    }
    assert_eq!(
        products(&scope, limit),
        world.products(limit),
        "products of {seed}"
    );
    assert_eq!(
        together(&scope, limit),
        world.together(limit),
        "bought together of {seed}"
    );
    assert_eq!(
        carts(&scope, now, 3_600_000),
        world.carts(now, 3_600_000),
        "carts of {seed}"
    );
    for by in [Cohorts::Visits, Cohorts::Orders] {
        // Only whole intervals: the question's period is not clipped to here.
        let whole = Question {
            from: steps[0],
            to: steps[steps.len() - 1],
            ..question.clone()
        };
        if interval != Interval::Hour {
            let found = retention(&Scope::new(&site, &whole), &steps, by);
            assert_eq!(
                found,
                World::new(&events, &whole).retention(&steps, by),
                "retention of {seed}"
            );
        }
    }
    let steps: Vec<Step> = (0..random.usize(1..5))
        .map(|_| Step::parse(STEPS[random.usize(..STEPS.len())]).unwrap())
        .collect();
    let window = [60, 7200, 3 * 86_400][random.usize(..3)];
    for order in [FunnelOrder::Strict, FunnelOrder::Loose] {
        let (found, expected) = (
            funnel(&scope, &steps, window, order),
            world.funnel(&steps, window, order),
        );
        let visitors = |funnel: &analytics::engine::Funnel| {
            funnel.0.iter().map(|step| step.visitors).collect::<Vec<_>>()
        };
        assert_eq!(
            visitors(&found),
            visitors(&expected),
            "funnel {steps:?} {order:?} of {seed}"
        );
    }
    let (mut found, mut expected) = (searches(&scope, limit), world.searches(limit));
    // Which of two searches of one millisecond was clicked has no meaning: their sum has.
    found
        .top
        .iter_mut()
        .chain(&mut found.zero)
        .for_each(|row| row.clicked = 0);
    expected
        .top
        .iter_mut()
        .chain(&mut expected.zero)
        .for_each(|row| row.clicked = 0);
    assert_eq!(found, expected, "searches of {seed}");
}

#[test]
fn answers_do_not_differ_from_the_oracle() {
    let cases: u64 = std::env::var("ANALYTICS_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2000);
    (0..cases).for_each(case);
}

// Long: one story.
#[test]
fn a_forgotten_user_leaves_nothing_behind() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let events: Vec<Event> = (0..150).map(|_| event(&mut random)).collect();
        let user = UserKey::of_text("shop", "1");
        let mut site = Site::default();
        site.extend(&events);
        let all = Question {
            from: BEGIN / 1000,
            to: (BEGIN + LENGTH) / 1000,
            filters: vec![],
            bots: true,
        };
        let world = World::new(&events, &all);
        let gone: Vec<Id> = {
            let mut ids: Vec<Id> = events
                .iter()
                .filter(|e| e.user == Some(user) && e.session != Id::default())
                .map(|e| e.visitor)
                .collect();
            ids.sort();
            ids.dedup();
            ids
        };
        let sessions: Vec<Id> = world
            .sessions
            .iter()
            .filter(|(_, s)| gone.contains(&s.first.visitor))
            .map(|(id, _)| *id)
            .collect();
        site.forget(user, &[]);
        assert_eq!(site.forget(user, &gone), 0, "a second time of {seed}");
        for visitor in &gone {
            assert!(
                !site.visitors.numbers.ids().contains(visitor),
                "a visitor of {seed}"
            );
        }
        for session in &sessions {
            assert!(
                !site.sessions.numbers.ids().contains(session),
                "a session of {seed}"
            );
        }
        // The others' figures are those of the others' events; orders that both report stay with whoever is left.
        let rest: Vec<Event> = events
            .iter()
            .filter(|e| !sessions.contains(&e.session))
            .cloned()
            .collect();
        let scope = Scope::new(&site, &all);
        let day = borders(all.from, all.to, Interval::Day, &TimeZone::UTC).unwrap();
        let (found, _) = traffic(&scope, &day);
        let expected = World::new(&rest, &all).traffic(all.from, all.to);
        assert_eq!(
            (found.sessions, found.page_views, found.visitors),
            (expected.sessions, expected.page_views, expected.visitors),
            "{seed}"
        );
    }
}
