//! The last stage: what was rendered becomes what readers see, at once.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// Returns the folder that pages are rendered into.
pub fn staging_folder(root: &Path) -> PathBuf {
    root.join("site.rendered")
}

/// Returns the folder that readers open.
pub fn site_folder(root: &Path) -> PathBuf {
    root.join("site")
}

/// Exchanges the site for the rendered one and returns the path of its index.
///
/// # Errors
/// `Project` where nothing was rendered; `Io`. The site stays as it was.
pub fn publish(root: &Path) -> Result<PathBuf> {
    let staging = staging_folder(root);
    if !staging.join("index.html").is_file() {
        return Err(Error::new(
            ErrorKind::Project,
            format!(
                "cannot publish: expected rendered pages in `{}`, found none",
                staging.display()
            ),
        )
        .hint("run `plimsoll render` first, or `plimsoll run` for everything"));
    }
    fs::replace_folder(&staging, &site_folder(root))?;
    Ok(site_folder(root).join("index.html"))
}
