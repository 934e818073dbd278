//! What the simulation promises: exact days where chance has no part, the distribution
//! that arithmetic gives where it has, and dice that belong to names.

use super::*;

fn release(name: u64) -> ReleaseWork {
    ReleaseWork {
        name,
        scope: 4,
        freeze_week: None,
        is_asked: true,
    }
}

fn item(team: usize, release: usize, needs: &[usize]) -> OpenWork {
    OpenWork {
        team,
        release,
        needs: needs.to_vec(),
    }
}

fn run(work: &Work<'_>, dice: &Dice) -> Days {
    simulate(work, dice, &dice.weeks_of(work.weeks[0].len(), 1))
}

#[test]
fn where_all_weeks_are_alike_the_day_is_certain() {
    let weeks = [vec![2; 8]];
    let items: Vec<OpenWork> = (0..5).map(|_| item(0, 0, &[])).collect();
    let releases = [release(1)];
    let work = Work {
        weeks: &weeks,
        items: &items,
        releases: &releases,
        watched: &[0, 1],
        ..Work::default()
    };
    let days = run(&work, &Dice::new(7, 50, 20));
    // The fifth is the first of two in the third week: half of its days, so day 14 + 3.
    assert!(days.releases[0].iter().all(|day| *day == 17));
    assert!(days.watched[0].iter().all(|day| *day == 3));
    assert!(days.watched[1].iter().all(|day| *day == 6));
}

#[test]
fn an_item_is_done_after_what_it_needs_and_its_team_does_not_wait() {
    let weeks = [vec![1; 8], vec![2; 8]];
    // The other team's third item needs this team's third; its fourth does not.
    let items = [
        item(0, 0, &[]),
        item(0, 0, &[]),
        item(0, 0, &[]),
        item(1, 1, &[2]),
        item(1, 1, &[]),
    ];
    let releases = [release(1), release(2)];
    let work = Work {
        weeks: &weeks,
        items: &items,
        releases: &releases,
        watched: &[4],
        ..Work::default()
    };
    let days = run(&work, &Dice::new(7, 10, 20));
    assert!(days.releases[0].iter().all(|day| *day == 20));
    assert!(days.releases[1].iter().all(|day| *day == 20));
    assert!(days.watched[0].iter().all(|day| *day == 3));
}

#[test]
fn the_days_follow_the_distribution_that_sums_of_weeks_have() {
    // Second way: how many of the sequences of weeks have brought six items by then.
    let past = [0_u32, 1, 2, 3];
    let items: Vec<OpenWork> = (0..6).map(|_| item(0, 0, &[])).collect();
    let weeks = [past.to_vec()];
    let releases = [release(1)];
    let work = Work {
        weeks: &weeks,
        items: &items,
        releases: &releases,
        ..Work::default()
    };
    let trials = 20_000;
    let days = run(&work, &Dice::new(11, trials, 30));
    let mut sums = vec![0.0; 7];
    sums[0] = 1.0;
    for week in 0..8_u16 {
        let mut next = vec![0.0; 7];
        for (sum, share) in sums.iter().enumerate() {
            for count in past {
                next[(sum + count as usize).min(6)] += share / 4.0;
            }
        }
        sums = next;
        let end = (week + 1) * 7;
        let done = days.releases[0].iter().filter(|day| **day < end).count();
        let found = done as f64 / trials as f64;
        // Four standard errors of a share of 20,000 trials are 0.0142 at most.
        assert!((found - sums[6]).abs() < 0.0142, "week {week}: {found}");
    }
}

#[test]
fn blocks_keep_weeks_together() {
    let dice = Dice::new(3, 40, 12);
    let drawn = dice.weeks_of(10, 3);
    for trial in drawn.chunks(12) {
        for block in trial.chunks(3) {
            assert_eq!(block[1], (block[0] + 1) % 10);
            assert_eq!(block[2], (block[0] + 2) % 10);
        }
    }
    assert!(drawn.contains(&9) && drawn.contains(&0));
}

