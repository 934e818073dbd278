//! The proxy that requests go through, by the variables that every tool uses.

use super::job::Job;
use crate::error::Result;

/// Returns the value of a variable that is written in capitals or in small letters.
fn either(job: &Job<'_>, name: &str) -> Option<String> {
    let small = name.to_ascii_lowercase();
    job.secrets
        .open_variable(&small)
        .or_else(|| job.secrets.open_variable(name))
}

/// What the environment says of proxies.
pub(super) struct Proxies {
    /// For `https://`, `http://`, and for both.
    pub(super) https: Option<String>,
    pub(super) http: Option<String>,
    pub(super) all: Option<String>,
    /// The hosts that are asked directly.
    pub(super) excluded: Option<String>,
}

/// Reads what the environment says of proxies. A password in it is a secret.
pub(super) fn proxies(job: &Job<'_>) -> Proxies {
    let read = |name: &str| {
        let address = either(job, name)?;
        if let Ok(url) = reqwest::Url::parse(&address)
            && let Some(password) = url.password()
        {
            job.secrets.add(&format!("${{{name}}}"), &address);
            job.secrets.add(&format!("${{{name}}}"), password);
        }
        Some(address)
    };
    Proxies {
        https: read("HTTPS_PROXY"),
        http: read("HTTP_PROXY"),
        all: read("ALL_PROXY"),
        excluded: either(job, "NO_PROXY"),
    }
}

/// Has a client go through the proxies of the environment, and through no others.
pub(super) fn go_through(
    job: &Job<'_>,
    mut builder: reqwest::blocking::ClientBuilder,
) -> Result<reqwest::blocking::ClientBuilder> {
    let proxies = proxies(job);
    builder = builder.no_proxy();
    let excluded = proxies.excluded.as_deref().unwrap_or_default();
    let given = [
        ("HTTPS_PROXY", proxies.https.map(reqwest::Proxy::https)),
        ("HTTP_PROXY", proxies.http.map(reqwest::Proxy::http)),
        ("ALL_PROXY", proxies.all.map(reqwest::Proxy::all)),
    ];
    for (name, proxy) in given {
        let Some(proxy) = proxy else { continue };
        let proxy = proxy.map_err(|e| {
            job.error(&format!(
                "expected the environment variable `{name}` to hold the address of a proxy"
            ))
            .caused_by(job.secrets.cause(&e.without_url()))
        })?;
        builder = builder.proxy(proxy.no_proxy(reqwest::NoProxy::from_string(excluded)));
    }
    Ok(builder)
}
