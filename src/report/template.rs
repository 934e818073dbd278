//! Templates: compiled in, replaced by files of the same name in the project's
//! `reports/` folder. They place, loop and label; they compute nothing.
//!
//! A page carries its style and its script within, and a content security policy
//! with the hash of each, so that nothing else can run or be fetched. Markup that
//! this program made (drawings, style, script) arrives marked as safe; everything
//! else is escaped.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::escape::write_value;
use super::navigation::SECTIONS;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::fs;

const TEMPLATES: &[(&str, &str)] = &[
    ("_layout.html", include_str!("../../reports/_layout.html")),
    (
        "_navigation.html",
        include_str!("../../reports/_navigation.html"),
    ),
    ("_parts.html", include_str!("../../reports/_parts.html")),
    ("_release.html", include_str!("../../reports/_release.html")),
    ("_table.html", include_str!("../../reports/_table.html")),
    ("_figure.html", include_str!("../../reports/_figure.html")),
    (
        "data-quality.html",
        include_str!("../../reports/data-quality.html"),
    ),
    (
        "definitions.html",
        include_str!("../../reports/definitions.html"),
    ),
    (
        "dependencies.html",
        include_str!("../../reports/dependencies.html"),
    ),
    (
        "swimlanes.html",
        include_str!("../../reports/swimlanes.html"),
    ),
    ("calendar.html", include_str!("../../reports/calendar.html")),
    (
        "environments.html",
        include_str!("../../reports/environments.html"),
    ),
    ("feedback.html", include_str!("../../reports/feedback.html")),
    ("risk.html", include_str!("../../reports/risk.html")),
    ("rules.html", include_str!("../../reports/rules.html")),
    (
        "calibration.html",
        include_str!("../../reports/calibration.html"),
    ),
    (
        "forecasts.html",
        include_str!("../../reports/forecasts.html"),
    ),
    ("gates.html", include_str!("../../reports/gates.html")),
    (
        "governance.html",
        include_str!("../../reports/governance.html"),
    ),
    ("index.html", include_str!("../../reports/index.html")),
    (
        "definition.html",
        include_str!("../../reports/definition.html"),
    ),
    ("items.html", include_str!("../../reports/items.html")),
    ("list.html", include_str!("../../reports/list.html")),
    (
        "portfolio.html",
        include_str!("../../reports/portfolio.html"),
    ),
    ("quarter.html", include_str!("../../reports/quarter.html")),
    (
        "quarter_success.html",
        include_str!("../../reports/quarter_success.html"),
    ),
    (
        "quarters_index.html",
        include_str!("../../reports/quarters_index.html"),
    ),
    ("release.html", include_str!("../../reports/release.html")),
    (
        "release_index.html",
        include_str!("../../reports/release_index.html"),
    ),
    (
        "release_moved.html",
        include_str!("../../reports/release_moved.html"),
    ),
    (
        "retrospective.html",
        include_str!("../../reports/retrospective.html"),
    ),
    (
        "volatility.html",
        include_str!("../../reports/volatility.html"),
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
    ///
    /// # Errors
    /// `Template` where some do not parse, all at once; `Io`.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let (templates, problems) = Self::read(root)?;
        if problems.is_empty() {
            return Ok(templates);
        }
        Err(Error::gather("cannot read templates", problems))
    }

    /// Loads the templates that can be read, and what is wrong with the others.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn read(root: &Path) -> Result<(Self, Vec<Error>)> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax()?);
        environment.set_formatter(write_value);
        // So that an error knows the words that it is about.
        environment.set_debug(true);
        let mut problems = Vec::new();
        for (name, text) in TEMPLATES.iter().copied() {
            let text = own_or(root, name, text)?;
            let added = environment.add_template_owned(name, text);
            problems.extend(added.err().map(|e| failed(name, &e)));
        }
        for path in own_partials(root)? {
            let name = file_name(&path);
            let added = environment.add_template_owned(name.clone(), own_or(root, &name, "")?);
            problems.extend(added.err().map(|e| failed(&name, &e)));
        }
        let templates = Self {
            environment,
            style: own_or(root, STYLE.0, STYLE.1)?,
            script: own_or(root, SCRIPT.0, SCRIPT.1)?,
        };
        Ok((templates, problems))
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

    /// Renders a page and writes it as `<stem>.html`, and as `<stem>.json` beside it,
    /// into a folder that lies `depth` folders below the root of the site.
    pub(super) fn write(
        &self,
        name: &str,
        page: &impl Serialize,
        drawings: &Value,
        depth: usize,
        (folder, stem): (&Path, &str),
    ) -> Result<()> {
        let html = self.render(name, page, drawings, depth)?;
        fs::write(&folder.join(format!("{stem}.html")), html.as_bytes())?;
        let json = serde_json::to_vec(page).map_err(|e| {
            Error::new(ErrorKind::Internal, "cannot write a page as JSON").caused_by(e)
        })?;
        fs::write(&folder.join(format!("{stem}.json")), &json)
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

/// Returns the partials that a project has beside the built-in templates: a name
/// that starts with `_` and is not built in.
fn own_partials(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = fs::list(&root.join("reports"))?;
    files.retain(|path| {
        let name = file_name(path);
        name.starts_with('_') && name.ends_with(".html") && !is_built_in(&name)
    });
    Ok(files)
}

/// Returns the templates as they are used, by name: the project's own or built in.
fn texts_in_use(root: &Path) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for (name, text) in TEMPLATES.iter().copied() {
        texts.push((name.to_owned(), own_or(root, name, text)?));
    }
    for path in own_partials(root)? {
        texts.push((file_name(&path), own_or(root, &file_name(&path), "")?));
    }
    Ok(texts)
}

/// Returns a problem for each template that is included, imported or extended and
/// does not exist, whether or not a page comes past that line.
///
/// # Errors
/// `Io`.
pub(super) fn find_unknown_names(root: &Path) -> Result<Vec<Error>> {
    let texts = texts_in_use(root)?;
    let known: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    let mut problems = Vec::new();
    for (name, text) in &texts {
        for (number, line) in (1..).zip(text.lines()) {
            let named = line.split("{%").skip(1).filter_map(template_named);
            for unknown in named.filter(|named| !known.contains(named)) {
                let message = format!(
                    "cannot render `reports/{name}` line {number}: expected a template that exists, found `{unknown}`"
                );
                let error = Error::new(ErrorKind::Template, message);
                problems.push(
                    error.hint(match nearest(unknown, known.iter().copied()) {
                        Some(near) => format!("is `{near}` meant?"),
                        None => {
                            "a partial of your own lies in `reports/`, its name starts with `_`"
                                .to_owned()
                        }
                    }),
                );
            }
        }
    }
    Ok(problems)
}

/// Returns the name of the template that a tag includes, imports or extends.
fn template_named(tag: &str) -> Option<&str> {
    let tag = tag.trim_start_matches('-').trim_start();
    let rest = ["include", "extends", "import", "from"]
        .iter()
        .find_map(|word| tag.strip_prefix(word))?;
    let rest = rest.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(name, _)| name)
}

