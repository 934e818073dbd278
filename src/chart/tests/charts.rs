//! Tests of what each chart says.

use chrono::NaiveDate;

use super::markup::{attributes, elements, texts};
use super::samples::*;
use crate::chart::*;

pub(super) fn drawing(name: &str) -> String {
    let mut all = drawings().into_iter();
    let found = all.find(|(known, _)| *known == name);
    found.expect("the samples hold this drawing").1
}

pub(super) fn words(svg: &str) -> Vec<String> {
    texts(svg).into_iter().map(|(text, _)| text).collect()
}

pub(super) fn says(svg: &str, wanted: &str) -> bool {
    words(svg).iter().any(|text| text.contains(wanted))
}

/// Returns how many marks (not bars, lines or text) carry a class.
pub(super) fn marks(svg: &str, element: &str, class: &str) -> usize {
    let elements = elements(svg).expect("the drawing is well formed");
    let is_mark = |(name, attributes): &&(String, Vec<(String, String)>)| {
        name == element && attributes.contains(&("class".to_owned(), class.to_owned()))
    };
    elements.iter().filter(is_mark).count()
}

#[test]
fn nothing_to_draw_is_said_in_words() {
    for (name, svg) in drawings() {
        if name.ends_with(", nothing") {
            assert_eq!(words(&svg), ["No data in this period."], "{name}");
        }
    }
    let frame = Frame::new("e", "Empty", "Nothing.").empty("No releases shipped in week 27.");
    let svg = gantt(&frame, &Gantt::default());
    assert_eq!(words(&svg), ["No releases shipped in week 27."]);
}

#[test]
fn values_that_are_no_numbers_are_counted() {
    let svg = drawing("scatter, odd values");
    assert!(says(&svg, "2 values without a number left out"));
    assert!(svg.contains("Not drawn: 2 values without a number left out."));
    assert_eq!(
        svg.matches("<a ").count(),
        27,
        "30 points, 2 dropped, 1 unsafe"
    );
    assert!(says(
        &drawing("control chart, only NaN"),
        "1 value without a number"
    ));
}

#[test]
fn scatter_labels_its_percentiles_and_what_is_off_scale() {
    let svg = drawing("scatter, 400 linked dots");
    let input = scatter(400, 1);
    let p = input.percentiles.expect("percentiles of 400 points");
    for (share, days) in [("50%", p.p50), ("85%", p.p85), ("95%", p.p95)] {
        assert!(says(&svg, &format!("{share} ≤ {days} days")), "{share}");
    }
    let mut extreme = input;
    extreme.points[0].days = 490.0;
    let frame = Frame::new("x", "Title", "Text.");
    let svg = cycle_time_scatter(&frame, &extreme);
    assert!(says(&svg, "▲ 1 off scale,") && says(&svg, "max 490 days"));
}

#[test]
fn large_scatters_become_cells_with_the_slowest_hundredth_as_marks() {
    let svg = drawing("scatter, 10,000 items as density");
    assert_eq!(svg.matches("<a ").count(), 100);
    assert!(says(&svg, "one cell is 1 week by 2 days"));
    let medium = drawing("scatter, 1,200 dots");
    assert_eq!(medium.matches("<circle").count(), 1200);
    assert!(medium.matches("<a ").count() < 120);
}

#[test]
fn control_chart_marks_every_signal_and_names_every_limit() {
    let values = [4.0, 5.0, 30.0, 4.0, 6.0, 0.0].map(Some);
    let limits = ControlLimits {
        mean: 6.0,
        lower: Some(1.5),
        upper: 20.0,
        range_upper: 15.0,
    };
    let frame = Frame::new("x", "Title", "Text.").sized(760, 380);
    let svg = control_chart(&frame, &control(&values, Some(limits), Unit::Count));
    assert_eq!(marks(&svg, "path", "m f-accent"), 2);
    assert_eq!(marks(&svg, "circle", "m f-s1"), 4);
    for label in ["Upper limit 20", "Mean 6", "Lower limit 1.5", "Limit 15"] {
        assert!(words(&svg).contains(&label.to_owned()), "{label}");
    }
}

#[test]
fn weeks_without_a_value_break_the_line() {
    let some = |values: &[f64]| values.iter().map(|v| Some(*v)).collect::<Vec<_>>();
    let mut values = some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let frame = Frame::new("x", "Title", "Text.");
    let lines = |values: &[Option<f64>]| {
        let svg = control_chart(&frame, &control(values, None, Unit::Count));
        marks(&svg, "path", "k-s1")
    };
    assert_eq!(lines(&values), 2, "one line of values, one of ranges");
    values[2] = None;
    assert_eq!(lines(&values), 3, "two lines of values, one of two ranges");
}

#[test]
fn ageing_names_at_most_two_items_per_stage_and_counts_all() {
    let stages = ["Committed", "In build", "In review", "Staging", "Approval"];
    let input = ageing_input(60, &stages, 21);
    let svg = drawing("ageing");
    let named = words(&svg)
        .iter()
        .filter(|text| text.starts_with("REL-"))
        .count();
    assert!((1..=10).contains(&named), "{named}");
    assert_eq!(
        words(&svg)
            .iter()
            .filter(|text| *text == "12 items")
            .count(),
        5
    );
    let items = || input.stages.iter().flat_map(|stage| &stage.items);
    let past = items().filter(|item| item.is_past_p85).count();
    assert_eq!(marks(&svg, "path", "m f-bad"), past);
    assert_eq!(marks(&svg, "circle", "m f-ink2"), items().count() - past);
}

