//! Files as sources: the whole each time, or adding to what was there.

use super::Project;

fn source(load: &str) -> String {
    format!("[[sources]]\nname = \"a\"\ntable = \"incidents\"\npath = \"in/*.csv\"\n{load}\n")
}

#[test]
fn a_full_load_is_what_lies_there_now() {
    let project = Project::new();
    project.write("in/1.csv", "one");
    project.write("in/2.csv", "two");
    project.pull_all(&source("")).expect("both");
    let manifest = project.manifest();
    project.pull_all(&source("")).expect("both again");
    assert_eq!(project.manifest(), manifest, "nothing was changed");
    std::fs::remove_file(project.path("in/1.csv")).expect("it is there");
    let landing = project.pull_all(&source("")).expect("one");
    assert_eq!(project.bodies(&landing), ["two"]);
}

#[test]
fn a_delta_load_keeps_what_it_saw_in_the_order_in_which_it_came() {
    let project = Project::new();
    let delta = source("load = \"delta\"");
    project.write("in/2.csv", "two");
    project.pull_all(&delta).expect("the first");
    std::fs::remove_file(project.path("in/2.csv")).expect("it is there");
    project.write("in/1.csv", "one");
    let landing = project.pull_all(&delta).expect("the second");
    assert_eq!(project.bodies(&landing), ["two", "one"]);
    let manifest = project.manifest();
    project.pull_all(&delta).expect("nothing new");
    assert_eq!(project.manifest(), manifest);
    // The same name with other bytes is a later pull.
    project.write("in/1.csv", "one, corrected");
    let landing = project.pull_all(&delta).expect("the third");
    assert_eq!(project.bodies(&landing), ["two", "one", "one, corrected"]);
    std::fs::remove_dir_all(project.path("in")).expect("it is there");
    let landing = project.pull_all(&delta).expect("all were taken away");
    assert_eq!(landing.files.len(), 3);
}

#[test]
fn no_file_at_all_is_an_error_of_either_load() {
    for load in ["", "load = \"delta\""] {
        let message = Project::new()
            .pull_all(&source(load))
            .expect_err("none")
            .to_string();
        assert!(
            message.contains("expected a file at `in/*.csv`, found none"),
            "{message}"
        );
    }
}
