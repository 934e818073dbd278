//! What a correction by size would have made of later estimates.

use super::{Context, MOST_ROWS, count_of, few};
use crate::chart::{Calibration, CalibrationRow, Frame, Unit, calibration};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "effort"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let mart = context.marts.rows("estimation_calibration")?;
    let bands = bands(&mart)?;
    let offered: Vec<&Band> = bands.iter().filter(|band| band.is_offered).collect();
    let is_scored = bands.iter().any(|band| band.before.is_some());
    let title = match offered.as_slice() {
        [] if !is_scored => "Too few measured items to correct estimates by".to_owned(),
        [] => "No correction of estimates helps beyond chance".to_owned(),
        offered => headline(offered),
    };
    let title = context.title("Correction of estimates", FED_BY, title);
    let cut = match mart.indices().next() {
        Some(row) => mart.instant("cut_at", row)?,
        None => None,
    };
    let split = cut.map_or_else(String::new, |cut| {
        let day = format::date(context.local(cut).date());
        format!("; factors fitted on items delivered before {day}, scored on those from then on")
    });
    let subtitle =
        format!("Median error of estimates (MdMRE) by size, as given and corrected{split}");
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-calibration", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No size has measured items enough to fit a factor and to score it."),
    );
    let drawing = Calibration {
        rows: bands.iter().filter_map(Band::row).collect(),
        caption: "MdMRE of later items: as given, and corrected where a correction is offered"
            .into(),
        unit: Unit::Percent,
    };
    Ok(Figure {
        id: "fig-calibration".into(),
        svg: calibration(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A factor is exp(median ln(actual / estimate)) of past items of one size; times it, their median estimate would have been right. It is then tried on what came later. Only where the median error there fell, with at least 10 items on either side, and more items came nearer than chance would have it, is the factor offered, and used for open items below; all other sizes keep their estimates. Better and worse count the later items that it brought nearer to the actual and took farther from it; where these are about as many, a smaller median is chance, and nothing is offered.".into(),
        table: DataTable::new(
            "Correction of estimates by size",
            &["Size", "#Fitted on", "#Scored on", "#Better", "#Worse", "#Factor", "#MdMRE as given", "#MdMRE corrected", "Offered"],
            bands.iter().map(|band| band.cells.clone()).collect(),
            MOST_ROWS,
        ),
    })
}

/// Names the first correction that is offered; the mart offers none that chance explains.
fn headline(offered: &[&Band]) -> String {
    match offered {
        [] => "No correction of estimates helps beyond chance".to_owned(),
        [band] => band.sentence(),
        [band, more @ ..] => format!(
            "{}; {} as well",
            band.sentence(),
            format::count(more.len(), "other size", "other sizes")
        ),
    }
}

struct Band {
    name: String,
    position: i64,
    scored: u64,
    better: u64,
    worse: u64,
    factor: Option<f64>,
    before: Option<f64>,
    after: Option<f64>,
    is_offered: bool,
    cells: Vec<Cell>,
}

impl Band {
    fn sentence(&self) -> String {
        let percent = |share: Option<f64>| share.map_or_else(missing, format::percent);
        format!(
            "Estimates of {} times {} would have missed by {} instead of {}: {} of {} items better, {} worse",
            self.name,
            self.factor.map_or_else(missing, factor_text),
            percent(self.after),
            percent(self.before),
            format::integer(self.better),
            format::integer(self.scored),
            format::integer(self.worse)
        )
    }

    /// A median of fewer than five is in the table alone.
    fn row(&self) -> Option<CalibrationRow> {
        if few(self.scored).is_some() {
            return None;
        }
        Some(CalibrationRow {
            name: self.name.clone(),
            before: self.before?,
            after: self.after.filter(|_| self.is_offered),
            note: Some(format!("n = {}", self.scored)),
            href: None,
        })
    }
}

fn missing() -> String {
    format::MISSING.to_owned()
}

/// Writes a factor with two decimals: a tenth is too coarse for one near 1.
pub(in crate::report) fn factor_text(factor: f64) -> String {
    format!("{factor:.2}")
}

/// Says why a factor is not offered.
pub(in crate::report) fn reason_text(reason: &str) -> &'static str {
    match reason {
        "too_few_to_fit" => "no: too few past items",
        "too_few_to_score" => "no: too few later items",
        "not_better" => "no: later errors were no smaller",
        "by_chance" => "no: no more items better than by chance",
        "no_estimate" => "no estimate",
        "zero_estimate" => "an estimate of 0",
        _ => "no",
    }
}

fn bands(mart: &Rows) -> Result<Vec<Band>> {
    let mut bands = Vec::new();
    for row in mart.indices() {
        let name = mart.owned_text("size_band", row)?;
        let number = |column| mart.number(column, row);
        let (factor, before, after) = (
            number("factor")?,
            number("mdmre_before")?,
            number("mdmre_after")?,
        );
        let scored = count_of(mart, "score_count", row)?;
        let (better, worse) = (
            count_of(mart, "better_count", row)?,
            count_of(mart, "worse_count", row)?,
        );
        let offer = mart.text("reason", row)?.map_or("yes", reason_text);
        bands.push(Band {
            cells: vec![
                Cell::text(&name).noted(few(scored)),
                Cell::integer(count_of(mart, "fit_count", row)?),
                Cell::integer(scored),
                Cell::integer(better),
                Cell::integer(worse),
                Cell::number(factor, factor_text),
                Cell::number(before, format::percent),
                Cell::number(after, format::percent),
                Cell::text(offer),
            ],
            name,
            position: mart.integer("band_position", row)?.unwrap_or(0),
            scored,
            better,
            worse,
            factor,
            before,
            after,
            is_offered: mart.boolean("is_offered", row)?.unwrap_or(false),
        });
    }
    bands.sort_by_key(|band| band.position);
    Ok(bands)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(better: u64, worse: u64) -> Band {
        Band {
            name: "4-8 h".to_owned(),
            position: 2,
            scored: 23,
            better,
            worse,
            factor: Some(1.08),
            before: Some(0.23),
            after: Some(0.21),
            is_offered: true,
            cells: Vec::new(),
        }
    }

    #[test]
    fn the_headline_names_what_is_offered_and_counts_the_others() {
        assert_eq!(
            headline(&[]),
            "No correction of estimates helps beyond chance"
        );
        let said = "Estimates of 4-8 h times 1.08 would have missed by 21% instead of 23%: 18 of 23 items better, 5 worse";
        assert_eq!(headline(&[&band(18, 5)]), said);
        assert_eq!(
            headline(&[&band(18, 5), &band(20, 3)]),
            format!("{said}; 1 other size as well")
        );
    }
}