#[test]
fn a_release_behind_moves_nothing_before_it_and_more_trials_are_the_same_trials() {
    let weeks = [vec![0, 1, 3, 0, 2, 1]];
    let growth = [Growth { net: 0, scope: 4 }, Growth { net: 2, scope: 5 }];
    let items: Vec<OpenWork> = (0..9).map(|number| item(0, number / 5, &[])).collect();
    let releases = [release(5), release(6)];
    let work = |items, releases| Work {
        weeks: &weeks,
        items,
        releases,
        growth: &growth,
        ..Work::default()
    };
    let dice = Dice::new(19, 300, 40);
    let both = run(&work(&items, &releases), &dice);
    let alone = run(&work(&items[..5], &releases[..1]), &dice);
    assert_eq!(both.releases[0], alone.releases[0]);
    let fewer = run(&work(&items, &releases), &Dice::new(19, 100, 40));
    assert_eq!(fewer.releases[1], both.releases[1][..100]);
    let other = run(&work(&items, &releases), &Dice::new(20, 300, 40));
    assert_ne!(other.releases[0], both.releases[0]);
}

#[test]
fn a_release_grows_until_its_freeze_and_loses_what_is_taken_out() {
    let weeks = [vec![1; 6]];
    let items: Vec<OpenWork> = (0..4).map(|_| item(0, 0, &[])).collect();
    let day = |freeze_week, net| {
        let releases = [ReleaseWork {
            freeze_week,
            ..release(1)
        }];
        let growth = [Growth { net, scope: 4 }];
        let work = Work {
            weeks: &weeks,
            items: &items,
            releases: &releases,
            growth: &growth,
            ..Work::default()
        };
        run(&work, &Dice::new(1, 1, 60)).releases[0][0]
    };
    // One more after each of the first two weeks, none after the freeze: six items.
    assert_eq!(day(Some(2), 1), 41);
    assert_eq!(day(Some(0), 1), 27);
    // One more each week, and one done: never.
    assert_eq!(day(None, 1), BEYOND);
    // One done in each of two weeks, one taken out after each: the last as week 3 begins.
    assert_eq!(day(None, -1), 14);
}

#[test]
fn a_team_that_does_nothing_never_ends_and_holds_up_no_other() {
    let weeks = [vec![0; 6], vec![1; 6]];
    let items = [item(0, 0, &[]), item(1, 1, &[])];
    let releases = [
        ReleaseWork {
            is_asked: false,
            ..release(1)
        },
        release(2),
    ];
    let work = Work {
        weeks: &weeks,
        items: &items,
        releases: &releases,
        ..Work::default()
    };
    let days = run(&work, &Dice::new(1, 5, 10));
    assert!(days.releases[0].iter().all(|day| *day == BEYOND));
    assert!(days.releases[1].iter().all(|day| *day == 6));
}

#[test]
fn two_thousand_items_with_dependencies_are_simulated_in_seconds() {
    let weeks: Vec<Vec<u32>> = (0..10)
        .map(|team| (0..26).map(|week| (week * 7 + team * 3) % 19).collect())
        .collect();
    let items: Vec<OpenWork> = (0..2_000)
        .map(|number| {
            let needs: &[usize] = match number % 3 {
                0 if number > 0 => &[number - 1],
                _ => &[],
            };
            item(number % 10, 0, needs)
        })
        .collect();
    let releases = [release(1)];
    let growth = [Growth { net: 1, scope: 40 }, Growth { net: 0, scope: 40 }];
    let work = Work {
        weeks: &weeks,
        items: &items,
        releases: &releases,
        growth: &growth,
        ..Work::default()
    };
    let dice = Dice::new(1, 10_000, 104);
    let days = simulate(&work, &dice, &dice.weeks_of(26, 2));
    // Ten teams of nine items a week on average need at least twenty-two weeks.
    let done = days.releases[0].iter().filter(|day| **day != BEYOND);
    assert!(done.clone().count() > 5_000);
    assert!(done.clone().all(|day| *day > 7 * 10));
}
