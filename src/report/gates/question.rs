//! The verdict on one release, for a pipeline that asks before it ships.

use super::load::read_verdicts;
use super::model::Verdict;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::lake::Rows;

/// Returns the verdict on the release of that id, else name, else version, from the
/// marts that `rows` reads.
///
/// # Errors
/// `Usage` where no release is called so, or several are.
pub fn find_verdict(release: &str, rows: &dyn Fn(&str) -> Result<Rows>) -> Result<Verdict> {
    let verdicts = read_verdicts(rows)?;
    let by: [fn(&Verdict) -> Option<&str>; 3] = [
        |verdict| Some(&verdict.release_id),
        |verdict| Some(&verdict.release_name),
        |verdict| verdict.version.as_deref(),
    ];
    for called in by {
        let mut found = verdicts
            .iter()
            .filter(|verdict| called(verdict) == Some(release));
        let Some(first) = found.next() else {
            continue;
        };
        if let Some(second) = found.next() {
            let message = format!(
                "cannot judge `{release}`: expected one release of that name, found `{}` and `{}`",
                first.release_id, second.release_id
            );
            return Err(Error::new(ErrorKind::Usage, message).hint("give its id"));
        }
        return Ok(first.clone());
    }
    let message = format!(
        "cannot judge `{release}`: expected a release's id, name or version, found none of {} so called",
        verdicts.len()
    );
    let error = Error::new(ErrorKind::Usage, message);
    let known = verdicts
        .iter()
        .flat_map(|verdict| by.map(|called| called(verdict)));
    Err(error.hint(match nearest(release, known.flatten()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`plimsoll query \"select release_id from releases\"` lists them".to_owned(),
    }))
}
