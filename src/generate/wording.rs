//! What people typed into an item's fields.

use super::company::Company;
use super::dice::{Concern, Dice};
use super::item::{Item, ItemType};
use super::timeline::quarter;
use super::words::title;

const PRIORITIES: [&str; 5] = ["Highest", "High", "Medium", "Low", "Lowest"];
const BUSINESS_OWNERS: [&str; 6] = [
    "Margaret Hale",
    "Tomás Ribeiro",
    "Françoise Petit",
    "Ahmed Salah",
    "Kirsty Bell",
    "Wei Chen",
];
const CONSTRAINTS: [&str; 3] = [
    "Only outside peak season",
    "Needs vendor sandbox",
    "Cutover on a Sunday",
];
/// Public note, limitations, rollback, success and failure, each with how often it
/// is written, in thousandths.
const NOTES: [(u64, &str); 5] = [
    (120, "Faster and easier to read."),
    (40, "Not on tablets yet."),
    (70, "Error rate above 2 % for 10 min"),
    (80, "Conversion +1 %"),
    (50, "p95 latency above 800 ms"),
];
const TOUCHES: [&str; 4] = [
    "authentication",
    "data_access",
    "third_party",
    "authentication;data_access",
];
const REGULATIONS: [&str; 4] = ["GDPR", "PCI", "SOX;PCI", "GDPR;SOX"];

/// The fields that hang together with nothing but the item's kind.
pub(super) struct Wording {
    pub(super) title: String,
    pub(super) owner: &'static str,
    pub(super) business_owner: &'static str,
    pub(super) theme: String,
    /// Value, risk, regulatory impact and urgency, from 1 to 10.
    pub(super) ratings: [i64; 4],
    pub(super) points: Option<i64>,
    pub(super) priority: &'static str,
    pub(super) feasibility: &'static str,
    pub(super) constraints: &'static str,
    pub(super) sensitivity: &'static str,
    pub(super) impact: &'static str,
    pub(super) regulations: &'static str,
    pub(super) touches: &'static str,
    /// Public note, limitations, rollback, success and failure.
    pub(super) notes: [&'static str; 5],
    pub(super) downtime: Option<i64>,
}

impl Wording {
    /// Draws all fields.
    pub(super) fn draw(company: &Company, item: &Item, dice: &mut Dice) -> Self {
        let people = &company.teams[item.team].people;
        let is_owned = !dice.chance(70);
        let is_regulated = item.kind == ItemType::Compliance || dice.chance(40);
        let is_sensitive = item.is_sensitive;
        let personal = ["personal", "personal", "special"];
        let sensitivities = if is_sensitive {
            personal
        } else {
            ["none", "internal", ""]
        };
        let mut words = Self {
            title: title(dice, item.kind, &company.systems[item.system].name),
            owner: pick_if(is_owned, people, dice),
            business_owner: dice.pick(&BUSINESS_OWNERS),
            theme: draw_theme(item, dice),
            ratings: [(); 4].map(|()| dice.between(1, 10)),
            points: dice.chance(300).then(|| dice.pick(&[1, 2, 3, 5, 8, 13])),
            priority: PRIORITIES[dice.weighted(&[5, 20, 50, 20, 5])],
            feasibility: ["yes", "no", "?", ""][dice.weighted(&[70, 2, 12, 16])],
            constraints: pick_if(dice.chance(60), &CONSTRAINTS, dice),
            sensitivity: dice.pick(&sensitivities),
            impact: ["S", "M", "L", ""][dice.weighted(&[40, 35, 15, 10])],
            regulations: pick_if(is_regulated, &REGULATIONS, dice),
            touches: pick_if(is_sensitive, &TOUCHES, dice),
            notes: draw_notes(dice),
            downtime: dice.chance(40).then(|| dice.between(1, 6) * 5),
        };
        words.add_safeguards(company.seed, item);
        words
    }

    /// Says of most items what limits them, and when to take them back.
    fn add_safeguards(&mut self, seed: u64, item: &Item) {
        let mut dice = Dice::at(seed, Concern::Safeguards, item.number);
        let constraints = pick_if(dice.chance(700), &CONSTRAINTS, &mut dice);
        let [_, _, rollback, _, failure] = NOTES.map(|(_, text)| text);
        let criteria = pick_if(dice.chance(650), &[rollback], &mut dice);
        let threshold = pick_if(dice.chance(650), &[failure], &mut dice);
        let [_, _, noted_criteria, _, noted_threshold] = &mut self.notes;
        for (field, text) in [
            (&mut self.constraints, constraints),
            (noted_criteria, criteria),
            (noted_threshold, threshold),
        ] {
            if field.is_empty() {
                *field = text;
            }
        }
    }
}

/// Most items belong to a theme of the quarter in which they were written.
fn draw_theme(item: &Item, dice: &mut Dice) -> String {
    let number = dice.between(1, 4);
    if !dice.chance(750) {
        return String::new();
    }
    format!("TH-{}-{number}", quarter(item.created))
}

fn draw_notes(dice: &mut Dice) -> [&'static str; 5] {
    NOTES.map(|(permille, text)| if dice.chance(permille) { text } else { "" })
}

fn pick_if(condition: bool, choices: &[&'static str], dice: &mut Dice) -> &'static str {
    if condition { dice.pick(choices) } else { "" }
}
