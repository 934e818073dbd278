//! The forecasts that the command line asks for, and the release that it names.

use super::model::ReleaseForecast;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::lake::Rows;
use crate::report::called::{Called, find_called};

/// The tables that are read.
pub const FORECAST_MARTS: [&str; 1] = ["release_forecasts"];

/// The forecasts as things are, and as they would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Foretold {
    /// As things are.
    pub present: Vec<ReleaseForecast>,
    /// As they would be; none where nothing was asked.
    pub what_if: Option<Vec<ReleaseForecast>>,
}

/// Reads the forecasts, the first to ship first; of one release where it is named.
///
/// # Errors
/// `Usage` where that is not open; `Template` where the mart has other columns.
pub fn read_forecasts(rows: &Rows, release: Option<&str>) -> Result<Vec<ReleaseForecast>> {
    let read = rows.indices().map(|row| ReleaseForecast::read(rows, row));
    let mut found = read.collect::<Result<Vec<_>>>()?;
    if let Some(release) = release {
        found.retain(|one| one.release_id == release);
        if found.is_empty() {
            let message = format!(
                "cannot forecast `{release}`: expected an open release, found one that is over"
            );
            let hint = "the page `calibration.html` has the forecasts of releases that are over";
            return Err(Error::new(ErrorKind::Usage, message).hint(hint));
        }
    }
    found.sort_by(|a, b| {
        let order = |one: &ReleaseForecast| (one.planned_on.is_none(), one.planned_on);
        order(a)
            .cmp(&order(b))
            .then_with(|| a.release_id.cmp(&b.release_id))
    });
    Ok(found)
}

/// Returns the id of the release of that id, else name, else version, of the rows of
/// `releases_as_of`.
///
/// # Errors
/// `Usage` where no release is called so, or several are.
pub fn find_release(release: &str, rows: &Rows) -> Result<String> {
    let mut known = Vec::new();
    for row in rows.indices() {
        known.push(Called {
            id: rows.text("release_id", row)?.unwrap_or_default(),
            name: rows.text("release_name", row)?,
            version: rows.text("version", row)?,
        });
    }
    let place = find_called("forecast", release, &known)?;
    Ok(known[place].id.to_owned())
}

/// Checks that an item can be taken out: that it is open in an open release, and in
/// the one that is asked for. `spans` are the open stays of `release_open_spans`, with
/// the release and its name; `items` those of `items_as_of`.
///
/// # Errors
/// `Usage` where it is not.
pub fn check_item(item: &str, release: Option<&str>, spans: &Rows, items: &Rows) -> Result<()> {
    let mut open = Vec::new();
    let mut found = None;
    for row in spans.indices() {
        let (id, of) = (spans.text("item_id", row)?, spans.text("release_id", row)?);
        if release.is_none_or(|release| of == Some(release)) {
            open.extend(id);
            if id == Some(item) {
                return Ok(());
            }
        } else if id == Some(item) {
            found = of;
        }
    }
    let mut is_known = false;
    for row in items.indices() {
        is_known |= items.text("item_id", row)? == Some(item);
    }
    let place = release.map_or_else(|| "an open release".to_owned(), |id| format!("`{id}`"));
    let what = match (found, is_known) {
        (Some(other), _) => format!("found it in `{other}`"),
        (None, true) => "found it in none, or done".to_owned(),
        (None, false) => "found no such item".to_owned(),
    };
    let message =
        format!("cannot forecast without `{item}`: expected an open item of {place}, {what}");
    let error = Error::new(ErrorKind::Usage, message);
    Err(match nearest(item, open.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`plimsoll query \"select release_id, item_id from release_items where not is_delivered\"` lists them"),
    })
}
