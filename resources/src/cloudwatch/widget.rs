//! The widgets of a dashboard, typed; written and read as CloudWatch writes them.
//!
//! What a widget has that is not typed here (somebody set it in the console) is kept and compared as it is, and a kind
//! of widget that is not typed here is a [`Content::Other`]. The format is in "Dashboard body structure and syntax"
//! in the CloudWatch API reference.

use super::Metric;
use crate::value::{Arn, Input, IntoInput, Region};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A widget of a dashboard.
///
/// ```
/// use tenon_resources::{cloudwatch::{Metric, Widget}, value::here};
/// let cpu = Metric::new("AWS/ECS", "CPUUtilization").dimension("ServiceName", "api");
/// Widget::metrics(&here::region(), "CPU", [cpu]).at(0, 0).size(12, 6);
/// Widget::text("# The shop");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// The column of the left edge, 0 to 23, and the row of the top edge; `None`: the next free space.
    pub position: Option<(u32, u32)>,
    /// The width, in columns, of which a dashboard has 24.
    pub width: u32,
    /// The height, in rows.
    pub height: u32,
    /// The content.
    pub content: Content,
}

/// The content of a widget.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A graph or a number of metrics.
    Metric(Graph),
    /// Markdown.
    Text(String),
    /// The state of alarms.
    Alarms {
        /// The title.
        title: String,
        /// The ARNs of the alarms.
        alarms: BTreeSet<Input<Arn>>,
    },
    /// A widget of another type: its `type` and its `properties`.
    Other(String, Value),
}

/// The view of a metric widget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum View {
    /// A line for each metric.
    #[default]
    TimeSeries,
    /// The latest number of each metric.
    SingleValue,
    /// A bar for each metric.
    Bar,
    /// A slice for each metric.
    Pie,
    /// A gauge, which needs an axis with a minimum and a maximum.
    Gauge,
}

/// A graph or a number of metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// The title.
    pub title: String,
    /// The region of the metrics.
    pub region: Input<Region>,
    /// The metrics and expressions.
    pub lines: Vec<Line>,
    /// The view: lines, numbers, bars, slices or a gauge.
    pub view: View,
    /// The graph is stacked: lines are drawn on top of each other.
    pub stacked: bool,
    /// The minimum and maximum of the left axis, where they are fixed.
    pub axis: (Option<f64>, Option<f64>),
    /// Horizontal annotations: a value and its label.
    pub marks: Vec<(f64, String)>,
    /// Other properties, as CloudWatch has them.
    pub more: BTreeMap<String, Value>,
}

/// A line of a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The metric; `None` for an expression, which is among the options.
    pub metric: Option<Metric>,
    /// Options as CloudWatch has them, such as `label`, `color`, `id`, `expression`, `yAxis`, `visible`.
    pub options: BTreeMap<String, Value>,
}

impl From<Metric> for Line {
    fn from(metric: Metric) -> Self {
        Self {
            metric: Some(metric),
            options: BTreeMap::new(),
        }
    }
}

impl Line {
    /// An expression over lines that have an `id`.
    pub fn expression(expression: &str) -> Self {
        Self {
            metric: None,
            options: [("expression".to_owned(), json!(expression))].into(),
        }
    }

    /// Sets an option, such as `label`, `color`, `id`, `yAxis` (`"right"`) or `visible`.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.options.insert(name.into(), value.into());
        self
    }
}

impl Widget {
    /// The finding that it is wider than a dashboard, as a sentence about `field`.
    pub(super) fn finding(&self, field: &str) -> Option<String> {
        let right = self.position.map_or(0, |(x, _)| x) + self.width;
        let wrong = self.width == 0 || right > 24;
        wrong.then(|| format!("`{field}` has one that ends at column {right}, and a dashboard has 24"))
    }

    fn new(content: Content) -> Self {
        Self {
            position: None,
            width: 6,
            height: 6,
            content,
        }
    }

    /// A graph of `lines`: metrics, or [`Line`]s with options.
    pub fn metrics<L: Into<Line>>(
        region: impl IntoInput<Region>,
        title: &str,
        lines: impl IntoIterator<Item = L>,
    ) -> Self {
        Self::new(Content::Metric(Graph {
            title: title.into(),
            region: region.into_input(),
            lines: lines.into_iter().map(Into::into).collect(),
            view: View::TimeSeries,
            stacked: false,
            axis: (None, None),
            marks: vec![],
            more: BTreeMap::new(),
        }))
    }

