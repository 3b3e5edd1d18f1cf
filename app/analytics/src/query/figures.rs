//! The figures' calls. All take `period` or `from` and `to`, `zone`, `f` (as often as there are filters), `bots`, `limit`.

use super::answer::{Answer, answer, tag, unchanged};
use super::app::App;
use super::export::csv;
use super::params::{Params, invalid};
use super::shape::{Card, Money, Pair, Point, ProductCounts, QueryCounts, Row, average, change, money};
use crate::engine::{
    By, Carts, Cohorts, Dimension, FunnelOrder, Revenue, STEPS, Scope, Step, Traffic, borders, breakdown,
    carts, funnel, products, rate, retention, revenue, searches, together, traffic,
};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::http::Problem;
use std::sync::Arc;
use utoipa::ToSchema;

/// The path of a call about a site.
type SiteName = Path<String>;

/// The overview.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// The cards.
    pub(crate) cards: Vec<Card>,
    /// The series.
    pub(crate) series: Vec<Point>,
    /// The series of the period that is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Vec<Point>>,
}

struct Whole {
    traffic: Traffic,
    revenue: Revenue,
    carts: Carts,
}

fn whole(scope: &Scope<'_>, from: i64, to: i64, cart: i64) -> Whole {
    let now = jiff::Timestamp::now().as_millisecond();
    Whole {
        traffic: traffic(scope, &[from, to]).0,
        revenue: revenue(scope, &[from, to]).0,
        carts: carts(scope, now, cart),
    }
}

/// Returns visitors, sessions, page views, conversion, orders, revenue, carts and the series of a period.
#[utoipa::path(get, path = "/api/sites/{site}/overview", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The overview", body = Answer<Overview>)))]
pub(crate) async fn overview(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let site = app.site(&name)?;
    let tag = tag(&app, site, &params);
    if let Some(response) = unchanged(&headers, &tag) {
        return Ok(response);
    }
    let cart = i64::try_from(app.cart.as_millis()).unwrap_or(i64::MAX);
    let asked = params.clone();
    let work = move |scope: &Scope<'_>| {
        (
            whole(scope, asked.question.from, asked.question.to, cart),
            points(scope, &asked),
        )
    };
    let (now, series) = app.compute(site, params.question.clone(), work).await?;
    let series = series.ok_or_else(|| invalid("the interval is too short for the period".to_owned()))?;
    let before = match params.before {
        None => None,
        Some((from, to)) => {
            let mut asked = params.clone();
            (asked.question.from, asked.question.to) = (from, to);
            let question = asked.question.clone();
            let work = move |scope: &Scope<'_>| (whole(scope, from, to, cart), points(scope, &asked));
            Some(app.compute(site, question, work).await?)
        }
    };
    let cards = cards(&now, before.as_ref().map(|(whole, _)| whole));
    if params.csv {
        return csv("overview", &series);
    }
    let before = before.and_then(|(_, series)| series);
    let overview = Overview {
        cards,
        series,
        before,
    };
    Ok(answer(site, &params, tag, overview))
}

