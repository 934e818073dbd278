//! The only room that knows the time.
//!
//! Everything else is handed an instant, so that the same inputs, as-of and seed
//! give the same bytes.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// Returns the present instant.
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Lets time pass: between two attempts at a server.
pub fn sleep(duration: Duration) {
    std::thread::sleep(duration);
}

/// Measures how long something takes; for logs and progress, never for reports.
#[derive(Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
