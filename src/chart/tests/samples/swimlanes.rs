//! Lanes of teams with items that hold each other up.

use chrono::{Days, TimeDelta};

use super::*;

pub(crate) fn swimlanes_input(lanes: usize, bars: usize, links: usize, seed: u64) -> Swimlanes {
    let mut sequence = Sequence::new(seed);
    let report_date = day(2026, 7, 6);
    let ends = [
        BarEnd::Planned,
        BarEnd::Planned,
        BarEnd::Late,
        BarEnd::Undated,
        BarEnd::Delivered,
    ];
    let mut bar = |index: usize| {
        let end = ends[index % ends.len()];
        let from = report_date - Days::new(1 + sequence.exponential(30.0) as u64);
        let ahead = Days::new(sequence.exponential(20.0) as u64);
        let to = match end {
            BarEnd::Planned => report_date + ahead,
            BarEnd::Late | BarEnd::Undated => report_date,
            BarEnd::Delivered => from + TimeDelta::days(3),
        };
        LaneBar {
            name: format!("REL-{}", 1100 + index),
            tip: "Pay out twice a day to every account that asks for it".to_owned(),
            from,
            to,
            end,
            href: Some(format!("https://tracker.example.com/browse/REL-{index}")),
        }
    };
    let lane = |lane: usize| Lane {
        name: format!("Team {lane}"),
        bars: (0..bars / lanes)
            .map(|index| bar(lane * 1000 + index))
            .collect(),
    };
    let lanes: Vec<Lane> = (0..lanes).map(lane).collect();
    let names: Vec<String> = lanes
        .iter()
        .flat_map(|lane| lane.bars.iter().map(|bar| bar.name.clone()))
        .collect();
    let mut sequence = Sequence::new(seed + 1);
    let mut draw = || names[(sequence.next() * names.len() as f64) as usize].clone();
    let link = |index: usize| LaneLink {
        needed: draw(),
        waiting: draw(),
        is_late: index.is_multiple_of(3),
    };
    Swimlanes {
        links: (0..links).map(link).collect(),
        lanes,
        report_date,
        caption: "Items in work, a lane a team".to_owned(),
        remarks: Vec::new(),
    }
}

pub(super) fn swimlane_drawings() -> Vec<(&'static str, String)> {
    let mut hostile = swimlanes_input(9, 45, 40, 203);
    for (index, lane) in hostile.lanes.iter_mut().enumerate() {
        lane.name = name(index);
        for (at, bar) in lane.bars.iter_mut().enumerate() {
            bar.name = name(index + at);
            bar.tip = HOSTILE_NAMES[2].repeat(5);
            bar.href = Some("javascript:alert(1)".to_owned());
        }
    }
    hostile.lanes[0].bars[0].from = NaiveDate::MIN;
    hostile.lanes[0].bars[1].to = NaiveDate::MAX;
    hostile.lanes[1].bars[0].to = day(1999, 1, 1);
    hostile.lanes[2].bars.clear();
    let draw = |name, id: &str, input: &Swimlanes| {
        let title = "Eleven items are held up by another";
        (name, swimlanes(&frame(id, title), input))
    };
    vec![
        draw("swimlanes", "lanes", &swimlanes_input(4, 24, 9, 201)),
        draw(
            "swimlanes, 200 items",
            "lanes200",
            &swimlanes_input(8, 200, 80, 202),
        ),
        draw("swimlanes, hostile", "laneshost", &hostile),
        draw(
            "swimlanes, one item",
            "lanesone",
            &swimlanes_input(1, 1, 1, 204),
        ),
        draw(
            "swimlanes, 10,000 items",
            "lanes10k",
            &swimlanes_input(50, 10_000, 5_000, 205),
        ),
        draw("swimlanes, nothing", "lanesnone", &Swimlanes::default()),
    ]
}
