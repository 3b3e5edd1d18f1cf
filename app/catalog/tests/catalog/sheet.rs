//! Files as the spreadsheets of the four languages write them.

use catalog::product::sheet::{self, Charset, Numbers, Sheet, Unreadable};
use service::http::FieldError;

fn sheet(bytes: &[u8]) -> Sheet {
    sheet::read(bytes, Charset::Utf8).unwrap()
}

/// Columns, and for each row its number and its cells with the numbers read.
fn read(bytes: &[u8]) -> (Vec<String>, Vec<(usize, Vec<String>)>) {
    let sheet = sheet(bytes);
    let price = sheet.columns.iter().position(|column| column == "price");
    let prices = sheet.rows.iter().filter_map(|row| row.cells.get(price?));
    let numbers = Numbers::of(prices.map(|cell| &**cell), sheet.delimiter);
    let rows = sheet.rows.iter().map(|row| {
        let cells = row.cells.iter().enumerate();
        let cells = cells.map(|(index, cell)| {
            if Some(index) == price {
                numbers
                    .read(cell)
                    .unwrap_or_else(|two| format!("{}|{}", two.point, two.comma))
            } else {
                cell.clone()
            }
        });
        (row.number, cells.collect())
    });
    let rows = rows.collect();
    (sheet.columns, rows)
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn what_a_spreadsheet_writes_is_not_refused() {
    let tabs = "sku\tname\tprice\r\nA\tCafé, blue\t12,50\r\n";
    let wanted = (
        ["sku", "name", "price"].map(str::to_owned).to_vec(),
        vec![(2, ["A", "Café, blue", "12.50"].map(str::to_owned).to_vec())],
    );
    for (written_by, bytes) in [
        ("English", "sku,name,price\r\nA,\"Café, blue\",12.50\r\n".into()),
        (
            "Hindi",
            "\u{feff}sku,name,price\r\nA,\"Café, blue\",\"१२.५०\"\r\n".into(),
        ),
        (
            "French and Italian",
            "\u{feff}sku;name;price\r\nA;Café, blue;12,50\r\n".into(),
        ),
        ("Swiss", "sku;name;price\r\nA;Café, blue;12.50\r\n".into()),
        (
            "a line that names the separator",
            "sep=;\r\nsku;name;price\r\nA;Café, blue;12,50\r\n".into(),
        ),
        (
            "that line in quotes",
            "\"sep=|\"\r\nsku|name|price\r\nA|Café, blue|12,50\r\n".into(),
        ),
        (
            "empty columns and rows at the end",
            "sku,name,price,,\r\nA,\"Café, blue\",12.50,,\r\n,,,,\r\n,,,,\r\n".into(),
        ),
        (
            "line feeds, no last line end",
            "SKU, Name ,price\nA,\"Café, blue\",12.50".into(),
        ),
        ("old line ends", "sku,name,price\rA,\"Café, blue\",12.50\r".into()),
        ("tabs", tabs.into()),
        (
            "Unicode text",
            utf16(&format!("\u{feff}{tabs}"), u16::to_le_bytes),
        ),
        ("UTF-16 without a mark", utf16(tabs, u16::to_le_bytes)),
        (
            "UTF-16 of the other order",
            utf16(&format!("\u{feff}{tabs}"), u16::to_be_bytes),
        ),
    ] as [(&str, Vec<u8>); 13]
    {
        assert_eq!(read(&bytes), wanted, "{written_by}");
    }
    let western = b"sku;name;price\r\nA;Caf\xe9, blue;12,50\r\n";
    let western = sheet::read(western, Charset::Windows1252).unwrap();
    assert_eq!(western.rows[0].cells, ["A", "Café, blue", "12,50"]);
}

#[test]
fn numbers_with_groups_are_not_multiplied() {
    let prices = |text: &str| -> Vec<String> {
        let (_, rows) = read(text.as_bytes());
        rows.into_iter().map(|(_, cells)| cells[1].clone()).collect()
    };
    assert_eq!(
        prices("sku;price\nA;1.234,56\nB;1\u{202f}234,5\nC;1234\nD;0,10\nE;2.500\nF;€ 3,00\n"),
        ["1234.56", "1234.5", "1234", "0.10", "2500", "3.00"]
    );
    assert_eq!(
        prices("sku,price\nA,\"1,234.56\"\nB,12.5\nC,\"2,500\"\nD,2.500\nE,\"12,34,567.00\"\nF,0.500\n"),
        ["1234.56", "12.5", "2500", "2.500", "1234567.00", "0.500"]
    );
    // The semicolons of a Swiss file do not make its points into marks for thousands.
    assert_eq!(prices("sku;price\nA;1’234.50\nB;2.500\n"), ["1234.50", "2.500"]);
    assert_eq!(
        prices("sku,price\nA,\"12,50\"\nB,twelve\nC,\n"),
        ["12.50", "twelve", ""]
    );
    // Where nothing tells, nothing is guessed.
    assert_eq!(prices("sku\tprice\nA\t2,500\nB\t3\n"), ["2500|2.500", "3"]);
    assert_eq!(
        prices("sku;price\nA;12.50\nB;12,50\nC;2.500\n"),
        ["12.50", "12.50", "2.500|2500"]
    );
}

#[test]
fn a_quote_that_is_not_closed_does_not_swallow_rows() {
    for (text, row) in [
        ("sku,description\nA,one\nB,\"two\nC,three\nD,four\n", 3),
        ("sku,description,stock\nA,\"one,1\nB,two,2\n", 2),
        ("sku,description\nA,\"one\nB,\"two\"\nC,three\n", 2),
        ("sku,\"description\nA,one\n", 1),
    ] {
        let outcome = sheet::read(text.as_bytes(), Charset::Utf8);
        assert_eq!(outcome, Err(Unreadable::Quote { row }), "{text}");
    }
    // Inches and quotes inside of a cell are text.
    let rows = read(b"sku,name\nA,Screen 24\"\nB,\"a \"\"b\"\" c\"\n").1;
    assert_eq!(rows[0].1[1], "Screen 24\"");
    assert_eq!(rows[1].1[1], "a \"b\" c");
}

#[test]
fn rows_are_not_counted_otherwise_than_the_spreadsheet_counts_them() {
    let numbers = |text: &str| -> Vec<(usize, String)> {
        let (_, rows) = read(text.as_bytes());
        rows.into_iter()
            .map(|(number, cells)| (number, cells[0].clone()))
            .collect()
    };
    let is = |number: usize, sku: &str| (number, sku.to_owned());
    assert_eq!(
        numbers("sku,description\nA,\"two\nlines\"\n\nB,x\n,\nC,y\n"),
        [is(2, "A"), is(4, "B"), is(6, "C")]
    );
    assert_eq!(numbers("sep=,\n\n\nsku\nA\n"), [is(4, "A")]);
}

#[test]
fn what_is_no_sheet_is_not_taken_for_one() {
    let code = |bytes: &[u8]| match sheet::read(bytes, Charset::Utf8) {
        Err(Unreadable::File(FieldError { code, .. })) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(b"PK\x03\x04"), "workbook");
    assert_eq!(code(b"\xd0\xcf\x11\xe0"), "workbook");
    assert_eq!(code(b"sku,name\nA,caf\xe9\n"), "not_utf8");
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"\n \n,,\n"), "empty");
}
