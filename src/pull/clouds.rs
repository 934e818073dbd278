//! Opens the stores of the clouds, with credentials from the environment.
//!
//! The library would read the environment by itself; here it is handed exactly the
//! variables below, by the names that each cloud's own tools use, and the secret
//! ones among them are hidden from every text.

use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::job::Job;
use super::proxy;
use crate::config::pull::{Cloud, ObjectsPull};
use crate::error::{Error, Result};

/// A signature of a request is good for a few minutes, and so is asking again.
pub(super) const RETRY_TIMEOUT: Duration = Duration::from_secs(180);

/// The variables of Amazon's tools.
const AMAZON: [&str; 19] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_METADATA_ENDPOINT",
    "AWS_IMDSV1_FALLBACK",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_REQUEST_PAYER",
    "AWS_ALLOW_HTTP",
];

/// The variables of Google's tools.
const GOOGLE: [&str; 4] = [
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
];

/// The variables of Azure's tools.
const AZURE: [&str; 15] = [
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_TOKEN",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "AZURE_AUTHORITY_HOST",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_MSI_ENDPOINT",
    "AZURE_IDENTITY_ENDPOINT",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_STORAGE_USE_EMULATOR",
];

/// How long a request to a store may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// As long as one request may make no progress: for short answers.
    Patient,
    /// As long as it takes: for objects, which may be large. The caller watches
    /// over the progress.
    Open,
}

/// Opens the store of one source.
pub(super) fn open_store(
    job: &Job<'_>,
    pull: &ObjectsPull,
    span: Span,
) -> Result<Box<dyn ObjectStore>> {
    let endpoint = pull.endpoint.as_ref().map(|endpoint| job.fill(endpoint));
    let endpoint = endpoint.transpose()?;
    let options = options(job, pull, endpoint.as_deref(), span);
    match pull.cloud {
        Cloud::S3 => open_amazon(job, pull, endpoint, options),
        Cloud::Google => open_google(job, pull, endpoint, options),
        Cloud::Azure => open_azure(job, pull, endpoint, options),
    }
}

/// Reads the variables that are set, the secret ones so that they stay hidden.
fn variables(job: &Job<'_>, names: &[&str]) -> Vec<(String, String)> {
    let read = names.iter().filter_map(|name| {
        let value = if is_secret(name) {
            job.secrets.variable(name)
        } else {
            job.secrets.open_variable(name)
        };
        Some((name.to_ascii_lowercase(), value?))
    });
    read.collect()
}

fn is_secret(name: &str) -> bool {
    let words = ["KEY", "SECRET", "TOKEN"];
    words.iter().any(|word| name.contains(word)) && !name.ends_with("_FILE")
}

fn open_amazon(
    job: &Job<'_>,
    pull: &ObjectsPull,
    endpoint: Option<String>,
    options: ClientOptions,
) -> Result<Box<dyn ObjectStore>> {
    let mut builder = AmazonS3Builder::new();
    for (name, value) in variables(job, &AMAZON) {
        if let Ok(key) = name.parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    builder = builder
        .with_bucket_name(&pull.bucket)
        .with_retry(retries(job, pull))
        .with_client_options(options)
        .with_skip_signature(pull.anonymous);
    if let Some(region) = &pull.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = endpoint {
        builder = builder
            .with_config(AmazonS3ConfigKey::S3Endpoint, endpoint.clone())
            .with_endpoint(endpoint);
    }
    let store = builder.build().map_err(|e| unusable(job, &e))?;
    Ok(Box::new(store))
}

fn open_google(
    job: &Job<'_>,
    pull: &ObjectsPull,
    endpoint: Option<String>,
    options: ClientOptions,
) -> Result<Box<dyn ObjectStore>> {
    let mut builder = GoogleCloudStorageBuilder::new();
    for (name, value) in variables(job, &GOOGLE) {
        if let Ok(key) = name.parse::<GoogleConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    builder = builder
        .with_bucket_name(&pull.bucket)
        .with_retry(retries(job, pull))
        .with_client_options(options)
        .with_skip_signature(pull.anonymous);
    if let Some(endpoint) = endpoint {
        builder = builder.with_base_url(&endpoint);
    }
    let store = builder.build().map_err(|e| unusable(job, &e))?;
    Ok(Box::new(store))
}

fn open_azure(
    job: &Job<'_>,
    pull: &ObjectsPull,
    endpoint: Option<String>,
    options: ClientOptions,
) -> Result<Box<dyn ObjectStore>> {
    let mut builder = MicrosoftAzureBuilder::new();
    for (name, value) in variables(job, &AZURE) {
        if let Ok(key) = name.parse::<AzureConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    builder = builder
        .with_container_name(&pull.bucket)
        .with_retry(retries(job, pull))
        .with_client_options(options)
        .with_skip_signature(pull.anonymous);
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    let store = builder.build().map_err(|e| unusable(job, &e))?;
    Ok(Box::new(store))
}

fn retries(job: &Job<'_>, pull: &ObjectsPull) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: job.pace.first,
            max_backoff: job.pace.most,
            base: 2.0,
        },
        max_retries: usize::try_from(pull.patience.retries).unwrap_or(usize::MAX),
        retry_timeout: RETRY_TIMEOUT,
    }
}

fn options(job: &Job<'_>, pull: &ObjectsPull, endpoint: Option<&str>, span: Span) -> ClientOptions {
    let is_open = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))
        || job.secrets.open_variable("AWS_ALLOW_HTTP").as_deref() == Some("true");
    let timeout = Duration::from_secs(pull.patience.timeout_seconds);
    let options = ClientOptions::new()
        .with_allow_http(is_open)
        .with_connect_timeout(timeout.min(Duration::from_secs(30)));
    let mut options = match span {
        Span::Patient => options.with_timeout(timeout),
        Span::Open => options.with_timeout_disabled(),
    };
    let proxies = proxy::proxies(job);
    if let Some(address) = proxies.https.or(proxies.all) {
        options = options.with_proxy_url(address);
        if let Some(excluded) = proxies.excluded {
            options = options.with_proxy_excludes(excluded);
        }
    }
    options
}

fn unusable(job: &Job<'_>, error: &object_store::Error) -> Error {
    job.error("expected credentials and an address for the store, found what does not fit")
        .caused_by(job.secrets.cause(error))
        .hint("check the variables of the cloud's tools, `endpoint` and `region`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_known_to_the_library() {
        let lower = |name: &&str| name.to_ascii_lowercase();
        for name in AMAZON.iter().map(lower) {
            assert!(name.parse::<AmazonS3ConfigKey>().is_ok(), "{name}");
        }
        for name in GOOGLE.iter().map(lower) {
            assert!(name.parse::<GoogleConfigKey>().is_ok(), "{name}");
        }
        for name in AZURE.iter().map(lower) {
            assert!(name.parse::<AzureConfigKey>().is_ok(), "{name}");
        }
    }

    #[test]
    fn secrets_are_told_by_their_names() {
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AZURE_STORAGE_SAS_TOKEN",
            "AZURE_CLIENT_SECRET",
            "GOOGLE_SERVICE_ACCOUNT_KEY",
        ] {
            assert!(is_secret(name), "{name}");
        }
        assert!(!is_secret("AWS_REGION"));
        assert!(!is_secret("AWS_WEB_IDENTITY_TOKEN_FILE"));
    }
}
