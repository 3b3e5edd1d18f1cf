//! Funnels: how many visitors get from one step to the next within a time.

use super::scope::Scope;
use super::timeline::timeline;
use crate::event::Kind;

/// The most steps of a funnel.
pub const STEPS: usize = 10;

/// A step: a kind of event, and a value that it must have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The kind.
    pub kind: Kind,
    /// The page of a page view, the product of a product's event, the query of a search or the name of a custom event; a
    /// `*` at the end stands for any text. An order's value cannot be asked for.
    pub value: Option<String>,
}

impl Step {
    /// Reads a step of the form `kind` or `kind:value`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, value) = match text.split_once(':') {
            Some((kind, value)) => (kind, Some(value.to_owned())),
            None => (text, None),
        };
        let kind = Kind::named(kind)?;
        let valued = !matches!(kind, Kind::OrderPlaced | Kind::ScrollDepth);
        (valued || value.is_none()).then_some(Self { kind, value })
    }

    /// Returns true when `text` is the step's value.
    pub fn accepts(&self, text: &str) -> bool {
        match &self.value {
            None => true,
            Some(value) => match value.strip_suffix('*') {
                Some(begin) => text.starts_with(begin),
                None => text == value,
            },
        }
    }

    /// The step as it is written.
    pub fn name(&self) -> String {
        match &self.value {
            Some(value) => format!("{}:{value}", self.kind.name()),
            None => self.kind.name().to_owned(),
        }
    }
}

/// The order in which steps count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Each step at or after the one before it; no step may be missing. Other events may lie between them.
    Strict,
    /// Any step at or after the first one, whether or not those between were made.
    Loose,
}

/// A step's counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunnelStep {
    /// The visitors who got here.
    pub visitors: u64,
    /// The median of the seconds since the step before, at each visitor's first time here; strict order only.
    pub median_seconds: Option<u64>,
}

/// The counts of all steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funnel(pub Vec<FunnelStep>);

/// The latest way of a visitor to a step.
#[derive(Clone, Copy)]
struct Way {
    /// When the first step was made; the latest that led here, because it leaves the most time.
    begun: i64,
    /// When this step was made.
    made: i64,
}

const NEVER: i64 = i64::MIN;

/// The ways of all visitors.
struct Ways {
    steps: usize,
    window: i64,
    order: Order,
    latest: Vec<Way>,
    reached: Vec<u16>,
    waits: Vec<Vec<u64>>,
    /// The steps that were made in the present millisecond, and by whom.
    now: i64,
    made: Vec<(usize, u32)>,
}

impl Ways {
    fn new(steps: usize, visitors: usize, window: i64, order: Order) -> Self {
        let none = Way {
            begun: NEVER,
            made: NEVER,
        };
        Self {
            steps,
            window,
            order,
            latest: vec![none; visitors * steps],
            reached: vec![0; visitors],
            waits: vec![Vec::new(); steps],
            now: NEVER,
            made: Vec::new(),
        }
    }

    fn make(&mut self, time: i64, step: usize, visitor: u32) {
        if time != self.now {
            self.apply();
            self.now = time;
        }
        self.made.push((step, visitor));
    }

    /// Goes the steps of the present millisecond, in their order.
    fn apply(&mut self) {
        let mut made = std::mem::take(&mut self.made);
        if made.len() > 1 {
            made.sort_unstable();
        }
        for (step, visitor) in made.drain(..) {
            self.go(step, visitor as usize);
        }
        self.made = made;
    }

    fn go(&mut self, step: usize, visitor: usize) {
        let now = self.now;
        let ways = &mut self.latest[visitor * self.steps..(visitor + 1) * self.steps];
        let before = match (step, self.order) {
            (0, _) => Way {
                begun: now,
                made: now,
            },
            (_, Order::Strict) => ways[step - 1],
            (_, Order::Loose) => ways[0],
        };
        if before.begun == NEVER || now - before.begun > self.window {
            return;
        }
        ways[step] = Way {
            begun: before.begun,
            made: now,
        };
        let bit = 1 << step;
        if self.reached[visitor] & bit == 0 {
            self.reached[visitor] |= bit;
            let wait = (now - before.made) / 1000;
            self.waits[step].push(u64::try_from(wait).unwrap_or(0));
        }
    }
}

/// Counts the visitors of each step, within `window` seconds of the first one. An event that matches two steps counts for
/// both; events of the same millisecond count in the order of the steps.
pub fn funnel(scope: &Scope<'_>, steps: &[Step], window: i64, order: Order) -> Funnel {
    let site = scope.site;
    let window = window.saturating_mul(1000);
    let mut kinds: Vec<Kind> = Vec::new();
    for step in steps {
        if step.kind != Kind::OrderPlaced && !kinds.contains(&step.kind) {
            kinds.push(step.kind);
        }
    }
    let of_stream = |stream: usize| {
        let kind = kinds.get(stream).copied().unwrap_or(Kind::OrderPlaced);
        let matching = steps
            .iter()
            .enumerate()
            .filter(move |(_, step)| step.kind == kind);
        matching.map(|(at, step)| (at, accepted(scope, step))).collect()
    };
    let matching: Vec<Vec<(usize, Option<Vec<bool>>)>> = (0..=kinds.len()).map(of_stream).collect();
    let mut ways = Ways::new(steps.len(), site.visitors.numbers.len(), window, order);
    let orders = !matching[kinds.len()].is_empty();
    timeline(scope, &kinds, orders, (scope.from, scope.to), |moment| {
        if !scope.kept.has(moment.session) {
            return;
        }
        for (at, accepted) in &matching[moment.stream] {
            if let (Some(accepted), Some((columns, row))) = (accepted, moment.cell) {
                let keys = if columns.key.is_empty() {
                    &columns.page
                } else {
                    &columns.key
                };
                if !accepted[keys[row] as usize] {
                    continue;
                }
            }
            ways.make(moment.time, *at, site.sessions.visitor[moment.session as usize]);
        }
    });
    ways.apply();
    let waits = ways.waits;
    let counted = waits.into_iter().enumerate().map(|(at, mut waits)| {
        let visitors = u64::try_from(waits.len()).unwrap_or(u64::MAX);
        let middle = waits.len() / 2;
        let wanted = at > 0 && order == Order::Strict && !waits.is_empty();
        let median_seconds = wanted.then(|| *waits.select_nth_unstable(middle).1);
        FunnelStep {
            visitors,
            median_seconds,
        }
    });
    Funnel(counted.collect())
}

/// The keys that a step accepts, by number; `None` for all.
fn accepted(scope: &Scope<'_>, step: &Step) -> Option<Vec<bool>> {
    step.value.as_ref()?;
    let site = scope.site;
    let dictionary = match step.kind {
        Kind::ProductView | Kind::AddToCart | Kind::RemoveFromCart => &site.products,
        Kind::Search => &site.queries,
        Kind::Custom => &site.names,
        _ => &site.pages,
    };
    Some(dictionary.texts().iter().map(|text| step.accepts(text)).collect())
}
