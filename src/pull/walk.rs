//! The pages of one pull, in order: asked for, landed, and remembered.
//!
//! Shared by every kind that speaks HTTP; a kind decides which page comes next, and
//! this room what becomes of a page. It knows three ways to walk: everything anew,
//! where a server that says "as it was" (304) lets the landed file stand; what was
//! changed since the pull before; and all there is, put behind what there was.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use reqwest::Url;
use serde_json::Value;

use super::ending;
use super::job::{Job, Pulled};
use super::json;
use super::landing::{Answer, LandedFile, SourceState};
use super::spool::{Spool, Spooled};
use super::transport::{Head, Transport};
use crate::config::Load;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// The largest page that is looked into.
const MOST_IN_MEMORY: u64 = 64 << 20;

/// More pages than this are a server that goes round in a circle.
const MOST_PAGES: usize = 100_000;

/// How a pull goes on from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Everything, in place of what there was.
    Whole,
    /// What was changed since then, behind what there was.
    Changes,
    /// Everything, behind what there was.
    Behind,
}

/// The pages of one pull.
pub(super) struct Walk<'a> {
    job: &'a Job<'a>,
    pub(super) transport: Transport<'a>,
    way: Way,
    /// The ending of files of which the server does not tell what they are.
    ending: Option<String>,
    /// Whether the former state belongs to the same question.
    is_same_question: bool,
    files: Vec<LandedFile>,
    answers: BTreeMap<String, Answer>,
    /// The server's clock at its first answer.
    first_date: Option<DateTime<Utc>>,
    pages: usize,
    asked: usize,
}

/// One page.
pub(super) struct Page {
    pub(super) url: Url,
    pub(super) head: Head,
    body: Body,
}

enum Body {
    Fresh(Spooled),
    Standing(LandedFile),
}

