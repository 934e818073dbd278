//! A PostgreSQL server: one `COPY (…) TO STDOUT`, streamed to the disk.
//!
//! The statement runs in a transaction that cannot write, and is rolled back. How values are spelled is
//! settled here and not by the server's or the user's settings: UTC, ISO dates, ISO
//! 8601 durations, hexadecimal bytes.

use std::io::Read as _;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};

use super::job::{Job, Pulled};
use super::landing::SourceState;
use super::spool::{Spool, Spooled};
use super::tls::{self, Checked};
use crate::config::Load;
use crate::config::pull::{PostgresPull, Sql};
use crate::error::{Error, Result};
use crate::fs;

const CONNECT_SECONDS: u64 = 30;

const SETTINGS: &str = "\
set local timezone to 'UTC';
set local datestyle to 'ISO, YMD';
set local intervalstyle to 'iso_8601';
set local bytea_output to 'hex';
set local extra_float_digits to 1;
";

/// Pulls the rows of one source.
pub(super) fn pull_postgres(job: &Job<'_>, pull: &PostgresPull) -> Result<Pulled> {
    let sql = match &pull.sql {
        Sql::Text(text) => text.clone(),
        Sql::File(file) => fs::read_to_string(&job.root.join(file))?,
    };
    let mut client = connect(job, pull)?;
    let body = copy(job, pull, &mut client, &sql)?;
    // The connection is of no more use, and the rows are whole.
    let _ = client.close();
    let origin = pull.connection.as_written();
    let is_whole = job.source.load == Load::Full;
    let files = if !is_whole && job.is_latest(origin, &body.sha256) {
        Vec::new()
    } else {
        let mut landed = job.land(body, origin, 1, "csv")?;
        if !is_whole {
            landed.pulled_at = job.pulled_at();
        }
        vec![landed]
    };
    Ok(Pulled {
        files,
        is_whole,
        state: SourceState::default(),
    })
}

fn connect(job: &Job<'_>, pull: &PostgresPull) -> Result<Client> {
    let text = job.fill(&pull.connection)?;
    let mut config: Config = tls::known_mode(&text)
        .parse()
        .map_err(|e: postgres::Error| {
            job.error("expected `connection` as libpq's keywords or a URL, found something else")
                .caused_by(job.secrets.cause(&e))
                .hint("write it as `host=… dbname=… user=…` or `postgresql://user@host/name`")
        })?;
    if let Some(password) = &pull.password {
        config.password(job.fill(password)?);
    }
    if let Some(password) = config.get_password() {
        // It may have come in a variable that holds the whole connection.
        let password = String::from_utf8_lossy(password).into_owned();
        job.secrets.add("(password)", &password);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(CONNECT_SECONDS));
    }
    if config.get_application_name().is_none() {
        config.application_name("plimsoll");
    }
    let checked = match config.get_ssl_mode() {
        SslMode::Require => Checked::Yes,
        _ => Checked::No,
    };
    let connected = if config.get_ssl_mode() == SslMode::Disable {
        config.connect(NoTls)
    } else {
        config.connect(tls::connector(job, checked)?)
    };
    connected.map_err(|e| {
        let hint = match e.as_db_error() {
            Some(_) => "check the user, the password and the name of the database",
            None if checked == Checked::Yes => {
                "check the host, the port, and that the server's certificate is trusted here"
            }
            None => "check the host and the port, and whether they can be reached from here",
        };
        failed(job, pull, "a connection", &e).hint(hint)
    })
}

fn copy(job: &Job<'_>, pull: &PostgresPull, client: &mut Client, sql: &str) -> Result<Spooled> {
    let refused = |e: postgres::Error| {
        let is_timeout = e.code() == Some(&postgres::error::SqlState::QUERY_CANCELED);
        let hint = if is_timeout {
            "give `timeout_seconds` more, or ask for less"
        } else {
            "correct `sql`: one statement that only reads"
        };
        failed(job, pull, "rows", &e).hint(hint)
    };
    let mut transaction = client
        .build_transaction()
        .read_only(true)
        .start()
        .map_err(refused)?;
    let timeout = pull
        .timeout_seconds
        .saturating_mul(1_000)
        .min(2_147_483_647);
    transaction
        .batch_execute(&format!(
            "{SETTINGS}set local statement_timeout to {timeout};"
        ))
        .map_err(refused)?;
    // A comment at the end of the statement must not take the bracket with it.
    let statement = format!(
        "copy (\n{}\n) to stdout (format csv, header)",
        sql.trim().trim_end_matches(';')
    );
    let mut rows = transaction.copy_out(statement.as_str()).map_err(refused)?;
    let mut spool = Spool::create(&job.folder())?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match rows.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => spool.add(&buffer[..read])?,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => {
                return Err(match e.downcast::<postgres::Error>() {
                    Ok(e) => refused(e),
                    Err(e) => failed(job, pull, "rows", &e).hint("try again later"),
                });
            }
        }
    }
    drop(rows);
    // What a server lets a reading transaction write all the same is not kept.
    transaction.rollback().map_err(refused)?;
    spool.finish()
}

fn failed(
    job: &Job<'_>,
    pull: &PostgresPull,
    expected: &str,
    error: &dyn std::error::Error,
) -> Error {
    job.error(&format!(
        "expected {expected} from `{}`, found a fault",
        pull.connection
    ))
    .caused_by(job.secrets.cause(error))
}
