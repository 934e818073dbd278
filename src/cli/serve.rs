//! The site on this machine, for looking: files of `site/`, to this machine alone.

use std::fs::File;
use std::path::{Component, Path, PathBuf};

use tiny_http::{Header, Method, Request, Response, Server};

use super::progress::Progress;
use super::{Common, print_line};
use crate::config;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline;

/// Serves the site on 127.0.0.1 until the process is ended.
pub(super) fn serve(common: &Common, port: u16) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let index = pipeline::site_index(&config);
    let site = index.parent().unwrap_or(Path::new(".")).to_owned();
    if !index.is_file() {
        let message = format!(
            "cannot serve: expected a site in `{}`, found none",
            site.display()
        );
        return Err(Error::new(ErrorKind::Project, message).hint("`plimsoll run` makes one"));
    }
    let server = Server::http(("127.0.0.1", port)).map_err(|e| {
        let message = format!("cannot serve on port {port}: {e}");
        Error::new(ErrorKind::Io, message).hint("choose another with `--port`, or 0 for any")
    })?;
    let bound = server.server_addr().to_ip().map_or(port, |it| it.port());
    print_line(&format!("http://127.0.0.1:{bound}/"))?;
    let progress = Progress::new(common);
    for request in server.incoming_requests() {
        let path = request.url().to_owned();
        // A browser that has gone away is no failure.
        if let Err(error) = answer(request, &site) {
            progress.warn(&[format!("`{path}`: {error}")]);
        }
    }
    Ok(())
}

fn answer(request: Request, site: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET\n").with_status_code(405));
    }
    let found =
        find_file(site, request.url()).and_then(|path| Some((File::open(&path).ok()?, path)));
    let Some((file, path)) = found else {
        return request.respond(Response::from_string("no such page\n").with_status_code(404));
    };
    let mut response = Response::from_file(file);
    let kind = format!("Content-Type: {}", media_type(&path));
    for line in [
        kind.as_str(),
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
    ] {
        if let Ok(header) = line.parse::<Header>() {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// Returns the file of an address; `None` where it would lie outside the site.
fn find_file(site: &Path, address: &str) -> Option<PathBuf> {
    let path = address.split(['?', '#']).next()?.trim_start_matches('/');
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    let relative = Path::new(path.as_ref());
    let is_below = |part: Component<'_>| matches!(part, Component::Normal(_));
    if !relative.components().all(is_below) {
        return None;
    }
    let whole = site.join(relative);
    match whole.is_dir() {
        true => Some(whole.join("index.html")),
        false => Some(whole),
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ics") => "text/calendar; charset=utf-8",
        Some("xml" | "atom") => "application/xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_leads_out_of_the_site() {
        let site = Path::new("site");
        for address in [
            "/../lake/person.key",
            "/%2e%2e/lake",
            "/a/../../b",
            "//etc/../../x",
        ] {
            assert_eq!(find_file(site, address), None, "{address}");
        }
        let page = find_file(site, "/weekly/2026-W27.html?x#y");
        assert_eq!(page, Some(site.join("weekly/2026-W27.html")));
        let named = find_file(site, "/releases/a%20b.html");
        assert_eq!(named, Some(site.join("releases/a b.html")));
    }
}
