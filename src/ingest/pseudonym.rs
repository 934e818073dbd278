//! Persons by pseudonym: the same person the same pseudonym, and no way back without
//! the key.
//!
//! HMAC-SHA-256 (RFC 2104) of the name, without case and outer blanks, under a key
//! from the environment, or else one made once for the project.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::config::{Config, PrivacyRules};
use crate::contract;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::lake;

/// How many bytes of the code are shown: pseudonyms of a million persons are distinct
/// with a probability above 99.8 %.
const SHOWN_BYTES: usize = 6;

/// Gives persons their pseudonyms.
pub(super) struct Pseudonyms {
    rules: PrivacyRules,
    key: Vec<u8>,
}

impl Pseudonyms {
    /// Takes the key from the environment, or the project's own, which is made where
    /// there is none yet.
    pub(super) fn load(
        config: &Config,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let given = environment(&config.privacy.key_variable).filter(|key| !key.is_empty());
        let key = match given {
            Some(key) => key.into_bytes(),
            None => project_key(&lake::person_key_path(&config.root))?,
        };
        Ok(Self {
            rules: config.privacy.clone(),
            key,
        })
    }

    /// Returns whether the persons of a column are hidden.
    pub(super) fn hides(&self, table: &str, column: &str) -> bool {
        self.rules.hides(table, column)
    }

    /// Returns the pseudonym of a person.
    pub(super) fn pseudonym(&self, name: &str) -> String {
        let code = self.code(name.trim().to_lowercase().as_bytes());
        let hexadecimal = code.iter().take(SHOWN_BYTES);
        hexadecimal.fold("person-".to_owned(), |text, byte| {
            text + &format!("{byte:02x}")
        })
    }

    /// Returns what changes whenever the pseudonyms of a table do, and does not tell
    /// the key.
    pub(super) fn fingerprint(&self, table: &str) -> String {
        if !contract::person_columns().any(|(of, _)| of == table) {
            return String::new();
        }
        let names: Vec<&str> = self.rules.names().collect();
        let code = self.code(b"fingerprint of the key");
        let code: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{} {code}", names.join(","))
    }

    fn code(&self, message: &[u8]) -> Vec<u8> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    }
}

fn project_key(path: &Path) -> Result<Vec<u8>> {
    if !path.is_file() {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key).map_err(|e| {
            let message = format!("cannot make a key for the pseudonyms of persons: {e}");
            Error::new(ErrorKind::Io, message)
        })?;
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write_secret(path, format!("{text}\n").as_bytes())?;
    }
    Ok(fs::read_to_string(path)?.trim().as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonyms(key: &str) -> Pseudonyms {
        let text = "[project]\nname = \"x\"\n[[sources]]\nname = \"a\"\ntable = \"effort\"\npath = \"a\"\n";
        let config = crate::config::parse_config(text, ".".into()).expect("it is complete");
        let environment = |_: &str| Some(key.to_owned());
        Pseudonyms::load(&config, &environment).expect("the key is given")
    }

    #[test]
    fn one_person_has_one_pseudonym_under_one_key() {
        let ours = pseudonyms("k");
        assert_eq!(
            ours.pseudonym("Ada Lovelace"),
            ours.pseudonym(" ada lovelace ")
        );
        assert_ne!(ours.pseudonym("Ada"), ours.pseudonym("Grace"));
        assert_ne!(ours.pseudonym("Ada"), pseudonyms("other").pseudonym("Ada"));
        assert!(ours.hides("effort", "person") && !ours.hides("effort", "team"));
    }

    #[test]
    fn the_code_is_that_of_the_standard() {
        // RFC 4231, test case 2: key "Jefe", the first six bytes.
        let name = "what do ya want for nothing?";
        assert_eq!(pseudonyms("Jefe").pseudonym(name), "person-5bdcc146bf60");
    }
}
