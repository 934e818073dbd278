//! What the configuration accepts, and how it refuses.

use super::*;

const MINIMAL: &str = "[project]\nname = \"x\"\n\n[[sources]]\nname = \"a\"\ntable = \"incidents\"\npath = \"a.csv\"\n";

fn parse(text: &str) -> Result<Config> {
    parse_config(text, PathBuf::from("."))
}

#[test]
fn a_minimal_project_has_sensible_defaults() {
    let config = parse(MINIMAL).expect("it is complete");
    assert_eq!(config.project.time_zone, Tz::UTC);
    assert_eq!(config.project.production_environments, ["production"]);
    assert_eq!(config.calendar.working_days.len(), 5);
    assert!((config.metrics.incident_window_hours - 72.0).abs() < 1e-12);
    assert_eq!(config.sources[0].feeds[0].table.name, "incidents");
    assert_eq!(config.sources[0].line, 4);
}

#[test]
fn every_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
    let text = MINIMAL
        .replace("path", "pth")
        .replace("name = \"x\"", "nam = \"x\"");
    let message = parse(&text).expect_err("two keys are wrong").to_string();
    assert!(
        message.contains("line 2: expected a known key of [project], found `nam`"),
        "{message}"
    );
    assert!(message.contains("did you mean `name`?"), "{message}");
    assert!(
        message.contains("line 7: expected a known key of [[sources]], found `pth`"),
        "{message}"
    );
    assert!(message.contains("did you mean `path`?"), "{message}");
}

#[test]
fn a_column_that_the_table_does_not_have_is_an_error() {
    let text = format!("{MINIMAL}[sources.columns]\nopened = \"Opened\"\n");
    let message = parse(&text).expect_err("no such column").to_string();
    assert!(
        message.contains("expected a column of `incidents`, found `opened`"),
        "{message}"
    );
    assert!(message.contains("did you mean `opened_at`?"), "{message}");
}

#[test]
fn items_need_a_workflow_with_one_commitment() {
    let text = MINIMAL.replace("incidents", "items");
    let message = parse(&text).expect_err("no workflow").to_string();
    assert!(message.contains("[[workflow.stages]]"), "{message}");
    let stages = "[[workflow.stages]]\nname = \"Done\"\nstatuses = [\"D\"]\nkind = \"done\"\n";
    let message = parse(&format!("{text}{stages}"))
        .expect_err("no commitment")
        .to_string();
    assert!(
        message.contains("`commitment = true`, found 0"),
        "{message}"
    );
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let message = parse("[project]\nname = x\n")
        .expect_err("no quotes")
        .to_string();
    assert!(
        message.starts_with("cannot read `plimsoll.toml` line 2: expected TOML"),
        "{message}"
    );
}

#[test]
fn a_pattern_that_chrono_cannot_read_is_refused() {
    let text = format!(
        "{MINIMAL}[sources.columns]\nopened_at = {{ from = \"Opened\", format = \"%Q\" }}\n"
    );
    assert!(parse(&text).is_err());
}

