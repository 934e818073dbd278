//! `[sources.pull]`: where an export comes from when it is no file.
//!
//! Plain data only: nothing here opens a connection or reads the environment. A
//! value that holds a secret stays a [`Template`] with the name of a variable, so
//! that a printed configuration has nothing in it that must not be seen.

mod read;
mod template;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub(super) use read::read_pull;
pub use template::{Part, Template};

/// Where an export comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Pull {
    /// Any HTTP(S) server.
    Http(HttpPull),
    /// S3, Google Cloud Storage, Azure Blob Storage, or what speaks as they do.
    Objects(ObjectsPull),
    /// A PostgreSQL server.
    Postgres(PostgresPull),
    /// Jira's search.
    Jira(JiraPull),
    /// GitHub's REST interface.
    GitHub(GitHubPull),
    /// ServiceNow's Table interface.
    ServiceNow(ServiceNowPull),
}

/// How patiently a server is asked. It does not change what is asked for, and so
/// is no part of what a pull's state is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long one request may make no progress.
    pub timeout_seconds: u64,
    /// How often a request is made again after a fault that may pass.
    pub retries: u32,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Login {
    /// Anybody.
    Anonymous,
    /// A user with a password or a token.
    Basic {
        /// The user.
        user: Template,
        /// The password or token.
        password: Template,
    },
    /// The bearer of a token.
    Bearer(Template),
}

/// A pull from any HTTP(S) server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpPull {
    /// The address.
    pub url: Template,
    /// Who asks, where that is not among the headers.
    pub login: Login,
    /// Further headers.
    pub headers: Vec<(String, Template)>,
    /// Further query parameters.
    pub query: Vec<(String, Template)>,
    /// How the pages follow each other.
    pub paging: Paging,
    /// The ending of the landed file where the content type does not tell it.
    pub ending: Option<String>,
    /// How to ask for what changed since the pull before.
    pub since: Option<Since>,
    /// After how many days everything is pulled again; 0 is never.
    pub full_every_days: u32,
    /// How patiently.
    #[serde(skip)]
    pub patience: Patience,
}

/// How the pages of an answer follow each other. A path such as `links.next` leads
/// through the objects of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Paging {
    /// There is one page.
    None,
    /// `Link: <…>; rel="next"`.
    Link,
    /// The next address is in the body.
    NextUrl {
        /// Its path.
        from: String,
    },
    /// A token in the body leads to the next page.
    Cursor {
        /// Its path.
        from: String,
        /// The query parameter that takes it.
        parameter: String,
    },
    /// Pages are counted.
    Page {
        /// The query parameter of the page's number.
        parameter: String,
        /// The number of the first page.
        first: u64,
        /// How many records a page has.
        size: PageSize,
    },
    /// Records are counted.
    Offset {
        /// The query parameter of the number of records before the page.
        parameter: String,
        /// How many records a page has.
        size: PageSize,
        /// The path of the number of all records.
        total: Option<String>,
    },
}

/// How many records a page has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageSize {
    /// The query parameter that takes it; without one the server decides.
    pub parameter: Option<String>,
    /// The number.
    pub records_per_page: u64,
    /// The path of the array of records; empty for an array at the top.
    pub records: String,
}

/// How to ask for what changed since the pull before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// The query parameter.
    pub parameter: String,
    /// The strftime pattern of its value, in UTC.
    pub format: String,
    /// How much earlier than the pull before.
    pub overlap_minutes: u32,
}

/// Which store objects lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Cloud {
    /// Amazon S3, or a server that speaks as it does.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

/// A pull from an object store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectsPull {
    /// Which store.
    pub cloud: Cloud,
    /// The bucket or container.
    pub bucket: String,
    /// The key of one object, or a glob over keys.
    pub key: String,
    /// The address of a server other than the cloud's own.
    pub endpoint: Option<Template>,
    /// The region.
    pub region: Option<String>,
    /// Whether requests are not signed.
    pub anonymous: bool,
    /// How patiently.
    #[serde(skip)]
    pub patience: Patience,
}

/// The rows to copy from a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Sql {
    /// The statement itself.
    Text(String),
    /// A file with it, relative to the project's folder.
    File(String),
}

/// A pull from a PostgreSQL server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostgresPull {
    /// libpq's keywords, or a URL.
    pub connection: Template,
    /// The password, where it is not in `connection`.
    pub password: Option<Template>,
    /// What is copied.
    pub sql: Sql,
    /// How long the statement may run.
    #[serde(skip)]
    pub timeout_seconds: u64,
}

/// Whose machine Jira runs on, which decides its interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Deployment {
    /// Atlassian's.
    Cloud,
    /// The user's: Server and Data Center.
    Server,
}

/// A pull from Jira.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JiraPull {
    /// The address of the site.
    pub url: Template,
    /// Which interface; `None` is told by the address.
    pub deployment: Option<Deployment>,
    /// Which issues.
    pub jql: Template,
    /// Which fields.
    pub fields: Vec<String>,
    /// Who asks.
    pub login: Login,
    /// After how many days everything is pulled again; 0 is never.
    pub full_every_days: u32,
    /// How patiently.
    #[serde(skip)]
    pub patience: Patience,
}

/// What is pulled from GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum GitHubList {
    /// Issues, open and closed; pull requests are among them.
    Issues,
    /// Releases.
    Releases,
    /// Deployments.
    Deployments,
    /// Runs of Actions workflows.
    Runs,
}

/// A pull from GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GitHubPull {
    /// The address of the interface.
    pub url: Template,
    /// `owner/name`.
    pub repository: String,
    /// What is pulled.
    pub what: GitHubList,
    /// Who asks.
    pub login: Login,
    /// After how many days everything is pulled again; 0 is never.
    pub full_every_days: u32,
    /// How patiently.
    #[serde(skip)]
    pub patience: Patience,
}

/// A pull from ServiceNow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceNowPull {
    /// The address of the instance.
    pub url: Template,
    /// The table.
    pub record: String,
    /// An encoded query.
    pub query: Option<Template>,
    /// Who asks.
    pub login: Login,
    /// After how many days everything is pulled again; 0 is never.
    pub full_every_days: u32,
    /// How patiently.
    #[serde(skip)]
    pub patience: Patience,
}
