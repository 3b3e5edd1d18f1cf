//! The journal as a file: one line per frame, in a file whose space is allocated beforehand.
//!
//! ```text
//! T1 <length> <crc32> {"capacity":65536,"mark":{…}}\n      the header
//! T1 <length> <crc32> {…}\n                                a frame
//! NUL … NUL                                               room for more, up to `capacity` bytes
//! ```
//!
//! Length and checksum are eight lower-case hex digits and are of the text between the third space and the line end.
//! A text holds neither NUL nor line end, so that the following can be told apart:
//!
//! - **Unfinished last write**: the last line lacks bytes, which read as NUL: all from some byte on, when a write was
//!   short, or whole 512-byte sectors, when the power failed. Nothing after it is a frame, since a frame is written
//!   only when the one before it is durable. It was never acknowledged, so it is dropped.
//! - **Damage**: everything else. A line that is all there and does not fit its checksum was changed afterwards. So was
//!   a file that is not `capacity` bytes long.

use serde::{Deserialize, Serialize};

use crate::{backend::TornWrite, lease::SnapshotRef};

const SECTOR: usize = 512;
/// `T1 `, two numbers with a space after each.
const PREFIX: usize = 3 + 9 + 9;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// Length of the file in bytes.
    pub(super) capacity: u64,
    /// The snapshot that the journal follows.
    #[serde(rename = "mark")]
    pub(super) snapshot_ref: SnapshotRef,
}

/// A journal file that was read.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) header: Header,
    pub(super) frames: Vec<String>,
    /// Offset of the first frame.
    pub(super) start: usize,
    /// Offset after the last frame.
    pub(super) end: usize,
    pub(super) torn: Option<TornWrite>,
}

/// An inconsistency and its byte offset.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) at: usize,
    pub(super) why: String,
}

/// Encodes `text` as a line.
pub(super) fn line(text: &str) -> Vec<u8> {
    let mut line = Vec::with_capacity(PREFIX + text.len() + 1);
    line.extend_from_slice(prefix(text.as_bytes()).as_bytes());
    line.extend_from_slice(text.as_bytes());
    line.push(b'\n');
    line
}

fn prefix(text: &[u8]) -> String {
    format!("T1 {:08x} {:08x} ", text.len(), crc32fast::hash(text))
}

/// The text of a line, without its end, if the line is whole.
pub(super) fn text(line: &[u8]) -> Option<&str> {
    let (head, text) = line.split_at_checked(PREFIX)?;
    // Rendered again rather than parsed: there is one way to write a prefix, and any other is damage.
    (head == prefix(text).as_bytes())
        .then(|| std::str::from_utf8(text).ok())
        .flatten()
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, Damage> {
    let damage = |at: usize, why: &str| Damage {
        at,
        why: why.to_owned(),
    };
    if bytes.iter().all(|b| *b == 0) {
        return Err(damage(0, "it is empty, and a journal has a header"));
    }
    let header_end = find(bytes, 0).ok_or_else(|| damage(0, "its header is cut short"))?;
    let header =
        text(&bytes[..header_end]).ok_or_else(|| damage(0, "its header does not fit its checksum"))?;
    let header: Header = serde_json::from_str(header).map_err(|error| damage(0, &error.to_string()))?;
    if bytes.len() as u64 != header.capacity {
        let why = format!(
            "it is {} bytes long, not {} as its header says",
            bytes.len(),
            header.capacity
        );
        return Err(damage(bytes.len(), &why));
    }
    let start = header_end + 1;
    let mut parsed = Parsed {
        header,
        frames: Vec::new(),
        start,
        end: start,
        torn: None,
    };
    while let Some(line_end) = find(bytes, parsed.end) {
        let Some(frame) = text(&bytes[parsed.end..line_end]) else {
            break;
        };
        parsed.frames.push(frame.to_owned());
        parsed.end = line_end + 1;
    }
    let Some(last) = last_text(&bytes[parsed.end..]) else {
        return Ok(parsed);
    };
    let rest = &bytes[parsed.end..];
    unfinished(rest, parsed.end, last).map_err(|why| damage(parsed.end, why))?;
    parsed.torn = Some(TornWrite {
        at: parsed.end as u64,
        bytes: last as u64 + 1,
    });
    Ok(parsed)
}

fn find(bytes: &[u8], from: usize) -> Option<usize> {
    bytes[from..].iter().position(|b| *b == b'\n').map(|at| from + at)
}

/// Offset of the last byte other than NUL. Most of a journal is unused, so NUL bytes are skipped in large steps.
fn last_text(bytes: &[u8]) -> Option<usize> {
    const ROOM: [u8; 4096] = [0; 4096];
    let block = bytes
        .chunks(ROOM.len())
        .rposition(|block| block != &ROOM[..block.len()])?
        * ROOM.len();
    let end = bytes.len().min(block + ROOM.len());
    bytes[block..end]
        .iter()
        .rposition(|b| *b != 0)
        .map(|at| block + at)
}

/// Checks that `rest`, which starts at byte `offset` and has its last byte other than NUL at `last`, can be what an
/// unfinished write left behind.
fn unfinished(rest: &[u8], offset: usize, last: usize) -> Result<(), &'static str> {
    let line_end = rest.iter().position(|b| *b == b'\n');
    if let Some(line_end) = line_end {
        if !rest[..line_end].contains(&0) {
            return Err("a frame does not fit its checksum");
        }
    } else if let Some(terminator) = announced(rest).and_then(|length| rest.get(PREFIX + length))
        && *terminator != 0
    {
        return Err("a frame lacks its line end");
    }
    for candidate in rest.split(|b| *b == b'\n') {
        let from = candidate.iter().position(|b| *b != 0).unwrap_or(candidate.len());
        if text(&candidate[from..]).is_some() {
            return Err("a frame is missing before another");
        }
    }
    let mut at = 0;
    while at <= last {
        let sector_end = at + SECTOR - (offset + at) % SECTOR;
        let sector = &rest[at..sector_end.min(rest.len())];
        let text = sector.iter().position(|b| *b == 0).unwrap_or(sector.len());
        let cut_here = sector_end > last && sector[text..].iter().all(|b| *b == 0);
        let missing = text == 0 && sector.iter().all(|b| *b == 0);
        if text < sector.len() && !cut_here && !missing {
            return Err("a frame has NUL bytes within it");
        }
        at = sector_end;
    }
    Ok(())
}

/// The length of a text as its prefix announces it.
fn announced(line: &[u8]) -> Option<usize> {
    let digits = line
        .get(3..11)
        .and_then(|digits| std::str::from_utf8(digits).ok())?;
    usize::from_str_radix(digits, 16).ok()
}