impl Page {
    pub(super) fn sha256(&self) -> &str {
        match &self.body {
            Body::Fresh(body) => &body.sha256,
            Body::Standing(file) => &file.sha256,
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        job: &'a Job<'a>,
        transport: Transport<'a>,
        way: Way,
        ending: Option<String>,
    ) -> Self {
        Self {
            is_same_question: job.former.state.asked == job.asked(),
            job,
            transport,
            way,
            ending,
            files: Vec::new(),
            answers: BTreeMap::new(),
            first_date: None,
            pages: 0,
            asked: 0,
        }
    }

    /// Returns the server's clock at its first answer, or this machine's at the start.
    pub(super) fn server_time(&self) -> DateTime<Utc> {
        self.first_date.unwrap_or(self.job.now)
    }

    /// Gets one page.
    pub(super) fn get(&mut self, url: &Url) -> Result<Page> {
        self.asked += 1;
        if self.asked > MOST_PAGES {
            return Err(self.job.error(&format!(
                "expected at most {MOST_PAGES} pages, found more at `{url}`"
            )));
        }
        let known = self.known(url);
        let (mut head, body) = self
            .transport
            .get(url, known.as_ref().map(|(answer, _)| answer))?;
        self.first_date = self.first_date.or(head.date);
        let body = match (body, known) {
            (Some(body), _) => Body::Fresh(body),
            (None, Some((answer, file))) => {
                head.etag = head.etag.or(answer.etag);
                head.last_modified = head.last_modified.or(answer.last_modified);
                // What the manifest hides; never what a server sends.
                let link = answer
                    .link
                    .map(|link| self.job.secrets.reveal_address(&link));
                head.link = head.link.or(link);
                Body::Standing(file)
            }
            (None, None) => {
                return Err(self
                    .job
                    .error(&format!("expected a body from `{url}`, found none")));
            }
        };
        let page = Page {
            url: url.clone(),
            head,
            body,
        };
        self.refuse_html(&page)?;
        Ok(page)
    }

    /// Gets what belongs to a page without being one.
    pub(super) fn look_up(&self, url: &Url) -> Result<Value> {
        let (head, body) = self.transport.get(url, None)?;
        let body = body.ok_or_else(|| {
            self.job
                .error(&format!("expected a body from `{url}`, found none"))
        })?;
        let page = Page {
            url: url.clone(),
            head,
            body: Body::Fresh(body),
        };
        self.refuse_html(&page)?;
        self.json(&page)
    }

    /// Returns what is known of an address, where the landed file still stands.
    fn known(&self, url: &Url) -> Option<(Answer, LandedFile)> {
        if self.way == Way::Changes || !self.is_same_question {
            return None;
        }
        let state = &self.job.former.state;
        let answer = state.answers.get(&self.job.secrets.hide(url.as_str()))?;
        let mut files = self.job.former.files.iter();
        let file = files.find(|file| file.file == answer.file)?;
        Some((answer.clone(), file.clone()))
    }

    /// An export is never a page for people: that is where one logs in.
    fn refuse_html(&self, page: &Page) -> Result<()> {
        let Body::Fresh(body) = &page.body else {
            return Ok(());
        };
        let content_type = page.head.content_type.as_deref().unwrap_or_default();
        let start = body.start(512)?;
        let start = String::from_utf8_lossy(&start).to_ascii_lowercase();
        let start = start.trim_start_matches('\u{feff}').trim_start();
        let is_html = start.starts_with("<!doctype html")
            || start.starts_with("<html")
            || (content_type.contains("text/html") && start.starts_with('<'));
        if !is_html {
            return Ok(());
        }
        Err(self
            .job
            .error(&format!(
                "expected an export at `{}`, found a page for people, as servers show one to log in",
                page.url
            ))
            .hint("check that the token is valid, and that the address is that of the export"))
    }

    /// Looks into a page.
    pub(super) fn json(&self, page: &Page) -> Result<Value> {
        let wrong = |what: &str| {
            self.job
                .error(&format!("expected {what} at `{}`", page.url))
        };
        if page.head.packing.is_some() {
            return Err(wrong("a page that is not packed")
                .hint("the server ignores `Accept-Encoding: identity`; ask its keeper"));
        }
        let bytes = match &page.body {
            Body::Fresh(body) if body.bytes > MOST_IN_MEMORY => None,
            Body::Fresh(body) => Some(body.start(MOST_IN_MEMORY)?),
            Body::Standing(file) if file.bytes > MOST_IN_MEMORY => None,
            Body::Standing(file) => Some(fs::read(&self.job.folder().join(&file.file))?),
        };
        let bytes = bytes.ok_or_else(|| {
            wrong("a page of at most 64 MB, to find the next one,").hint("ask for smaller pages")
        })?;
        serde_json::from_slice(&bytes).map_err(|e| {
            wrong("JSON, to find the next page,")
                .caused_by(self.job.secrets.cause(&e))
                .hint("check the address and `paging`")
        })
    }

    /// Returns whether a page that nobody looked into has no record.
    pub(super) fn has_no_record(&self, page: &Page) -> bool {
        match &page.body {
            Body::Fresh(body) if body.bytes == 0 => true,
            Body::Fresh(body) if body.bytes > MOST_IN_MEMORY => false,
            Body::Fresh(body) => {
                let bytes = body.start(MOST_IN_MEMORY).unwrap_or_default();
                serde_json::from_slice(&bytes).is_ok_and(|value| json::is_empty(&value))
            }
            Body::Standing(_) => false,
        }
    }

    /// Lands a page as it came.
    pub(super) fn keep(&mut self, page: Page, is_empty: bool) -> Result<()> {
        self.pages += 1;
        // An export without rows is to be seen as one; a last page without is none.
        if is_empty && (self.way != Way::Whole || self.pages > 1) {
            return Ok(());
        }
        let origin = page.url.as_str();
        let landed = match page.body {
            Body::Standing(file) => file,
            Body::Fresh(body) => {
                if self.way != Way::Whole && self.job.is_latest(origin, &body.sha256) {
                    return Ok(());
                }
                let ending = ending::of_answer(&page.url, &page.head, self.ending.as_deref());
                let mut landed = self.job.land(body, origin, self.pages, &ending)?;
                if self.way != Way::Whole {
                    landed.pulled_at = self.job.pulled_at();
                }
                landed
            }
        };
        self.remember(&page.url, page.head, &landed);
        let is_known = self.way != Way::Whole && self.job.former.files.contains(&landed);
        if !is_known {
            self.files.push(landed);
        }
        Ok(())
    }

    /// Lands a page that something was put into.
    pub(super) fn keep_changed(&mut self, page: Page, value: &Value) -> Result<()> {
        let text = serde_json::to_vec(value).map_err(|e| {
            Error::new(ErrorKind::Internal, "cannot write a completed page").caused_by(e)
        })?;
        let mut spool = Spool::create(&self.job.folder())?;
        spool.add(&text)?;
        let body = Body::Fresh(spool.finish()?);
        // Not what the server has under this name: it must not say "as it was" to it.
        let head = Head {
            content_type: page.head.content_type,
            ..Head::default()
        };
        self.keep(
            Page {
                url: page.url,
                head,
                body,
            },
            false,
        )
    }

    fn remember(&mut self, url: &Url, head: Head, landed: &LandedFile) {
        if head.etag.is_none() && head.last_modified.is_none() {
            return;
        }
        let hide = |text: String| self.job.secrets.hide(&text);
        let answer = Answer {
            file: landed.file.clone(),
            etag: head.etag.map(hide),
            last_modified: head.last_modified,
            link: head.link.map(hide),
        };
        self.answers.insert(hide(url.to_string()), answer);
    }

    /// Ends the walk. `overlap` is how much earlier than now the next one asks for
    /// changes; without it the pull has no watermark.
    pub(super) fn finish(self, overlap: Option<TimeDelta>) -> Pulled {
        let former = &self.job.former.state;
        let is_whole = self.way == Way::Whole;
        let is_incremental = self.job.source.load == Load::Delta && overlap.is_some();
        let time = self.server_time();
        let watermark = overlap.filter(|_| is_incremental).map(|overlap| {
            time.checked_sub_signed(overlap)
                .unwrap_or(time)
                .trunc_subsecs(0)
        });
        let answers = match self.way {
            Way::Whole | Way::Behind => self.answers,
            Way::Changes => former.answers.clone(),
        };
        let last_full = if is_whole {
            Some(self.job.now.trunc_subsecs(0))
        } else {
            former.last_full
        };
        let state = SourceState {
            asked: self.job.asked(),
            watermark,
            last_full: last_full.filter(|_| is_incremental),
            answers,
        };
        let is_stateless = state.watermark.is_none() && state.answers.is_empty();
        Pulled {
            files: self.files,
            is_whole,
            state: if is_stateless {
                SourceState::default()
            } else {
                state
            },
        }
    }
}
