//! Incidents as nested objects, one a line, and what users said.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::fs;
use crate::generate::dice::{Concern, Dice};
use crate::generate::incident::Incident;
use crate::generate::timeline::{AS_OF, DAY, Wall, Zone, rfc3339};

const INCIDENTS: &str = "exports/servicedesk/incidents.ndjson";
const FEEDBACK: Form = Form::plain(
    "exports/feedback/feedback.csv",
    &[
        "feedback_id",
        "given_at",
        "release_id",
        "item_id",
        "audience",
        "score",
        "comment",
    ],
);
const SYMPTOMS: [&str; 8] = [
    "Requests time out",
    "Error 500 at login",
    "Queue grows, workers idle",
    "Totals differ from the bank's",
    "Labels come out empty",
    "Page stays white",
    "Certificates \"expired\" early",
    "Zahlungen hängen (Zürich)",
];
const COMMENTS: [&str; 7] = [
    "Much quicker, thanks!",
    "Where did the filter go?",
    "Fine",
    "Printing, still,\nis broken",
    "とても便利です",
    "My team \"loves\" it",
    "Slower than before 😕",
];

/// Writes incidents and feedback.
pub(super) fn write_operations(folder: &Path, world: &World) -> Result<Vec<WrittenFile>> {
    let path = folder.join(INCIDENTS);
    let mut writer = BufWriter::new(fs::create(&path)?);
    for (number, incident) in world.operations.incidents.iter().enumerate() {
        let line = describe(world, number, incident);
        writeln!(writer, "{line}").map_err(|error| fs::failed("write", &path, error))?;
    }
    writer
        .flush()
        .map_err(|error| fs::failed("write", &path, error))?;
    let incidents = WrittenFile {
        path: INCIDENTS.to_owned(),
        rows: world.operations.incidents.len() as u64,
    };
    Ok(vec![incidents, write_feedback(folder, world)?])
}

fn describe(world: &World, number: usize, incident: &Incident) -> Value {
    let moment = |at: Option<Wall>| at.map(|at| rfc3339(at, Zone::London));
    let system = incident
        .system
        .map(|system| &world.company.systems[system].name);
    let symptom = SYMPTOMS[(incident.wording % SYMPTOMS.len() as u64) as usize];
    json!({
        "id": format!("INC-{:05}", number + 1),
        "type": incident.kind,
        "severity": format!("SEV{}", incident.severity),
        "service": {
            "name": system,
            "ci": incident.component.map(|component| format!("CI-{:04}", component + 1)),
        },
        "times": {
            "opened": rfc3339(incident.opened, Zone::London),
            "detected": moment(incident.detected),
            "resolved": moment(incident.resolved),
        },
        "category": incident.category,
        "summary": symptom,
        "links": {
            "deployment": incident.deployment.map(|deployment| world.deployment_id(deployment)),
            "change": incident.changed_release.map(|release| world.change_id(release)),
            "ticket": incident.item.map(|item| world.company.key_of(item)),
        },
    })
}

fn write_feedback(folder: &Path, world: &World) -> Result<WrittenFile> {
    let mut sheet = Sheet::create(folder, FEEDBACK)?;
    for (number, release) in world.company.releases.iter().enumerate() {
        let mut dice = Dice::at(world.company.seed, Concern::Feedback, number as u64);
        let Some(released) = world
            .deliveries
            .released_at(number)
            .filter(|_| !release.is_hotfix)
        else {
            continue;
        };
        for _ in 0..dice.between(0, 3) {
            let at = released + dice.between(1, 20) * DAY + dice.between(0, 600) * 60;
            if at >= AS_OF {
                continue;
            }
            let comment = if dice.chance(500) {
                dice.pick(&COMMENTS)
            } else {
                ""
            };
            let id = format!("FB-{}", sheet.rows() + 1);
            sheet.row(&[
                id.as_str(),
                &rfc3339(at, Zone::Utc),
                &release.id,
                "",
                dice.pick(&["customers", "agents", "partners"]),
                &(1 + dice.weighted(&[5, 10, 25, 40, 20])).to_string(),
                comment,
            ])?;
        }
    }
    sheet.finish()
}
