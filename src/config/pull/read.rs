//! Reads `[sources.pull]`, kind by kind, every problem with its line.
//!
//! A secret that is written in the open is a problem, and its value is in no
//! message: keys that may hold one are read by [`Section::hidden_text`].

mod objects;
mod secret;

use super::super::section::Section;
use super::super::source::Load;
use super::{
    Deployment, GitHubList, GitHubPull, HttpPull, JiraPull, Login, PageSize, Paging, Patience,
    PostgresPull, Pull, ServiceNowPull, Since, Sql, Template,
};
use secret::{open_template, secret, secret_table, url};

/// The keys that exactly the incremental kinds take, and how often all is pulled.
const DEFAULT_FULL_EVERY_DAYS: u32 = 7;

/// Reads `[sources.pull]`; `load` is the one of its source.
pub(in super::super) fn read_pull(section: &Section<'_>, load: Load) -> Option<Pull> {
    let kind = section.required_text("kind")?;
    let pull = match kind {
        "http" => read_http(section, load).map(Pull::Http),
        "objects" => objects::read_objects(section).map(Pull::Objects),
        "postgres" => read_postgres(section).map(Pull::Postgres),
        "jira" => read_jira(section, load).map(Pull::Jira),
        "github" => read_github(section, load).map(Pull::GitHub),
        "servicenow" => read_servicenow(section, load).map(Pull::ServiceNow),
        _ => {
            let what = format!(
                "`kind` in {}: expected http, objects, postgres, jira, github or servicenow, found `{kind}`",
                section.name
            );
            section.problem_at("kind", &what, None);
            return None;
        }
    };
    section.finish();
    pull
}

fn read_http(section: &Section<'_>, load: Load) -> Option<HttpPull> {
    let url = url(section, "url");
    let login = read_login(section, "HTTP");
    let headers = secret_table(section, "headers", secret::is_secret_header);
    let query = secret_table(section, "query", secret::is_secret_parameter);
    let paging = read_paging(section);
    let ending = section.parsed("ending", parse_ending);
    let has_since = section.has("since");
    let since = if has_since { read_since(section) } else { None };
    if has_since && load == Load::Full {
        let hint = "say `load = \"delta\"` in the source, or leave `since` out".to_owned();
        let what = "`since`: expected `load = \"delta\"` in the source, found a full load";
        section.problem_at("since", what, Some(hint));
    }
    let full_every_days = read_full_every_days(section, has_since);
    let patience = read_patience(section, 60);
    Some(HttpPull {
        url: url?,
        login: login?,
        headers,
        query,
        paging: paging?,
        ending,
        since,
        full_every_days,
        patience,
    })
}

fn parse_ending(text: &str) -> Result<String, String> {
    let ending = text.trim_start_matches('.');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
    if ending.is_empty() || ending.len() > 20 || !ending.chars().all(is_plain) {
        return Err("an ending such as json or csv.gz".into());
    }
    Ok(ending.to_ascii_lowercase())
}

fn read_since(section: &Section<'_>) -> Option<Since> {
    let since = section.section("since");
    let parameter = since.required_text("parameter").map(str::to_owned);
    let format = since.parsed("format", |text| {
        use chrono::format::{Item, StrftimeItems};
        let is_pattern = StrftimeItems::new(text).all(|item| item != Item::Error);
        if text.contains('%') && is_pattern {
            Ok(text.to_owned())
        } else {
            Err("a pattern such as `%Y-%m-%dT%H:%M:%SZ`".into())
        }
    });
    let overlap = since.whole("overlap_minutes", 0).unwrap_or(60);
    since.finish();
    Some(Since {
        parameter: parameter?,
        format: format.unwrap_or_else(|| "%Y-%m-%dT%H:%M:%SZ".to_owned()),
        overlap_minutes: u32::try_from(overlap).unwrap_or(u32::MAX),
    })
}

