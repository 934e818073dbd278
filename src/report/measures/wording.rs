//! The rules of the control chart in words.

use crate::statistics::{Rule, Side, Signal, XmrChart};

/// Returns what fired, as a clause of a sentence.
pub(in crate::report) fn rule_text(signal: Signal, chart: Option<&XmrChart>) -> String {
    let side = side_word(signal.side);
    match signal.rule {
        Rule::BeyondLimit => format!(
            "beyond the {} limit",
            if signal.side == Side::Above {
                "upper"
            } else {
                "lower"
            }
        ),
        Rule::TwoOfThreeBeyondTwoSigma => {
            format!("two of three weeks more than two sigma {side} the mean")
        }
        Rule::FourOfFiveBeyondOneSigma => {
            format!("four of five weeks more than one sigma {side} the mean")
        }
        Rule::EightOnOneSide => {
            let weeks = chart.map_or(8, |chart| run_length(chart, signal.side));
            format!("{weeks} weeks in a row {side} the mean")
        }
    }
}

pub(super) fn arrow(side: Side) -> &'static str {
    match side {
        Side::Above => "▲",
        Side::Below => "▼",
    }
}

fn side_word(side: Side) -> &'static str {
    match side {
        Side::Above => "above",
        Side::Below => "below",
    }
}

pub(super) fn short_rule(signal: Signal) -> String {
    let side = side_word(signal.side);
    match signal.rule {
        Rule::BeyondLimit => match signal.side {
            Side::Above => "Above limit".to_owned(),
            Side::Below => "Below limit".to_owned(),
        },
        Rule::TwoOfThreeBeyondTwoSigma => format!("2 of 3 far {side} mean"),
        Rule::FourOfFiveBeyondOneSigma => format!("4 of 5 {side} mean"),
        Rule::EightOnOneSide => format!("8 or more {side} mean"),
    }
}

/// Returns how many points up to the last lie on one side of the centre.
fn run_length(chart: &XmrChart, side: Side) -> usize {
    let values = chart.points.iter().rev().filter_map(|point| point.value);
    let is_there = |value: &f64| match side {
        Side::Above => *value > chart.centre,
        Side::Below => *value < chart.centre,
    };
    values.take_while(is_there).count()
}
