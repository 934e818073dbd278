//! What a gate or a template of rules cannot do without: tables of the contract, and
//! which of them no source feeds.

use crate::config::FILE_NAME;
use crate::contract;
use crate::error::{Error, ErrorKind, nearest};
use crate::lake::Manifest;
use crate::query::Query;

/// Returns what is lacking, as pages say it; `None` where all is fed. Of each inner
/// list one table will do.
pub(super) fn missing_words(needs: &[Vec<String>], snapshot: &Manifest) -> Option<String> {
    let is_fed = |name: &String| {
        let mut tables = snapshot.tables.iter();
        tables.any(|table| table.name == *name && table.is_fed)
    };
    let lacking = needs.iter().filter(|any| !any.iter().any(is_fed));
    let words: Vec<String> = lacking
        .map(|any| {
            let names: Vec<String> = any.iter().map(|name| format!("`{name}`")).collect();
            names.join(" or ")
        })
        .collect();
    (!words.is_empty()).then(|| format!("no data: feed {}", words.join(", ")))
}

/// Returns a problem for each table in `needs:` that the contract does not have.
pub(super) fn check_needs(query: &Query, needs: &[Vec<String>]) -> Vec<Error> {
    let stranger = |table: &&String| contract::table(table).is_none();
    let strangers = needs.iter().flatten().filter(stranger);
    let problem = |table: &String| {
        let message = format!(
            "cannot use `{}` line {}: expected tables of the data contract in `needs:`, found `{table}`",
            query.file,
            query.field_line("needs")
        );
        let error = Error::new(ErrorKind::Query, message);
        let known = contract::tables().map(|table| table.name);
        match nearest(table, known) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        }
    };
    strangers.map(problem).collect()
}

/// Says that the configuration names what is not there.
pub(super) fn unknown<'a>(
    line: usize,
    what: &str,
    found: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Error {
    let message =
        format!("cannot use `{FILE_NAME}` line {line}: expected a known {what}, found `{found}`");
    let error = Error::new(ErrorKind::Project, message);
    match nearest(found, known.clone()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("known: {}", known.collect::<Vec<_>>().join(", "))),
    }
}
