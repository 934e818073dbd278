//! ServiceNow's Table interface (`/api/now/table/TABLE`).
//!
//! Plain values (`sysparm_display_value=false`), references as plain identifiers:
//! instants are then UTC and words do not depend on the user's language. Records are
//! ordered by creation and identifier, so that pages do not shift. A page may have
//! fewer records than asked for where rules of access take some out: the next page
//! starts where the server counts, not where the records end.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;

use super::http::{below, next_link, parse_address, set_parameter};
use super::job::{Job, Pulled};
use super::json;
use super::transport::Transport;
use super::walk::{Walk, Way};
use crate::config::Load;
use crate::config::pull::ServiceNowPull;
use crate::error::Result;

/// Records a page.
const RECORDS_PER_PAGE: u64 = 1_000;

/// How much earlier than the pull before changes are asked for. A plain time in a
/// query is read as UTC, to the second.
const OVERLAP: TimeDelta = TimeDelta::minutes(60);

/// Pulls the records of one table.
pub(super) fn pull_servicenow(job: &Job<'_>, pull: &ServiceNowPull) -> Result<Pulled> {
    let home = parse_address(job, &job.fill_address(&pull.url)?)?;
    let mut transport = Transport::new(job, &home, &pull.login, &[], pull.patience)?;
    transport.add_header("Accept", "application/json")?;
    let since = job.since(pull.full_every_days);
    let way = since.map_or(Way::Whole, |_| Way::Changes);
    let query = pull.query.as_ref().map(|query| job.fill(query));
    let query = build_query(&query.transpose()?.unwrap_or_default(), since);
    let mut url = below(&home, &format!("api/now/table/{}", pull.record));
    for (name, value) in [
        ("sysparm_query", query.as_str()),
        ("sysparm_display_value", "false"),
        ("sysparm_exclude_reference_link", "true"),
        ("sysparm_limit", &RECORDS_PER_PAGE.to_string()),
    ] {
        set_parameter(&mut url, name, value);
    }
    let mut walk = Walk::new(job, transport, way, Some("json".to_owned()));
    walk_records(job, &mut walk, &url)?;
    let is_incremental = job.source.load == Load::Delta;
    Ok(walk.finish(is_incremental.then_some(OVERLAP)))
}

fn walk_records(job: &Job<'_>, walk: &mut Walk<'_>, start: &Url) -> Result<()> {
    let mut before = 0;
    loop {
        let mut url = start.clone();
        set_parameter(&mut url, "sysparm_offset", &before.to_string());
        let page = walk.get(&url)?;
        let body = walk.json(&page)?;
        let records = json::count(&body, "result").ok_or_else(|| {
            job.error(&format!("expected `result` at `{url}`, found none"))
                .hint("check `url` and `record`")
        })? as u64;
        before += RECORDS_PER_PAGE;
        let has_next = page.head.link.as_deref().and_then(next_link).is_some();
        let is_last = match page.head.total {
            Some(total) => before >= total,
            None => !has_next && records < RECORDS_PER_PAGE,
        };
        walk.keep(page, records == 0)?;
        if is_last {
            return Ok(());
        }
    }
}

/// Builds the encoded query: the user's, what was changed since, and an order that
/// stands. `^NQ` starts another query, which needs the condition too.
fn build_query(query: &str, since: Option<DateTime<Utc>>) -> String {
    let changed =
        since.map(|since| format!("sys_updated_on>={}", since.format("%Y-%m-%d %H:%M:%S")));
    let queries: Vec<String> = query
        .split("^NQ")
        .map(|query| {
            let conditions = query.split('^').filter(|condition| {
                !condition.is_empty() && !condition.starts_with("ORDERBY") && *condition != "EQ"
            });
            conditions
                .chain(changed.as_deref())
                .collect::<Vec<_>>()
                .join("^")
        })
        .collect();
    let condition = queries.join("^NQ");
    let order = "ORDERBYsys_created_on^ORDERBYsys_id";
    if condition.is_empty() {
        order.to_owned()
    } else {
        format!("{condition}^{order}")
    }
}

#[cfg(test)]
mod tests {
    use super::build_query;

    const ORDER: &str = "ORDERBYsys_created_on^ORDERBYsys_id";

    #[test]
    fn the_order_is_always_the_same() {
        assert_eq!(build_query("", None), ORDER);
        let expected = format!("active=true^ORpriority=1^{ORDER}");
        let query = "active=true^ORpriority=1^ORDERBYDESCnumber^EQ";
        assert_eq!(build_query(query, None), expected);
    }

    #[test]
    fn each_query_gets_the_condition() {
        let since = "2026-07-06T12:34:56Z".parse().ok();
        let changed = "sys_updated_on>=2026-07-06 12:34:56";
        assert_eq!(
            build_query("a=1^NQb=2", since),
            format!("a=1^{changed}^NQb=2^{changed}^{ORDER}")
        );
        assert_eq!(build_query("", since), format!("{changed}^{ORDER}"));
    }
}
