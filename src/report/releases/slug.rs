//! The name of a release's page: from its name and version, safe in every file
//! system and address, and the same in every run.

use std::collections::BTreeSet;

use super::model::Release;
use crate::fs;

/// The longest slug, without its suffix.
const MOST_CHARACTERS: usize = 60;

/// How many digits of the id's hash tell two releases of one name apart.
const SUFFIX_DIGITS: usize = 8;

/// Names that are taken: by the list of releases, or by Windows.
const RESERVED: [&str; 5] = ["index", "con", "prn", "aux", "nul"];

/// Returns the slug of each release, in their order. Of several with one slug, the one
/// with the first id keeps it bare; the others get a suffix from their own id, which
/// no other release can change.
pub(super) fn slugs(releases: &[Release]) -> Vec<String> {
    let mut order: Vec<usize> = (0..releases.len()).collect();
    order.sort_by(|a, b| releases[*a].id.cmp(&releases[*b].id));
    let mut taken = BTreeSet::new();
    let mut slugs = vec![String::new(); releases.len()];
    for place in order {
        let release = &releases[place];
        let bare = slug(&full_name(release));
        slugs[place] = if taken.insert(bare.clone()) {
            bare
        } else {
            let hash = fs::sha256(release.id.as_bytes());
            let suffixed = format!("{bare}-{}", &hash[..SUFFIX_DIGITS]);
            if taken.insert(suffixed.clone()) {
                suffixed
            } else {
                // Another release is named like this one with its suffix.
                format!("{bare}-{hash}")
            }
        };
    }
    slugs
}

/// The name, with the version where no word of the name says it, be it shortened:
/// "Quay 2026.7" says 2026.7.0.
fn full_name(release: &Release) -> String {
    let Some(version) = &release.version else {
        return release.name.clone();
    };
    let says = |word: &str| {
        let has_digit = word.contains(|c: char| c.is_ascii_digit());
        has_digit && (word.contains(version.as_str()) || version.starts_with(word))
    };
    if release.name.split_whitespace().any(says) {
        return release.name.clone();
    }
    format!("{} {version}", release.name)
}

/// Keeps letters and digits of ASCII and inner dots; everything else parts words.
pub(in crate::report) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        match character {
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            '.' if !slug.is_empty() && !slug.ends_with(['.', '-']) => slug.push('.'),
            '.' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
        if slug.len() >= MOST_CHARACTERS {
            break;
        }
    }
    match slug.trim_matches(['.', '-']) {
        "" => "release".to_owned(),
        taken if is_reserved(taken) => format!("release-{taken}"),
        free => free.to_owned(),
    }
}

fn is_reserved(slug: &str) -> bool {
    let device = slug.split('.').next().unwrap_or_default();
    let is_port = |kind: &str| {
        let number = device.strip_prefix(kind);
        number.is_some_and(|number| number.len() == 1 && number.parse::<u8>().is_ok())
    };
    RESERVED.contains(&device) || is_port("com") || is_port("lpt")
}

/// Returns an anchor for a row named by an export's id: an id that has other
/// characters than an anchor may have is told apart by its hash.
pub(in crate::report) fn anchor(prefix: &str, id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ['-', '_'].contains(&c);
    if !id.is_empty() && id.len() <= MOST_CHARACTERS && id.chars().all(is_plain) {
        return format!("{prefix}-{id}");
    }
    format!("{prefix}--{}", &fs::sha256(id.as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use super::super::samples::release;
    use super::*;

    fn slugs_of(named: &[(&str, &str)]) -> Vec<String> {
        let releases: Vec<Release> = named
            .iter()
            .map(|(id, name)| Release {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                ..release()
            })
            .collect();
        slugs(&releases)
    }

    #[test]
    fn a_slug_is_its_name_in_small_letters() {
        let named = [("a", "Quay 2026.7"), ("b", "payments-api hotfix 17")];
        assert_eq!(slugs_of(&named), ["quay-2026.7", "payments-api-hotfix-17"]);
    }

    #[test]
    fn the_version_follows_where_the_name_does_not_say_it() {
        let mut named = release();
        named.version = Some("2.1".to_owned());
        named.name = "Quay".to_owned();
        assert_eq!(slugs(std::slice::from_ref(&named)), ["quay-2.1"]);
        named.name = "Quay 2.1".to_owned();
        assert_eq!(slugs(std::slice::from_ref(&named)), ["quay-2.1"]);
        named.version = Some("2.1.0".to_owned());
        assert_eq!(slugs(std::slice::from_ref(&named)), ["quay-2.1"]);
    }

    #[test]
    fn no_name_leaves_the_folder_or_takes_a_name_that_is_taken() {
        let long = "x".repeat(300);
        let named = [
            ("a", "../../etc/passwd"),
            ("b", "..\\..\\x"),
            ("c", "支払い"),
            ("d", ""),
            ("e", long.as_str()),
            ("f", "CON.txt"),
            ("g", "index"),
            ("h", "  .hidden. "),
            ("i", "a\0b\u{202e}c"),
            ("j", "com1"),
        ];
        let slugs = slugs_of(&named);
        let unique: BTreeSet<&String> = slugs.iter().collect();
        assert_eq!(unique.len(), slugs.len(), "{slugs:?}");
        for slug in &slugs {
            let is_safe =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
            assert!(!slug.is_empty() && slug.chars().all(is_safe), "{slug}");
            assert!(!slug.contains("..") && !slug.starts_with('.'), "{slug}");
            assert!(slug.len() <= MOST_CHARACTERS + 1 + SUFFIX_DIGITS, "{slug}");
            assert!(!is_reserved(slug), "{slug}");
        }
        assert_eq!(slugs[0], "etc-passwd");
        assert_eq!(slugs[2], "release");
        assert_eq!(slugs[6], "release-index");
    }

    #[test]
    fn two_releases_of_one_name_keep_their_pages_whoever_comes_later() {
        let first = slugs_of(&[("r1", "2.0"), ("r2", "2.0")]);
        let later = slugs_of(&[("r3", "2.0"), ("r2", "2.0"), ("r1", "2.0")]);
        assert_eq!(first[0], "2.0");
        assert_eq!([&later[2], &later[1]], [&first[0], &first[1]]);
        assert_ne!(later[0], later[1]);
    }

    #[test]
    fn anchors_of_different_ids_differ() {
        assert_eq!(anchor("item", "ABC-12"), "item-ABC-12");
        let hostile = anchor("item", "a b\"><script>");
        assert!(hostile.starts_with("item--") && !hostile.contains(' '));
        assert_ne!(anchor("item", "a b"), anchor("item", "a-b"));
    }
}