    /// Markdown.
    pub fn text(markdown: &str) -> Self {
        Self::new(Content::Text(markdown.into()))
    }

    /// The state of alarms, by ARN.
    pub fn alarms<A: IntoInput<Arn>>(title: &str, alarms: impl IntoIterator<Item = A>) -> Self {
        let alarms = alarms.into_iter().map(IntoInput::into_input).collect();
        Self::new(Content::Alarms {
            title: title.into(),
            alarms,
        })
    }

    /// Sets the position of the top left corner: column 0 to 23, and row.
    #[must_use]
    pub fn at(mut self, column: u32, row: u32) -> Self {
        self.position = Some((column, row));
        self
    }

    /// Sets the width, of 24 columns, and the height, in rows.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Sets the view of a metric widget; other widgets have none.
    #[must_use]
    pub fn view(self, view: View) -> Self {
        self.graph(|g| g.view = view)
    }

    /// Puts the graph's lines one on top of the other.
    #[must_use]
    pub fn stacked(self) -> Self {
        self.graph(|g| g.stacked = true)
    }

    /// Fixes the ends of the graph's left axis.
    #[must_use]
    pub fn axis(self, least: Option<f64>, greatest: Option<f64>) -> Self {
        self.graph(|g| g.axis = (least, greatest))
    }

    /// Draws a horizontal line at `value`, to say what it means.
    #[must_use]
    pub fn mark(self, value: f64, meaning: &str) -> Self {
        self.graph(|g| g.marks.push((value, meaning.into())))
    }

    fn graph(mut self, change: impl FnOnce(&mut Graph)) -> Self {
        if let Content::Metric(graph) = &mut self.content {
            change(graph);
        }
        self
    }
}

/// `[namespace, name, dimension, value, …, options]`; dimensions by name, so that their order is no difference.
fn line_out(line: &Line) -> Value {
    let (mut items, mut options) = (vec![], line.options.clone());
    if let Some(metric) = &line.metric {
        items.extend([json!(metric.namespace), json!(metric.name)]);
        for (name, value) in &metric.dimensions {
            items.extend([json!(name), json!(value)]);
        }
        options.insert("stat".into(), json!(metric.statistic));
        options.insert("period".into(), json!(metric.period));
    }
    items.push(json!(options));
    Value::Array(items)
}

/// An element of a line, with the shorthand of the one before it: `.` repeats one element, `...` all up to here.
fn line_in(
    value: Value,
    before: &mut Vec<Value>,
    defaults: (&Option<Value>, &Option<Value>),
) -> Result<Line, String> {
    let Value::Array(mut items) = value else {
        return Err(format!("expected a metric, found `{value}`"));
    };
    let is_options = |v: &Value| {
        v.as_object()
            .is_some_and(|o| !o.contains_key("$ref") && !o.contains_key("$join"))
    };
    let mut options = match items
        .last()
        .is_some_and(is_options)
        .then(|| items.pop())
        .flatten()
    {
        Some(Value::Object(options)) => options.into_iter().collect(),
        _ => BTreeMap::new(),
    };
    if items.first() == Some(&json!("...")) {
        let rest = items.split_off(1);
        items = before[..before.len().saturating_sub(rest.len())].to_vec();
        items.extend(rest);
    }
    for (i, item) in items.iter_mut().enumerate() {
        if *item == json!(".") {
            *item = before
                .get(i)
                .cloned()
                .ok_or("a `.` has nothing before it to repeat")?;
        }
    }
    before.clone_from(&items);
    if items.is_empty() {
        return Ok(Line {
            metric: None,
            options,
        });
    }
    let metric = metric_in(items, &mut options, defaults)?;
    Ok(Line {
        metric: Some(metric),
        options,
    })
}

/// The metric of a line: its namespace, its name, and pairs of dimensions and values.
fn metric_in(
    items: Vec<Value>,
    options: &mut BTreeMap<String, Value>,
    defaults: (&Option<Value>, &Option<Value>),
) -> Result<Metric, String> {
    let text = |v: Option<Value>| v.as_ref().and_then(Value::as_str).map(str::to_owned);
    let mut items = items.into_iter();
    let (namespace, name) = (text(items.next()), text(items.next()));
    let mut dimensions = BTreeMap::new();
    while let Some(dimension) = text(items.next()) {
        let value = items
            .next()
            .ok_or_else(|| format!("dimension `{dimension}` has no value"))?;
        dimensions.insert(dimension, typed::<Input<String>>(value)?);
    }
    let statistic = options.remove("stat").or_else(|| defaults.0.clone());
    let period = options.remove("period").or_else(|| defaults.1.clone());
    Ok(Metric {
        namespace: namespace.ok_or("a metric has no namespace")?,
        name: name.ok_or("a metric has no name")?,
        dimensions,
        statistic: text(statistic).unwrap_or_else(|| "Average".into()),
        period: period
            .and_then(|p| u32::try_from(p.as_u64()?).ok())
            .unwrap_or(300),
    })
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|e| e.to_string())
}

