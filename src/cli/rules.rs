//! `plimsoll rules`: what the latest run recommends, and what is decided on it.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use chrono::SecondsFormat;
use clap::{Args, Subcommand};

use super::{Common, ListFormat, commands, print_bytes, print_line, table};
use crate::clock;
use crate::config::{self, Config, RuleState};
use crate::engine::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::{self, RECOMMENDED, Standing, Wish};

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List what is recommended and what was decided.
    #[command(after_help = "Example: plimsoll rules list --all --format csv")]
    List(ListArguments),
    /// Accept a rule: from then on it takes part in scores and gates.
    #[command(
        after_help = "Example: plimsoll rules accept estimate_hours.40.overrun --why \"they overran in 9 of 12 releases\""
    )]
    Accept(AcceptArguments),
    /// Reject a rule that is recommended, with the reason.
    #[command(
        after_help = "Example: plimsoll rules reject team.anchor.delay --why \"the team was merged in May\""
    )]
    Reject(DecisionArguments),
    /// End an accepted rule, with the reason.
    #[command(
        after_help = "Example: plimsoll rules retire estimate_hours.40.overrun --why \"no better after 9 releases\""
    )]
    Retire(DecisionArguments),
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    format: ListFormat,
    /// Every rule that was tried, not only those recommended or decided on.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
pub(super) struct AcceptArguments {
    #[command(flatten)]
    decision: DecisionArguments,
    /// Accept it although the latest run does not recommend it, or an earlier decision
    /// was another; `rules.toml` says so.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct DecisionArguments {
    /// The rule's id, as `plimsoll rules list` and the page of rules write it.
    #[arg(value_name = "ID")]
    rule_id: String,
    /// The reason, in a sentence.
    #[arg(long, value_name = "REASON")]
    why: String,
    /// Who decides.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// When it was decided. Default: now.
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
}

pub(super) fn rules(common: &Common, command: &RulesCommand) -> Result<()> {
    match command {
        RulesCommand::List(wanted) => list(common, wanted),
        RulesCommand::Accept(wanted) => {
            let (decision, force) = (&wanted.decision, wanted.force);
            decide(common, RuleState::Accepted, decision, force)
        }
        RulesCommand::Reject(wanted) => decide(common, RuleState::Rejected, wanted, false),
        RulesCommand::Retire(wanted) => decide(common, RuleState::Retired, wanted, false),
    }
}

fn list(common: &Common, wanted: &ListArguments) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let mut standings = pipeline::list_rules(&config, clock::now())?;
    let tried = standings.len();
    standings.retain(|one| wanted.all || is_listed(one));
    let format = wanted.format.of_rows();
    if standings.is_empty() && wanted.format == ListFormat::Table {
        return print_line(&format!(
            "nothing is recommended and nothing decided; {tried} rules were tried, `plimsoll rules list --all` has them"
        ));
    }
    let batch = batch(&standings)?;
    let outcome = Outcome {
        schema: batch.schema(),
        batches: vec![batch],
    };
    print_bytes(&table::format_rows(&outcome, format)?)
}

/// Returns whether somebody has decided on a rule or should.
fn is_listed(one: &Standing) -> bool {
    let candidate = one.candidate.as_ref();
    let verdict = candidate.and_then(|it| it.evidence.verdict.as_deref());
    one.decision.is_some() || verdict == Some(RECOMMENDED)
}

fn batch(standings: &[Standing]) -> Result<RecordBatch> {
    let evidence = |one: &Standing| one.candidate.as_ref().map(|it| it.evidence.clone());
    let text = |read: &dyn Fn(&Standing) -> Option<String>| -> ArrayRef {
        Arc::new(standings.iter().map(read).collect::<StringArray>())
    };
    let number = |read: fn(&config::Evidence) -> Option<f64>| -> ArrayRef {
        let values = standings.iter().map(|one| read(&evidence(one)?));
        Arc::new(values.collect::<Float64Array>())
    };
    let count = |read: fn(&config::Evidence) -> Option<u64>| -> ArrayRef {
        let values = standings
            .iter()
            .map(|one| i64::try_from(read(&evidence(one)?)?).ok());
        Arc::new(values.collect::<Int64Array>())
    };
    let decided = |read: fn(&config::Decision) -> Option<String>| {
        move |one: &Standing| one.decision.as_ref().and_then(read)
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("rule_id", text(&|one| Some(one.rule_id().to_owned()))),
        (
            "state",
            text(&|one| {
                let state = one.decision.as_ref().map(|it| it.state.as_str());
                Some(match (state, one.is_template_gone) {
                    (Some(state), true) => format!("{state} (its template is gone)"),
                    (Some(state), false) => state.to_owned(),
                    (None, _) => "open".to_owned(),
                })
            }),
        ),
        ("verdict", text(&|one| evidence(one)?.verdict)),
        (
            "rule",
            text(&|one| one.candidate.as_ref().map(|it| it.rule_text.clone())),
        ),
        (
            "action",
            text(&|one| match (&one.decision, &one.candidate) {
                (Some(decision), _) => Some(decision.action.to_string()),
                (None, candidate) => candidate.as_ref().map(|it| it.action.clone()),
            }),
        ),
        ("effect", number(|it| it.effect)),
        ("lower", number(|it| it.lower)),
        ("upper", number(|it| it.upper)),
        ("matched_count", count(|it| it.matched_count)),
        ("unmatched_count", count(|it| it.unmatched_count)),
        ("release_count", count(|it| it.release_count)),
        ("p_value", number(|it| it.p_value)),
        (
            "decided_at",
            text(&decided(|it| {
                Some(it.decided_at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            })),
        ),
        ("decided_by", text(&decided(|it| it.decided_by.clone()))),
        ("why", text(&decided(|it| Some(it.why.clone())))),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, values)| (name, values, true)),
    )
    .map_err(|e| Error::new(ErrorKind::Internal, "cannot build the list of rules").caused_by(e))
}

fn decide(
    common: &Common,
    state: RuleState,
    wanted: &DecisionArguments,
    is_forced: bool,
) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let _alone = commands::take(&config, "rules")?;
    let now = clock::now();
    let at = match &wanted.at {
        Some(text) => config::parse_as_of(text, config.project.time_zone)?,
        None => now,
    };
    if at > now {
        let found = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let message =
            format!("cannot decide: expected an instant that has come, found {found} as --at");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let wish = Wish {
        rule_id: &wanted.rule_id,
        state,
        why: &wanted.why,
        by: wanted.by.as_deref(),
        at,
        is_forced,
    };
    let decision = pipeline::decide_rule(&config, &wish)?;
    tell_unseen(common, &config, &decision);
    let path = config.root.join(config::RULES_FILE);
    print_line(&format!(
        "{}: {} {}",
        path.display(),
        decision.state.as_str(),
        decision.rule_id
    ))
}

/// Says on stderr where a run at the configured instant does not see the decision.
fn tell_unseen(common: &Common, config: &Config, decision: &config::Decision) {
    let fixed = config
        .project
        .as_of
        .filter(|as_of| *as_of < decision.decided_at);
    if let (Some(as_of), false) = (fixed, common.quiet) {
        let as_of = as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        // Nothing can be told to a stderr that is gone.
        let _ = writeln!(
            io::stderr(),
            "note: a run as of {as_of}, as the configuration has it, does not see this decision; --at dates it"
        );
    }
}