/// Returns a problem for each file of the project's `reports/` that no page uses: a
/// name that is not built in, or a partial that no template names. Files whose name
/// starts with a dot and README files are nobody's template.
///
/// # Errors
/// `Io`.
pub(super) fn find_strays(root: &Path) -> Result<Vec<Error>> {
    let texts = texts_in_use(root)?;
    let is_named = |name: &str| {
        let mut others = texts.iter().filter(|(other, _)| other != name);
        others.any(|(_, text)| text.contains(&format!("\"{name}\"")))
    };
    let files = fs::list(&root.join("reports"))?;
    let names = files.iter().map(|path| file_name(path));
    let strays = names.filter(|name| {
        let is_ours = name.starts_with('.') || name.eq_ignore_ascii_case("readme.md");
        !is_ours && !is_built_in(name) && !is_named(name)
    });
    Ok(strays.map(|name| stray(&name)).collect())
}

fn stray(name: &str) -> Error {
    let error = Error::new(
        ErrorKind::Template,
        format!(
            "cannot use `reports/{name}`: expected the name of a template, found one that no page uses"
        ),
    );
    let known = built_in_names().collect::<Vec<_>>();
    error.hint(match nearest(name, known.iter().copied()) {
        Some(near) => format!("is `{near}` meant?"),
        None => format!("a partial of your own starts with `_` and is named by a template; the built-in ones are {}", known.join(", ")),
    })
}

fn built_in_names() -> impl Iterator<Item = &'static str> {
    let files = TEMPLATES.iter().chain([&STYLE, &SCRIPT]);
    files.map(|(name, _)| *name)
}

fn is_built_in(name: &str) -> bool {
    built_in_names().any(|built_in| built_in == name)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name();
    name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn failed(name: &str, error: &minijinja::Error) -> Error {
    let file = error.name().unwrap_or(name);
    let line = error
        .line()
        .map_or_else(String::new, |line| format!(" line {line}"));
    let detail = error.detail().map_or_else(
        || error.kind().to_string(),
        |detail| format!("{}: {detail}", error.kind()),
    );
    let found = match words_at(error).filter(|words| !detail.contains(words)) {
        Some(words) => format!("{detail} (`{words}`)"),
        None => detail,
    };
    Error::new(
        ErrorKind::Template,
        format!("cannot render `reports/{file}`{line}: expected what the page has, found {found}"),
    )
    .hint("see the JSON beside a page for the names that its template can use")
}

/// Returns the words of the template that an error is about.
fn words_at(error: &minijinja::Error) -> Option<&str> {
    let words = error.template_source()?.get(error.range()?)?.trim();
    let is_short = !words.is_empty() && words.len() <= 80 && !words.contains('\n');
    is_short.then_some(words)
}
