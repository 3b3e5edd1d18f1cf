//! A graph in the language of Graphviz.

use super::{Graph, Sigil};

impl Graph {
    /// For `dot -Tsvg`.
    pub fn dot(&self) -> String {
        let mut out = String::new();
        let head = "  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];\n  edge [color=\"#666666\"];\n";
        put!(out, "digraph {} {{\n{head}", quoted(&self.title));
        for (n, (frame, nodes)) in self.frames().into_iter().enumerate() {
            let pad = if frame.is_empty() { "  " } else { "    " };
            if !frame.is_empty() {
                put!(
                    out,
                    "  subgraph cluster_{n} {{\n    label={};\n    color=\"#bbbbbb\";\n",
                    quoted(frame)
                );
            }
            for i in nodes {
                let node = &self.nodes[i];
                let label: Vec<_> = node.lines.iter().map(|line| escaped(line)).collect();
                let fill = fill(node.sigil);
                let style = if node.wait {
                    ", style=\"rounded,dashed\""
                } else {
                    ""
                };
                putln!(out, "{pad}n{i} [label=\"{}\"{fill}{style}];", label.join("\\n"));
            }
            if !frame.is_empty() {
                out.push_str("  }\n");
            }
        }
        for (from, to) in &self.edges {
            putln!(out, "  n{from} -> n{to};");
        }
        out.push_str("}\n");
        out
    }
}

fn fill(sigil: Sigil) -> &'static str {
    match sigil {
        Sigil::Same => "",
        Sigil::Add => ", fillcolor=\"#d9f2d9\"",
        Sigil::Change => ", fillcolor=\"#fff2cc\"",
        Sigil::Remove => ", fillcolor=\"#f8d7da\"",
        Sigil::Forget => ", fillcolor=\"#d1e3f8\"",
        Sigil::Replace => ", fillcolor=\"#ead7f0\"",
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(&super::clean(text)))
}
