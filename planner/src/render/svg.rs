//! A graph as a picture: what is needed stands left of what needs it.

use super::{Graph, Sigil, clean};
use crate::graph::topological;

/// The width and height of a box, and the room between two.
const BOX: (usize, usize) = (200, 44);
const ROOM: (usize, usize) = (70, 16);
/// The room around everything, the title above included.
const MARGIN: usize = 40;
/// The characters that a box has room for.
const LETTERS: usize = 30;

impl Graph {
    /// A drawing in one file, for a browser.
    // Long: the parts of a drawing, one after the other.
    pub fn svg(&self) -> String {
        let columns = self.columns();
        let mut at = vec![(0, 0); self.nodes.len()];
        for (column, nodes) in columns.iter().enumerate() {
            for (row, &node) in nodes.iter().enumerate() {
                at[node] = (
                    MARGIN + column * (BOX.0 + ROOM.0),
                    MARGIN + row * (BOX.1 + ROOM.1),
                );
            }
        }
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let (width, height) = (
            2 * MARGIN + columns.len() * (BOX.0 + ROOM.0),
            2 * MARGIN + rows * (BOX.1 + ROOM.1),
        );
        let mut out = String::new();
        putln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">"
        );
        putln!(out, "<title>{}</title>", escaped(&self.title));
        putln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        for &(from, to) in &self.edges {
            let (x1, y1) = (at[from].0 + BOX.0, at[from].1 + BOX.1 / 2);
            let (x2, y2) = (at[to].0, at[to].1 + BOX.1 / 2);
            let bend = ROOM.0 / 2;
            putln!(
                out,
                "<path d=\"M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#666666\"/>",
                x1 + bend,
                x2.saturating_sub(bend)
            );
        }
        for (node, &(x, y)) in self.nodes.iter().zip(&at) {
            let dashes = if node.wait {
                " stroke-dasharray=\"4 3\""
            } else {
                ""
            };
            let scope = if node.scope.is_empty() {
                String::new()
            } else {
                format!("{}/", node.scope)
            };
            putln!(
                out,
                "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"{}\" stroke=\"#333333\"{dashes}/>",
                escaped(&format!("{scope}{}", node.lines.join(" "))),
                BOX.0,
                BOX.1,
                fill(node.sigil)
            );
            for (line, text) in node.lines.iter().take(2).enumerate() {
                let text = if line == 0 {
                    format!("{scope}{text}")
                } else {
                    text.clone()
                };
                putln!(
                    out,
                    "<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>",
                    x + 8,
                    y + 18 + line * 17,
                    if line == 0 { "#111111" } else { "#555555" },
                    escaped(&short(&text))
                );
            }
            out.push_str("</g>\n");
        }
        out.push_str("</svg>\n");
        out
    }

    /// The nodes by column: each stands right of everything that it needs, and near the height of that.
    fn columns(&self) -> Vec<Vec<usize>> {
        let count = self.nodes.len();
        let order = topological(count, self.edges.iter().copied()).unwrap_or_else(|| (0..count).collect());
        let mut sources = vec![vec![]; count];
        for &(from, to) in &self.edges {
            sources[to].push(from);
        }
        let (mut column, mut height) = (vec![0; count], vec![0; count]);
        let mut columns: Vec<Vec<usize>> = vec![];
        for &node in &order {
            column[node] = sources[node].iter().map(|&s| column[s] + 1).max().unwrap_or(0);
            if columns.len() <= column[node] {
                columns.resize(column[node] + 1, vec![]);
            }
            columns[column[node]].push(node);
        }
        for nodes in &mut columns {
            let middle = |node: usize| {
                let of = &sources[node];
                let sum: usize = of.iter().map(|&s: &usize| height[s]).sum();
                (sum * 2).checked_div(of.len()).unwrap_or(usize::MAX)
            };
            nodes.sort_by_key(|&node| (middle(node), node));
            for (row, &node) in nodes.iter().enumerate() {
                height[node] = row;
            }
        }
        columns
    }
}

fn fill(sigil: Sigil) -> &'static str {
    match sigil {
        Sigil::Same => "#ffffff",
        Sigil::Add => "#d9f2d9",
        Sigil::Change => "#fff2cc",
        Sigil::Remove => "#f8d7da",
        Sigil::Forget => "#d1e3f8",
        Sigil::Replace => "#ead7f0",
    }
}

/// The end of a text that is too long for a box: addresses differ there.
fn short(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= LETTERS {
        return text.to_owned();
    }
    let end: String = letters[letters.len() - LETTERS + 1..].iter().collect();
    format!("…{end}")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Declared;
    use tenon_resources::{declaration::Declaration, registry};

    #[test]
    fn a_drawing_has_every_resource_left_of_what_needs_it_and_no_markup_of_its_names() {
        let mut declared = Declared::new("a<b>&", "test", None);
        let mut add = |address: &str, kind: &str, inputs: serde_json::Value| {
            let kind = registry::find(kind).expect("a type");
            declared.add(address, Declaration::new(kind, inputs, "main.rs:1"));
        };
        add(
            "net/subnet",
            "ec2.subnet",
            serde_json::json!({"vpc": {"$ref": "net/vpc.id"}}),
        );
        add(
            "net/vpc",
            "ec2.vpc",
            serde_json::json!({"cidr_block": "10.0.0.0/16"}),
        );
        let svg = Graph::of_declared(&declared).svg();
        assert!(svg.contains("<title>a&lt;b&gt;&amp;/test</title>"), "{svg}");
        let x = |name: &str| {
            let before = svg.split(&format!("<title>{name} ")).nth(1).expect("a box");
            let x = before
                .split("x=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            x.and_then(|x| x.parse::<usize>().ok()).expect("a place")
        };
        assert!(x("net/vpc") < x("net/subnet"));
        assert_eq!(svg.matches("<path ").count(), 1);
        assert_eq!(svg.matches("<g>").count(), svg.matches("</g>").count());
    }
}
