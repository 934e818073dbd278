//! The release that a user means: by its id, else by its name, else by its version.

use crate::error::{Error, ErrorKind, Result, nearest};

/// What a release is called by.
pub(super) struct Called<'r> {
    /// Its id.
    pub(super) id: &'r str,
    /// Its present name.
    pub(super) name: Option<&'r str>,
    /// Its version.
    pub(super) version: Option<&'r str>,
}

impl<'r> Called<'r> {
    /// Returns what it is called by, what is meant first before the rest.
    fn ways(&self) -> [Option<&'r str>; 3] {
        [Some(self.id), self.name, self.version]
    }
}

/// Returns the place of the release that `wanted` names; `verb` says what for, such as
/// "judge".
///
/// # Errors
/// `Usage` where no release is called so, or several are.
pub(super) fn find_called(verb: &str, wanted: &str, known: &[Called<'_>]) -> Result<usize> {
    for way in 0..3 {
        let is_meant = |place: &usize| known[*place].ways()[way] == Some(wanted);
        let mut found = (0..known.len()).filter(is_meant);
        let Some(first) = found.next() else {
            continue;
        };
        let Some(second) = found.next() else {
            return Ok(first);
        };
        let message = format!(
            "cannot {verb} `{wanted}`: expected one release of that name, found `{}` and `{}`",
            known[first].id, known[second].id
        );
        return Err(Error::new(ErrorKind::Usage, message).hint("give its id"));
    }
    let message = format!(
        "cannot {verb} `{wanted}`: expected a release's id, name or version, found none of {} so called",
        known.len()
    );
    let names = known.iter().flat_map(Called::ways).flatten();
    let error = Error::new(ErrorKind::Usage, message);
    Err(error.hint(match nearest(wanted, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`plimsoll query \"select release_id from releases\"` lists them".to_owned(),
    }))
}
