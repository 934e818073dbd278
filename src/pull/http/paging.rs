//! Which page comes next.
//!
//! Every way to turn pages ends: an address or a token that comes again, and a page
//! that repeats the one before, are errors, not a pull without an end.

use std::collections::BTreeSet;

use reqwest::Url;
use serde_json::Value;

use super::{next_link, set_parameter};
use crate::config::pull::{PageSize, Paging};
use crate::error::{Error, Result};
use crate::pull::job::Job;
use crate::pull::json;
use crate::pull::walk::{Page, Walk};

/// Turns the pages of one pull.
pub(super) struct Pager<'a> {
    job: &'a Job<'a>,
    paging: &'a Paging,
    /// The first page's address, without what counts pages.
    start: Url,
    next: Option<Url>,
    seen: BTreeSet<String>,
    /// The number of the page, or of the records before it.
    place: u64,
    /// The hash of the page before.
    former_page: Option<String>,
}

impl<'a> Pager<'a> {
    pub(super) fn new(job: &'a Job<'a>, paging: &'a Paging, mut start: Url) -> Self {
        let place = match paging {
            Paging::Page { first, .. } => *first,
            _ => 0,
        };
        if let Paging::Page { size, .. } | Paging::Offset { size, .. } = paging
            && let Some(parameter) = &size.parameter
        {
            set_parameter(&mut start, parameter, &size.records_per_page.to_string());
        }
        let mut pager = Self {
            job,
            paging,
            next: Some(start.clone()),
            start,
            seen: BTreeSet::new(),
            place,
            former_page: None,
        };
        if let Paging::Page { parameter, .. } | Paging::Offset { parameter, .. } = paging {
            pager.next = Some(pager.counted(parameter));
        }
        pager
    }

    /// Returns the address of the page that is to be got.
    pub(super) fn take(&mut self) -> Option<Url> {
        self.next.take()
    }

    fn counted(&self, parameter: &str) -> Url {
        let mut url = self.start.clone();
        set_parameter(&mut url, parameter, &self.place.to_string());
        url
    }

    /// Finds the page behind this one; returns whether this one has no record.
    pub(super) fn turn(&mut self, walk: &Walk<'_>, page: &Page) -> Result<bool> {
        match self.paging {
            Paging::None => Ok(walk.has_no_record(page)),
            Paging::Link => {
                if let Some(next) = page.head.link.as_deref().and_then(next_link) {
                    let next = walk.transport.follow(next, &page.url)?;
                    self.go_to(next, page)?;
                }
                Ok(walk.has_no_record(page))
            }
            Paging::NextUrl { from } => {
                let body = walk.json(page)?;
                if let Some(next) = json::text_at(&body, from) {
                    let next = walk.transport.follow(&next, &page.url)?;
                    self.go_to(next, page)?;
                }
                Ok(json::is_empty(&body))
            }
            Paging::Cursor { from, parameter } => {
                let body = walk.json(page)?;
                if let Some(token) = json::text_at(&body, from) {
                    let mut next = self.start.clone();
                    set_parameter(&mut next, parameter, &token);
                    self.go_to(next, page)?;
                }
                Ok(json::is_empty(&body))
            }
            Paging::Page {
                parameter, size, ..
            } => self.turn_counted(walk, page, parameter, size, None),
            Paging::Offset {
                parameter,
                size,
                total,
            } => self.turn_counted(walk, page, parameter, size, total.as_deref()),
        }
    }

    fn turn_counted(
        &mut self,
        walk: &Walk<'_>,
        page: &Page,
        parameter: &str,
        size: &PageSize,
        total: Option<&str>,
    ) -> Result<bool> {
        let body = walk.json(page)?;
        let records = json::count(&body, &size.records)
            .ok_or_else(|| self.no_records(page, &size.records))? as u64;
        if records > 0 && self.former_page.as_deref() == Some(page.sha256()) {
            return Err(self.circle(page));
        }
        let is_page = matches!(self.paging, Paging::Page { .. });
        self.place += if is_page { 1 } else { records };
        let total = total.map(|path| {
            json::at(&body, path)
                .and_then(Value::as_u64)
                .ok_or_else(|| self.no_total(page, path))
        });
        // A server that counts them may give fewer at a time than it was asked for.
        let is_last = match total.transpose()? {
            Some(total) => records == 0 || self.place >= total,
            None => records < size.records_per_page,
        };
        if !is_last {
            let next = self.counted(parameter);
            self.go_to(next, page)?;
        }
        self.former_page = Some(page.sha256().to_owned());
        Ok(records == 0)
    }

    fn go_to(&mut self, next: Url, page: &Page) -> Result<()> {
        self.seen.insert(page.url.to_string());
        if self.seen.contains(next.as_str()) {
            return Err(self.circle(page));
        }
        self.next = Some(next);
        Ok(())
    }

    fn circle(&self, page: &Page) -> Error {
        self.job
            .error(&format!(
                "expected another page behind `{}`, found one that was there before",
                page.url
            ))
            .hint("check `paging` against the server's documentation")
    }

    fn no_records(&self, page: &Page, path: &str) -> Error {
        let place = if path.is_empty() {
            "at the top".to_owned()
        } else {
            format!("at `{path}`")
        };
        self.job
            .error(&format!(
                "expected an array of records {place} of `{}`, found none",
                page.url
            ))
            .hint("set `records` in `paging` to the path of the array")
    }

    fn no_total(&self, page: &Page, path: &str) -> Error {
        self.job
            .error(&format!(
                "expected the number of all records at `{path}` of `{}`, found none",
                page.url
            ))
            .hint("correct `total` in `paging`, or leave it out")
    }
}
