//! What a page of a run says of the run, in its JSON as on its face.

use serde::Serialize;

use super::weekly::WeeklyPage;

/// The version of the JSON beside such pages.
const SCHEMA_VERSION: u32 = 1;

/// The first fields of a page, to be flattened into it.
#[derive(Debug, Serialize)]
pub(super) struct Head<'a> {
    schema_version: u32,
    engine_version: &'static str,
    project: &'a str,
    as_of_text: &'a str,
    snapshot: &'a str,
}

impl<'a> Head<'a> {
    /// Returns the head of a page of the run that `latest` is of.
    pub(super) fn of(latest: &'a WeeklyPage) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            engine_version: latest.engine_version,
            project: &latest.project,
            as_of_text: &latest.as_of_text,
            snapshot: &latest.snapshot,
        }
    }
}
