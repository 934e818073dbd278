//! The tables in Markdown, for who maps an export onto them: `docs/tables.md`.

use std::fmt::Write as _;

use super::{Column, Table, VERSION, is_person, tables};

const INTRODUCTION: &str = "\
What plimsoll reads: every export is mapped onto these tables (`docs/sources.md` says how), and every figure comes from them.
This page is written from `src/contract/`, and a test holds it to that.

A row without a **required** column is set aside. Rows with one **key** are one row: of several, the later `updated_at` counts where the table has it, then
the later source, export and line. Columns of the key may be null; two nulls are the same. A column is null where nothing feeds it. Every table has two more
columns, `source_file` and `source_line`: the export that a row came from, and its line there.

| type | what is read |
|---|---|
| text | text; blanks around it go, but not around an id, which is compared byte for byte |
| one of … | exactly one of these words; `map` turns other words into them |
| instant | `2026-07-06T09:30:00Z`, with an offset or in the source's `time_zone`; other forms by `format`; kept in UTC |
| date | `2026-07-06`, other forms by `format`; of an instant, its day in the source's `time_zone` |
| number, whole number | as `decimal` and `thousands` say |
| hours, minutes | a duration of zero or more; another unit by `unit` |
| boolean | true, false, yes, no, y, n, 1, 0 |
| list | texts separated by `;`, by `split`, or a JSON array |
| person | text that is pseudonymised, unless `[privacy] names` lists it |
";

/// Returns the page of all tables.
pub fn tables_markdown() -> String {
    let mut text = format!("# Tables (contract version {VERSION})\n\n{INTRODUCTION}");
    for table in tables() {
        // Writing to a text never fails.
        let _ = write!(text, "\n{}", table_markdown(table));
    }
    text
}

fn table_markdown(table: &Table) -> String {
    let quoted = |names: &mut dyn Iterator<Item = &str>| {
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let key = quoted(&mut table.key.iter().copied());
    let required = table.columns.iter().filter(|column| column.is_required);
    let required = quoted(&mut required.map(|column| column.name));
    let mut text = format!("## {}\n\nKey: {key}. Required: {required}.\n\n", table.name);
    text.push_str("| column | type |\n|---|---|\n");
    for column in table.columns {
        let _ = writeln!(text, "| `{}` | {} |", column.name, described(table, column));
    }
    text
}

fn described(table: &Table, column: &Column) -> String {
    let kind = match is_person(table.name, column.name) {
        true => "person".to_owned(),
        false => column.column_type.name(),
    };
    match column.is_required {
        true => format!("{kind}, required"),
        false => kind,
    }
}