fn cards(now: &Whole, before: Option<&Whole>) -> Vec<Card> {
    let card = |metric, value: &dyn Fn(&Whole) -> Option<String>| {
        let (value, before) = (value(now), before.and_then(value));
        let change = change(value.as_deref(), before.as_deref());
        Card {
            metric,
            value,
            currency: None,
            before,
            change,
        }
    };
    let mut cards = vec![
        card("visitors", &|w| Some(w.traffic.visitors.to_string())),
        card("sessions", &|w| Some(w.traffic.sessions.to_string())),
        card("page_views", &|w| Some(w.traffic.page_views.to_string())),
        card("bounce_rate", &|w| rate(w.traffic.bounces, w.traffic.sessions)),
        card("conversion", &|w| rate(w.traffic.converted, w.traffic.sessions)),
        card("seconds_per_session", &|w| {
            w.traffic
                .seconds
                .checked_div(w.traffic.sessions)
                .map(|s| s.to_string())
        }),
        card("orders", &|w| Some(w.revenue.orders.to_string())),
        card("carts", &|w| Some(w.carts.opened.to_string())),
        card("abandoned_carts", &|w| Some(w.carts.abandoned.to_string())),
    ];
    let amounts = |metric: &'static str, sums: &dyn Fn(&Whole) -> Vec<Money>| -> Vec<Card> {
        let before: Vec<Money> = before.map(sums).unwrap_or_default();
        let one = |money: Money| {
            let before = before
                .iter()
                .find(|other| other.currency == money.currency)
                .map(|other| other.amount.clone());
            Card {
                metric,
                change: change(Some(&money.amount), before.as_deref()),
                before,
                value: Some(money.amount),
                currency: Some(money.currency),
            }
        };
        sums(now).into_iter().map(one).collect()
    };
    cards.extend(amounts("revenue", &|w| money(&w.revenue.amounts)));
    cards.extend(amounts("order_value", &|w| {
        average(&w.revenue.amounts, &w.revenue.orders_by_currency)
    }));
    cards.extend(amounts("abandoned_value", &|w| money(&w.carts.value)));
    cards
}

fn points(scope: &Scope<'_>, params: &Params) -> Option<Vec<Point>> {
    let borders = borders(
        params.question.from,
        params.question.to,
        params.interval,
        &params.zone,
    )?;
    let now = jiff::Timestamp::now().as_second();
    let (_, traffic) = traffic(scope, &borders);
    let (_, revenue) = revenue(scope, &borders);
    let point = |((pair, traffic), revenue): ((&[i64], Traffic), Revenue)| Point {
        at: params.time(pair[0]),
        complete: pair[1] <= now,
        visitors: traffic.visitors,
        sessions: traffic.sessions,
        page_views: traffic.page_views,
        bounces: traffic.bounces,
        converted: traffic.converted,
        orders: revenue.orders,
        revenue: money(&revenue.amounts),
    };
    Some(borders.windows(2).zip(traffic).zip(revenue).map(point).collect())
}

/// Rows of one kind, as JSON in the envelope or as CSV.
pub(super) async fn rows<T: Serialize + Send + 'static>(
    (app, name, headers, params): (&Arc<App>, &str, &HeaderMap, Params),
    file: &str,
    find: impl FnOnce(&Scope<'_>, usize) -> Vec<T> + Send + 'static,
) -> Result<Response, Problem> {
    let site = app.site(name)?;
    let tag = tag(app, site, &params);
    if let Some(response) = unchanged(headers, &tag) {
        return Ok(response);
    }
    let limit = params.limit;
    let rows = app
        .compute(site, params.question.clone(), move |scope| find(scope, limit))
        .await?;
    if params.csv {
        return csv(file, &rows);
    }
    Ok(answer(site, &params, tag, rows))
}

/// Returns the counts of the most frequent values of a dimension: device, browser, os, country, source, medium, campaign,
/// referrer, landing, page or event.
#[utoipa::path(get, path = "/api/sites/{site}/breakdown/{dimension}", tag = "figures",
    params(("site" = String, Path, description = "The site"), ("dimension" = String, Path, description = "The dimension")),
    responses((status = 200, description = "The rows; with format=csv a file", body = Answer<Vec<Row>>)))]
pub(crate) async fn breakdown_by(
    State(app): State<Arc<App>>,
    Path((name, dimension)): Path<(String, String)>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let by = match dimension.as_str() {
        "landing" => By::Landing,
        "page" => By::Page,
        "event" => By::Name,
        name => {
            let known = Dimension::ALL
                .into_iter()
                .find(|dimension| dimension.name() == name);
            By::Session(known.ok_or_else(|| Problem::not_found("There is no dimension of that name"))?)
        }
    };
    let row = |row: crate::engine::BreakdownRow| Row {
        conversion: rate(row.converted, row.sessions),
        key: row.key,
        visitors: row.visitors,
        sessions: row.sessions,
        events: row.events,
        converted: row.converted,
        orders: row.orders,
        revenue: money(&row.revenue),
    };
    let find =
        move |scope: &Scope<'_>, limit| breakdown(scope, by, limit).rows.into_iter().map(row).collect();
    rows((&app, &name, &headers, params), &dimension, find).await
}

