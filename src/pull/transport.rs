//! One answer of one server: asked for, asked for again where that may help, and
//! put on the disk as it arrives.
//!
//! Redirects are followed here rather than by the library, which would take a
//! header such as `X-Api-Key` along to another host. No address of a redirect is
//! shown: it may be signed.

mod refusal;

use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;
use reqwest::blocking::{Client, Response};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, LOCATION,
};

use super::job::Job;
use super::landing::Answer;
use super::spool::{Spool, Spooled};
use super::{proxy, retry};
use crate::clock;
use crate::config::pull::{Login, Patience, Template};
use crate::error::{Error, ErrorKind, Result};
use refusal::{Again, Trouble};

/// More redirects than this are a circle.
const MOST_REDIRECTS: usize = 10;

/// A connection that does not come about is given up earlier than an answer.
const CONNECT_SECONDS: u64 = 30;

/// Asks one server.
pub(super) struct Transport<'a> {
    job: &'a Job<'a>,
    client: Client,
    /// What every request has, wherever it goes.
    plain: HeaderMap,
    /// What only the server that was configured gets.
    private: HeaderMap,
    /// Query parameters with a secret, which the server may leave out of a link.
    secret_query: Vec<(String, String)>,
    /// The address that was configured.
    home: Url,
    patience: Patience,
    folder: PathBuf,
}

/// What an answer says beside its body.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) link: Option<String>,
    pub(super) date: Option<DateTime<Utc>>,
    pub(super) content_type: Option<String>,
    pub(super) packing: Option<String>,
    /// The number of all records, where the server counts them in a header.
    pub(super) total: Option<u64>,
}

