//! How long items stay in a stage, those still there counted as such.

use super::{Context, MOST_ROWS, few};
use crate::chart::{self, Frame, Survival, SurvivalLine, SurvivalPoint, Unit};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{Observation, SurvivalCurve, kaplan_meier};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "item_events"];

/// How many stages are drawn.
const MOST_CURVES: usize = 4;

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let mut stages = stages(&context.marts.rows("stage_entries")?)?;
    let rows = stages.iter().map(Stage::cells).collect();
    let entered: usize = stages.iter().map(|stage| stage.curve.count).sum();
    stages.retain(|stage| stage.curve.count >= 5);
    stages.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let title = match stages.first() {
        None if entered == 0 => "No item entered a stage in this period".to_owned(),
        None => "Too few items entered a stage to say how long they stay".to_owned(),
        Some(longest) => longest.sentence(&stages),
    };
    let title = context.title("Time in stage", FED_BY, title);
    stages.truncate(MOST_CURVES);
    let subtitle = subtitle(context, &stages, entered);
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-survival", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("Fewer than 5 items entered any stage in these 26 weeks."),
    );
    let drawing = Survival {
        curves: stages.iter().map(Stage::line).collect(),
        caption: "Share of stays that last longer".into(),
        time_caption: "Days since the item entered the stage".into(),
        unit: Unit::Days,
    };
    Ok(Figure {
        id: "fig-survival".into(),
        svg: chart::survival(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A curve falls by each item that leaves the stage. Items still there (ticks) count as long as they have been seen: they are not passed off as finished, and not left out. Where a curve crosses one half, half of the stays have ended; where it does not come down so far, the quantile is n/a (Kaplan–Meier; bands and intervals 95%). Drawn are the four stages that hold items longest, from 5 stays on.".into(),
        table: DataTable::new(
            "Stays in each stage, in the order of the work",
            &["Stage", "#Entered", "#Left", "#Still there", "#Median, days", "#From", "#To", "#85% left within, days", "#From", "#To"],
            rows,
            MOST_ROWS,
        ),
    })
}

/// Of how many stays the drawn curves are, and of how many there are.
fn subtitle(context: &Context<'_>, drawn: &[Stage], entered: usize) -> String {
    let held: usize = drawn.iter().map(|stage| stage.curve.count).sum();
    let stays = |count: usize| format::count(count, "stay", "stays");
    let of = match held == entered {
        true => stays(held),
        false => format!(
            "{} in the {} drawn, of {} in all stages,",
            stays(held),
            format::count(drawn.len(), "stage", "stages"),
            format::integer(entered)
        ),
    };
    format!(
        "Share of {of} that lasted longer than so many days; stays begun since {}, those that go on cut at the as-of",
        format::date(context.first_week()),
    )
}

/// A stage with the curve of its cohort.
struct Stage {
    name: String,
    curve: SurvivalCurve,
}

impl Stage {
    /// By the median; a stage that half have not left weighs most.
    fn weight(&self) -> f64 {
        self.curve.median().unwrap_or(f64::INFINITY)
    }

    /// The longest stay that was seen, over or not.
    fn longest_stay(&self) -> f64 {
        self.curve.steps.last().map_or(0.0, |step| step.at)
    }

    /// Says where half of the stays take longest and, where that is another stage, where
    /// the longest ones were seen.
    fn sentence(&self, all: &[Stage]) -> String {
        let longest = all
            .iter()
            .max_by(|a, b| a.longest_stay().total_cmp(&b.longest_stay()))
            .filter(|stage| stage.longest_stay() > self.longest_stay());
        let tail = longest.map_or_else(String::new, |stage| {
            format!("; the longest stays are in {}", stage.name)
        });
        match self.curve.median() {
            Some(days) => format!(
                "The median stay is longest in {} ({}){tail}",
                self.name,
                format::days(days)
            ),
            None => format!(
                "The median stay is longest in {}: fewer than half have left it{tail}",
                self.name
            ),
        }
    }

    fn line(&self) -> SurvivalLine {
        let steps = self.curve.steps.iter().map(|step| SurvivalPoint {
            at: step.at,
            survival: step.survival,
            interval: step.interval.map(|band| (band.lower, band.upper)),
            censored: step.censored,
        });
        SurvivalLine {
            name: self.name.clone(),
            count: self.curve.count,
            ended: self.curve.ended,
            steps: steps.collect(),
            median: self.curve.median(),
        }
    }

    fn cells(&self) -> Vec<Cell> {
        let count = self.curve.count;
        let mut cells = vec![
            Cell::text(&self.name).noted(few(count as u64)),
            Cell::integer(count),
            Cell::integer(self.curve.ended),
            Cell::integer(count - self.curve.ended),
        ];
        for share in [0.5, 0.85] {
            cells.extend(quantile_cells(&self.curve, share));
        }
        cells
    }
}

/// Writes a quantile and the ends of its interval; n/a where the curve does not
/// come down to it.
pub(in crate::report) fn quantile_cells(curve: &SurvivalCurve, share: f64) -> [Cell; 3] {
    let (lower, upper) = curve.quantile_bounds(share);
    [curve.quantile(share), lower, upper].map(|days| match days {
        Some(days) => Cell::number(Some(days), format::number),
        None => Cell::text("n/a"),
    })
}

/// Reads the cohorts, in the order of the work.
fn stages(entries: &Rows) -> Result<Vec<Stage>> {
    let mut cohorts: Vec<(i64, String, Vec<Observation>)> = Vec::new();
    for row in entries.indices() {
        let (Some(stage), Some(duration), None) = (
            entries.text("stage", row)?,
            entries.number("days", row)?,
            entries.text("exclusion", row)?,
        ) else {
            continue;
        };
        let is_ended = entries.boolean("is_ended", row)?.unwrap_or(false);
        let seen = Observation { duration, is_ended };
        match cohorts.iter_mut().find(|cohort| cohort.1 == stage) {
            Some(cohort) => cohort.2.push(seen),
            None => {
                let position = entries.integer("stage_position", row)?.unwrap_or(0);
                cohorts.push((position, stage.to_owned(), vec![seen]));
            }
        }
    }
    cohorts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let stage = |(_, name, seen): (i64, String, Vec<Observation>)| {
        Some(Stage {
            name,
            curve: kaplan_meier(&seen)?,
        })
    };
    Ok(cohorts.into_iter().filter_map(stage).collect())
}
