//! TLS for PostgreSQL, by `sslmode`.
//!
//! | sslmode | TLS | certificate |
//! |---|---|---|
//! | disable | no | |
//! | prefer (the default) | where the server has it | not checked, as libpq does |
//! | require, verify-ca, verify-full | yes | checked, with the host's name |
//!
//! `require` is stricter than libpq, which does not check under that word: what
//! was asked to be safe is.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::job::Job;
use crate::error::{Error, ErrorKind, Result};

/// Whether the server's certificate is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// It is, against the roots of this machine.
    Yes,
    /// It is not: nobody said that the connection has to be safe.
    No,
}

/// Returns a connection in which the words for checking are `require`: the library
/// does not know them.
pub(super) fn known_mode(connection: &str) -> String {
    let mut text = String::new();
    let mut rest = connection;
    while let Some(place) = rest.find("sslmode") {
        let is_space = |c: char| c.is_whitespace() || matches!(c, '=' | '\'');
        let (before, behind) = rest.split_at(place + "sslmode".len());
        let value = behind.trim_start_matches(is_space);
        text += before;
        text += &behind[..behind.len() - value.len()];
        let word = ["verify-full", "verify-ca"].iter();
        rest = value;
        if let Some(behind) = word.filter_map(|word| value.strip_prefix(word)).next() {
            text += "require";
            rest = behind;
        }
    }
    text + rest
}

/// Returns what makes TLS connections.
pub(super) fn connector(job: &Job<'_>, checked: Checked) -> Result<MakeRustlsConnect> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    if checked == Checked::No {
        return unchecked(&provider).map_err(|e| unready(job).caused_by(job.secrets.cause(&e)));
    }
    // The roots of this machine come with a connector that asks the process for its
    // provider; where one is set already, it is as good.
    let _ = CryptoProvider::install_default(rustls::crypto::ring::default_provider());
    match MakeRustlsConnect::with_native_certs() {
        Ok((connector, _)) => Ok(connector),
        Err(_) => Err(unready(job).hint("install the certificates of this system's authorities")),
    }
}

fn unready(job: &Job<'_>) -> Error {
    let source = &job.source.name;
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot pull source `{source}`: expected TLS and its roots to be ready, found none"
        ),
    )
}

fn unchecked(provider: &Arc<CryptoProvider>) -> Result<MakeRustlsConnect, rustls::Error> {
    let config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(
            provider.signature_verification_algorithms,
        )))
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Takes any certificate, but has the server prove that it holds its key.
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_checking_are_ones_that_the_library_knows() {
        for (written, known) in [
            (
                "host=a sslmode=verify-full user=b",
                "host=a sslmode=require user=b",
            ),
            ("sslmode = 'verify-ca' host=a", "sslmode = 'require' host=a"),
            (
                "postgres://a/b?sslmode=verify-full",
                "postgres://a/b?sslmode=require",
            ),
            ("host=a sslmode=prefer", "host=a sslmode=prefer"),
            ("host=a", "host=a"),
        ] {
            assert_eq!(known_mode(written), known);
        }
    }
}
