//! What the words on pages mean: what figures are read by, told once, with an anchor
//! for each that tags and captions lead to.

use serde::Serialize;

/// A word and its meaning.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Word {
    /// Where links lead to.
    pub(super) anchor: &'static str,
    /// What pages call it.
    pub(super) word: &'static str,
    pub(super) meaning: &'static str,
}

const fn word(anchor: &'static str, word: &'static str, meaning: &'static str) -> Word {
    Word {
        anchor,
        word,
        meaning,
    }
}

/// The words, from what every page has to what few have.
pub(super) const WORDS: &[Word] = &[
    word(
        "word-as-of",
        "As of",
        "The one instant that a page speaks of. Nothing dated after it is seen; what is open is measured up to it.",
    ),
    word(
        "word-n",
        "k of n, and n",
        "n is the number of rows behind a figure, k how many of them are counted. Every rate stands beside its k of n, every quantile beside its n.",
    ),
    word(
        "word-few",
        "n < 5",
        "Fewer than five rows stand behind the figure: it is grey, is not judged and has no trend, and a share is written as k of n.",
    ),
    word(
        "word-signal",
        "Signal and noise",
        "A change is called a signal only where chance alone would rarely make it. Of weeks: one point beyond a limit of the usual range; 2 of 3 in a row beyond two sigma on one side; 4 of 5 beyond one sigma; 8 in a row on one side of the mean. Of quarters, which are too few for limits: the 95% interval of the quarter has no point in common with that of the quarter before, or of the one a year ago. Everything else is noise, and is called routine or no signal. Better and worse follow from which way the measure is good.",
    ),
    word(
        "word-usual-range",
        "Usual range",
        "The natural process limits of a control chart of single values (XmR): the mean of the weeks before, plus and minus 2.66 times the mean difference of neighbouring weeks; sigma is that mean difference / 1.128. A lower limit below zero is not drawn and none of its rules is applied. Fewer than 14 weeks: no limits.",
    ),
    word(
        "word-interval",
        "95% interval",
        "How far chance alone could move the figure. Of a share: Wilson's interval. Of a quantile: the order statistics that hold it. Of a total of a quarter: Student's interval, as wide as the counts of its whole weeks differ, scaled to its days and around the total. Of a mean of weeks: Student's interval of these weeks. A count at one instant has none.",
    ),
    word(
        "word-quantile",
        "Median, 85th percentile",
        "The value that half, or 85%, of the rows do not exceed; between two rows it is interpolated in a straight line (type 7).",
    ),
    word(
        "word-target",
        "Will it meet the target?",
        "With 14 quarters or more: yes where the whole usual range lies on the good side of the target, no where it lies on the bad side, hit and miss where the target lies inside. With fewer, nothing is foretold: met or missed beyond chance where the quarter's own interval lies on one side, cannot tell where the target lies inside.",
    ),
    word(
        "word-pace",
        "Pace bands",
        "How long finished items took to leave a stage, at the 50th, 70th, 85th and 95th percentile. An open item past the 85% pace is older than 85% of them were when they left.",
    ),
    word(
        "word-survival",
        "Kaplan–Meier",
        "How long things last, with those that still go on: each counts for as long as it has been seen. A quantile that the curve does not come down to is n/a.",
    ),
    word(
        "word-provisional",
        "Provisional",
        "The window in which an incident may still count is not over: the figure may change.",
    ),
    word(
        "word-range",
        "1 to 2 of 3 failed",
        "The lower end counts failures that the sources themselves tell; the upper end also those that rest on an incident laid to the deployment by its change, the configuration item or the system within the window. Rates are of the upper end.",
    ),
    word(
        "word-ledger",
        "Rows in, used and dropped",
        "The ledger of a definition: every row that it was given is used, or left out by a rule that is named with its count.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_an_anchor_of_its_own_that_no_definition_has() {
        let mut anchors: Vec<&str> = WORDS.iter().map(|word| word.anchor).collect();
        assert!(anchors.iter().all(|anchor| anchor.starts_with("word-")));
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(anchors.len(), WORDS.len());
    }
}
