//! The order in which queries run: nothing before what it reads.

use std::collections::{BTreeMap, BTreeSet};

use super::{Query, problem};
use crate::error::{Error, ErrorKind, Result, nearest};

/// Orders queries so that each comes after those it reads. `given` are the tables
/// that are there without a query.
///
/// # Errors
/// `Query` where a query reads what nobody makes, two make the same, or they read
/// each other in a circle.
pub fn order_queries(queries: Vec<Query>, given: &[String]) -> Result<Vec<Query>> {
    let problems = check_reads(&queries, given);
    if problems.is_empty() {
        return sort_queries(queries);
    }
    Err(Error::gather("cannot order queries", problems))
}

/// Orders queries as [`order_queries`] does, whatever else they read.
///
/// # Errors
/// `Query` where they read each other in a circle.
pub fn sort_queries(queries: Vec<Query>) -> Result<Vec<Query>> {
    let mut waiting: BTreeMap<String, Query> = BTreeMap::new();
    for query in queries {
        waiting.insert(query.name.clone(), query);
    }
    let mut ordered: Vec<Query> = Vec::new();
    while !waiting.is_empty() {
        let ready: Vec<String> = waiting
            .values()
            .filter(|query| !query.reads.iter().any(|read| waiting.contains_key(read)))
            .map(|query| query.name.clone())
            .collect();
        if ready.is_empty() {
            return Err(circle(&waiting));
        }
        ordered.extend(ready.iter().filter_map(|name| waiting.remove(name)));
    }
    Ok(ordered)
}

/// Returns the queries that a table is made of, itself the last, in the order of
/// `queries`, which is one in which they run. Empty where no query makes it.
pub fn queries_behind<'q>(queries: &'q [Query], name: &str) -> Vec<&'q Query> {
    let mut wanted = BTreeSet::from([name]);
    let mut behind: Vec<&Query> = Vec::new();
    for query in queries.iter().rev() {
        if wanted.contains(query.name.as_str()) {
            wanted.extend(query.reads.iter().map(String::as_str));
            behind.push(query);
        }
    }
    behind.reverse();
    behind
}

/// Returns what is wrong with the names that queries have and read.
pub fn check_reads(queries: &[Query], given: &[String]) -> Vec<Error> {
    let mut known: BTreeSet<&str> = given.iter().map(String::as_str).collect();
    let mut problems = Vec::new();
    for query in queries {
        if !known.insert(&query.name) {
            problems.push(problem(
                &query.file,
                query.field_line("name"),
                "expected a name of its own, found it taken",
            ));
        }
    }
    for query in queries {
        for read in query
            .reads
            .iter()
            .filter(|read| !known.contains(read.as_str()))
        {
            let what = format!("expected a table that exists in `reads:`, found `{read}`");
            let error = problem(&query.file, query.field_line("reads"), &what);
            problems.push(match nearest(read, known.iter().copied()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    problems
}

fn circle(waiting: &BTreeMap<String, Query>) -> Error {
    let mut path: Vec<&str> = Vec::new();
    let mut query = waiting.values().next();
    while let Some(at) = query {
        if path.contains(&at.name.as_str()) {
            path.push(&at.name);
            break;
        }
        path.push(&at.name);
        query = at.reads.iter().find_map(|read| waiting.get(read));
    }
    let steps: Vec<String> = path
        .windows(2)
        .map(|pair| format!("`{}` reads `{}`", pair[0], pair[1]))
        .collect();
    Error::new(
        ErrorKind::Query,
        format!("cannot order queries: {}", steps.join(", ")),
    )
}
