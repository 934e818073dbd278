//! What `plimsoll check` says of a project's own templates.

use super::{assert_fine, assert_told, change, line_of};
use crate::errors::small_project;
use crate::support::read_text;

#[test]
fn a_template_that_asks_for_what_its_page_lacks_is_found() {
    let project = small_project();
    let file = "reports/weekly.html";
    change(
        &project,
        file,
        &[("{{ measure.label }}", "{{ measure.labell }}")],
    );
    let place = line_of(&project, file, "measure.labell");
    assert_told(
        &project,
        &["error: cannot render ", &place, "measure.labell", "hint: "],
    );
}

#[test]
fn a_template_that_stumbles_on_an_empty_page_is_found() {
    let project = small_project();
    let file = "reports/weekly.html";
    let guarded = "{% if page.previous is not none %}<a href=\"{{ page.previous.href }}\">← {{ page.previous.text }}</a>{% endif %}";
    let bare = "<a href=\"{{ page.previous.href }}\">← {{ page.previous.text }}</a>";
    change(&project, file, &[(guarded, bare)]);
    let place = line_of(&project, file, "page.previous.href");
    assert_told(&project, &[&place, "page.previous.href"]);
}

#[test]
fn a_template_that_includes_what_does_not_exist_is_found() {
    let project = small_project();
    let file = "reports/index.html";
    change(
        &project,
        file,
        &[(
            "<h2>All weeks</h2>",
            "{% if page.weeks is none %}\n{% include \"_tabel.html\" %}\n{% endif %}\n<h2>All weeks</h2>",
        )],
    );
    let place = line_of(&project, file, "_tabel.html");
    assert_told(
        &project,
        &[&place, "found `_tabel.html`", "is `_table.html` meant?"],
    );
}

#[test]
fn a_template_that_does_not_parse_is_found() {
    let project = small_project();
    let file = "reports/data-quality.html";
    change(
        &project,
        file,
        &[(
            "<h2 id=\"tables\">Tables</h2>",
            "{% if page.answer %}\n<h2 id=\"tables\">Tables</h2>",
        )],
    );
    assert_told(
        &project,
        &["cannot render `reports/data-quality.html` line ", "hint: "],
    );
}

#[test]
fn a_template_that_no_page_uses_is_found_and_a_partial_that_one_names_is_fine() {
    let project = small_project();
    project.write("reports/weekley.html", "");
    project.write(
        "reports/_crest.html",
        "<p>Crest of {{ page.project }}</p>\n",
    );
    assert_told(
        &project,
        &[
            "2 problems",
            "`reports/weekley.html`",
            "is `weekly.html` meant?",
            "`reports/_crest.html`",
        ],
    );
    std::fs::remove_file(project.path("reports/weekley.html")).expect("it is there");
    change(
        &project,
        "reports/index.html",
        &[(
            "<h2>All weeks</h2>",
            "{% include \"_crest.html\" %}\n<h2>All weeks</h2>",
        )],
    );
    assert_fine(&project);
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let index = read_text(&project.path("site/index.html"));
    assert!(index.contains("<p>Crest of Small</p>"), "{index}");
}
