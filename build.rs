//! Lets the binary find the prebuilt DuckDB library wherever it is started from.
//!
//! Two places are written into it: the folder that it was linked against, and
//! its own folder, so that a copy on another machine needs only the library
//! beside it. With the feature `bundled` there is no library to find.

fn main() {
    println!("cargo::rerun-if-env-changed=DUCKDB_LIB_DIR");
    println!("cargo::rerun-if-changed=queries");
    println!("cargo::rerun-if-changed=reports");
    println!("cargo::rerun-if-changed=presets");
    let is_bundled = std::env::var_os("CARGO_FEATURE_BUNDLED").is_some();
    if let (false, Ok(folder)) = (is_bundled, std::env::var("DUCKDB_LIB_DIR")) {
        add_run_path(&folder);
        add_run_path(own_folder());
    }
}

/// `-Xlinker` hands the path over as it is; `-Wl,` would split it at a comma.
fn add_run_path(folder: &str) {
    for argument in ["-Xlinker", "-rpath", "-Xlinker", folder] {
        println!("cargo::rustc-link-arg={argument}");
    }
}

/// What the loader takes for the folder of the program.
fn own_folder() -> &'static str {
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => "@executable_path",
        _ => "$ORIGIN",
    }
}