#[test]
fn hidden_ageing_marks_are_counted() {
    let svg = drawing("ageing, 10,000 items");
    let drawn = svg.matches("<circle").count() + svg.matches("f-bad\" d=").count();
    let hidden = 10_000 - drawn;
    let hidden = format!("{} marks under others", number::grouped(hidden as f64, 0));
    assert!(says(&svg, &hidden), "{hidden}");
}

#[test]
fn outcomes_draw_one_mark_per_deployment_while_they_fit() {
    let input = outcome_input(26, 11.0, 0.12, 31);
    let svg = drawing("outcomes, dots");
    let succeeded: u32 = input.weeks.iter().map(|week| week.succeeded_count).sum();
    let failed: usize = input.weeks.iter().map(|week| week.failures.len()).sum();
    assert_eq!(marks(&svg, "circle", "f-s1"), succeeded as usize);
    assert_eq!(marks(&svg, "path", "m f-bad"), failed);
    for line in ["92% succeeded", "141 of 153", "interval 88% to 95%"] {
        assert!(words(&svg).contains(&line.to_owned()), "{line}");
    }
}

#[test]
fn rows_are_sorted_by_what_matters() {
    let svg = drawing("dumbbell");
    let names = words(&svg);
    let place = |name: &str| names.iter().position(|text| text == name);
    assert!(place("Ledger migration") < place("Tax table H2"));
    assert!(place("Search facets") < place("Drop legacy view"));
    assert!(names.contains(&"+105% · 34 items".to_owned()));
    assert!(names.contains(&"−40% · 34 items".to_owned()));
    let names = words(&drawing("interval bars"));
    let place = |name: &str| names.iter().position(|text| text == name);
    assert!(place("Identity") < place("Ledger"));
    // Of fewer than five, no percentage.
    assert!(names.contains(&"1 of 3".to_owned()));
}

#[test]
fn scope_rows_say_what_changed() {
    let names = words(&drawing("scope change"));
    for text in [
        "+12 −3",
        "+18 −2, 11 after freeze",
        "no change",
        "−5",
        "+20",
    ] {
        assert!(names.contains(&text.to_owned()), "{text}");
    }
    let many = words(&drawing("scope change, hostile"));
    assert!(many.contains(&"Team 59".to_owned()) && !many.contains(&"Team 60".to_owned()));
}

#[test]
fn cumulative_flow_names_each_layer_with_what_it_holds() {
    let input = flow_input(&["Committed", "Done"], 3, 1);
    let frame = Frame::new("x", "Title", "Text.");
    let svg = cumulative_flow(&frame, &input);
    let last = |index: usize| input.layers[index].counts[2].expect("a count");
    let held = last(0) - last(1);
    assert!(words(&svg).contains(&format!("Committed {held}")));
    assert!(words(&svg).contains(&format!("Done {}", last(1))));
}

#[test]
fn work_done_long_before_does_not_flatten_the_flow() {
    let week = |day: u32| NaiveDate::from_ymd_opt(2026, 1, day).expect("a date");
    let layer = |name: &str, counts: [f64; 2]| FlowLayer {
        name: name.to_owned(),
        counts: counts.map(Some).to_vec(),
    };
    let mut input = CumulativeFlow {
        dates: vec![week(5), week(12)],
        layers: vec![
            layer("Build", [230.0, 300.0]),
            layer("Done", [210.0, 250.0]),
        ],
        highlight: None,
        caption: "Items".to_owned(),
    };
    let frame = Frame::new("x", "Title", "Text.");
    assert!(says(&cumulative_flow(&frame, &input), "axis starts at 200"));
    input.layers[1].counts[0] = Some(20.0);
    assert!(!says(&cumulative_flow(&frame, &input), "axis starts"));
}

#[test]
fn release_plan_says_ship_date_state_and_report_date() {
    let names = words(&drawing("release plan"));
    for text in ["15 Jul · on track", "29 Jul · at risk", "Report date 6 Jul"] {
        assert!(names.contains(&text.to_owned()), "{text}");
    }
    assert!(!says(&drawing("release plan, one day"), "Report date"));
}

#[test]
fn shortened_names_keep_the_whole_text_in_a_title() {
    let svg = drawing("dumbbell, 40 hostile rows");
    let whole = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW";
    assert!(svg.contains(&format!("<title>{whole}</title>")));
    assert!(!words(&svg).contains(&whole.to_owned()));
}

#[test]
fn sparklines_survive_anything_and_break_at_gaps() {
    let some = |values: &[f64]| values.iter().map(|v| Some(*v)).collect::<Vec<_>>();
    let odd = [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, 0.0].map(Some);
    for values in [
        vec![],
        vec![None; 3],
        some(&[2.0]),
        some(&[2.0; 9]),
        odd.to_vec(),
    ] {
        for band in [
            None,
            Some((1.0, 1.0)),
            Some((f64::NAN, 2.0)),
            Some((f64::MIN, f64::MAX)),
        ] {
            let svg = sparkline(&values, band);
            assert!(elements(&svg).is_ok(), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
    let mut values = some(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let starts = |values: &[Option<f64>]| {
        attributes(&sparkline(values, None), "d")[0]
            .matches('M')
            .count()
    };
    assert_eq!(starts(&values), 1);
    values[2] = None;
    assert_eq!(starts(&values), 2);
}
