//! What is said where a server gives no answer, and whether to ask again.

use std::io;
use std::io::Read as _;
use std::time::Duration;

use reqwest::blocking::Response;
use reqwest::{StatusCode, Url};

use super::Transport;
use crate::clock;
use crate::error::Error;
use crate::pull::retry;

/// How much of a body is read to tell the first of it.
const MOST_READ: u64 = 16 << 10;

/// How much of it is told.
const MOST_TOLD: usize = 200;

const LATER: &str = "try again later";

/// An answer that is none.
pub(super) struct Trouble {
    pub(super) error: Error,
    pub(super) again: Again,
}

/// Whether to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// It would not help.
    Never,
    /// After a while.
    Backoff,
    /// After as long as the server says.
    After(Duration),
}

impl Trouble {
    pub(super) fn lasting(error: Error) -> Self {
        Self {
            error,
            again: Again::Never,
        }
    }

    fn passing(error: Error) -> Self {
        Self {
            error,
            again: Again::Backoff,
        }
    }
}

impl Transport<'_> {
    /// The server could not be asked.
    pub(super) fn unreachable(&self, url: &Url, error: reqwest::Error) -> Trouble {
        let found = if error.is_timeout() {
            format!("none within {} seconds", self.patience.timeout_seconds)
        } else if error.is_connect() {
            "no connection".to_owned()
        } else {
            "a broken one".to_owned()
        };
        let hint = if error.is_connect() && !error.is_timeout() {
            "check the host's name and whether it can be reached from here"
        } else {
            LATER
        };
        let error = self
            .job
            .error(&format!("expected an answer from `{url}`, found {found}"))
            .caused_by(self.job.secrets.cause(&error.without_url()))
            .hint(hint);
        Trouble::passing(error)
    }

    /// The body broke off.
    pub(super) fn cut(&self, url: &Url, error: &io::Error) -> Trouble {
        let error = self
            .job
            .error(&format!(
                "expected the whole body of `{url}`, found it cut off"
            ))
            .caused_by(self.job.secrets.cause(error))
            .hint(LATER);
        Trouble::passing(error)
    }

    /// The server answered, and not with what was asked for.
    pub(super) fn refused(&self, url: &Url, response: Response) -> Trouble {
        let status = response.status();
        let headers = response.headers().clone();
        let body = self.start_of(response);
        let asked = retry::asked_wait(status, &headers, &body, clock::now());
        let again = match asked {
            Some(wait) => Again::After(wait),
            None if is_passing(status) => Again::Backoff,
            None => Again::Never,
        };
        let told: String = body.chars().take(MOST_TOLD).collect();
        let told = if told.is_empty() {
            String::new()
        } else {
            format!(" with `{told}`")
        };
        let is_limit = asked.is_some() && status != StatusCode::SERVICE_UNAVAILABLE;
        let limit = if is_limit || retry::is_spent(&headers) {
            " (a limit of requests)"
        } else {
            ""
        };
        let error = self.job.error(&format!(
            "expected an answer from `{url}`, found status {status}{limit}{told}"
        ));
        // Where the wait is too long, the caller's hint says how long.
        let error = match asked {
            Some(wait) if wait > self.job.pace.longest_asked => error,
            _ => error.hint(hint_for(status)),
        };
        Trouble { error, again }
    }

    /// Returns the start of a body on one line, without secrets. They are taken out
    /// before the text is cut, and what may be the start of one at its end goes too.
    fn start_of(&self, response: Response) -> String {
        let mut bytes = Vec::new();
        // A body that breaks off says what it says up to there.
        let _ = response.take(MOST_READ).read_to_end(&mut bytes);
        if bytes.len() as u64 == MOST_READ {
            bytes.truncate(bytes.len().saturating_sub(self.job.secrets.longest()));
        }
        let text = self.job.secrets.hide(&String::from_utf8_lossy(&bytes));
        let words: Vec<&str> = text.split_whitespace().collect();
        self.job.secrets.hide(&words.join(" ")).replace('`', "'")
    }

    pub(super) fn unsafe_redirect(&self, url: &Url) -> Trouble {
        let error = self
            .job
            .error(&format!(
                "expected an answer from `{url}`, found a redirect from https:// to http://"
            ))
            .hint("set `url` to where the server has its exports");
        Trouble::lasting(error)
    }

    pub(super) fn circle(&self, url: &Url) -> Trouble {
        let error = self
            .job
            .error(&format!(
                "expected an answer from `{url}`, found more than {} redirects",
                super::MOST_REDIRECTS
            ))
            .hint("set `url` to where the server has its exports");
        Trouble::lasting(error)
    }
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
}

fn hint_for(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => "check that the token is valid and may read this",
        404 | 410 => "check the path of the address, and whether the token may see it",
        408 | 429 | 500..=599 => LATER,
        300..=399 => "set `url` to where the server has its exports",
        _ => "check the address and the parameters of the request",
    }
}
