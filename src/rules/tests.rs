//! Rules over made-up pasts: what is planted is found, and what is not there is not.
