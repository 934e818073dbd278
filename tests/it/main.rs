//! The integration tests: one binary that runs the real `plimsoll` over whole
//! projects in temporary folders.
//!
//! `tests/README.md` says how to add, run and bless a golden case. Nothing here
//! reads the program's insides: a test sees files, exit codes, standard output and
//! standard error, as a user does. The tests of `pull` alone call its public
//! functions, to give each its own environment, and those of rules, to shuffle the
//! past two hundred times.

mod as_of;
mod check;
mod documents;
mod errors;
mod explain;
mod feedback;
mod forecast;
mod gates;
mod generated;
mod golden;
mod hostile;
mod incremental;
mod jobs;
mod killed;
mod page;
mod page_lists;
mod pull;
mod quality;
mod quarter;
mod real;
mod releases;
mod rule_judgement;
mod rules;
mod sample;
mod second_way;
mod site;
mod support;
mod tidy;