/// Returns products from views over carts to orders.
#[utoipa::path(get, path = "/api/sites/{site}/products", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The products; with format=csv a file", body = Answer<Vec<ProductCounts>>)))]
pub(crate) async fn product_rows(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let row = |row: crate::engine::ProductRow| ProductCounts {
        cart_rate: rate(row.carts, row.views),
        order_rate: rate(row.orders, row.carts),
        product: row.product,
        views: row.views,
        carts: row.carts,
        cart_quantity: row.cart_quantity,
        removed: row.removed,
        orders: row.orders,
        quantity: row.quantity,
        revenue: money(&row.revenue),
    };
    let find = move |scope: &Scope<'_>, limit| products(scope, limit).into_iter().map(row).collect();
    rows((&app, &name, &headers, params), "products", find).await
}

/// Returns the products that are bought together.
#[utoipa::path(get, path = "/api/sites/{site}/together", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The pairs; with format=csv a file", body = Answer<Vec<Pair>>)))]
pub(crate) async fn pairs(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let pair = |pair: crate::engine::Pair| Pair {
        first: pair.first,
        second: pair.second,
        orders: pair.orders,
    };
    let find = move |scope: &Scope<'_>, limit| together(scope, limit).into_iter().map(pair).collect();
    rows((&app, &name, &headers, params), "together", find).await
}

/// Returns the searches; with `zero=true` those without a result.
#[utoipa::path(get, path = "/api/sites/{site}/search", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "All searches together first, with an empty query; with format=csv a file", body = Answer<Vec<QueryCounts>>)))]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let zero = params.get("zero") == Some("true");
    let row = |row: crate::engine::SearchRow| QueryCounts {
        click_rate: rate(row.clicked, row.searches),
        conversion: rate(row.converted, row.searches),
        query: row.query,
        searches: row.searches,
        without_results: row.without_results,
    };
    let find = move |scope: &Scope<'_>, limit| {
        let found = searches(scope, limit);
        let list = if zero { found.zero } else { found.top };
        std::iter::once(found.total).chain(list).map(row).collect()
    };
    rows((&app, &name, &headers, params), "search", find).await
}

/// A step of a funnel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FunnelRow {
    /// The step as it was asked for.
    pub(crate) name: String,
    /// Visitors.
    pub(crate) visitors: u64,
    /// In those of the first step.
    pub(crate) of_first: Option<String>,
    /// In those of the step before.
    pub(crate) of_previous: Option<String>,
    /// The median of the seconds since the step before.
    pub(crate) median_seconds: Option<u64>,
}

/// Returns a funnel: `step` for each step, such as `product_view`, `page_view:/cart` or `custom:signup`, `window` in seconds
/// (a day), `order` strict or loose.
#[utoipa::path(get, path = "/api/sites/{site}/funnel", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The steps; with format=csv a file", body = Answer<Vec<FunnelRow>>)))]
pub(crate) async fn funnel_rows(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let asked = params.all.iter().filter(|(name, _)| name == "step");
    let steps: Option<Vec<Step>> = asked.map(|(_, text)| Step::parse(text)).collect();
    let mut steps = steps.ok_or_else(|| {
        invalid("step is a kind of event, or one with its value: page_view:/cart".to_owned())
    })?;
    if steps.is_empty() {
        let usual = ["product_view", "add_to_cart", "checkout_started", "order_placed"];
        steps.extend(usual.into_iter().filter_map(Step::parse));
    }
    if steps.len() > STEPS {
        return Err(invalid(format!("a funnel has at most {STEPS} steps")));
    }
    let Ok(window @ 1..=31_622_400) = params.get("window").map_or(Ok(86_400), str::parse) else {
        return Err(invalid(
            "window is a number of seconds, at most a year".to_owned(),
        ));
    };
    let order = match params.get("order") {
        None | Some("strict") => FunnelOrder::Strict,
        Some("loose") => FunnelOrder::Loose,
        Some(_) => return Err(invalid("order is strict or loose".to_owned())),
    };
    let find = move |scope: &Scope<'_>, _| {
        let found = funnel(scope, &steps, window, order).0;
        let first = found.first().map_or(0, |step| step.visitors);
        let mut previous = first;
        let row = |(step, found): (&Step, crate::engine::FunnelStep)| {
            let of_previous = rate(found.visitors, previous);
            previous = found.visitors;
            FunnelRow {
                name: step.name(),
                visitors: found.visitors,
                of_first: rate(found.visitors, first),
                of_previous,
                median_seconds: found.median_seconds,
            }
        };
        steps.iter().zip(found).map(row).collect()
    };
    rows((&app, &name, &headers, params), "funnel", find).await
}