impl<'a> Transport<'a> {
    pub(super) fn new(
        job: &'a Job<'a>,
        home: &Url,
        login: &Login,
        headers: &[(String, Template)],
        patience: Patience,
    ) -> Result<Self> {
        let timeout = Duration::from_secs(patience.timeout_seconds);
        let builder = Client::builder()
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(CONNECT_SECONDS)))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false);
        let client = proxy::go_through(job, builder)?.build().map_err(|e| {
            Error::new(
                ErrorKind::Internal,
                format!(
                    "cannot pull source `{}`: expected TLS and its roots to be ready, found a fault",
                    job.source.name
                ),
            )
            .caused_by(job.secrets.cause(&e.without_url()))
        })?;
        let mut transport = Self {
            job,
            client,
            plain: plain_headers(),
            private: HeaderMap::new(),
            secret_query: Vec::new(),
            home: home.clone(),
            patience,
            folder: job.folder(),
        };
        transport.add_login(login)?;
        for (name, template) in headers {
            transport.add_header(name, &job.fill(template)?)?;
        }
        Ok(transport)
    }

    /// Has a query parameter with a secret put into links that leave it out.
    pub(super) fn remember_parameter(&mut self, name: &str, value: &str) {
        self.secret_query.push((name.to_owned(), value.to_owned()));
    }

    fn add_login(&mut self, login: &Login) -> Result<()> {
        let value = match login {
            Login::Anonymous => return Ok(()),
            Login::Basic { user, password } => {
                let (user, password) = (self.job.fill(user)?, self.job.fill(password)?);
                self.job.secrets.basic(&user, &password)
            }
            Login::Bearer(token) => format!("Bearer {}", self.job.fill(token)?),
        };
        self.add_header("Authorization", &value)
    }

    pub(super) fn add_header(&mut self, name: &str, value: &str) -> Result<()> {
        let wrong = |what: &str| {
            self.job.error(&format!(
                "expected {what} for the header `{name}`, found characters that a header cannot have"
            ))
        };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("a name"))?;
        let mut value = HeaderValue::from_str(value.trim()).map_err(|_| wrong("a value"))?;
        value.set_sensitive(true);
        if key == ACCEPT {
            self.plain.insert(key, value);
        } else if key != ACCEPT_ENCODING {
            self.private.insert(key, value);
        }
        Ok(())
    }

    /// Gets what is at an address; no body where the server says that it is still
    /// what `known` describes.
    pub(super) fn get(&self, url: &Url, known: Option<&Answer>) -> Result<(Head, Option<Spooled>)> {
        let mut attempt = 0;
        loop {
            let trouble = match self.attempt(url, known) {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            let wait = match trouble.again {
                Again::Never => return Err(trouble.error),
                _ if attempt >= self.patience.retries => return Err(trouble.error),
                Again::Backoff => retry::backoff(self.job.pace, attempt),
                Again::After(wait) if wait > self.job.pace.longest_asked => {
                    return Err(trouble.error.hint(format!(
                        "the server lets nobody ask for {}; run again after that",
                        retry::in_words(wait)
                    )));
                }
                Again::After(wait) => wait,
            };
            attempt += 1;
            tracing::warn!(
                source = self.job.source.name,
                attempt,
                waits_seconds = wait.as_secs_f64(),
                "asking again: {}",
                trouble.error.message()
            );
            clock::sleep(wait);
        }
    }

    fn attempt(
        &self,
        url: &Url,
        known: Option<&Answer>,
    ) -> Result<(Head, Option<Spooled>), Trouble> {
        let mut target = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let mut headers = self.plain.clone();
            if target.origin() == self.home.origin() {
                headers.extend(self.private.clone());
            }
            add_condition(&mut headers, known);
            let request = self.client.get(target.clone()).headers(headers);
            let response = request.send().map_err(|e| self.unreachable(url, e))?;
            let status = response.status();
            if status.as_u16() == 304 && known.is_some() {
                return Ok((read_head(response.headers()), None));
            }
            if status.is_success() {
                return self.receive(url, response);
            }
            match redirection(&response, &target) {
                Some(next) if target.scheme() == "https" && next.scheme() != "https" => {
                    return Err(self.unsafe_redirect(url));
                }
                Some(next) => target = next,
                None => return Err(self.refused(url, response)),
            }
        }
        Err(self.circle(url))
    }

    /// Puts a body on the disk.
    fn receive(
        &self,
        url: &Url,
        mut response: Response,
    ) -> Result<(Head, Option<Spooled>), Trouble> {
        let head = read_head(response.headers());
        let mut spool = Spool::create(&self.folder).map_err(Trouble::lasting)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match response.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => spool.add(&buffer[..read]).map_err(Trouble::lasting)?,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.cut(url, &e)),
            }
        }
        let body = spool.finish().map_err(Trouble::lasting)?;
        Ok((head, Some(body)))
    }

    /// Returns the address of the next page. It has to be on the server that was
    /// configured, which alone may see the secrets; a server behind a proxy that
    /// names itself with `http://` is spoken to as it was configured.
    pub(super) fn follow(&self, next: &str, current: &Url) -> Result<Url> {
        let wrong = |found: &str| {
            self.job
                .error(&format!(
                    "expected the next page of `{current}` on the same server, found {found}"
                ))
                .hint("set `url` to the address that the server uses for itself")
        };
        let mut url = current
            .join(next)
            .map_err(|_| wrong("what is no address"))?;
        if url.host_str() != self.home.host_str() {
            return Err(wrong("another one"));
        }
        if url.origin() != self.home.origin() {
            let is_ok = url.set_scheme(self.home.scheme()).is_ok()
                && url.set_port(self.home.port()).is_ok();
            if !is_ok {
                return Err(wrong("another one"));
            }
        }
        for (name, value) in &self.secret_query {
            if !url.query_pairs().any(|(known, _)| known == name.as_str()) {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url)
    }
}

fn plain_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    let agent = HeaderValue::from_static(concat!("plimsoll/", env!("CARGO_PKG_VERSION")));
    headers.insert(reqwest::header::USER_AGENT, agent);
    // What lands is what the server has, not what it packs for the way.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

fn add_condition(headers: &mut HeaderMap, known: Option<&Answer>) {
    let pairs = [
        (IF_NONE_MATCH, known.and_then(|k| k.etag.as_deref())),
        (
            IF_MODIFIED_SINCE,
            known.and_then(|k| k.last_modified.as_deref()),
        ),
    ];
    for (name, value) in pairs {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
}

fn redirection(response: &Response, current: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let next = current.join(location).ok()?;
    matches!(next.scheme(), "http" | "https").then_some(next)
}

fn read_head(headers: &HeaderMap) -> Head {
    let text = |name: HeaderName| {
        let value = headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let links: Vec<&str> = headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    Head {
        etag: text(ETAG),
        last_modified: text(LAST_MODIFIED),
        link: (!links.is_empty()).then(|| links.join(", ")),
        date: text(DATE)
            .and_then(|text| DateTime::parse_from_rfc2822(&text).ok())
            .map(|date| date.with_timezone(&Utc)),
        content_type: text(CONTENT_TYPE),
        packing: text(CONTENT_ENCODING).filter(|packing| packing != "identity"),
        total: text(HeaderName::from_static("x-total-count")).and_then(|text| text.parse().ok()),
    }
}