/// Reads how often everything is pulled again; only what is incremental takes it.
fn read_full_every_days(section: &Section<'_>, is_incremental: bool) -> u32 {
    let days = section.whole("full_every_days", 0);
    if days.is_some() && !is_incremental {
        let what = "`full_every_days`: expected it only where a pull asks for changes, found a pull that asks for everything each time";
        let hint = "leave it out".to_owned();
        section.problem_at("full_every_days", what, Some(hint));
    }
    days.map_or(DEFAULT_FULL_EVERY_DAYS, |days| {
        u32::try_from(days).unwrap_or(u32::MAX)
    })
}

fn read_patience(section: &Section<'_>, timeout_seconds: u64) -> Patience {
    let retries = section.whole("retries", 0).unwrap_or(5);
    Patience {
        timeout_seconds: section
            .whole("timeout_seconds", 1)
            .unwrap_or(timeout_seconds),
        retries: u32::try_from(retries).unwrap_or(u32::MAX),
    }
}

fn read_paging(section: &Section<'_>) -> Option<Paging> {
    if !section.has("paging") {
        // Asked for all the same, so that a misspelling is told of it.
        let _ = section.section("paging");
        return Some(Paging::None);
    }
    let paging = section.section("paging");
    let text = |key| paging.required_text(key).map(str::to_owned);
    let kind = paging.required_text("kind")?;
    let read = match kind {
        "link" => Some(Paging::Link),
        "next_url" => text("from").map(|from| Paging::NextUrl { from }),
        "cursor" => {
            let (from, parameter) = (text("from"), text("parameter"));
            from.zip(parameter)
                .map(|(from, parameter)| Paging::Cursor { from, parameter })
        }
        "page" => {
            let (parameter, first) = (text("parameter"), paging.whole("first", 0).unwrap_or(1));
            let size = read_page_size(&paging);
            parameter.zip(size).map(|(parameter, size)| Paging::Page {
                parameter,
                first,
                size,
            })
        }
        "offset" => {
            let (parameter, size) = (text("parameter"), read_page_size(&paging));
            let total = paging.text("total").map(str::to_owned);
            parameter.zip(size).map(|(parameter, size)| Paging::Offset {
                parameter,
                size,
                total,
            })
        }
        _ => {
            let what = format!(
                "`kind` in {}: expected link, next_url, cursor, page or offset, found `{kind}`",
                paging.name
            );
            paging.problem_at("kind", &what, None);
            return None;
        }
    };
    paging.finish();
    read
}

fn read_page_size(paging: &Section<'_>) -> Option<PageSize> {
    let size = paging.whole("size", 1);
    if size.is_none() {
        paging.problem(&format!("{} has no `size`", paging.name), None);
    }
    Some(PageSize {
        parameter: paging.text("size_parameter").map(str::to_owned),
        records: paging.text("records").unwrap_or_default().to_owned(),
        records_per_page: size?,
    })
}

/// Reads `user`, `password` and `token`.
fn read_login(section: &Section<'_>, kind: &str) -> Option<Login> {
    let user = open_template(section, "user");
    let password = secret(section, "password", kind);
    let token = secret(section, "token", kind);
    let given = ["user", "password", "token"].map(|key| section.has(key));
    match (given, user, password, token) {
        ([false, false, false], ..) => Some(Login::Anonymous),
        ([true, true, false], user, password, _) => Some(Login::Basic {
            user: user?,
            password: password?,
        }),
        ([true, false, true], user, _, token) => Some(Login::Basic {
            user: user?,
            password: token?,
        }),
        ([false, false, true], .., token) => Some(Login::Bearer(token?)),
        _ => {
            let what = format!(
                "{}: expected `user` with `password`, `user` with `token`, or `token` alone",
                section.name
            );
            section.problem(&what, None);
            None
        }
    }
}