/// A cohort.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CohortRow {
    /// The interval's begin.
    pub(crate) from: String,
    /// Visitors.
    pub(crate) visitors: u64,
    /// Of these, those seen in this interval and in each after it.
    pub(crate) seen: Vec<u64>,
}

/// Returns the cohorts of a period by `interval` (week or month), of first visits or with `by=orders` of first orders.
#[utoipa::path(get, path = "/api/sites/{site}/retention", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The cohorts", body = Answer<Vec<CohortRow>>)))]
pub(crate) async fn cohorts(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let by = match params.get("by") {
        None | Some("visits") => Cohorts::Visits,
        Some("orders") => Cohorts::Orders,
        Some(_) => return Err(invalid("by is visits or orders".to_owned())),
    };
    let borders = borders(
        params.question.from,
        params.question.to,
        params.interval,
        &params.zone,
    );
    let borders = borders.filter(|borders| borders.len() <= 107);
    let borders = borders
        .ok_or_else(|| invalid("the period has more than 106 intervals; ask by week or month".to_owned()))?;
    let asked = params.clone();
    let find = move |scope: &Scope<'_>, _| {
        let row = |cohort: crate::engine::Cohort| CohortRow {
            from: asked.time(cohort.from),
            visitors: cohort.visitors,
            seen: cohort.seen,
        };
        retention(scope, &borders, by).into_iter().map(row).collect()
    };
    rows(
        (&app, &name, &headers, Params { csv: false, ..params }),
        "retention",
        find,
    )
    .await
}

/// The carts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CartsAnswer {
    /// Carts opened in the period.
    pub(crate) opened: u64,
    /// Bought.
    pub(crate) bought: u64,
    /// Bought after they had counted as abandoned.
    pub(crate) recovered: u64,
    /// Emptied.
    pub(crate) emptied: u64,
    /// Abandoned.
    pub(crate) abandoned: u64,
    /// Still in use.
    pub(crate) open: u64,
    /// The value of abandoned carts, by currency.
    pub(crate) value: Vec<Money>,
}

/// Returns the carts that were opened in a period, as they are now.
#[utoipa::path(get, path = "/api/sites/{site}/carts", tag = "figures", params(("site" = String, Path, description = "The site")),
    responses((status = 200, description = "The carts", body = Answer<CartsAnswer>)))]
pub(crate) async fn cart_counts(
    State(app): State<Arc<App>>,
    Path(name): SiteName,
    params: Params,
) -> Result<Response, Problem> {
    let site = app.site(&name)?;
    let tag = tag(&app, site, &params);
    let cart = i64::try_from(app.cart.as_millis()).unwrap_or(i64::MAX);
    let now = jiff::Timestamp::now().as_millisecond();
    let found = app
        .compute(site, params.question.clone(), move |scope| {
            carts(scope, now, cart)
        })
        .await?;
    let data = CartsAnswer {
        opened: found.opened,
        bought: found.bought,
        recovered: found.recovered,
        emptied: found.emptied,
        abandoned: found.abandoned,
        open: found.open,
        value: money(&found.value),
    };
    Ok(answer(site, &params, tag, data).into_response())
}
