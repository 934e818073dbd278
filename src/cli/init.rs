//! A project folder to start from.

use std::path::Path;

use super::print_line;
use crate::config;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// The files of a new project, by their path in it.
const FILES: [(&str, &str); 4] = [
    (config::FILE_NAME, include_str!("starter/plimsoll.toml")),
    ("exports/items.csv", include_str!("starter/items.csv")),
    ("exports/releases.csv", include_str!("starter/releases.csv")),
    (".gitignore", include_str!("starter/gitignore")),
];

/// Writes the files, none of which may be there, and prints the path of the
/// configuration.
pub(super) fn init(folder: &Path) -> Result<()> {
    let there = FILES.iter().find(|(name, _)| folder.join(name).exists());
    if let Some((name, _)) = there {
        let message = format!(
            "cannot make a project in `{}`: expected none of its files, found `{name}`",
            folder.display()
        );
        return Err(Error::new(ErrorKind::Usage, message).hint("name a new folder"));
    }
    for (name, text) in FILES {
        fs::write(&folder.join(name), text.as_bytes())?;
    }
    print_line(&folder.join(config::FILE_NAME).display().to_string())
}
