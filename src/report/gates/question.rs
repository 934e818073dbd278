//! The verdict on one release, for a pipeline that asks before it ships.

use super::load::read_verdicts;
use super::model::Verdict;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::called::{Called, find_called};

/// Returns the verdict on the release of that id, else name, else version, from the
/// marts that `rows` reads.
///
/// # Errors
/// `Usage` where no release is called so, or several are.
pub fn find_verdict(release: &str, rows: &dyn Fn(&str) -> Result<Rows>) -> Result<Verdict> {
    let mut verdicts = read_verdicts(rows)?;
    let known: Vec<Called<'_>> = verdicts
        .iter()
        .map(|verdict| Called {
            id: &verdict.release_id,
            name: Some(&verdict.release_name),
            version: verdict.version.as_deref(),
        })
        .collect();
    let place = find_called("judge", release, &known)?;
    Ok(verdicts.swap_remove(place))
}