#[test]
fn files_are_read_together_by_a_transform_only() {
    let message = parse(&format!("{MINIMAL}together = true\n"))
        .expect_err("nothing puts them together")
        .to_string();
    let expected = "line 8: `together`: expected a `transform` that puts the files together";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn targets_are_read_in_the_unit_of_their_measure() {
    let text = format!("{MINIMAL}\n[targets]\ncycle_time_p85 = 21\nsuccess_rate = 0.95\n");
    let config = parse(&text).expect("both are measures");
    assert_eq!(config.targets.of("cycle_time_p85"), Some(21.0));
    assert_eq!(config.targets.of("success_rate"), Some(0.95));
    assert_eq!(config.targets.of("rework_rate"), None);
}

#[test]
fn a_target_that_no_measure_can_have_is_an_error() {
    let text = format!("{MINIMAL}\n[targets]\nsuccess_rat = 0.95\nrework_rate = 5\n");
    let message = parse(&text).expect_err("two are wrong").to_string();
    assert!(
        message.contains("line 10: expected a known key of [targets], found `success_rat`"),
        "{message}"
    );
    assert!(
        message.contains("did you mean `success_rate`?"),
        "{message}"
    );
    assert!(
        message.contains("line 11: `rework_rate` in [targets]: expected a share from 0 to 1"),
        "{message}"
    );
}

#[test]
fn what_is_added_to_an_instant_and_what_multiplies_a_measure_are_checked() {
    let refused = |column: &str, expected: &str| {
        let text = format!("{MINIMAL}[sources.columns]\n{column}\n");
        let message = parse(&text).expect_err(column).to_string();
        assert!(message.contains(expected), "{message}");
    };
    refused(
        r#"summary = { from = "a", times = 2 }"#,
        "`summary` is no measure and takes no `times`",
    );
    refused(
        r#"severity = { from = "a", plus = { from = "b", unit = "seconds" } }"#,
        "`severity` is no instant and takes no `plus`",
    );
    refused(
        r#"resolved_at = { from = "a", plus = { from = "b" } }"#,
        "`plus` of `resolved_at`: expected a `unit`, found none",
    );
    refused(
        r#"resolved_at = { from = "a", plus = { from = "b", unit = "years" } }"#,
        "expected milliseconds, seconds",
    );
    let hours = MINIMAL.replace("incidents", "effort");
    for times in ["0", "-1", "nan"] {
        let text =
            format!("{hours}[sources.columns]\nhours = {{ from = \"a\", times = {times} }}\n");
        let message = parse(&text).expect_err(times).to_string();
        assert!(
            message.contains("expected a number above zero"),
            "{message}"
        );
    }
}

#[test]
fn items_are_scored_by_declared_weights_alone_or_by_the_formula_of_a_preset() {
    let scoring = |text: &str| {
        let config = parse(&format!("{MINIMAL}\n[scoring]\n{text}\n"));
        config.expect("it is complete").scoring
    };
    let plain = parse(MINIMAL).expect("it is complete").scoring;
    assert_eq!((plain.preset, plain.size), (ScorePreset::Weights, None));
    let parts: Vec<&str> = plain.weights.iter().map(|(part, _)| *part).collect();
    assert_eq!(
        parts,
        ["business_value", "risk_exposure", "regulatory_impact"]
    );
    let declared = scoring("weights = { time_criticality = 2, business_value = 0 }");
    assert_eq!(declared.weights, [("time_criticality", 2.0)]);
    let rice = scoring("preset = \"rice\"\nweights = { confidence = 2 }");
    let weights = [("reach", 1.0), ("impact", 1.0), ("confidence", 2.0)];
    assert_eq!(
        (rice.size, rice.weights),
        (Some("story_points"), weights.to_vec())
    );
}

#[test]
fn weights_and_limits_that_make_no_sense_are_refused() {
    for (text, words) in [
        (
            "[scoring]\npreset = \"wsfj\"",
            "expected weights, wsjf or rice, found `wsfj`",
        ),
        (
            "[scoring]\npreset = \"wsjf\"\nweights = { reach = 1 }",
            "found `reach`",
        ),
        (
            "[scoring]\nweights = { risk_exposure = -1 }",
            "expected a number of zero or more, found -1",
        ),
        (
            "[scoring]\nweights = {}",
            "expected a weight above zero, found none",
        ),
        (
            "[planning]\nmax_components = -1",
            "`max_components` in [planning]",
        ),
        (
            "[feedback]\nmax_distance = 1.5",
            "`max_distance` in [feedback]: expected a number above 0 and below 1, found 1.5",
        ),
        (
            "[feedback]\nmin_reports = 1",
            "expected a whole number from 2 on",
        ),
        (
            "[feedback]\nlanguage = \"germen\"",
            "did you mean `german`?",
        ),
        (
            "[planning]\nbottleneck_releases = 0",
            "a whole number from 1 on",
        ),
    ] {
        let message = parse(&format!("{MINIMAL}\n{text}\n"));
        let message = message.expect_err(text).to_string();
        assert!(message.contains(words), "{text}: {message}");
    }
}
