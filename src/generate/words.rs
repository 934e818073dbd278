//! Names and the wording of titles.

use super::dice::Dice;
use super::item::ItemType;
use super::timeline::Zone;

/// The names around one team.
pub(super) struct TeamWords {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) domain: &'static str,
    pub(super) zone: Zone,
    pub(super) people: [&'static str; 5],
}

const fn team(
    name: &'static str,
    code: &'static str,
    domain: &'static str,
    zone: Zone,
    people: [&'static str; 5],
) -> TeamWords {
    TeamWords {
        name,
        code,
        domain,
        zone,
        people,
    }
}

/// Teams, in the order in which a company grows them.
#[rustfmt::skip]
pub(super) const TEAMS: [TeamWords; 12] = [
    team("Checkout", "CHK", "Sales", Zone::London, ["Amelia Hart", "Tom Okafor", "Ines Duarte", "Ravi Shah", "Beth Lowry"]),
    team("Payments", "PAY", "Finance", Zone::London, ["Søren Kjær", "Grace Mensah", "Liam Byrne", "Noor Rahman", "Ana Ruiz"]),
    team("Tracking", "TRK", "Logistics", Zone::London, ["Oskar Nyström", "Hannah Cole", "Yusuf Demir", "Mei Lin", "Paul Grant"]),
    team("Zürich Settlement", "ZRH", "Finance", Zone::Zurich, ["Jürg Müller", "Léa Favre", "Björn Weiß", "Nina Keller", "Çelik Aydın"]),
    team("Customs", "CUS", "Logistics", Zone::Zurich, ["Zoë Laurent", "Marek Nowák", "Eva Šimková", "Jan de Vries", "Íris Sól"]),
    team("Identity", "IDN", "Platform", Zone::London, ["Dara O'Neill", "Kofi Asante", "Sam Whitby", "Olga Petrenko", "Ian Frost"]),
    team("Tokyo 支払い", "TYO", "Finance", Zone::Tokyo, ["佐藤 美咲", "Kenji Mori", "Aiko Tanaka", "Hiro Abe", "Emi Kato"]),
    team("Data Platform", "DAT", "Platform", Zone::Kolkata, ["Priya Nair", "Arjun Rao", "Kavya Iyer", "Dev Patel", "Sunita Das"]),
    team("Mobile", "MOB", "Sales", Zone::London, ["Chloe Marsh", "Ben Adeyemi", "Rosa Vidal", "Finn Daly", "Uma Sen"]),
    team("Berths", "BER", "Logistics", Zone::London, ["Gareth Pugh", "Molly Reid", "Tariq Aziz", "Lucy Penn", "Otto Brandt"]),
    team("Billing", "BIL", "Finance", Zone::London, ["Nadia Haddad", "Rob Ferris", "Wen Zhao", "Isla Kerr", "Hugo Blanc"]),
    team("Fleet", "FLT", "Logistics", Zone::Kolkata, ["Vikram Joshi", "Leela Menon", "Anil Gupta", "Tara Bose", "Rahul Jain"]),
];

/// Release trains.
pub(super) const TRAINS: [&str; 12] = [
    "Quay", "Lantern", "Anchor", "Compass", "Gantry", "Halyard", "Fathom", "Beacon", "Keel",
    "Mooring", "Pilot", "Tide",
];

/// Systems.
pub(super) const SYSTEMS: [&str; 24] = [
    "checkout-web",
    "payments-api",
    "tracking-hub",
    "settlement-ledger",
    "customs-gateway",
    "identity-service",
    "wallet-jp",
    "event-lake",
    "mobile-app",
    "berth-planner",
    "billing-core",
    "fleet-telemetry",
    "pricing-engine",
    "notification-service",
    "document-store",
    "search-index",
    "partner-portal",
    "fraud-screening",
    "rate-cards",
    "container-registry",
    "crew-roster",
    "invoice-printer",
    "weather-feed",
    "yard-control",
];

#[rustfmt::skip]
const THINGS: [&str; 32] = [
    "booking summary", "refund form", "container search", "arrival board", "rate calculator", "customs declaration",
    "invoice export", "login page", "berth calendar", "SEPA mandate", "delivery slot picker", "vessel timeline",
    "credit note", "driver app", "password reset", "audit log", "tariff import", "order history", "gate-in scan",
    "currency selector", "session store", "webhook retry queue", "demurrage report", "address book", "seal check",
    "payment receipt", "settlement file", "crew manifest", "price alert", "quota dashboard", "bill of lading", "handover note",
];
#[rustfmt::skip]
const FAULTS: [&str; 16] = [
    "shows the wrong total", "times out", "loses the last row", "rejects valid postcodes", "is empty", "double-counts VAT",
    "ignores the time zone", "returns HTTP 500", "shows yesterday's data", "breaks the back button", "prints 'null'",
    "sorts by id instead of date", "leaks memory", "drops the attachment", "cuts off long names", "asks twice for consent",
];
#[rustfmt::skip]
const WHENS: [&str; 16] = [
    "after midnight", "on Safari", "for guests", "with more than 50 lines", "when the clocks change", "under load",
    "for Swiss customers", "if the vessel is renamed", "on the second attempt", "without JavaScript", "in the nightly run",
    "for closed accounts", "after a partial refund", "with a screen reader", "behind a proxy", "when offline",
];
#[rustfmt::skip]
const WISHES: [&str; 16] = [
    "Let agents edit the", "Show fees in the", "Add CSV download to the", "Remember filters in the", "Translate the",
    "Send a reminder from the", "Add keyboard shortcuts to the", "Support split payments in the", "Let partners share the",
    "Add a dark theme to the", "Show CO2 figures in the", "Let customers cancel from the", "Add bulk actions to the",
    "Preview changes in the", "Offer pallets in the", "Make it possible to pin the",
];
#[rustfmt::skip]
const CHORES: [&str; 16] = [
    "Move {} to the new cluster", "Rotate certificates of {}", "Upgrade PostgreSQL behind {}", "Add dashboards for {}", "Cut build time of {}",
    "Replace cron jobs in {}", "Scale {} to three zones", "Retire the old queue in {}", "Delete dead feature flags in {}", "Split the monolith part of {}",
    "Cover {} with contract tests", "Remove XML parser from {}", "Pin base images of {}", "Automate failover of {}", "Untangle modules of {}", "Archive old data of {}",
];
#[rustfmt::skip]
const DUTIES: [&str; 8] = [
    "Keep consent records for {} (GDPR art. 7)", "Mask card numbers in logs of {}", "SOX: four-eyes check in {}", "Data retention of 7 years in {}",
    "PCI DSS 4.0: MFA for admins of {}", "Answer subject access requests in {}", "Record who exported what in {}", "Accessibility statement for {}",
];
#[rustfmt::skip]
const ODDITIES: [&str; 8] = [
    "支払い画面の文言を直す ({})", "🚢 Celebrate the 1,000th booking in the {}", "Label مرحبا is mirrored in the {}", "Søren's request: \"one-click\" {}",
    "Zürich: Überweisung; {} \"fällt aus\"", "{}: crash\nSteps: open, close, open again", "Café & naïve café, 100 % of the {}", "[SPIKE] {}, part 2 / 3",
];

/// Returns a title as a backlog has them; about one in twenty-five is awkward.
pub(super) fn title(dice: &mut Dice, kind: ItemType, system: &str) -> String {
    let thing = dice.pick(&THINGS);
    if dice.chance(40) {
        return dice.pick(&ODDITIES).replace("{}", thing);
    }
    match kind {
        ItemType::Feature => format!("{} {thing}", dice.pick(&WISHES)),
        ItemType::Defect | ItemType::Hotfix => {
            let (fault, when) = (dice.pick(&FAULTS), dice.pick(&WHENS));
            format!(
                "{}{} {fault} {when}",
                thing[..1].to_uppercase(),
                &thing[1..]
            )
        }
        ItemType::Infrastructure | ItemType::Debt => dice.pick(&CHORES).replace("{}", system),
        ItemType::Compliance => dice.pick(&DUTIES).replace("{}", thing),
    }
}