fn graph_out(graph: &Graph) -> Value {
    let mut out: Map<String, Value> = graph.more.clone().into_iter().collect();
    out.insert("title".into(), json!(graph.title));
    out.insert("region".into(), json!(graph.region));
    out.insert("view".into(), json!(graph.view));
    out.insert("stacked".into(), json!(graph.stacked));
    out.insert("metrics".into(), graph.lines.iter().map(line_out).collect());
    let (least, greatest) = graph.axis;
    if least.is_some() || greatest.is_some() {
        let mut left = Map::new();
        left.extend(least.map(|v| ("min".to_owned(), json!(v))));
        left.extend(greatest.map(|v| ("max".to_owned(), json!(v))));
        out.insert("yAxis".into(), json!({ "left": left }));
    }
    if !graph.marks.is_empty() {
        let mark = |(value, label): &(f64, String)| json!({ "value": value, "label": label });
        let marks: Vec<Value> = graph.marks.iter().map(mark).collect();
        out.insert("annotations".into(), json!({ "horizontal": marks }));
    }
    Value::Object(out)
}

fn graph_in(mut properties: Map<String, Value>) -> Result<Graph, String> {
    let mut take = |name: &str| properties.remove(name);
    let (stat, period) = (take("stat"), take("period"));
    let mut before = vec![];
    let lines = take("metrics").map_or(Ok(vec![]), typed::<Vec<Value>>)?;
    let lines = lines
        .into_iter()
        .map(|l| line_in(l, &mut before, (&stat, &period)));
    let mut graph = Graph {
        lines: lines.collect::<Result<_, _>>()?,
        title: take("title").map_or(Ok(String::new()), typed)?,
        region: take("region").map_or(Ok(Input::Known(Region(String::new()))), typed)?,
        view: take("view").map_or(Ok(View::TimeSeries), typed)?,
        stacked: take("stacked").map_or(Ok(false), typed)?,
        axis: (None, None),
        marks: vec![],
        more: BTreeMap::new(),
    };
    // Axes and annotations that say more than ours can are kept as they are.
    if let Some(left) = properties.get("yAxis").and_then(|a| only(a, "left"))
        && left
            .as_object()
            .is_some_and(|l| l.keys().all(|k| k == "min" || k == "max"))
    {
        graph.axis = (left["min"].as_f64(), left["max"].as_f64());
        properties.remove("yAxis");
    }
    let mark = |m: &Value| match (
        m.as_object().map(Map::len),
        m["value"].as_f64(),
        m["label"].as_str(),
    ) {
        (Some(2), Some(value), Some(label)) => Some((value, label.to_owned())),
        _ => None,
    };
    let marks = properties
        .get("annotations")
        .and_then(|a| only(a, "horizontal"))
        .and_then(Value::as_array);
    if let Some(marks) = marks.and_then(|all| all.iter().map(mark).collect::<Option<Vec<_>>>()) {
        graph.marks = marks;
        properties.remove("annotations");
    }
    graph.more = properties.into_iter().collect();
    Ok(graph)
}

/// The member `key` of an object that has no other.
fn only<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.as_object().filter(|o| o.len() == 1)?.get(key)
}

impl Serialize for Widget {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (kind, properties) = match &self.content {
            Content::Metric(graph) => ("metric", graph_out(graph)),
            Content::Text(markdown) => ("text", json!({ "markdown": markdown })),
            Content::Alarms { title, alarms } => ("alarm", json!({ "title": title, "alarms": alarms })),
            Content::Other(kind, properties) => (kind.as_str(), properties.clone()),
        };
        let mut out =
            json!({ "type": kind, "width": self.width, "height": self.height, "properties": properties });
        if let (Some((x, y)), Some(out)) = (self.position, out.as_object_mut()) {
            out.insert("x".into(), json!(x));
            out.insert("y".into(), json!(y));
        }
        out.serialize(s)
    }
}