fn read_postgres(section: &Section<'_>) -> Option<PostgresPull> {
    let connection = secret::connection(section);
    let password = secret(section, "password", "POSTGRES");
    let text = section.text("sql").map(str::to_owned);
    let file = section.text("sql_file").map(str::to_owned);
    let timeout_seconds = section.whole("timeout_seconds", 1).unwrap_or(600);
    let sql = match (text, file) {
        (Some(text), None) => Some(Sql::Text(text)),
        (None, Some(file)) => Some(Sql::File(file)),
        (text, _) => {
            let found = if text.is_some() { "both" } else { "none" };
            let what = format!(
                "{}: expected one of `sql` and `sql_file`, found {found}",
                section.name
            );
            section.problem(&what, None);
            None
        }
    };
    Some(PostgresPull {
        connection: connection?,
        password,
        sql: sql?,
        timeout_seconds,
    })
}

fn read_jira(section: &Section<'_>, load: Load) -> Option<JiraPull> {
    let url = url(section, "url");
    let deployment = section.parsed("deployment", |text| match text {
        "cloud" => Ok(Deployment::Cloud),
        "server" => Ok(Deployment::Server),
        _ => Err("cloud or server".into()),
    });
    let jql = open_template(section, "jql");
    if !section.has("jql") {
        let hint = "say which issues, for example `project = ABC`".to_owned();
        section.problem(&format!("{} has no `jql`", section.name), Some(hint));
    }
    let fields = section.texts("fields");
    let login = read_login(section, "JIRA");
    let full_every_days = read_full_every_days(section, load == Load::Delta);
    let patience = read_patience(section, 60);
    Some(JiraPull {
        url: url?,
        deployment,
        jql: jql?,
        fields: fields.unwrap_or_else(|| vec!["*all".to_owned()]),
        login: login?,
        full_every_days,
        patience,
    })
}

fn read_github(section: &Section<'_>, load: Load) -> Option<GitHubPull> {
    let url = if section.has("url") {
        url(section, "url")
    } else {
        // The default is a template like any other.
        let _ = section.text("url");
        Template::parse("https://api.github.com").ok()
    };
    let repository = section.required_text("repository").and_then(|_| {
        section.parsed("repository", |text| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let is_name = |name: &str| !name.is_empty() && name.chars().all(is_plain);
            match text.split_once('/') {
                Some((owner, name)) if is_name(owner) && is_name(name) => Ok(text.to_owned()),
                _ => Err("an owner and a name such as `org/name`".into()),
            }
        })
    });
    let what = section.required_text("what").and_then(|_| {
        section.parsed("what", |text| match text {
            "issues" => Ok(GitHubList::Issues),
            "releases" => Ok(GitHubList::Releases),
            "deployments" => Ok(GitHubList::Deployments),
            "runs" => Ok(GitHubList::Runs),
            _ => Err("issues, releases, deployments or runs".into()),
        })
    });
    let token = secret(section, "token", "GITHUB");
    let has_changes = matches!(what, Some(GitHubList::Issues | GitHubList::Runs));
    let full_every_days = read_full_every_days(section, load == Load::Delta && has_changes);
    let patience = read_patience(section, 60);
    if section.has("token") && token.is_none() {
        return None;
    }
    Some(GitHubPull {
        url: url?,
        repository: repository?,
        what: what?,
        login: token.map_or(Login::Anonymous, Login::Bearer),
        full_every_days,
        patience,
    })
}

fn read_servicenow(section: &Section<'_>, load: Load) -> Option<ServiceNowPull> {
    let url = url(section, "url");
    let record = section.required_text("record").and_then(|_| {
        section.parsed("record", |text| {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if !text.is_empty() && text.chars().all(is_plain) {
                Ok(text.to_owned())
            } else {
                Err("a table such as `change_request`".into())
            }
        })
    });
    let query = open_template(section, "query");
    let login = read_login(section, "SERVICENOW");
    if matches!(login, Some(Login::Anonymous)) {
        let hint = "say `user` and `password = \"${SERVICENOW_PASSWORD}\"`, or `token`".to_owned();
        section.problem(&format!("{} has no `user`", section.name), Some(hint));
    }
    let full_every_days = read_full_every_days(section, load == Load::Delta);
    let patience = read_patience(section, 60);
    Some(ServiceNowPull {
        url: url?,
        record: record?,
        query,
        login: login?,
        full_every_days,
        patience,
    })
}
