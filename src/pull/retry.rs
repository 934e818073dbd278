//! How long to wait before a server is asked again.
//!
//! Exponential backoff with jitter, so that many runs that failed together do not
//! come back together; and what servers ask for: `Retry-After` (RFC 9110, 10.2.3),
//! in seconds or as a date, and the limits that GitHub and others count down in
//! `x-ratelimit-remaining` and `x-ratelimit-reset`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::job::Pace;

/// GitHub asks for this where its secondary limit is hit and it does not say how
/// long to wait.
const SECONDARY_LIMIT: Duration = Duration::from_secs(60);

/// Returns the wait before attempt `attempt`, counted from 0 for the first one made
/// again: twice as long each time, and up to as much again by chance.
pub(super) fn backoff(pace: Pace, attempt: u32) -> Duration {
    backoff_with(pace, attempt, chance())
}

fn backoff_with(pace: Pace, attempt: u32, chance: f64) -> Duration {
    let doubled = pace.first.saturating_mul(1 << attempt.min(20));
    doubled
        .min(pace.most)
        .mul_f64(1.0 + chance.clamp(0.0, 1.0))
        .min(pace.most)
}

/// Returns a number from 0 to 1; without a source of chance, the middle.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

/// Returns how long a server asks to wait; `None` where it does not.
pub(super) fn asked_wait(
    status: StatusCode,
    headers: &HeaderMap,
    body: &str,
    now: DateTime<Utc>,
) -> Option<Duration> {
    let is_limit = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    ) || is_spent(headers)
        || body.contains("secondary rate limit");
    if !is_limit && headers.get(RETRY_AFTER).is_none() {
        return None;
    }
    if let Some(after) = header(headers, RETRY_AFTER.as_str()) {
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        if let Ok(until) = DateTime::parse_from_rfc2822(after) {
            return Some(until_then(until.with_timezone(&Utc), now));
        }
    }
    if is_spent(headers)
        && let Some(seconds) = header(headers, "x-ratelimit-reset")
        && let Some(until) = seconds.parse().ok().and_then(DateTime::from_timestamp_secs)
    {
        // A second more: the server's clock cuts its own off.
        return Some(until_then(until, now) + Duration::from_secs(1));
    }
    body.contains("secondary rate limit")
        .then_some(SECONDARY_LIMIT)
}

/// Returns whether the server counts requests, and none is left.
pub(super) fn is_spent(headers: &HeaderMap) -> bool {
    header(headers, "x-ratelimit-remaining") == Some("0")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn until_then(then: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (then - now).to_std().unwrap_or(Duration::ZERO)
}

/// Returns a wait in words.
pub(super) fn in_words(wait: Duration) -> String {
    let seconds = wait.as_secs();
    match seconds {
        0..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = reqwest::header::HeaderName::from_static(name);
                (name, reqwest::header::HeaderValue::from_static(value))
            })
            .collect()
    }

    fn noon() -> DateTime<Utc> {
        "2026-07-06T12:00:00Z".parse().expect("an instant")
    }

    fn asked(status: u16, pairs: &[(&'static str, &'static str)], body: &str) -> Option<u64> {
        let status = StatusCode::from_u16(status).expect("a status");
        asked_wait(status, &headers(pairs), body, noon()).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_server_says_how_long_in_several_ways() {
        assert_eq!(asked(429, &[("retry-after", "7")], ""), Some(7));
        assert_eq!(asked(503, &[("retry-after", "0")], ""), Some(0));
        let date = [("retry-after", "Mon, 06 Jul 2026 12:00:30 GMT")];
        assert_eq!(asked(429, &date, ""), Some(30));
        let past = [("retry-after", "Mon, 06 Jul 2026 11:00:00 GMT")];
        assert_eq!(asked(429, &past, ""), Some(0));
        // 2026-07-06T12:01:00Z
        let reset = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1783339260"),
        ];
        assert_eq!(asked(403, &reset, ""), Some(61));
        let secondary = "You have exceeded a secondary rate limit";
        assert_eq!(asked(403, &[], secondary), Some(60));
        assert_eq!(asked(403, &[("x-ratelimit-remaining", "3")], ""), None);
        assert_eq!(asked(429, &[], ""), None);
        assert_eq!(asked(429, &[("retry-after", "soon")], ""), None);
    }

    #[test]
    fn each_wait_is_twice_the_one_before_up_to_a_limit() {
        let waits: Vec<u128> = (0..9)
            .map(|attempt| backoff_with(Pace::USUAL, attempt, 0.0).as_millis())
            .collect();
        assert_eq!(
            waits,
            [500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]
        );
        let with_chance = backoff_with(Pace::USUAL, 1, 1.0);
        assert_eq!(with_chance.as_millis(), 2000);
        assert_eq!(backoff_with(Pace::USUAL, u32::MAX, 1.0).as_secs(), 60);
    }
}
