//! Numbers as spreadsheets write them: `1,234.50`, `1.234,50`, `1 234,50`, `१२.५०`. Nothing is guessed cell by cell: the
//! decimal mark is that of the file, found from the numbers that can be read in one way only.

/// The mark before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
}

/// A number that means one thing with a decimal point and another with a decimal comma, in a file that does not say which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// The number if the mark is a point.
    pub point: String,
    /// The number if the mark is a comma.
    pub comma: String,
}

/// The way a file writes numbers.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    mark: Option<Mark>,
}

impl Numbers {
    /// Finds the decimal mark of a file from its cells of numbers; when none of them tells, it is the one that belongs to
    /// the delimiter: a point to the comma, a comma to the semicolon.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>, delimiter: char) -> Self {
        let (mut points, mut commas) = (false, false);
        for cell in cells {
            match (plain(cell, Mark::Point), plain(cell, Mark::Comma)) {
                (Some(_), None) => points = true,
                (None, Some(_)) => commas = true,
                _ => {}
            }
        }
        let mark = match (points, commas, delimiter) {
            (true, false, _) | (false, false, ',') => Some(Mark::Point),
            (false, true, _) | (false, false, ';') => Some(Mark::Comma),
            _ => None,
        };
        Self { mark }
    }

    /// The number in a cell, with a decimal point and without marks for thousands; a cell that is no number as it is.
    ///
    /// # Errors
    /// [`Ambiguous`].
    pub fn read(self, cell: &str) -> Result<String, Ambiguous> {
        match (plain(cell, Mark::Point), plain(cell, Mark::Comma), self.mark) {
            (Some(point), Some(comma), None) if point != comma => Err(Ambiguous { point, comma }),
            (Some(_), Some(comma), Some(Mark::Comma)) => Ok(comma),
            (Some(number), _, _) | (None, Some(number), _) => Ok(number),
            (None, None, _) => Ok(cell.trim().to_owned()),
        }
    }
}

/// The number in a cell, if it is one with this decimal mark.
fn plain(cell: &str, mark: Mark) -> Option<String> {
    let text: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2019}' | '€' | '$' | '£' | '₹' | '¥'))
        .map(|c| match c {
            '\u{2212}' => '-',
            digit @ '०'..='९' => char::from_digit(u32::from(digit) - u32::from('०'), 10).unwrap_or(digit),
            other => other,
        })
        .collect();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", &*text),
    };
    let (decimal, group) = match mark {
        Mark::Point => ('.', ','),
        Mark::Comma => (',', '.'),
    };
    let (whole, fraction) = match digits.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let grouped = whole.contains(group);
    if grouped && !is_well_grouped(whole, group) {
        return None;
    }
    let whole = whole.replace(group, "");
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(&whole) || fraction.is_some_and(|fraction| !are_digits(fraction)) {
        return None;
    }
    Some(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    })
}

/// Groups have two or three digits (India writes 12,34,567), the last one three, the first up to three and no leading zero.
fn is_well_grouped(whole: &str, group: char) -> bool {
    let groups: Vec<&str> = whole.split(group).collect();
    let [first, middle @ .., last] = &groups[..] else {
        return false;
    };
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && last.len() == 3
        && middle.iter().all(|part| (2..=3).contains(&part.len()))
}
