//! A graph in the language of Mermaid, which forges draw in Markdown.

use super::{Graph, Sigil};

impl Graph {
    /// For a fenced block `mermaid`.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (n, (frame, nodes)) in self.frames().into_iter().enumerate() {
            let pad = if frame.is_empty() { "  " } else { "    " };
            if !frame.is_empty() {
                putln!(out, "  subgraph s{n}[\"{}\"]", escaped(frame));
            }
            for i in nodes {
                let node = &self.nodes[i];
                let label: Vec<_> = node.lines.iter().map(|line| escaped(line)).collect();
                let (open, close) = if node.wait { ("([", "])") } else { ("[", "]") };
                let class = class(node.sigil).map(|c| format!(":::{c}")).unwrap_or_default();
                putln!(out, "{pad}n{i}{open}\"{}\"{close}{class}", label.join("<br/>"));
            }
            if !frame.is_empty() {
                out.push_str("  end\n");
            }
        }
        for (from, to) in &self.edges {
            putln!(out, "  n{from} --> n{to}");
        }
        for sigil in [
            Sigil::Add,
            Sigil::Change,
            Sigil::Remove,
            Sigil::Replace,
            Sigil::Forget,
        ] {
            if let (true, Some(class)) = (self.nodes.iter().any(|n| n.sigil == sigil), class(sigil)) {
                putln!(out, "  classDef {class} {}", colors(sigil));
            }
        }
        out
    }
}

fn class(sigil: Sigil) -> Option<&'static str> {
    match sigil {
        Sigil::Same => None,
        Sigil::Add => Some("create"),
        Sigil::Change => Some("change"),
        Sigil::Remove => Some("delete"),
        Sigil::Replace => Some("replace"),
        Sigil::Forget => Some("forget"),
    }
}

fn colors(sigil: Sigil) -> &'static str {
    match sigil {
        Sigil::Add => "fill:#d9f2d9,stroke:#2e7d32,color:#000",
        Sigil::Change => "fill:#fff2cc,stroke:#b28704,color:#000",
        Sigil::Remove => "fill:#f8d7da,stroke:#b71c1c,color:#000",
        Sigil::Forget => "fill:#d1e3f8,stroke:#0d47a1,color:#000",
        Sigil::Replace | Sigil::Same => "fill:#ead7f0,stroke:#6a1b9a,color:#000",
    }
}

/// Inside a quoted label, Mermaid reads HTML entities, and its own as `#name;`.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in super::clean(text).chars() {
        match c {
            '#' => out.push_str("#35;"),
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    out
}
