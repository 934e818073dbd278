//! Templates: compiled in, replaced by files of the same name in the project's
//! `reports/` folder. They place, loop and label; they compute nothing.
//!
//! A page carries its style and its script within, and a content security policy
//! with the hash of each, so that nothing else can run or be fetched. Markup that
//! this program made (drawings, style, script) arrives marked as safe; everything
//! else is escaped.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::navigation::SECTIONS;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

const TEMPLATES: &[(&str, &str)] = &[
    ("_layout.html", include_str!("../../reports/_layout.html")),
    (
        "_navigation.html",
        include_str!("../../reports/_navigation.html"),
    ),
    ("_table.html", include_str!("../../reports/_table.html")),
    ("_figure.html", include_str!("../../reports/_figure.html")),
    (
        "data-quality.html",
        include_str!("../../reports/data-quality.html"),
    ),
    ("index.html", include_str!("../../reports/index.html")),
    ("items.html", include_str!("../../reports/items.html")),
    ("quarter.html", include_str!("../../reports/quarter.html")),
    (
        "quarter_success.html",
        include_str!("../../reports/quarter_success.html"),
    ),
    (
        "quarters_index.html",
        include_str!("../../reports/quarters_index.html"),
    ),
    ("weekly.html", include_str!("../../reports/weekly.html")),
    (
        "weekly_index.html",
        include_str!("../../reports/weekly_index.html"),
    ),
];
const STYLE: (&str, &str) = ("_style.css", include_str!("../../reports/_style.css"));
const SCRIPT: (&str, &str) = ("_script.js", include_str!("../../reports/_script.js"));

/// Templates, style and script, ready to render.
pub(super) struct Templates {
    environment: Environment<'static>,
    style: String,
    script: String,
}

impl Templates {
    /// Loads the project's own templates and the built-in ones.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax()?);
        for (name, text) in TEMPLATES.iter().copied() {
            let text = own_or(root, name, text)?;
            let added = environment.add_template_owned(name, text);
            added.map_err(|e| failed(name, &e))?;
        }
        Ok(Self {
            environment,
            style: own_or(root, STYLE.0, STYLE.1)?,
            script: own_or(root, SCRIPT.0, SCRIPT.1)?,
        })
    }

    /// Renders a page of the site that lies `depth` folders below its root.
    pub(super) fn render(
        &self,
        name: &str,
        page: &impl Serialize,
        drawings: &Value,
        depth: usize,
    ) -> Result<String> {
        let template = self
            .environment
            .get_template(name)
            .map_err(|e| failed(name, &e))?;
        let context = context! {
            page => Value::from(Serde(page)),
            drawings => drawings.clone(),
            root => "../".repeat(depth),
            sections => Value::from(Serde(SECTIONS)),
            style => Value::from_safe_string(self.style.clone()),
            script => Value::from_safe_string(self.script.clone()),
            policy => self.policy(),
        };
        template.render(context).map_err(|e| failed(name, &e))
    }

    fn policy(&self) -> String {
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            source_hash(&self.style),
            source_hash(&self.script)
        )
    }
}

/// A line that holds a block tag alone leaves nothing behind.
fn syntax() -> Result<SyntaxConfig> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .map_err(|e| Error::new(ErrorKind::Internal, "cannot set the template syntax").caused_by(e))
}

fn source_hash(text: &str) -> String {
    format!(
        "sha256-{}",
        BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}

fn own_or(root: &Path, name: &str, built_in: &str) -> Result<String> {
    let own = root.join("reports").join(name);
    // A browser reads CRLF as LF before it hashes.
    let text = if own.is_file() {
        fs::read_to_string(&own)?
    } else {
        built_in.to_owned()
    };
    Ok(text.replace("\r\n", "\n"))
}

fn failed(name: &str, error: &minijinja::Error) -> Error {
    let file = error.name().unwrap_or(name);
    let line = error
        .line()
        .map_or_else(String::new, |line| format!(" line {line}"));
    let detail = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    Error::new(
        ErrorKind::Template,
        format!("cannot render `reports/{file}`{line}: {detail}"),
    )
    .hint("see the JSON beside a page for the names that its template can use")
}
