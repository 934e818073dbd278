//! What the page of rules says in one sentence, by rule from its own lists.

use crate::report::format;

/// What the sentence is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Candidates tried.
    pub(super) tried: usize,
    /// Recommended, and nobody has decided on them.
    pub(super) recommended: usize,
    /// Recommended, and decided on.
    pub(super) settled: usize,
    /// Of which not enough is known to say.
    pub(super) not_enough: usize,
    /// Accepted rules in force.
    pub(super) accepted: usize,
    /// Of these, to be retired.
    pub(super) to_retire: usize,
}

/// Returns the sentence, without its full stop.
pub(super) fn answer(missing: Option<&str>, counts: &Counts) -> String {
    if let Some(missing) = missing {
        return format!("Rules. {}", missing.trim_end_matches('.'));
    }
    let mut text = match (counts.tried, counts.recommended) {
        (0, _) => "No rule could be tried yet".to_owned(),
        (tried, 0) if counts.settled > 0 => format!(
            "No further rule is recommended of {} tried; {} decided on",
            format::integer(tried),
            format::count(counts.settled, "is", "are")
        ),
        (tried, 0) => match counts.not_enough {
            0 => format!("No rule is recommended of {} tried", format::integer(tried)),
            few => format!(
                "No rule is recommended of {} tried; of {} not enough is known to say",
                format::integer(tried),
                format::integer(few)
            ),
        },
        (tried, some) => format!(
            "{} recommended of {} tried",
            format::count(some, "rule is", "rules are"),
            format::integer(tried)
        ),
    };
    if counts.accepted > 0 {
        text += &format!("; {} in force", format::integer(counts.accepted));
        if counts.to_retire > 0 {
            text += &format!(", {} of them to retire", format::integer(counts.to_retire));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_has_its_sentence() {
        let counts = |tried, recommended, not_enough, accepted, to_retire| Counts {
            tried,
            recommended,
            settled: 0,
            not_enough,
            accepted,
            to_retire,
        };
        for (counts, text) in [
            (counts(0, 0, 0, 0, 0), "No rule could be tried yet"),
            (
                counts(0, 0, 0, 1, 0),
                "No rule could be tried yet; 1 in force",
            ),
            (
                counts(120, 0, 0, 0, 0),
                "No rule is recommended of 120 tried",
            ),
            (
                counts(120, 0, 90, 0, 0),
                "No rule is recommended of 120 tried; of 90 not enough is known to say",
            ),
            (
                counts(120, 1, 90, 0, 0),
                "1 rule is recommended of 120 tried",
            ),
            (
                counts(1_200, 2, 0, 3, 1),
                "2 rules are recommended of 1,200 tried; 3 in force, 1 of them to retire",
            ),
        ] {
            assert_eq!(answer(None, &counts), text);
        }
        let settled = Counts {
            settled: 2,
            ..counts(120, 0, 90, 1, 0)
        };
        assert_eq!(
            answer(None, &settled),
            "No further rule is recommended of 120 tried; 2 are decided on; 1 in force"
        );
        assert_eq!(
            answer(Some("No data: feed items."), &Counts::default()),
            "Rules. No data: feed items"
        );
    }
}