impl Widget {
    fn parse(mut value: Value) -> Result<Self, String> {
        let number = |v: &Value| v.as_u64().and_then(|n| u32::try_from(n).ok());
        let kind = value["type"].as_str().ok_or("a widget has no `type`")?.to_owned();
        let properties = value.get_mut("properties").map_or(Value::Null, Value::take);
        let text_only = |p: &Value| only(p, "markdown").and_then(Value::as_str).map(str::to_owned);
        let status = |p: &Value| {
            let known = p.as_object()?.keys().all(|k| k == "title" || k == "alarms");
            let alarms = known.then(|| p.get("alarms").cloned()).flatten()?;
            let title = p.get("title").map_or(Some(""), Value::as_str)?.to_owned();
            Some(Content::Alarms {
                title,
                alarms: typed(alarms).ok()?,
            })
        };
        let content = match (kind.as_str(), properties) {
            ("metric", Value::Object(properties)) => Content::Metric(graph_in(properties)?),
            ("text", properties) if text_only(&properties).is_some() => {
                Content::Text(text_only(&properties).unwrap_or_default())
            }
            ("alarm", properties) if status(&properties).is_some() => {
                status(&properties).unwrap_or(Content::Other(kind, properties))
            }
            (_, properties) => Content::Other(kind, properties),
        };
        Ok(Self {
            position: number(&value["x"]).zip(number(&value["y"])),
            width: number(&value["width"]).unwrap_or(6),
            height: number(&value["height"]).unwrap_or(6),
            content,
        })
    }
}

impl<'de> Deserialize<'de> for Widget {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(Value::deserialize(d)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Output, here};

    fn read(value: Value) -> Widget {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn shorthand_and_defaults_of_the_console_are_the_long_form() {
        let short = read(
            json!({"type": "metric", "x": 0, "y": 0, "width": 6, "height": 6, "properties": {
            "region": "eu-west-1", "stat": "Sum", "period": 60, "view": "timeSeries",
            "metrics": [["AWS/ECS", "CPU", "Cluster", "c", "Service", "a"], ["...", "b"], [".", "Memory", ".", ".", ".", "a", {"stat": "p99"}]]}}),
        );
        let metric = |name: &str, service: &str| {
            Metric::new("AWS/ECS", name)
                .dimension("Service", service)
                .dimension("Cluster", "c")
                .period(60)
        };
        let long = Widget::metrics(
            "eu-west-1",
            "",
            [
                metric("CPU", "a").statistic("Sum"),
                metric("CPU", "b").statistic("Sum"),
                metric("Memory", "a").statistic("p99"),
            ],
        )
        .at(0, 0);
        assert_eq!(short, long);
    }

    #[test]
    fn written_and_read_back_it_is_itself() {
        let service: Output<String> = Output::new("api", "name");
        let metric = Metric::new("AWS/ECS", "CPU").dimension("Service", &service);
        let widgets = [
            Widget::metrics(
                here::region(),
                "CPU",
                [Line::from(metric).option("id", "m1"), Line::expression("m1 * 2")],
            )
            .size(12, 3)
            .view(View::Gauge)
            .stacked()
            .axis(Some(0.0), Some(100.0))
            .mark(80.0, "too much"),
            Widget::text("# Shop"),
            Widget::alarms("Alarms", [&Output::<Arn>::new("high", "arn")]).at(3, 4),
            read(json!({"type": "log", "properties": {"query": "fields @message"}})),
            read(
                json!({"type": "metric", "properties": {"metrics": [], "yAxis": {"left": {"label": "%"}}, "liveData": true}}),
            ),
        ];
        for widget in widgets {
            let value = serde_json::to_value(&widget).unwrap();
            assert_eq!(read(value.clone()), widget);
            assert_eq!(serde_json::to_value(read(value.clone())).unwrap(), value);
        }
    }

    #[test]
    fn what_is_not_typed_is_kept() {
        let odd = json!({"type": "text", "width": 6, "height": 6, "properties": {"markdown": "x", "background": "transparent"}});
        assert_eq!(serde_json::to_value(read(odd.clone())).unwrap(), odd);
    }

    #[test]
    fn what_is_no_widget_says_so() {
        let error = |v| serde_json::from_value::<Widget>(v).unwrap_err().to_string();
        assert_eq!(error(json!({})), "a widget has no `type`");
        assert_eq!(
            error(json!({"type": "metric", "properties": {"metrics": [["."]]}})),
            "a `.` has nothing before it to repeat"
        );
    }
}
