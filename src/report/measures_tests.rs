//! Readings over all their cases.
